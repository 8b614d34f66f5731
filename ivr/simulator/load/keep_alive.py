"""Requests over HTTP on connections that are kept: one for each thread and origin, as a load test needs it.

Uses the standard library's client for the same reason as `ivr.simulator.transports.http`: requests and other
clients rewrite percent-escapes, and a rewritten URL has another signature. Must not know calls.
"""

import http.client
import socket
import ssl
import threading
from urllib.parse import urlsplit

from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.twiml.document import LARGEST
from ivr.simulator.urls import origin, target

_GONE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


class KeepAliveTransport:
    """Safe to use from several threads. A kept connection that the server has closed meanwhile is opened anew, once."""

    def __init__(self) -> None:
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._all: list[http.client.HTTPConnection] = []
        self._tls = ssl.create_default_context()

    def send(self, fetch: Fetch) -> Response | Failed:
        try:
            kept = self._kept(fetch)
        except OSError:
            return Failed("host", f"the name {urlsplit(fetch.url).hostname} cannot be resolved")
        again = kept.sock is not None
        try:
            return self._exchange(kept, fetch)
        except _GONE as error:
            kept.close()
            if not again:
                return Failed("reset", f"the connection was closed before the answer came ({error})")
        try:
            return self._exchange(kept, fetch)
        except _GONE as error:
            kept.close()
            return Failed("reset", f"the connection was closed twice before the answer came ({error})")

    def close(self) -> None:
        """Close every connection; none is in use any more."""
        with self._lock:
            while self._all:
                self._all.pop().close()

    def _kept(self, fetch: Fetch) -> http.client.HTTPConnection:
        """This thread's connection to the origin, which may be closed. Raises OSError for an unknown name."""
        connections: dict[str, http.client.HTTPConnection] = self._mine.__dict__.setdefault("connections", {})
        where = origin(fetch.url)
        if where not in connections:
            parts = urlsplit(fetch.url)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
            address = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
            connections[where] = http.client.HTTPConnection(host, port)
            connections[where].auto_open = False
            self._mine.__dict__.setdefault("addresses", {})[where] = address
            with self._lock:
                self._all.append(connections[where])
        return connections[where]

    def _exchange(self, kept: http.client.HTTPConnection, fetch: Fetch) -> Response | Failed:
        if kept.sock is None:
            failed = self._open(kept, fetch)
            if failed is not None:
                return failed
        assert kept.sock is not None  # noqa: S101 - it was opened
        kept.sock.settimeout(fetch.read_timeout)
        try:
            return _talk(kept, fetch)
        except _GONE:
            raise
        except TimeoutError:
            kept.close()
            return Failed("read-timeout", f"no answer within {fetch.read_timeout:g} s")
        except (http.client.HTTPException, ValueError) as error:
            kept.close()
            return Failed("protocol", f"the answer is not HTTP: {error!r}")
        except OSError as error:
            kept.close()
            return Failed("reset", f"the connection broke: {error.strerror or error}")

    def _open(self, kept: http.client.HTTPConnection, fetch: Fetch) -> Failed | None:
        host, port = kept.host, kept.port
        address = self._mine.addresses[origin(fetch.url)]
        try:
            plain = socket.create_connection((address, port), fetch.connect_timeout)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except TimeoutError:
            return Failed("unreachable", f"no connection to {host}:{port} within {fetch.connect_timeout:g} s")
        except OSError as error:
            return Failed("refused", f"no connection to {host}:{port} ({error.strerror or error})")
        try:
            secure = fetch.url.startswith("https:")
            kept.sock = self._tls.wrap_socket(plain, server_hostname=host) if secure else plain
        except (ssl.SSLError, OSError) as error:
            plain.close()
            return Failed("tls", f"no TLS with {host}:{port}: {error}")
        return None


def _talk(kept: http.client.HTTPConnection, fetch: Fetch) -> Response:
    has_body = fetch.method == "POST"
    kept.putrequest(fetch.method, target(fetch.url), skip_host=True, skip_accept_encoding=True)
    kept.putheader("Host", urlsplit(fetch.url).netloc)
    for name, value in fetch.headers:
        kept.putheader(name, value)
    if has_body:
        kept.putheader("Content-Length", str(len(fetch.body)))
    kept.endheaders(fetch.body if has_body else None)
    with kept.getresponse() as reply:
        headers = tuple((name.lower(), value) for name, value in reply.getheaders())
        body = reply.read(LARGEST + 1)
        if not reply.isclosed():  # more than any document may hold: the rest is not read
            kept.close()
    return Response(reply.status, headers, body)
