"""The page's server: loopback only, a secret in the address, and nothing for anybody else.

Refused, without a word of why: a Host that is no loopback name (DNS rebinding), an address without the token, a POST
whose Origin is not the page's own. No CORS header is ever sent, and the page may ask nobody but this server.
"""

import hmac
import json
import secrets
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from ivr.simulator.web_phone.page_handler import EventStream, PageHandler, PageResponse

LARGEST = 65_536  # bytes of a POST
HEARTBEAT = 10.0  # seconds
_NAMES = ("127.0.0.1", "localhost", "[::1]")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class PageServer:
    """Answers until it is closed. `url`: the page, token and all."""

    def __init__(self, desk: PageHandler, port: int = 0) -> None:
        """`port`: 0 for any free one. Raises OSError when it is taken."""
        self.token = secrets.token_urlsafe(24)
        self._desk = desk
        self._server = _Server(("127.0.0.1", port), desk, self.token)
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}/{self.token}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="page", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._desk.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], desk: PageHandler, token: str) -> None:
        super().__init__(address, _Handler)
        self.desk = desk
        self.token = token

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that goes away in the middle of an answer is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    server_version, sys_version = "ivr", ""
    timeout = 30

    def do_GET(self) -> None:
        path = self._admitted()
        if path is not None:
            self._answer(self.server.desk.get(path, self._last_seen()))

    def do_POST(self) -> None:
        path = self._admitted()
        if path is None:
            return
        if self.headers.get("Origin") not in _origins(self._port):
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        asked = self._body()
        if asked is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
        else:
            self._answer(self.server.desk.post(path, asked))

    @property
    def _port(self) -> int:
        return int(self.server.server_address[1])

    def _admitted(self) -> str | None:
        """The path behind the token, or None when the request was refused."""
        path = urlsplit(self.path).path
        first, slash, rest = path.removeprefix("/").partition("/")
        known = hmac.compare_digest(first.encode(), self.server.token.encode()) and bool(slash)
        if self.headers.get("Host", "").lower() not in _hosts(self._port):
            known = False
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            known = False
        if not known:
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        return rest

    def _last_seen(self) -> int:
        text = self.headers.get("Last-Event-ID", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0

    def _body(self) -> Mapping[str, Any] | None:
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json" or not (length.isascii() and length.isdigit()):
            return None
        if int(length) > LARGEST:
            return None
        try:
            asked = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return None
        return asked if isinstance(asked, dict) else None

    def _refuse(self, status: HTTPStatus) -> None:
        self._answer(PageResponse(status, "text/plain; charset=utf-8", status.phrase.encode()))

    def _answer(self, answer: PageResponse | EventStream) -> None:
        if isinstance(answer, EventStream):
            self._stream(answer)
            return
        self._head(answer.status, answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.name:
            self.send_header("Content-Disposition", f'attachment; filename="{answer.name}"')
        self.end_headers()
        self.wfile.write(answer.body)

    def _head(self, status: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in _HEADERS.items():
            self.send_header(name, value)

    def _stream(self, stream: EventStream) -> None:
        """Server-sent events, until the page or the phone is gone."""
        self._head(HTTPStatus.OK, "text/event-stream")
        self.end_headers()
        number = stream.start
        with stream.log.listening():
            while not stream.log.is_closed:
                number, messages = stream.log.after(number, HEARTBEAT)
                first = number - len(messages) + 1
                lines = [_event(first + place, message) for place, message in enumerate(messages)]
                self.wfile.write("".join(lines or [": still here\n\n"]).encode())
                self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """No log: a request line holds the token, and a POST what a caller keyed."""


def _event(number: int, message: Mapping[str, Any]) -> str:
    return f"id: {number}\ndata: {json.dumps(message, ensure_ascii=False, separators=(',', ':'))}\n\n"


def _hosts(port: int) -> tuple[str, ...]:
    return tuple(f"{name}:{port}" for name in _NAMES)


def _origins(port: int) -> tuple[str, ...]:
    return tuple(f"http://{host}" for host in _hosts(port))
