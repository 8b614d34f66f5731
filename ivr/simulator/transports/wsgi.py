"""Requests to a WSGI application in this process: no socket, no thread.

The environ is what gunicorn would build, with RAW_URI and REQUEST_URI exactly as sent.
"""

import io
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes, urlsplit

from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.remembered import Remembered
from ivr.simulator.twiml.document import LARGEST
from ivr.simulator.urls import head, target

WsgiApp: TypeAlias = Callable[[dict[str, Any], Any], Iterable[bytes]]
_ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType]


class WsgiTransport:
    """`app`: any WSGI callable. What it raises is printed to standard error and answered with 500, as by a server.

    `mount`: the path that it is mounted at (SCRIPT_NAME); outside of it nothing is found. `largest`: bytes of a body;
    what is beyond them is not read.
    """

    def __init__(self, app: WsgiApp, mount: str = "", largest: int = LARGEST) -> None:
        self._app = app
        self._largest = largest
        self._mount = mount

    def send(self, fetch: Fetch) -> Response | Failed:
        begun = _Begun()
        asked = environ(fetch)
        if self._mount:
            if not f"{asked['PATH_INFO']}/".startswith(f"{self._mount}/"):
                text = f"{asked['PATH_INFO']} is outside of {self._mount}, where the application is mounted (base_url)"
                return Response(404, (("content-type", "text/plain"),), text.encode())
            asked |= {"SCRIPT_NAME": self._mount, "PATH_INFO": asked["PATH_INFO"].removeprefix(self._mount)}
        try:
            result = self._app(asked, begun)
            if begun.status is None and callable(result):
                return Failed("protocol", "it returned an application: call the function, and give what it returns")
            try:
                body = _read(result, begun.written, self._largest)
            finally:
                close = getattr(result, "close", None)
                if close is not None:
                    close()
        except Exception:  # noqa: BLE001 - a server answers 500 whatever an application raises
            text = traceback.format_exc()
            sys.stderr.write(text)
            return Response(500, (("content-type", "text/plain"),), text.encode()[: LARGEST + 1])
        if begun.status is None:
            return Failed("protocol", "the application returned without calling start_response")
        code = begun.status.split(" ", 1)[0]
        if not (code.isascii() and code.isdigit()):
            return Failed("protocol", f"the application answered with status {begun.status!r}")
        return Response(int(code), tuple([(name.lower(), value) for name, value in begun.headers]), body)


class _Begun:
    """`start_response`, and what it was called with; the last call counts."""

    def __init__(self) -> None:
        self.status: str | None = None
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: _ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        self.status, self.headers = status, headers
        return self.written.append


def _read(result: Iterable[bytes], written: list[bytes], largest: int) -> bytes:
    chunks, size = [], 0
    for chunk in result:
        chunks.append(chunk)
        size += len(chunk)
        if size > largest:
            break
    return b"".join((*written, *chunks))[: largest + 1]


def environ(fetch: Fetch) -> dict[str, Any]:
    """The WSGI environ (PEP 3333) of a request."""
    start = head(fetch.url)
    raw = target(fetch.url, start)
    path, _, query = raw.partition("?")
    result: dict[str, Any] = {
        **_server(start),
        "REQUEST_METHOD": fetch.method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1") if "%" in path else path,
        "QUERY_STRING": query,
        "RAW_URI": raw,
        "REQUEST_URI": raw,
        "wsgi.input": io.BytesIO(fetch.body),
        "wsgi.errors": sys.stderr,
    }
    if fetch.method == "POST":
        result["CONTENT_LENGTH"] = str(len(fetch.body))
    for name, value in fetch.headers:
        result[_KEYS[name]] = value
    return result


@lru_cache(maxsize=64)
def _server(head: str) -> Mapping[str, Any]:
    """What is the same in all requests to one origin. `head`: the beginning of their URL."""
    parts = urlsplit(head)
    return {
        "SCRIPT_NAME": "",
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input_terminated": True,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _key(name: str) -> str:
    """A header's name in the environ."""
    key = name.upper().replace("-", "_")
    return key if key == "CONTENT_TYPE" else f"HTTP_{key}"


_KEYS = Remembered(_key, 64)
