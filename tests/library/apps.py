"""The smallest TwiML applications: fixed documents behind paths, as a WSGI callable that keeps what it was asked."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl


class Documents:
    """`Documents(voice="<Say>Hi</Say>")` answers /voice with a Response; other paths are 404. `asked`: path, fields."""

    def __init__(self, **documents: str) -> None:
        self._documents = {f"/{name}": f"<Response>{inside}</Response>" for name, inside in documents.items()}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        self.asked.append((path, dict(parse_qsl(body, keep_blank_values=True))))
        known = path in self._documents
        start_response("200 OK" if known else "404 Not Found", [("Content-Type", "text/xml")])
        return [self._documents.get(path, "").encode()]

    def fields(self, path: str) -> dict[str, str]:
        """What the latest request to `path` told."""
        return next(fields for asked, fields in reversed(self.asked) if asked == path)


def library() -> Documents:
    """A menu of two keys; 1 tells the hours, 2 rings the desk."""
    return Documents(
        voice='<Say>Welcome.</Say><Gather numDigits="1" timeout="4" action="/menu">'
        "<Say>For our hours, press 1.</Say><Say>For the desk, press 2.</Say></Gather><Say>Goodbye.</Say>",
        menu='<Gather numDigits="1" action="/desk"><Say>We are open from ten to six.</Say></Gather>',
        desk='<Dial action="/after">+4755568700</Dial>',
        after="<Say>The desk has hung up.</Say>",
    )
