"""What an account is: numbers, phones, legs, calls, the clock. The class `Account` and the REST API both act on it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from ivr.base.errors import SimulatorError
from ivr.simulator.account.account_message import AccountMessage
from ivr.simulator.account.add_ons import AddOns
from ivr.simulator.account.callee import Callee
from ivr.simulator.account.handset import Handset
from ivr.simulator.account.numbers import (
    AccountApplication,
    AccountNumber,
    MessageWebhook,
    VerifiedNumber,
    VoiceWebhooks,
)
from ivr.simulator.account.routes import Routes
from ivr.simulator.account.running import Party, Running
from ivr.simulator.account.switchboard import Link, Ringable, Switchboard
from ivr.simulator.account.user_messages import UserMessages
from ivr.simulator.account.world import World
from ivr.simulator.delivery import Delivery
from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import CallUpdate, FarAct, Steps
from ivr.simulator.engine.legs import FarEnd
from ivr.simulator.engine.shared import SharedState
from ivr.simulator.media.speaker import Speaker
from ivr.simulator.plan import CallPlan, ContinuedLeg, Leg, PlacedCall, far_end
from ivr.simulator.session import Session
from ivr.simulator.urls import resolve


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """What an account is made with. `api`: where its REST API is, as a RecordingUrl has it. `speaker`: speaks the words
    in recordings."""

    sid: str
    auth_token: str
    seed: int = 0
    name: str = ""
    speech_rate: float = 150.0
    started: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    allow_origins: tuple[str, ...] = ()
    cafile: str | Path | None = None
    api: str = "https://api.twilio.com"
    delivery: Delivery = field(default_factory=Delivery)
    speaker: Speaker = field(default_factory=Speaker)


@dataclass(slots=True)
class Core:
    """`legs`: how far ends behave that are neither numbers of the account nor phones."""

    options: AccountOptions
    legs: dict[str, Leg] = field(default_factory=dict)
    numbers: dict[str, AccountNumber] = field(default_factory=dict)
    phones: dict[str, Ringable] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)  # numbers of the account, and of phones
    caller_ids: dict[str, VerifiedNumber] = field(default_factory=dict)
    messages: list[AccountMessage] = field(default_factory=list)
    applications: dict[str, AccountApplication] = field(default_factory=dict)
    made: int = 0  # applications, those that were deleted included
    deleted: set[str] = field(default_factory=set)  # sids of calls whose records were deleted
    routes: Routes = field(init=False)
    world: World = field(init=False)
    shared: SharedState = field(init=False)
    switchboard: Switchboard = field(init=False)
    user_messages: UserMessages = field(init=False)
    add_ons: AddOns = field(init=False)

    def __post_init__(self) -> None:
        self.routes = Routes(self.options.allow_origins, self.options.cafile, self.options.delivery.public_urls)
        self.world = World(self.routes)
        self.shared = self.world.shared = SharedState(self.options.started, self.world.wake)
        self.switchboard = Switchboard(self.world, self._answer_leg, self.phones)
        self.user_messages = UserMessages(self.world, self.sid_of, self.date)
        self.add_ons = AddOns(self.sid_of)

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

    def set_up(self, numbers: Mapping[str, Mapping[str, str]], caller_ids: Iterable[str]) -> None:
        """What the account has from the beginning. `numbers`: to the settings of each, by Twilio's names. Raises
        SimulatorError for a number that is named twice."""
        for number, settings in numbers.items():
            known = {"FriendlyName": number, **settings}
            self.add_number(AccountNumber(self.sid_of("PN", number), known, number=number))
        for number in caller_ids:
            sid = self.sid_of("PN", f"verified {number}")
            self.caller_ids[number] = VerifiedNumber(number, sid, number, 0.0, 0.0)

    def add_phone(self, number: str) -> Handset:
        """A person's telephone at this number. Raises SimulatorError when it is taken."""
        self.claim(number)
        handset = Handset(number, self.world, self.switchboard, self.user_messages)
        self.phones[number] = handset
        return handset

    def claim(self, number: str) -> None:
        """It rings until somebody answers. Raises SimulatorError when the number is taken."""
        if number in self.claimed:
            raise SimulatorError(f"{number} is there already")
        self.claimed.add(number)

    def set_leg(self, pattern: str, leg: Leg | str) -> None:
        """From now on a far end behaves like this; it goes before every other pattern."""
        others = {other: known for other, known in self.legs.items() if other != pattern}
        known = far_end(leg)
        self.legs.clear()
        self.legs.update({pattern: known} | others)

    def free(self, number: str) -> None:
        """The number is the account's no more."""
        del self.numbers[number]
        self.claimed.discard(number)

    def voice_of(self, number: AccountNumber) -> VoiceWebhooks:
        """The number's own, or those of its application."""
        application = self.applications.get(number.setting("VoiceApplicationSid"))
        return (application or number).webhooks

    def messages_of(self, number: AccountNumber) -> MessageWebhook:
        application = self.applications.get(number.setting("SmsApplicationSid"))
        return (application or number).messages

    # Calls.

    def errand(self, about: str, story: Callable[[RunningCall], Steps[None]]) -> Session:
        """Requests that belong to no call."""
        plan = self._plan(VoiceWebhooks("http://127.0.0.1/"), "", "", {}, None)
        return self.world.errand(replace(plan, name=f"{plan.name}/{about}", number=1), story)

    def receive(
        self, number: AccountNumber, from_: str, params: Mapping[str, str] | None = None, party: Party | None = None
    ) -> Running:
        """A call from `from_` comes in at a number that has a webhook."""
        plan = self._plan(self.voice_of(number), from_, number.number, params or {}, None)
        if plan.method == "POST":
            about = f"call {plan.number}"
            told = self.add_ons.params(number.add_ons, about, From=from_, To=number.number)
            plan = replace(plan, first_params=dict(told))
        return self.world.place(plan, party)

    def place(self, from_: str, to: str, asks: VoiceWebhooks, placed: PlacedCall) -> Running:
        """The application calls `to`."""
        plan = self._plan(asks, from_, to, {}, placed)
        return self.world.place(plan, Callee(plan.leg(to)) if plan.leg(to).outcome == "answer" else None)

    def go_on(self, running: Running, far: FarEnd, order: CallUpdate) -> Running:
        """The leg that `running` has dialled and that talks goes on by itself, where the application sends it."""
        now = running.call_time(self.world.now)
        since = now if far.answered_at is None else far.answered_at
        continued = ContinuedLeg(far.line.sid, running.sid, now - since, now - far.started, order.twiml, far.told)
        callback = order.status_callback
        if callback is None and far.noun.status_callback is not None and "completed" in far.noun.status_events:
            callback = resolve(far.base, far.noun.status_callback)
        told = (callback or "", far.noun.status_method)
        asks = VoiceWebhooks(order.url, order.method, order.fallback_url or "", "POST", *told)
        plan = replace(self._plan(asks, far.line.from_, far.line.to, {}, None), continued=continued)
        talked = 0.0 if far.bridged_at is None else now - far.bridged_at
        left = None if far.plan.talk is None else far.plan.talk - talked
        moved = self.world.place(plan, Callee(replace(far.plan, keys="", talk=left)))
        self.switchboard.go_on(moved)
        self.world.act(running, FarAct(far.line.sid, "move"))
        return moved

    def _answer_leg(self, link: Link) -> Running | None:
        own = self.numbers.get(link.to)
        if own is None or not self.voice_of(own).url:
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
            claimed=self.claimed,
            seed=options.seed,
            name=options.name,
            number=len(self.world.calls) + 1,
            speech_rate=options.speech_rate,
            started=options.started + timedelta(seconds=self.world.now),
            params=params,
            caller_ids=self.shown_numbers(),
            origins=self.routes.origins,
            placed=placed,
            api=options.api,
            delivery=options.delivery,
        )

    def shown_numbers(self) -> tuple[str, ...]:
        """Those that the account may show: its own, and those that were verified."""
        return (*self.numbers, *self.caller_ids)
