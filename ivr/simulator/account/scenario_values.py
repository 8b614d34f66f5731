"""A scenario of several calls in one account, as values: who calls whom, who answers how, what must be true of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from ivr.simulator.account.emulator_file import EmulatorSetup
from ivr.simulator.plan import CallPlan, Step
from ivr.simulator.scenario_expect import Expectations


@dataclass(frozen=True, slots=True)
class PhoneAnswer:
    """What a person at a ringing phone does `after` so many seconds; `no-answer`: nothing."""

    how: Literal["person", "machine", "busy", "no-answer", "failed"] = "person"
    after: float = 3.0


@dataclass(frozen=True, slots=True)
class PhoneExpectations:
    """`rung`, `answered`: how often. None or empty: not checked."""

    heard: tuple[str, ...] = ()
    never_heard: tuple[str, ...] = ()
    rung: int | None = None
    answered: int | None = None


@dataclass(frozen=True, slots=True)
class ScenarioPhone:
    """A person's phone. `answers`: the first time that it rings, the second, ...; the last stays. `steps`: what the
    person does in each call that is answered."""

    name: str
    number: str
    answers: tuple[PhoneAnswer, ...] = (PhoneAnswer(),)
    steps: tuple[Step, ...] = ()
    expect: PhoneExpectations = PhoneExpectations()


@dataclass(frozen=True, slots=True)
class ScenarioCall:
    """A call to a number of the account, `at` so many seconds of account time."""

    name: str
    from_: str
    to: str
    at: float = 0.0
    steps: tuple[Step, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)
    expect: Expectations = field(default_factory=Expectations)


@dataclass(frozen=True, slots=True)
class ScenarioText:
    """Somebody sends a text message to a number of the account."""

    from_: str
    to: str
    body: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Trigger:
    """A request that does not come from Twilio: somebody at the application's page, or its timer."""

    method: str
    url: str
    at: float = 0.0
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountExpectations:
    """None or empty: not checked. `calls`, `messages`: all of them, in order, by the fields that are named.

    `conferences`: who joined each, in order. `queues`: who was taken out of each by an agent, in order.
    """

    calls: tuple[Mapping[str, str], ...] | None = None
    conferences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    queues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    messages: tuple[Mapping[str, str], ...] | None = None
    warnings: tuple[int, ...] | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class AccountScenario:
    """`setup`: numbers, far ends and credentials. `started`: the moment in the world when it begins. `number`: which
    one of its name it is in a run. `stay`: seconds after which a caller who waits in vain, or has done its last step,
    hangs up; None: never."""

    name: str
    file: str
    setup: EmulatorSetup = field(default_factory=EmulatorSetup)
    started: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    phones: tuple[ScenarioPhone, ...] = ()
    calls: tuple[ScenarioCall, ...] = ()
    texts: tuple[ScenarioText, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    expect: AccountExpectations = AccountExpectations()
    seed: int = 0
    number: int = 1
    stay: float | None = None
    speech_rate: float = 150.0

    @property
    def plan(self) -> CallPlan:
        """What an application is started for: its address, and the account that it asks."""
        urls = (settings["VoiceUrl"] for settings in self.setup.numbers.values() if settings.get("VoiceUrl"))
        url = next(iter((*urls, *(trigger.url for trigger in self.triggers), "http://127.0.0.1/")))
        return CallPlan(url=url, account_sid=self.setup.account_sid, auth_token=self.setup.auth_token)
