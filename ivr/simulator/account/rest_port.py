"""The account's REST API on a free loopback port, for applications in processes of their own.

Requests come from the server's threads, and time passes in the test's: they take turns. A request acts at the moment
at which the account stands, and what follows from it happens when the test next lets time pass. Before time passes, and
when nothing is left to happen, the account waits a little for an application that is still busy (`World.pause`).
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ivr.simulator.account.world import World
from ivr.simulator.rest_server import LoopbackServer, QuietHandler


class RestPort:
    """Answers at `url` until it is closed."""

    def __init__(self, world: World, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._turn = threading.Condition(threading.RLock())
        self._came = 0  # requests so far
        world.turn, world.outside, world.pause = self._its_turn, self._outside, self._pause
        world.on_change = lambda: None
        self._server = LoopbackServer(("127.0.0.1", 0), QuietHandler)
        self._server.set_app(self._answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="rest", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        with self._turn:
            try:
                return self._app(environ, start_response)
            finally:
                self._came += 1
                self._turn.notify_all()

    @contextmanager
    def _its_turn(self) -> Iterator[None]:
        with self._turn:
            yield

    @contextmanager
    def _outside(self) -> Iterator[None]:
        """While the application is asked, it may ask the REST API."""
        self._turn.release()
        try:
            yield
        finally:
            self._turn.acquire()

    def _pause(self, seconds: float) -> bool:
        """Whether a request came meanwhile."""
        before = self._came
        return self._turn.wait_for(lambda: self._came > before, seconds)
