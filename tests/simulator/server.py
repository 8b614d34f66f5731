"""A webhook on a real loopback socket, for the few tests that need one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

from tests.simulator.webhook import Webhook


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass

    def get_environ(self) -> dict[str, object]:
        return {**super().get_environ(), "RAW_URI": self.path}


@contextmanager
def served(app: Webhook) -> Iterator[str]:
    """The base URL at which `app` answers."""
    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
