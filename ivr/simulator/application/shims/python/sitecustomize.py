"""Sends what Twilio's Python library asks to the local account at TWILIO_API_URL. Python runs this file at its start.

It does so because this folder is on PYTHONPATH (`ivr env`). Without TWILIO_API_URL it does nothing. With it, no request
reaches twilio.com: the library's go to the local account, and any other is refused with a reason. The application's own
Python runs this file, so it imports nothing of ivr and stays within Python 3.8.
"""

import importlib
import os
import sys
from typing import Any
from urllib.parse import urlsplit, urlunsplit

_CLIENTS = {"twilio.http.http_client": "TwilioHttpClient", "twilio.http.async_http_client": "AsyncTwilioHttpClient"}
_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname")


def _is_twilio(host: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    return f".{name.lower().rstrip('.')}".endswith(".twilio.com")


def _local(url: str, base: str) -> str:
    """The same request at the local account. Other products than `api` have their host in the path, to be refused."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not _is_twilio(host):
        return url
    at = urlsplit(base)
    if at.scheme != "http" or at.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise OSError(f"TWILIO_API_URL is {base!r}; it must be http://127.0.0.1:PORT, as `ivr emulate` prints it")
    path = parts.path if host.split(".")[0] == "api" else f"/{host}{parts.path}"
    return urlunsplit((at.scheme, at.netloc, path, parts.query, ""))


def _point_to(base: str, client: Any) -> None:
    asks = client.request

    def request(self: Any, method: str, url: str, *more: Any, **named: Any) -> Any:
        return asks(self, method, _local(url, base), *more, **named)

    client.request = request


class _Loader:
    """Loads a module as `loader` does, and then changes the HTTP client in it."""

    def __init__(self, loader: Any, base: str) -> None:
        self._loader = loader
        self._base = base

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        self._loader.exec_module(module)
        _point_to(self._base, getattr(module, _CLIENTS[module.__name__]))


class _Finder:
    """Finds the modules of Twilio's HTTP clients, wherever the other finders have them."""

    def __init__(self, base: str) -> None:
        self._base = base

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        for finder in sys.meta_path if name in _CLIENTS else ():
            spec: Any = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                spec.loader = _Loader(spec.loader, self._base)
                return spec
        return None


def _refuse_twilio(event: str, arguments: Any) -> None:
    """An audit hook: no name of Twilio's is looked up, and no proxy is asked for one."""
    host = arguments[0] if event in _LOOKUPS else None
    if event == "http.client.connect":
        host = getattr(arguments[0], "_tunnel_host", None) or arguments[1]
    if host is not None and _is_twilio(host):
        raise OSError(f"{host} is not asked: TWILIO_API_URL is set, and this request is not one of Twilio's library")


def _run_next_sitecustomize() -> None:
    """The one that this file hides, such as the system's."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib would slow down every start
    kept, own = list(sys.path), sys.modules.pop("sitecustomize", None)
    sys.path[:] = [each for each in kept if os.path.abspath(each or ".") != here]  # noqa: PTH100 - as above
    try:
        importlib.import_module("sitecustomize")
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise
        if own is not None:
            sys.modules["sitecustomize"] = own
    finally:
        sys.path[:] = kept


def _start() -> None:
    base = os.environ.get("TWILIO_API_URL", "")
    if base:
        sys.meta_path.insert(0, _Finder(base))
        sys.addaudithook(_refuse_twilio)
    _run_next_sitecustomize()


if __name__ == "sitecustomize":
    _start()
