"""The real service in this process, and one call at a time that the simulator plays against it.

Knows the line and the simulator, and nothing of queues or plans.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ivr.line.calls import Noted
from ivr.line.flow.events import Outage
from ivr.line.flow.facts import CentreDialled
from ivr.line.service.bootstrap import create_app, load_edition
from ivr.line.service.settings import SIMULATOR_NUMBER, Settings
from ivr.simulator import CallPlan, HangUp, Leg, Session, WsgiTransport
from ivr.simulator.engine.effects import Failed, Fetch, Happened, Pass, Response
from ivr.simulator.load.caller import MixCaller
from ivr.simulator.load.mix import Habits
from ivr.simulator.session import VirtualPace, timed

_URL = "http://127.0.0.1:5000/voice"


@dataclass(frozen=True)
class PlannedRing:
    """A centre that rang: seconds after the call came in."""

    at: float
    centre: str


@dataclass(frozen=True)
class Played:
    """`red`: the call that rang first was one of danger to life."""

    rings: tuple[PlannedRing, ...]
    red: bool


@dataclass
class _Clock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def seconds(self) -> float:
        return 0.0


@dataclass(frozen=True)
class _Legs(CallPlan):
    """How the leg of each dial behaves, in the order in which they are dialled; what comes after does not answer."""

    ends: Callable[[], Leg] = Leg.no_answer

    def leg(self, number: str) -> Leg:
        return self.ends()


class Service:
    """Raises SettingsError or DefinitionError for files that are wrong."""

    def __init__(self, settings: Settings, at: datetime) -> None:
        self._clock = _Clock(at)
        self._outages: tuple[Outage, ...] = ()
        self._dialled: list[CentreDialled] = []
        edition = load_edition(settings, self._clock)
        app = create_app(
            settings, clock=self._clock, sink=self._note, outages=lambda: self._outages, editions=[edition]
        )
        self._transport = WsgiTransport(app)
        self.flow = edition.engine.flow
        self.directory = edition.engine.directory
        self.edition = edition.engine.edition

    def _note(self, noted: Noted) -> None:
        self._dialled += (fact for fact in noted.facts if isinstance(fact, CentreDialled))

    def play(  # noqa: PLR0913 - what a call is made of
        self,
        caller: str,
        habits: Habits,
        at: datetime,
        *,
        outages: tuple[Outage, ...] = (),
        legs: tuple[Leg, ...] = (),
        until_silent: float = 0.0,
        until: float | None = None,
    ) -> Played:
        """One call at that moment. `legs`: of the first dials; all others do not answer. It is left `until_silent`
        seconds after the first ringing, or at the second `until`."""
        self._outages = outages
        self._dialled.clear()
        ends = iter(legs)
        plan = _Legs(url=_URL, from_=caller, to=SIMULATOR_NUMBER, number=1, ends=lambda: next(ends, Leg.no_answer()))
        session, person, pace = Session(plan), MixCaller(habits), VirtualPace()

        def send(fetch: Fetch) -> Response | Failed:
            self._clock.moment = at + timedelta(seconds=session.now)
            return timed(self._transport, fetch, pace)

        def live(effect: Pass) -> Happened:
            end = until if until is not None else _end(session, until_silent)
            happened = person.during(effect, session.now, session.trace.events)
            return Happened(max(session.now, end), HangUp()) if happened.at >= end else happened

        session.drive(send, live)
        return self._played(session)

    def _played(self, session: Session) -> Played:
        rings = tuple(PlannedRing(at, fact.centre) for at, fact in zip(_ringings(session), self._dialled, strict=False))
        return Played(rings, bool(self._dialled) and self._dialled[0].red_flag)


def _ringings(session: Session) -> Iterator[float]:
    """The seconds at which a far end began to ring."""
    for event in session.trace.events:
        if event["event"] == "leg" and event["status"] == "ringing":
            yield event["t"]


def _end(session: Session, silent: float) -> float:
    return next(_ringings(session), float("inf")) + silent


def line_settings(settings: Settings) -> Settings:
    """The line as the simulator has it, so that its centres are rung by their own numbers, on this machine alone."""
    return replace(settings, base_url=_URL.removesuffix("/voice"), database_url="")
