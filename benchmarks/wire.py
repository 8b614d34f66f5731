"""Requests as bytes on a socket, with as little work as possible: who measures must not be the bottleneck."""

import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlencode


def request_bytes(port: int, target: str, fields: Mapping[str, str], signature: str, *, keep: bool) -> bytes:
    body = urlencode(fields)
    return (
        f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"Connection: {'keep-alive' if keep else 'close'}\r\nX-Twilio-Signature: {signature}\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Connection:
    """One connection, made anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, request: bytes) -> None:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), 30)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)

    def receive(self) -> bytes:
        """The body of a reply with status 200. Raises ConnectionError when there is none."""
        if self._socket is None:
            raise ConnectionError("nothing was sent")
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(head[:60].decode("latin-1"))
        lines = head.lower().split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        while len(body) < length:
            body += self._more()
        if b"connection: close" in lines:
            self.close()
        return body

    def _more(self) -> bytes:
        data = self._socket.recv(65_536) if self._socket is not None else b""
        if not data:
            self.close()
            raise ConnectionError("closed in the middle of a reply")
        return data

    def exchange(self, request: bytes) -> bytes:
        self.send(request)
        return self.receive()
