"""The whole answer of a WSGI application, before a byte of it is sent, and with what is to be done after it done."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


def whole_answer(app: "WSGIApplication", environ: "WSGIEnvironment") -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, headers and body."""
    started: list[tuple[Any, ...]] = []
    body = app(environ, lambda *answer: started.append(answer) or _write)  # type: ignore[func-returns-value]
    try:
        content = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    status, headers = started[-1][:2]
    return status, headers, content


def _write(_: bytes) -> None:
    raise NotImplementedError("nothing of ours writes so")
