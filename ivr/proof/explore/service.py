"""The service under exploration: the real one, in process, with a clock that is set and a sink that listens.

Knows how the service seals a call's state into its addresses, for that is what a state is.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from ivr.line.calls import Noted, Tokens
from ivr.line.flow.events import Announcement, Outage
from ivr.line.flow.facts import Fact
from ivr.line.flow.state import CallState
from ivr.line.service.bootstrap import create_app, load_edition
from ivr.line.service.settings import SIMULATOR_NUMBER, Settings
from ivr.simulator import CallPlan, Leg, Session, WsgiTransport
from ivr.simulator.engine.effects import Failed, Fetch, Response

TOKEN = re.compile(rb"[?&]t=([\w.-]+)")


@dataclass
class HandClock:
    """A clock that shows what it is set to."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def seconds(self) -> float:
        return 0.0


@dataclass
class ExploredService:
    """`facts`: what the service noted while it answered the last request. Raises SettingsError or DefinitionError."""

    settings: Settings
    now: datetime
    facts: list[Fact] = field(default_factory=list)
    outages: tuple[Outage, ...] = ()
    announced: Announcement | None = None

    def __post_init__(self) -> None:
        self.clock = HandClock(self.now)
        edition = load_edition(self.settings, self.clock)
        app = create_app(
            self.settings,
            clock=self.clock,
            sink=self._note,
            outages=lambda: self.outages,
            announced=lambda: self.announced,
            editions=[edition],
        )
        self._transport = WsgiTransport(app)
        self._tokens = Tokens(self.settings.token_secret)
        self.flow = edition.engine.flow
        self.directory = edition.engine.directory
        self.languages = tuple(edition.catalogue.languages.values())
        self._edition = edition.engine.edition
        self._call = self._tokens.call_id(Session(self.plan("", {})).sid)

    def _note(self, noted: Noted) -> None:
        self.facts.extend(noted.facts)

    def plan(self, caller: str, legs: dict[str, Leg], url: str = "") -> CallPlan:
        """A call of `caller`, or the part of it that begins with the document at `url`. They all have one id."""
        voice = f"{self.settings.base_url}/voice"
        return CallPlan(
            url=url or voice, from_=caller, to=SIMULATOR_NUMBER, fallback_url=f"{voice}/fallback", legs=legs, number=1
        )

    def send(
        self, fetch: Fetch, at: datetime, outages: tuple[Outage, ...] = (), announced: Announcement | None = None
    ) -> Response | Failed:
        """Ask the service, at that moment, while those centres are out of service and that announcement is on."""
        self.clock.moment, self.outages, self.announced = at, outages, announced
        self.facts.clear()
        return self._transport.send(fetch)

    def state(self, document: bytes) -> CallState | None:
        """What the service will remember of a call that it gave this document; None if it goes nowhere from there."""
        sealed = TOKEN.search(document)
        opened = self._tokens.open(sealed[1].decode(), (self._call,)) if sealed else None
        return opened.state if opened else None

    def resealed(self, document: bytes, state: CallState) -> bytes:
        """The document as a call gets it that is in `state` and hears the same."""
        token = self._tokens.seal(state, self._call, self._edition).encode()
        return TOKEN.sub(lambda found: found[0][:3] + token, document)
