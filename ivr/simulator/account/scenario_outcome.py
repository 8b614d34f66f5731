"""What became of a scenario of several calls: its calls and phones, and what happened in the account besides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivr.simulator.account.account_message import AccountMessage
from ivr.simulator.account.people import PhoneOwner
from ivr.simulator.account.running import Running
from ivr.simulator.account.scenario_values import ScenarioCall
from ivr.simulator.outcome import Outcome
from ivr.simulator.plan import Step
from ivr.simulator.trace import Event


@dataclass(frozen=True, slots=True)
class PlayedCall:
    """`name`: of the call in the file, or of the phone that it has rung; else its number. `asked`: what the file says
    of it; None for one that the application or another number has placed."""

    name: str
    running: Running
    outcome: Outcome
    asked: ScenarioCall | None = None

    @property
    def person(self) -> str:
        """The number of whoever is on its line."""
        plan = self.running.plan
        return plan.from_ if self.running.session.direction == "inbound" else plan.to

    @property
    def told(self) -> dict[str, str]:
        """As the REST API names it."""
        session, plan = self.running.session, self.running.plan
        return {
            "from": plan.from_,
            "to": plan.to,
            "direction": session.direction,
            "status": session.status,
            "answered_by": session.answered_by,
        }


@dataclass(frozen=True, slots=True)
class PlayedPhone:
    """`undone`: the steps that were not done, of all the calls that were answered."""

    owner: PhoneOwner
    undone: tuple[Step, ...]

    @property
    def name(self) -> str:
        return self.owner.phone.name


@dataclass(frozen=True, slots=True)
class AccountOutcome:
    """`notes`: the account's own events: triggers, REST requests, text messages. `queues`: who was taken out of each by
    an agent, by CallSid. `places`: which event was recorded when, by its identity. `fault`: the bound at which it was
    given up; "" where it came to its end."""

    calls: Sequence[PlayedCall]
    phones: Sequence[PlayedPhone]
    messages: Sequence[AccountMessage]
    notes: Sequence[Event]
    queues: Mapping[str, Sequence[str]]
    places: Mapping[int, int]
    seconds: float
    fault: str = ""

    def events(self) -> Iterator[Event]:
        """All events: those of the account, then each call's. `at`: the account's time; `call`: the CallSid."""
        yield from self.notes
        for call in self.calls:
            for event in call.outcome.trace:
                yield {"call": call.running.sid, "at": at_of(call, event), **event}

    def name_of(self, number: str) -> str:
        """Who is at a number: the name of a phone, or of the call that was placed from it; else the number."""
        phones = (phone.name for phone in self.phones if phone.owner.phone.number == number)
        calls = (call.name for call in self.calls if call.asked is not None and call.person == number)
        return next(iter((*phones, *calls, number)))

    def people(self, number: str) -> set[str]:
        """Every way in which an expectation may name the one at this number."""
        phones = {phone.name for phone in self.phones if phone.owner.phone.number == number}
        calls = {call.name for call in self.calls if call.asked is not None and call.person == number}
        return {number} | phones | calls

    def joined(self, conference: str) -> list[str]:
        """The numbers of those who joined a conference, in order."""
        entered = [
            (at_of(call, event), call.running.number, call.person)
            for call in self.calls
            for event in call.outcome.trace
            if event["event"] == "leg"
            and event["to"] == f"conference:{conference}"
            and event["status"] == "in-progress"
        ]
        return [person for _, _, person in sorted(entered)]

    def taken(self, queue: str) -> list[str]:
        """The numbers of those who were taken out of a queue by an agent, in order."""
        by_sid = {call.running.sid: call.person for call in self.calls}
        return [by_sid[sid] for sid in self.queues.get(queue, ()) if sid in by_sid]

    @property
    def wrong(self) -> list[Event]:
        """Warnings and errors of all calls, and of the requests about messages."""
        return [event for outcome in self.outcomes for event in outcome.wrong]

    @property
    def warnings(self) -> list[int]:
        return [event["code"] for event in self.wrong]

    @property
    def outcomes(self) -> list[Outcome]:
        """Of calls, then of the requests that belong to none."""
        return [call.outcome for call in self.calls] + self.errands

    @property
    def errands(self) -> list[Outcome]:
        return [session.outcome() for message in self.messages for session in message.errands]

    @property
    def not_simulated(self) -> list[str]:
        return list(dict.fromkeys(thing for outcome in self.outcomes for thing in outcome.not_simulated))

    @property
    def first_url(self) -> str:
        """The first request that was sent anywhere; "" when there was none."""
        urls = (url for outcome in self.outcomes for _, url, _, _ in outcome.requests)
        return next(urls, "")

    @property
    def is_unanswered(self) -> bool:
        """True when requests were sent and no server was there for any of them."""
        asked = [outcome for outcome in self.outcomes if outcome.requests]
        return bool(asked) and all(outcome.is_unanswered for outcome in asked)


def at_of(call: PlayedCall, event: Event) -> float:
    """The account's time of an event of a call."""
    return round(call.running.started + float(event["t"]), 3)


def message_event(message: AccountMessage) -> dict[str, Any]:
    fields = {"sid": message.sid, "from": message.from_, "to": message.to, "body": message.body}
    return fields | {"direction": message.direction, "status": message.status}
