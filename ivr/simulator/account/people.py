"""People of a scenario: each does one step after another on a line, as the account's time passes.

They see what a person hears, and know nothing of the application.
"""

import math
from collections.abc import Sequence
from typing import Protocol

from ivr.simulator.account.account_call import AccountCall
from ivr.simulator.account.handset import Handset, on_leg
from ivr.simulator.account.running import Running
from ivr.simulator.account.scenario_values import PhoneAnswer, ScenarioPhone
from ivr.simulator.account.switchboard import Link
from ivr.simulator.engine.effects import Pass, Speech, speech_of
from ivr.simulator.plan import KEY_GAP, AwaitUpdate, HangUp, Hear, Noise, Press, PressNow, Speak, Step, Wait
from ivr.simulator.prompts import find

_NEVER = math.inf


class LineAtTheEar(Protocol):
    """What a person has at the ear."""

    @property
    def is_over(self) -> bool: ...
    @property
    def speaks_until(self) -> float: ...
    @property
    def updates(self) -> int: ...
    def hears(self, text: str) -> bool: ...
    def listens_to_keys(self) -> bool: ...
    def listens_to_speech(self) -> bool: ...
    def press(self, key: str) -> None: ...
    def say(self, speech: Speech) -> None: ...
    def hang_up(self) -> None: ...


class CallLine:
    """The line of somebody who calls a number of the account."""

    def __init__(self, call: AccountCall, running: Running) -> None:
        self._call = call
        self._running = running

    @property
    def is_over(self) -> bool:
        return self._running.is_over

    @property
    def speaks_until(self) -> float:
        return _speaks_until(self._running)

    @property
    def updates(self) -> int:
        """How often the application has changed the call."""
        return _updates(self._running)

    def hears(self, text: str) -> bool:
        return bool(self._call.heard(text, new=True))

    def listens_to_keys(self) -> bool:
        return self._call.listens_to("keys")

    def listens_to_speech(self) -> bool:
        return self._call.listens_to("speech")

    def press(self, key: str) -> None:
        self._call.press_now(key)

    def say(self, speech: Speech) -> None:
        self._call.say(speech)

    def hang_up(self) -> None:
        self._call.hang_up()


class PhoneLine:
    """A leg that a phone has answered. `call`: the one that has dialled it, or that the application has placed."""

    def __init__(self, handset: Handset, link: Link, call: AccountCall) -> None:
        self._handset = handset
        self._link = link
        self._call = call
        self._since = 0  # events before this one were heard before the last act

    @property
    def is_over(self) -> bool:
        return self._link.is_over

    @property
    def speaks_until(self) -> float:
        return _speaks_until(self._link.dialler) if self._link.is_line else 0.0

    @property
    def updates(self) -> int:
        return _updates(self._link.dialler)

    def hears(self, text: str) -> bool:
        return find(self._events(self._since), text) is not None

    def listens_to_keys(self) -> bool:
        if self._link.is_line:
            return self._call.listens_to("keys")
        names = [event["event"] for event in self._events(0) if event["event"] in ("listen", "gather")]
        return bool(names) and names[-1] == "listen"

    def listens_to_speech(self) -> bool:
        return self._link.is_line and self._call.listens_to("speech")

    def press(self, key: str) -> None:
        self._since = len(self._link.dialler.session.trace.events)
        self._handset.press(key)

    def say(self, speech: Speech) -> None:
        self._since = len(self._link.dialler.session.trace.events)
        self._handset.say(speech)

    def hang_up(self) -> None:
        self._handset.hang_up()

    def _events(self, since: int) -> list[dict[str, object]]:
        return [on_leg(event, self._link) for event in self._link.dialler.session.trace.events[since:]]


def _updates(running: Running) -> int:
    return sum(event["event"] == "update" for event in running.session.trace.events)


def _speaks_until(running: Running) -> float:
    """Until when, in the account's time, words are spoken that the person has begun."""
    effect = running.session.effect
    return running.started + effect.until if isinstance(effect, Pass) and effect.speaks else 0.0


