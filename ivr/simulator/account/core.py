"""What an account is: numbers, phones, legs, calls, the clock. The class `Account` and the REST API both act on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from ivr.base.errors import SimulatorError
from ivr.simulator.account.callee import Callee
from ivr.simulator.account.numbers import AccountApplication, AccountNumber, VoiceWebhooks
from ivr.simulator.account.routes import Routes
from ivr.simulator.account.running import Party, Running
from ivr.simulator.account.switchboard import Link, Ringable, Switchboard
from ivr.simulator.account.world import World
from ivr.simulator.engine.shared import SharedState
from ivr.simulator.plan import CallPlan, Leg, PlacedCall, far_end


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """What an account is made with."""

    sid: str
    auth_token: str
    seed: int = 0
    name: str = ""
    speech_rate: float = 150.0
    started: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    allow_origins: tuple[str, ...] = ()
    cafile: str | Path | None = None


@dataclass(slots=True)
class Core:
    """`legs`: how far ends behave that are neither numbers of the account nor phones."""

    options: AccountOptions
    legs: dict[str, Leg] = field(default_factory=dict)
    numbers: dict[str, AccountNumber] = field(default_factory=dict)
    phones: dict[str, Ringable] = field(default_factory=dict)
    caller_ids: dict[str, str] = field(default_factory=dict)  # numbers that were verified, and their sids
    applications: dict[str, AccountApplication] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)  # sids of calls whose records were deleted
    routes: Routes = field(init=False)
    world: World = field(init=False)
    shared: SharedState = field(init=False)
    switchboard: Switchboard = field(init=False)

    def __post_init__(self) -> None:
        self.routes = Routes(self.options.allow_origins, self.options.cafile)
        self.world = World(self.routes)
        self.shared = self.world.shared = SharedState(self.options.started, self.world.wake)
        self.switchboard = Switchboard(self.world, self._answer_leg, self.phones)

    @property
    def sid(self) -> str:
        return self.options.sid

    def sid_of(self, prefix: str, name: str) -> str:
        """The sid of something that the account has by this name."""
        return f"{prefix}{sha256(f'{self.sid}/{name}'.encode()).hexdigest()[:32]}"

    def date(self, at: float | None = None) -> str:
        """A moment of the account's time, now by default, as the REST API writes it."""
        moment = self.options.started + timedelta(seconds=self.world.now if at is None else at)
        return format_datetime(moment.replace(microsecond=0))

    def add_number(self, number: AccountNumber) -> None:
        """Raises SimulatorError."""
        self.claim(number.number)
        self.numbers[number.number] = number

    def claim(self, number: str) -> None:
        """It rings until somebody answers. Raises SimulatorError when the number is taken."""
        if number in self.numbers or number in self.phones:
            raise SimulatorError(f"{number} is there already")
        self.set_leg(number, Leg.no_answer())

    def set_leg(self, pattern: str, leg: Leg | str) -> None:
        """From now on a far end behaves like this; it goes before every other pattern."""
        others = {other: known for other, known in self.legs.items() if other != pattern}
        known = far_end(leg)
        self.legs.clear()
        self.legs.update({pattern: known} | others)

    def free(self, number: str) -> None:
        """The number is the account's no more."""
        del self.numbers[number], self.legs[number]

    # Calls.

    def receive(
        self, number: AccountNumber, from_: str, params: Mapping[str, str] | None = None, party: Party | None = None
    ) -> Running:
        """A call from `from_` comes in at a number that has a webhook."""
        plan = self._plan(number.webhooks, from_, number.number, params or {}, None)
        return self.world.place(plan, party)

    def place(self, from_: str, to: str, asks: VoiceWebhooks, placed: PlacedCall) -> Running:
        """The application calls `to`."""
        plan = self._plan(asks, from_, to, {}, placed)
        return self.world.place(plan, Callee(plan.leg(to)) if plan.leg(to).outcome == "answer" else None)

    def _answer_leg(self, link: Link) -> Running | None:
        own = self.numbers.get(link.to)
        if own is None or not own.webhooks.url:
            return None
        if self.world.is_full:
            self.switchboard.decline(link, "failed")
            return None
        return self.receive(own, link.from_)

    def _plan(
        self, asks: VoiceWebhooks, from_: str, to: str, params: Mapping[str, str], placed: PlacedCall | None
    ) -> CallPlan:
        options = self.options
        return CallPlan(
            url=asks.url,
            from_=from_,
            to=to,
            method=asks.method,
            fallback_url=asks.fallback_url or None,
            fallback_method=asks.fallback_method,
            status_callback=asks.status_callback or None,
            status_method=asks.status_method,
            auth_token=options.auth_token,
            account_sid=options.sid,
            legs=self.legs,
            seed=options.seed,
            name=options.name,
            number=len(self.world.calls) + 1,
            speech_rate=options.speech_rate,
            started=options.started + timedelta(seconds=self.world.now),
            params=params,
            caller_ids=self.shown_numbers(),
            origins=self.routes.origins,
            placed=placed,
        )

    def shown_numbers(self) -> tuple[str, ...]:
        """Those that the account may show: its own, and those that were verified."""
        return (*self.numbers, *self.caller_ids)
