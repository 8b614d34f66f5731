"""ASGI in front, WSGI behind: a request is read whole, then answered by the application.

What never waits (webhooks and health: no file, socket or database) is answered in the event loop, one request after the
other, so that it needs no thread and nothing else can keep one from it. The rest, which is the console, has a few
threads of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from ivr.line.web.voice import MOST_BYTES
from ivr.line.web.whole_answer import whole_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

AT_ONCE = ("/voice", "/health")  # what the paths begin with
_MOST_WAITING = 16  # requests of the console for which no thread is free
_LONGEST_NAME = 100  # of a header that is remembered
_MOST_DIGITS = 20

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]

_BUSY: Answer = (503, [(b"Retry-After", b"1"), (b"Content-Length", b"0")], b"")


class Gateway:
    """`threads`: for what may wait."""

    def __init__(self, app: "WSGIApplication", threads: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, "console")
        self._most = threads + _MOST_WAITING
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(scope["headers"], receive)
        if body is None:
            return
        environ = _environ(scope, body)
        if environ["PATH_INFO"].startswith(AT_ONCE):
            status, headers, content = _answer(self._app, environ)
        else:
            status, headers, content = await self._answer_in_a_thread(environ)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer_in_a_thread(self, environ: "WSGIEnvironment") -> Answer:
        if self._under_way >= self._most:
            return _BUSY
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, _answer, self._app, environ)
        finally:
            self._under_way -= 1


async def _body(headers: Iterable[tuple[bytes, bytes]], receive: Receive) -> bytes | None:
    """As many bytes as were announced; none if it is more than anybody may send or if no length was announced, which
    is for the application to refuse. None if the peer went away."""
    announced = next((value for name, value in headers if name == b"content-length"), b"0")
    if len(announced) > _MOST_DIGITS or int(announced) > MOST_BYTES or announced == b"0":
        return b""
    message = await receive()
    parts: list[bytes] = []
    while message["type"] == "http.request":
        parts.append(message["body"])
        if not message["more_body"]:
            return b"".join(parts)
        message = await receive()
    return None


def _environ(scope: Scope, body: bytes) -> "WSGIEnvironment":
    """PEP 3333. `RAW_URI` is the target as it was asked: that is what Twilio signs."""
    target = scope["ivr.target"].decode("latin-1")
    host, port = scope["server"] or ("", 0)
    client = scope["client"]
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "RAW_URI": target,
        "REMOTE_ADDR": client[0] if client else "",
        "ivr.address": scope["ivr.address"],  # of who asks; REMOTE_ADDR may be a proxy's
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": _NOWHERE,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = _key(name) if len(name) <= _LONGEST_NAME else ""
        if key in environ:
            environ[key] += f",{value.decode('latin-1')}"
        elif key:
            environ[key] = value.decode("latin-1")
    return environ


class _Nowhere:
    """Nothing of ours writes to `wsgi.errors`: logs have their own way, which cannot block."""

    def write(self, text: str) -> int:
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        pass

    def flush(self) -> None:
        pass


_NOWHERE = _Nowhere()


@lru_cache(maxsize=512)
def _key(name: bytes) -> str:
    """What WSGI calls a header; "" for a name with an underscore, which would pass for another one."""
    if b"_" in name:
        return ""
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _answer(app: "WSGIApplication", environ: "WSGIEnvironment") -> Answer:
    status, headers, content = whole_answer(app, environ)
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return int(status[:3]), encoded, content
