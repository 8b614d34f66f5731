"""A call in real time, in a thread of its own: a person, or a script that a person can take over, is the caller.

Requests take no call time here, as in `ivr simulate`: what a person did can be played again to the same trace. Knows
the simulator. What happens is told as plain messages, ready for JSON.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, TypeAlias

from ivr.simulator.caller import ScriptedCaller
from ivr.simulator.engine.effects import (
    Failed,
    FarAct,
    Fetch,
    Happened,
    Input,
    Key,
    Pass,
    Response,
)
from ivr.simulator.plan import CallPlan, FaultKind, HangUp, Leg, Press, PressNow, Step
from ivr.simulator.prompts import is_heard
from ivr.simulator.rest_server import RestServer
from ivr.simulator.session import Session, Transport
from ivr.simulator.trace import Event
from ivr.simulator.transports.websocket import sockets_for
from ivr.simulator.web_phone.running_clock import RunningClock
from ivr.simulator.web_phone.scenario_recorder import APART, ScenarioRecorder

Message: TypeAlias = dict[str, Any]
Act: TypeAlias = Input | FarAct
SPEEDS = (1.0, 2.0, 4.0, 20.0)
SHORTEST_TIMEOUT = 1.0  # seconds that Twilio can wait for a key
_SOUNDS = ("say", "play", "pause")


class Listener(Protocol):
    """Is told of the call as it goes on, from the call's thread."""

    def tell(self, message: Message) -> None: ...

    def exchanged(self, request: Event, fetch: Fetch, reply: Response | Failed) -> None: ...


@dataclass(frozen=True, slots=True)
class Pacing:
    """`speed`: call seconds in a real one. `patient`: call time stands still where the call waits for the caller.
    `at_once`: prompts take no real time (they are read, not heard)."""

    speed: float = 1.0
    patient: bool = False
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class _Planned:
    """What the script does next; `steps`: what it has done of its steps once that is done."""

    happened: Happened
    steps: tuple[Step, ...]


