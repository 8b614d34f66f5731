"""WSGI middleware of the profile `simulator`: webhooks of this machine alone are answered, whichever server listens.

Its token is public, so whoever reaches such a line could call it. A peer without an address (a Unix socket, a test) is
this machine.
"""

import logging
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger("ivr.voice")
_HEADERS = [("Content-Type", "text/plain; charset=utf-8")]


class LoopbackOnly:
    """`path`: what the webhooks begin with; the console has a password of its own."""

    def __init__(self, app: "WSGIApplication", path: str = "/voice") -> None:
        self._app = app
        self._path = path

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if is_loopback(environ.get("REMOTE_ADDR", "")) or not environ.get("PATH_INFO", "").startswith(self._path):
            return self._app(environ, start_response)
        _log.warning("refused 403: the profile simulator answers only this machine")
        start_response("403 Forbidden", _HEADERS)
        return [b"The profile simulator answers this machine alone; IVR_PROFILE=practice is for others to reach.\n"]


@lru_cache(maxsize=64)
def is_loopback(address: str) -> bool:
    if not address:
        return True
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback
