import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[object], str]]:
    """Starts an application on a free port; its voice URL."""
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "the-token-of-the-tests")
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: object) -> str:
        ready = threading.Event()

        class Server(uvicorn.Server):
            async def startup(self, sockets=None) -> None:  # type: ignore[no-untyped-def]
                await super().startup(sockets)
                ready.set()

        server = Server(uvicorn.Config(app, port=0, log_level="warning", ws="websockets-sansio"))  # type: ignore[arg-type]
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        ready.wait(10)
        port = server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/voice"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()
