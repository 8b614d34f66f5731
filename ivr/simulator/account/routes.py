"""Several applications behind one transport: each origin leads to its own; any other is asked over HTTP."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ivr.base.errors import SimulatorError
from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.public_urls import PublicUrl, origins_of
from ivr.simulator.session import Transport
from ivr.simulator.target import Target, application, reach
from ivr.simulator.transports.http import HttpTransport
from ivr.simulator.transports.websocket import WebSockets
from ivr.simulator.urls import origin, origins

_FIRST_PORT = 5000


class Routes:
    """`origins`: those that may be asked: of the applications, and what `allow_origins` names."""

    def __init__(
        self,
        allow_origins: tuple[str, ...] = (),
        cafile: str | Path | None = None,
        public_urls: tuple[PublicUrl, ...] = (),
    ) -> None:
        self.origins = origins(allow_origins) | origins_of(public_urls)
        self._http = HttpTransport(cafile=cafile)
        self._cafile = cafile
        self._in_process: dict[str, tuple[Any, Transport]] = {}
        self._bases: dict[int, str] = {}  # the first address of each application, by its identity
        self._next_port = _FIRST_PORT
        self._made: dict[int, tuple[Any, Any]] = {}  # what was given, and the application that it is or makes, once

    def reach(self, target: str | Callable[..., Any], path: str | None, base_url: str | None) -> Target:
        """Where an application, or a URL, is. Without `base_url`, each application has a port of its own from 5000 on.

        Raises SimulatorError.
        """
        if isinstance(target, str):
            reached = reach(target, path, "", self._cafile)
        else:
            if id(target) not in self._made:
                self._made[id(target)] = target, application(target)
            app = self._made[id(target)][1]
            reached = reach(app, path, base_url or self._base(app), self._cafile)
            self._keep(app, reached)
        self.origins |= {origin(reached.url)}
        return reached

    def send(self, fetch: Fetch) -> Response | Failed:
        known = self._in_process.get(origin(fetch.place))
        return (known[1] if known else self._http).send(fetch)

    def may_ask(self, url: str) -> bool:
        """Whether the application is there, or the user has named it."""
        return bool(url) and origin(url) in self.origins

    def sockets(self) -> WebSockets:
        """For one call; they trust the certificates that requests trust."""
        return WebSockets(self._cafile)

    def _base(self, app: Any) -> str:
        if id(app) in self._bases:
            return self._bases[id(app)]
        while self._taken(self._next_port):
            self._next_port += 1
        return f"http://127.0.0.1:{self._next_port}"

    def _taken(self, port: int) -> bool:
        return any(f"{scheme}://127.0.0.1:{port}" in self._in_process for scheme in ("http", "https"))

    def _keep(self, app: Any, reached: Target) -> None:
        at = origin(reached.url)
        known = self._in_process.setdefault(at, (app, reached.transport))
        self._bases.setdefault(id(app), at)
        if known[0] is not app:
            raise SimulatorError(f"another application is at {at} already: give this one its own base_url")
