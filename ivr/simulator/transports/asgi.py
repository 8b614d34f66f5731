"""ASGI applications (FastAPI, Starlette, Quart, ...) in this process, by way of a2wsgi, as WSGI applications.

Needs the extra `ivr-116117[asgi]`; nothing else imports a2wsgi. All applications run in one event loop, in a thread of
its own. Startup and shutdown (`lifespan`) are not run.
"""

import asyncio
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

from ivr.base.errors import SimulatorError
from ivr.simulator.transports.wsgi import WsgiApp
from ivr.simulator.twiml.document import LARGEST

_Message: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[_Message]]
_Send: TypeAlias = Callable[[_Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[_Message, _Receive, _Send], Awaitable[None]]


def as_wsgi(app: AsgiApp) -> WsgiApp:
    """Raises SimulatorError without a2wsgi."""
    try:
        bridge: Any = import_module("a2wsgi")
    except ModuleNotFoundError:
        raise SimulatorError("an ASGI application in process needs a2wsgi: pip install 'ivr-116117[asgi]'") from None
    made: WsgiApp = bridge.ASGIMiddleware(_Served(app), loop=_loop())
    return made


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="asgi", daemon=True).start()
    return loop


class _Served:
    """The application as a server runs it: what it raises is printed and answered with 500, and it has to answer."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        environ = scope.pop("wsgi_environ")
        scope["raw_path"] = environ["RAW_URI"].partition("?")[0].encode()
        scope["client"] = (environ["REMOTE_ADDR"], 0)
        answer = _Answer(send)
        try:
            await self._app(scope, receive, answer)
            if not answer.is_over:
                raise RuntimeError("the ASGI application returned before its answer was complete")
        except _EnoughError:
            pass
        except Exception:  # noqa: BLE001 - a server answers 500 whatever an application raises
            text = traceback.format_exc()
            sys.stderr.write(text)
            if not answer.is_over:
                await answer.failed(text)


class _EnoughError(OSError):
    """More was read than a document may hold: who asked is gone, as ASGI says it."""


class _Answer:
    """`send` of the application. Holds the answer back until it is complete, so that half of one is never taken."""

    def __init__(self, send: _Send) -> None:
        self.is_over = False
        self._send = send
        self._start: _Message = {}
        self._body = b""

    async def __call__(self, message: _Message) -> None:
        if message["type"] == "http.response.start":
            self._start = {"headers": (), **message}
        elif not self._start:
            raise RuntimeError(f"the ASGI application sent {message['type']} before http.response.start")
        elif message["type"] == "http.response.body" and not self.is_over:
            self._body += message.get("body", b"")
            is_enough = len(self._body) > LARGEST
            if is_enough or not message.get("more_body", False):
                await self._finish()
            if is_enough:
                raise _EnoughError

    async def failed(self, text: str) -> None:
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        self._start, self._body = {"type": "http.response.start", "status": 500, "headers": headers}, text.encode()
        await self._finish()

    async def _finish(self) -> None:
        self.is_over = True
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})
