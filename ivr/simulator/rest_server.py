"""The REST calls of `ivr.simulator.rest` on a loopback port, for an application in another process.

Orders come from the server's threads; the call is driven by its own. So an order only waits here and knocks: whoever
drives the call lets it in. Knows sockets and threads.
"""

import os
import select
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from ivr.simulator.rest import RestApp
from ivr.simulator.session import Session
from ivr.simulator.transports.wsgi import WsgiApp


class Knock:
    """Wakes a driver from another thread. Has a `fileno`, so that it can be waited for beside a terminal."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def fileno(self) -> int:
        return self._read

    def ring(self) -> None:
        os.write(self._write, b"!")

    def heard(self) -> bool:
        """Whether it has rung since it was last asked; does not wait."""
        ready, _, _ = select.select([self._read], [], [], 0)
        return bool(ready and os.read(self._read, 4096))

    def close(self) -> None:
        os.close(self._read)
        os.close(self._write)


class GuardedWorld(Protocol):
    """The calls of an account. `outside`: around each request to an application."""

    outside: Callable[[], AbstractContextManager[None]]


class RestServer:
    """Answers at `url` until it is closed; calls are found once they are added."""

    def __init__(self, port: int = 0, api_keys: Mapping[str, str] | None = None) -> None:
        """`port`: 0 for any free one. `api_keys`: as for `RestApp`. Raises OSError when the port is taken."""
        self.app = RestApp(api_keys=api_keys)
        self.knock = Knock()
        self._server = LoopbackServer(("127.0.0.1", port), QuietHandler)
        self._server.set_app(self._answer)
        self._account: WsgiApp | None = None  # that is played now
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="rest", daemon=True)
        self._thread.start()

    def add(self, session: Session) -> None:
        session.wake = self.knock.ring
        self.app.add(session)

    @contextmanager
    def answering(self, account: WsgiApp, world: GuardedWorld) -> Iterator[None]:
        """Meanwhile, requests are for this account. They are answered while the account asks an application; at any
        other moment they wait for the next such one."""
        lock = threading.Lock()

        def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            with lock:
                return account(environ, start_response)

        @contextmanager
        def outside() -> Iterator[None]:
            lock.release()
            try:
                yield
            finally:
                lock.acquire()

        world.outside = outside
        self._account = guarded
        try:
            with lock:
                yield
        finally:
            self._account = None

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return (self._account or self.app)(environ, start_response)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.knock.close()


class LoopbackServer(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = False  # closing waits for them, and none of them lasts


class QuietHandler(WSGIRequestHandler):
    timeout = 5

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """No log: what was asked is in the call's trace."""