class Person:
    """Does `steps` on `line` from the account's time `began` on; after the last, stays on the line, silent. Hangs up
    after `stay` seconds in which a step has not come, or after the last."""

    def __init__(self, line: LineAtTheEar, steps: Sequence[Step], began: float, stay: float | None = None) -> None:
        self.line = line
        self._stay = math.inf if stay is None else stay
        self._steps = list(steps)
        self._began = began  # when the present step began
        self._keys = ""  # what is left of the present step's keys
        self._next_key = 0.0
        self._updates = 0  # of the call, that steps have waited for

    @property
    def undone(self) -> tuple[Step, ...]:
        """The steps that were not done, the one at work included."""
        return tuple(self._steps)

    def next_at(self, now: float) -> float:
        """When something is due by time alone; infinite when the person waits for something else."""
        if self.line.is_over:
            return _NEVER
        began = max(self._began, self.line.speaks_until)
        if self._keys:
            return self._next_key
        match self._steps[:1]:
            case [Wait(seconds)]:
                return began + seconds
            case [PressNow() | HangUp()]:
                return began
            case [_, *_] if began > now:
                return began
            case _:
                return began + self._stay

    def is_ready(self, now: float) -> bool:
        """Whether the present step can be done at this moment, or is given up."""
        if self.line.is_over or self.line.speaks_until > now:
            return False
        return self._can_act(now) or self._gives_up(now)

    def _can_act(self, now: float) -> bool:
        if self._keys:
            return now >= self._next_key
        match self._steps[:1]:
            case [Hear(text)]:
                return self.line.hears(text)
            case [Press() | Speak() | Noise() as step]:
                return self.line.listens_to_keys() if isinstance(step, Press) else self.line.listens_to_speech()
            case [AwaitUpdate()]:
                return self.line.updates > self._updates
            case [_, *_]:
                return now >= self.next_at(now)
            case _:
                return False

    def _gives_up(self, now: float) -> bool:
        waits = not self._steps or isinstance(self._steps[0], Hear | Press | Speak | Noise | AwaitUpdate)
        return waits and not self._keys and now >= self._began + self._stay

    def act(self, now: float) -> None:
        """Do the present step, or press the next of its keys; hang up when it is given up."""
        if not self._can_act(now):
            self.line.hang_up()
            return
        self._began = max(self._began, now)
        match self._steps[0]:
            case Press(keys) | PressNow(keys):
                self._press(keys, now)
                return
            case (Speak() | Noise()) as step:
                self.line.say(speech_of(step))
            case HangUp():
                self.line.hang_up()
            case AwaitUpdate():
                self._updates += 1
            case _:
                pass
        del self._steps[0]

    def _press(self, keys: str, now: float) -> None:
        left = self._keys or keys
        key, rest = left[0], left[1:]
        self._keys, self._next_key = rest, now + KEY_GAP
        self.line.press(key)
        if not rest:
            del self._steps[0]


class PhoneOwner:
    """Answers a phone, or not, as a scenario says; `people`: one for each call that was answered, in order."""

    def __init__(self, phone: ScenarioPhone, handset: Handset) -> None:
        self.phone = phone
        self.handset = handset
        self.people: list[Person] = []
        self._decided = 0  # legs of the phone about which this one has decided
        self._due = _NEVER

    @property
    def rung(self) -> int:
        return len(self.handset.links)

    @property
    def may_answer(self) -> bool:
        return any(answer.how in ("person", "machine") for answer in self.phone.answers)

    def next_at(self) -> float:
        return self._due

    def is_ready(self, now: float) -> bool:
        return self._has_new_leg() or now >= self._due

    def act(self, now: float, call_of: "CallOf") -> None:
        """Decide about a leg that has begun to ring, or do what was decided."""
        if self._has_new_leg():
            self._decided = self.rung
            answer = self._answer()
            self._due = _NEVER if answer.how == "no-answer" else now + answer.after
            return
        self._due = _NEVER
        if self.handset.is_ringing:
            self._do(self._answer(), call_of)

    def _do(self, answer: PhoneAnswer, call_of: "CallOf") -> None:
        link = self.handset.links[-1]
        if answer.how in {"busy", "failed"}:
            self.handset.decline("busy" if answer.how == "busy" else "failed")
            return
        self.handset.answer(machine=answer.how == "machine")
        began = link.joined if link.joined is not None else 0.0
        self.people.append(Person(PhoneLine(self.handset, link, call_of(link.dialler)), self.phone.steps, began))

    def _has_new_leg(self) -> bool:
        return self.rung > self._decided

    def _answer(self) -> PhoneAnswer:
        answers = self.phone.answers
        return answers[min(self._decided, len(answers)) - 1]


class CallOf(Protocol):
    def __call__(self, running: Running, /) -> AccountCall: ...
