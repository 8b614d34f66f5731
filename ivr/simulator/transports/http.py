"""Requests over HTTP, with the standard library's client: it sends the target as it is, where other clients rewrite
percent-escapes and break the signature. Redirects, cookies and retries are the machine's business, not ours.

A name is resolved once, and every request of the call goes to that address.
"""

import http.client
import socket
import ssl
import time
from contextlib import closing, suppress
from urllib.parse import urlsplit

from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.twiml.document import LARGEST
from ivr.simulator.urls import target


class HttpTransport:
    def __init__(self) -> None:
        self._addresses: dict[tuple[str, int], str] = {}
        self._tls = ssl.create_default_context()

    def send(self, fetch: Fetch) -> Response | Failed:
        parts = urlsplit(fetch.url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            address = self._address(host, port)
        except OSError:
            return Failed("host", f"the name {host} cannot be resolved")
        try:
            plain = socket.create_connection((address, port), fetch.connect_timeout)
        except TimeoutError:
            return Failed(
                "unreachable",
                f"no connection to {host}:{port} within {fetch.connect_timeout:g} s",
                fetch.connect_timeout,
            )
        except OSError as error:
            return Failed("refused", f"no connection to {host}:{port} ({error.strerror or error})")
        with closing(plain):
            try:
                channel = self._tls.wrap_socket(plain, server_hostname=host) if parts.scheme == "https" else plain
            except (ssl.SSLError, OSError) as error:
                return Failed("tls", f"no TLS with {host}:{port}: {error}")
            with closing(channel):
                channel.settimeout(fetch.read_timeout)
                return _exchange(channel, host, port, parts.netloc, fetch)

    def _address(self, host: str, port: int) -> str:
        if (host, port) not in self._addresses:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            self._addresses[host, port] = str(found[0][4][0])
        return self._addresses[host, port]


def _exchange(channel: socket.socket, host: str, port: int, netloc: str, fetch: Fetch) -> Response | Failed:
    connection = http.client.HTTPConnection(host, port)
    connection.sock = channel
    try:
        connection.putrequest(fetch.method, target(fetch.url), skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", netloc)
        for name, value in fetch.headers:
            connection.putheader(name, value)
        if fetch.method == "POST":
            connection.putheader("Content-Length", str(len(fetch.body)))
        connection.putheader("Connection", "close")
        with suppress(BrokenPipeError, ConnectionResetError):  # who refuses a long body answers before its end
            connection.endheaders(fetch.body if fetch.method == "POST" else None)
        reply = connection.getresponse()
        headers = tuple((name.lower(), value) for name, value in reply.getheaders())
        body = _body(reply, time.monotonic() + fetch.read_timeout)
        if reply.length and len(body) <= LARGEST:
            return Failed("protocol", f"the answer is {reply.length} bytes shorter than its Content-Length")
        return Response(reply.status, headers, body)
    except TimeoutError:
        return Failed("read-timeout", f"no answer within {fetch.read_timeout:g} s", fetch.read_timeout)
    except http.client.RemoteDisconnected:
        return Failed("reset", "the connection was closed before the answer came")
    except (http.client.HTTPException, ValueError) as error:
        return Failed("protocol", f"the answer is not HTTP: {error!r}")
    except OSError as error:
        return Failed("reset", f"the connection broke: {error.strerror or error}")
    finally:
        connection.close()


def _body(reply: http.client.HTTPResponse, deadline: float) -> bytes:
    """The body, up to one byte over the limit. Raises TimeoutError when it drips in for longer than the deadline."""
    body = b""
    while len(body) <= LARGEST and (chunk := reply.read1(LARGEST + 1 - len(body))):
        body += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
    return body