class PhoneCall:
    """`plan.steps` are played as a script; without any, the person is the caller from the start."""

    def __init__(self, plan: CallPlan, transport: Transport, listener: Listener, pacing: Pacing | None = None) -> None:
        """Raises UrlError when the plan's URLs are none."""
        self.plan = plan
        self._transport = transport
        self._listener = listener
        self._pacing = pacing or Pacing()
        self._events: list[Event] = []
        self._numbers: dict[int, int] = {}  # of events, by their identity
        self.record = ScenarioRecorder()
        self._script: ScriptedCaller | None = ScriptedCaller(plan.steps) if plan.steps else None
        self._pending: _Planned | None = None
        self._acts: deque[Act] = deque()
        self._clock = RunningClock()
        self._clock.run_at(self._pacing.speed)
        self._paused = False
        self._skip = False
        self._owed = 0.0  # seconds of call time that a request which failed has taken in real time already
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="phone call", daemon=True)
        self.session = Session(plan, self._observe, sockets_for(transport, real_time=True))

    def can_be_updated(self, rest: RestServer) -> None:
        """The application finds the call there. What it changes acts at once, in the thread of the call."""
        rest.add(self.session)
        self.session.wake = self._wake

    # What a person does, from any thread.

    def start(self) -> None:
        self._thread.start()

    def join(self, seconds: float) -> bool:
        """True when the call is over within `seconds`."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def is_over(self) -> bool:
        return self.session.effect is None

    @property
    def now(self) -> float:
        """Seconds of call time."""
        return self._clock.now

    def do(self, act: Act) -> None:
        """Keys, words, hanging up, and what far ends do: as soon as the call can take it. The caller's own acts take
        the call over from a script, and go on with one that was paused."""
        with self._changed:
            if not isinstance(act, FarAct):
                self._take_over()
            self._acts.append(act)
            self._go_on()

    def abandon(self) -> None:
        """Hang up at once, whoever is the caller, and wait a moment until that is done."""
        with self._changed:
            self._acts.clear()
        self.do(HangUp())
        self.join(1.0)

    def pause(self) -> None:
        with self._changed:
            self._paused = True
            self._clock.stop()
            self._tell_control()
            self._changed.notify()

    def go_on(self) -> None:
        with self._changed:
            self._go_on()

    def take_over(self) -> None:
        """From now on the person is the caller; what the script has not done is not done."""
        with self._changed:
            self._take_over()
            self._go_on()

    def pace(self, speed: float, *, patient: bool) -> None:
        with self._changed:
            self._pacing = replace(self._pacing, speed=speed, patient=patient)
            self._clock.run_at(speed)
            self._tell_control()
            self._changed.notify()

    def be_silent(self) -> None:
        """Where the call waits patiently: let the silence be over."""
        with self._changed:
            self._take_over()
            self._skip = True
            self._changed.notify()

    def mishap(self, kind: FaultKind | None, value: float, *, stays: bool) -> None:
        self.session.mishap(kind, value, stays=stays)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify()

    # The plan that plays the same call again.

    def as_played(self) -> CallPlan:
        """The plan, with what was done by hand in place of what was planned."""
        steps = self.record.steps if self._script is None else self.plan.steps
        faults = (*self.plan.faults, *self.session.faults_met)
        number = self.session.plan.number  # the same number, the same sids
        return replace(self.plan, steps=steps, faults=faults, legs=self._legs(), number=number)

    def _legs(self) -> dict[str, Leg]:
        turns: dict[str, list[Leg]] = {}
        for number, leg in self.session.far_ends:
            turns.setdefault(number, []).append(leg)
        dialled = {number: _chain(legs) for number, legs in turns.items()}
        changed = {number: leg for number, leg in dialled.items() if leg != self.plan.leg(number)}
        return changed | {number: leg for number, leg in self.plan.legs.items() if number not in changed}

    # The thread.

    def _run(self) -> None:
        try:
            self._tell_control()
            self.session.drive(self._fetch, self._pass)
        except Exception as fault:
            self._listener.tell({"type": "broken", "message": f"{type(fault).__name__}: {fault}"})
            raise
        finally:
            self._clock.stop(self.session.now)
            self._listener.tell({"type": "over", "t": self.session.now})

    def _observe(self, event: Event) -> None:
        """An event begins, or is complete."""
        number = self._numbers.setdefault(id(event), len(self._events))
        if number == len(self._events):
            self._events.append(event)
            if is_heard(event):
                self.record.heard(number, self.session.now)
        self._listener.tell({"type": "event", "i": number, "event": dict(event)})

    def _fetch(self, fetch: Fetch) -> Response | Failed:
        request = next(event for event in reversed(self._events) if event["event"] == "request")
        limit = fetch.connect_timeout + fetch.read_timeout
        self._listener.tell({"type": "asking", "n": request["n"], "url": fetch.url, "limit": limit})
        self._clock.stop(self.session.now)
        began = time.perf_counter()
        reply = self._transport.send(fetch)
        took = time.perf_counter() - began
        if isinstance(reply, Response):
            reply = reply._replace(ms=took * 1000)
        elif request["purpose"] != "status":  # callbacks take no call time
            self._owed = min(reply.seconds, took)
        self._listener.exchanged(request, fetch, reply)
        return reply

    def _pass(self, effect: Pass) -> Happened:
        """Let time pass, for real, until something happens."""
        with self._changed:
            if effect.speaks:
                self.record.speaks(effect.until)
            self._clock.stop(min(self.session.now + self._owed, effect.until))
            self._owed = 0.0
            while True:
                planned = self._planned(effect)
                happened = self._act(effect, planned.at)
                if happened is not None:
                    return happened
                if self.session.is_updated:
                    return Happened(min(max(self._clock.now, self.session.now), planned.at))
                self._run_clock(effect)
                left = self._clock.left(planned.at)
                if left == 0.0 or self._is_skipped(effect):
                    return self._reached(planned)
                self._changed.wait(left)

    def _planned(self, effect: Pass) -> Happened:
        """What happens if no person does anything."""
        if self._script is not None and self._pending is None:
            planned = self._script.during(effect, self.session.now, self._events)
            if planned.what is not None:
                self._pending = _Planned(planned, self._script_steps())
        if self._pending is not None and self._pending.happened.at <= effect.until:
            return self._pending.happened
        return Happened(effect.until)

    def _script_steps(self) -> tuple[Step, ...]:
        assert self._script is not None  # noqa: S101 - narrows the type
        undone = self._script.undone
        done = self.plan.steps[: len(self.plan.steps) - len(undone)]
        left = self._script.keys_left
        match undone[:1]:
            case (Press(keys, anew),) if left:
                return (*done, Press(keys[: -len(left)], anew))
            case (PressNow(keys),) if left:
                return (*done, PressNow(keys[: -len(left)]))
        return done

    def _reached(self, planned: Happened) -> Happened:
        if self._pending is not None and planned is self._pending.happened:
            self.record.scripted(self._pending.steps, planned.at, self._events)
            self._pending = None
        self._skip = False
        return planned

    def _act(self, effect: Pass, until: float) -> Happened | None:
        """The next thing that a person has done, if its moment lies clear of everything else."""
        if not self._acts:
            return None
        what = self._acts[0]
        if effect.speaks and not isinstance(what, FarAct | HangUp):
            return None  # first the caller's words are spoken to their end, as in a scenario
        wanted = max(self._clock.now, self.session.now + APART)
        by_caller = not isinstance(what, FarAct)
        at = self.record.moment(wanted, self._events) if by_caller else wanted
        if at > until - APART:
            return Happened(effect.until) if until == effect.until else None
        self._acts.popleft()
        if not isinstance(what, FarAct):
            self.record.add(what, at, self._events, listened=effect.keys and isinstance(what, Key))
        return Happened(at, what)

    def _run_clock(self, effect: Pass) -> None:
        """Start or stop the clock as this moment wants it, and say so."""
        runs = not self._paused and not self._waits(effect)
        if runs != self._clock.runs:
            self._clock.start() if runs else self._clock.stop()
        now, speed = self._clock.now, self._pacing.speed
        message: Message = {"type": "pass", "t": now, "until": min(effect.until, 1e6), "speed": speed, "runs": runs}
        self._listener.tell(message | {"keys": effect.keys, "speech": effect.speech})

    def _waits(self, effect: Pass) -> bool:
        """Whether a patient call waits here for its caller: it listens, and has said what it had to say, and the caller
        has not let the silence be over. Nobody is waited for by a Gather of the shortest time-out: it only shows that
        its words were heard to the end."""
        listens = (effect.keys or effect.speech) and self._listening_seconds() > SHORTEST_TIMEOUT
        return self._pacing.patient and self._script is None and listens and not self._skip and not self._sounds()

    def _listening_seconds(self) -> float:
        """The time-out of the Gather that listens."""
        listens = (event for event in reversed(self._events) if event["event"] == "listen")
        last = next(listens, None)
        return float(last["timeout"]) if last else SHORTEST_TIMEOUT + 1

    def _sounds(self) -> bool:
        """Whether the caller hears something at this moment."""
        sounds = (event for event in reversed(self._events) if event["event"] in _SOUNDS and "leg" not in event)
        last = next(sounds, None)
        return last is not None and last.get("until") is None

    def _is_skipped(self, effect: Pass) -> bool:
        if self._paused:
            return False
        return (self._skip and (effect.keys or effect.speech)) or (self._pacing.at_once and self._sounds())

    def _take_over(self) -> None:
        if self._script is not None:
            self._script = self._pending = None
            self._tell_control()

    def _go_on(self) -> None:
        if self._paused:
            self._paused = False
            self._tell_control()
        self._changed.notify()

    def _tell_control(self) -> None:
        scripted = self._script is not None
        state: Literal["paused", "running"] = "paused" if self._paused else "running"
        pace = {"speed": self._pacing.speed, "patient": self._pacing.patient}
        self._listener.tell({"type": "control", "state": state, "scripted": scripted, **pace})


def _chain(legs: list[Leg]) -> Leg:
    """Several turns of one number as one plan."""
    chain: Leg | None = None
    for leg in reversed(legs):
        chain = replace(leg, then=chain)
    assert chain is not None  # noqa: S101 - there is one at least
    return chain
