"""A webhook made of fixed documents: any WSGI server's smallest stand-in, and what it was asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from ivr.simulator import CallPlan, Outcome, WsgiTransport, play

URL = "http://127.0.0.1:5000/voice"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True)
class Page:
    body: bytes
    status: int = 200
    type: str | None = "text/xml"
    headers: tuple[tuple[str, str], ...] = ()
    login: str = ""


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    fields: list[tuple[str, str]]

    def get(self, name: str) -> str | None:
        return dict(self.fields).get(name)


@dataclass
class Webhook:
    """Answers each path with its page; a path that has none is a 404. `asked`: every request, in order.

    `login` of a page: the Authorization without which it is a 401. A page with an ETag is answered with 304 to whoever
    names it.
    """

    pages: Mapping[str, Page]
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = environ["QUERY_STRING"] if environ["REQUEST_METHOD"] == "GET" else body.decode()
        headers = {
            key[5:].replace("_", "-").lower(): value for key, value in environ.items() if key.startswith("HTTP_")
        }
        fields = parse_qsl(query, keep_blank_values=True)
        self.asked.append(Asked(environ["REQUEST_METHOD"], environ["RAW_URI"], headers, fields))
        page = self.pages.get(environ["PATH_INFO"], Page(b"no such page", 404, "text/plain"))
        if (tag := dict(page.headers).get("ETag")) and headers.get("if-none-match") == tag:
            page = Page(b"", 304, None)
        if page.login and headers.get("authorization") != page.login:
            page = Page(b"log in first", 401, "text/plain", (("WWW-Authenticate", 'Basic realm="ivr"'),))
        types = [("Content-Type", page.type)] if page.type is not None else []
        start_response(f"{page.status} Status", [*types, *page.headers])
        return [page.body]


def webhook(**documents: str) -> Webhook:
    """`webhook(voice="<Say>Hi</Say>")`: TwiML bodies for /voice and so on, without the <Response> around them."""
    return Webhook({f"/{name}": twiml(body) for name, body in documents.items()})


def twiml(body: str) -> Page:
    return Page(f"{HEAD}<Response>{body}</Response>".encode())


def call(app: Webhook, **plan: Any) -> Outcome:
    """A call to `app`'s /voice, in virtual time; `plan`: fields of the CallPlan. It is always call number 1."""
    return play(CallPlan(**{"url": URL, "number": 1, **plan}), WsgiTransport(app))
