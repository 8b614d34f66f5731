"""Applications for load tests: fixed documents, and a clock that their slowness moves."""

import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.base.clock import ManualClock
from ivr.simulator import CallPlan
from ivr.simulator.load import Job, Mix
from ivr.simulator.load.chance import Weighted
from ivr.simulator.load.mix import CallerKind, FarEndKind
from ivr.simulator.transports.wsgi import WsgiApp

BASE = "http://127.0.0.1:5000"
SILENT = CallerKind("silent")


@dataclass
class Pages:
    """Answers each path with its TwiML; an unknown path with 404. Every request moves `clock` by `seconds`."""

    pages: Mapping[str, str]
    clock: ManualClock | None = None
    seconds: float = 0.0
    asked: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ["PATH_INFO"])
        if self.clock is not None:
            self.clock.advance(self.seconds)
        body = self.pages.get(environ["PATH_INFO"])
        found = "200 OK" if body is not None else "404 Not Found"
        start_response(found, [("Content-Type", "text/xml")])
        return [f"<Response>{body or ''}</Response>".encode()]


MENU = {
    "/voice": '<Gather numDigits="1" action="/chosen"><Say>Press one for a person.</Say></Gather><Hangup/>',
    "/chosen": '<Dial action="/after" timeout="20">+4755568700</Dial>',
    "/after": "<Hangup/>",
}


def menu_app() -> WsgiApp:
    """Made anew in each process."""
    return Pages(MENU)


def faulty_app() -> WsgiApp:
    return Pages({})


def mix(*kinds: CallerKind, far_ends: tuple[FarEndKind, ...] = (FarEndKind("answer"),)) -> Mix:
    """Kinds and far ends of equal weight."""
    chosen = kinds or (SILENT,)
    return Mix(Weighted.of(chosen, [1.0] * len(chosen)), Weighted.of(far_ends, [1.0] * len(far_ends)))


def job(callers: Mix | None = None, **more: Any) -> Job:
    """One call unless more is said."""
    chosen: dict[str, Any] = {"calls": 1, "make_app": menu_app} | more
    return Job(CallPlan(url=f"{BASE}/voice"), callers or mix(), **chosen)


def unsimulated_verb() -> WsgiApp:
    return Pages({"/voice": "<Pay/>"})


def unsimulated_attribute() -> WsgiApp:
    return Pages({"/voice": '<Dial><Number byoc="BY1">+4755568700</Number></Dial>'})


def interrupted_app() -> WsgiApp:
    """Somebody presses Ctrl-C while it answers the third request."""
    pages = Pages(MENU)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if len(pages.asked) == 2:
            signal.raise_signal(signal.SIGINT)
        return pages(environ, start_response)

    return app
