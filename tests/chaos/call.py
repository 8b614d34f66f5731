"""One call while things break: our simulator's session, a caller, and every line of its history.

Knows no fault. Call time is virtual; what a request really took is written beside it.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from ivr.simulator import CallPlan, Session
from ivr.simulator.engine.effects import Failed, Fetch, Happened, Pass, Response
from ivr.simulator.load.caller import MixCaller
from ivr.simulator.load.mix import Habits
from ivr.simulator.plan import HangUp
from ivr.simulator.session import Transport
from ivr.simulator.trace import Event

PATIENCE = 1200.0  # seconds of call time after which every caller gives up
AFTER_HELP = 5.0  # seconds after a talk until the caller hangs up, if the line has not
Tamper = Callable[[Fetch], Fetch]
_STEERING = ("Digits", "CallStatus", "DialCallStatus", "DialCallSid", "DialCallDuration", "DialBridged", "ErrorCode")


class PatientCaller:
    """Does what the mix has drawn; hangs up after a talk, and after PATIENCE in any case."""

    def __init__(self, habits: Habits) -> None:
        self._inner = MixCaller(habits)
        self._leaves_at = PATIENCE
        self._seen = 0
        self._refused: set[str] = set()  # legs on which nobody took the call

    def during(self, effect: Pass, now: float, events: Sequence[Event]) -> Happened:
        self._look(events)
        until = max(now, self._leaves_at)
        if until > effect.until:
            return self._inner.during(effect, now, events)
        happened = self._inner.during(effect._replace(until=until), now, events)
        return happened if happened.what is not None else Happened(until, HangUp())

    def _look(self, events: Sequence[Event]) -> None:
        for event in events[self._seen :]:
            if event["event"] == "gather" and "leg" in event and event["digits"] != "1":
                self._refused.add(event["leg"])
            talked = event["event"] == "leg" and event["status"] == "completed" and event["duration"] >= 3
            if talked and event["sid"] not in self._refused:
                self._leaves_at = min(self._leaves_at, event["t"] + AFTER_HELP)
        self._seen = len(events)


class ChaosCall:
    """`number` tells it from the others of its fault. Not for several threads at once."""

    def __init__(self, number: int, plan: CallPlan, habits: Habits, tamper: Tamper = lambda fetch: fetch) -> None:
        self.number = number
        self.kind = habits.kind
        self.reply: Response | Failed | None = None  # the last one
        self._session = Session(plan)
        self._caller = PatientCaller(habits)
        self._tamper = tamper
        self._between: list[tuple[int, Event]] = []  # lines that the trace lacks, and where they belong in it

    def wanted(self) -> Fetch | None:
        """Let call time pass until a request is to be sent; None when the call is over."""
        self._session.drive(lambda _: None, self._live)
        effect = self._session.effect
        return effect if isinstance(effect, Fetch) else None

    def _live(self, effect: Pass) -> Happened:
        happened = self._caller.during(effect, self._session.now, self._session.trace.events)
        if isinstance(happened.what, HangUp):
            self._note(happened.at, "hangs_up")
        return happened

    def step(self, transport: Transport) -> bool:
        """Send one request; False when there is none to be sent any more."""
        fetch = self.wanted()
        if fetch is None:
            return False
        began = time.perf_counter()
        reply = transport.send(self._tamper(fetch))
        milliseconds = (time.perf_counter() - began) * 1000
        self._note(self._session.now, "webhook", **_webhook(fetch, reply, milliseconds))
        if isinstance(reply, Response):
            reply = reply._replace(ms=milliseconds)
        self.reply = reply
        self._session.answer(reply)
        return True

    def lines(self) -> list[Event]:
        """The history: the trace without personal data, and what it lacks."""
        lines, between = [], list(self._between)
        for index, event in enumerate(self._session.trace.events):
            while between and between[0][0] <= index:
                lines.append(between.pop(0)[1])
            lines.append(_lean(event))
        return [*lines, *(event for _, event in between)]

    def _note(self, at: float, event: str, **fields: Any) -> None:
        self._between.append((len(self._session.trace.events), {"t": round(at, 3), "event": event, **fields}))


def _webhook(fetch: Fetch, reply: Response | Failed, milliseconds: float) -> Event:
    """`waited`: real seconds that call time does not show. `asked`, `answered`: digests, to compare repetitions."""
    waited = 0.0 if reply.seconds else milliseconds / 1000
    asked = hashlib.sha256(fetch.url.encode() + b"\n" + fetch.body).hexdigest()[:16]
    fields = {"path": urlsplit(fetch.url).path, "waited": round(waited, 4), "asked": asked}
    if isinstance(reply, Failed):
        return {**fields, "result": reply.kind}
    return {**fields, "result": reply.status, "answered": hashlib.sha256(reply.body).hexdigest()[:16]}


def _lean(event: Event) -> Event:
    """An event without the caller's number, signatures and the fields that say nothing here."""
    if event["event"] == "call":
        return {"t": event["t"], "event": "call"}
    if event["event"] == "request":
        kept = {name: value for name, value in event["params"].items() if name in _STEERING}
        path = urlsplit(event["url"]).path
        return {"t": event["t"], "event": "request", "purpose": event["purpose"], "path": path, "params": kept}
    return event
