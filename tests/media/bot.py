"""A real WebSocket server on loopback, of another maker than the client, with a program of the test behind it."""

import json
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.library.apps import Documents

Answers = Callable[["Bot", dict[str, Any]], None]


class Bot:
    """`heard`: every message, in order. `headers`: of the latest handshake. `closed`: sockets that have ended."""

    def __init__(self, answers: Answers) -> None:
        self.heard: list[dict[str, Any]] = []
        self.headers = Headers()
        self.path = ""
        self.port = 0
        self.ended = threading.Event()
        self._answers = answers
        self._socket: ServerConnection | None = None

    def url(self, path: str = "/audio") -> str:
        return f"ws://127.0.0.1:{self.port}{path}"

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.heard if message.get("event", message.get("type")) == kind]

    def send(self, **message: Any) -> None:
        assert self._socket is not None
        self._socket.send(json.dumps(message))

    def send_text(self, text: str | bytes) -> None:
        assert self._socket is not None
        self._socket.send(text)

    def play(self, sid: str, audio: bytes) -> None:
        self.send(event="media", streamSid=sid, media={"payload": b64encode(audio).decode()})

    def close(self, code: int = 1000) -> None:
        assert self._socket is not None
        self._socket.close(code)

    def serve(self, socket: ServerConnection) -> None:
        self._socket = socket
        assert socket.request is not None
        self.headers, self.path = socket.request.headers, socket.request.path
        try:
            for text in socket:
                message = json.loads(text)
                self.heard.append(message)
                self._answers(self, message)
        except ConnectionClosed:
            pass
        finally:
            self.ended.set()


@contextmanager
def running(answers: Answers = lambda *_: None, *, certificate: Path | None = None) -> Iterator[Bot]:
    """`certificate`: and its key, in one PEM file; the bot is behind TLS then."""
    bot, tls = Bot(answers), None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    with serve(bot.serve, "127.0.0.1", 0, ssl=tls) as server:
        bot.port = server.socket.getsockname()[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield bot
        finally:
            server.shutdown()
            thread.join()


def connect(bot: Bot, inside: str = "", after: str = "", **attributes: str) -> Documents:
    """An application whose voice URL connects the call to the bot."""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return Documents(voice=f'<Connect><Stream url="{bot.url()}"{more}>{inside}</Stream></Connect>{after}')
