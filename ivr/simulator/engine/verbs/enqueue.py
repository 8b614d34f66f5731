"""Enqueue: the caller hears the wait document until somebody takes the call, or leaves. T:enqueue.

Who takes the call stands in the plan's legs as `queue:NAME`: {answer: 20, talk: 60} after 20 s and for 60 s, busy: the
queue is full, failed: it cannot be had, no-answer: nobody ever does. Nobody else waits in it (all ours).
In an account the queue is shared: who waits in it, and who takes them, are calls (`shared_queue`).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.call_updates import RedirectedError
from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.final_action import send_final_action
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.legs import end, move, other_end
from ivr.simulator.engine.line import NOTHING, CallOverError
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.shared import SharedState
from ivr.simulator.engine.shared_queue import gone, hear_whisper, talk_with_agent, told_of, wait_in_line
from ivr.simulator.engine.verbs.leave import LeaveError
from ivr.simulator.engine.waiting import Music, MusicError, hold
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.enqueue import Enqueue
from ivr.simulator.twiml.gather import Gather
from ivr.simulator.twiml.hangup import Hangup
from ivr.simulator.twiml.leave import Leave
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue
from ivr.simulator.urls import UrlError, resolve

_ALLOWED = (Play, Say, Pause, Hangup, Redirect, Leave, Gather)
_WRONG_URL, _WRONG_ACTION = 14202, 14203
_FULL = 14207


@dataclass(slots=True)
class _Stay:
    """`sid`: of the queue, "" when the caller was not let in. `left`: when the waiting ended, None while it lasts."""

    call: RunningCall
    entered: float
    most: int
    sid: str = ""
    result: str = "hangup"
    left: float | None = None

    @property
    def seconds(self) -> str:
        until = self.call.now if self.left is None else self.left
        return str(int(until - self.entered + 0.5))

    def told(self) -> Params:
        """What the action is told; sid and time only when the caller was let in (T:enqueue)."""
        was_in = (("QueueSid", self.sid), ("QueueTime", self.seconds)) if self.sid else ()
        return ("QueueResult", self.result), *was_in

    def waiting(self) -> Params:
        """What the wait URL is told: first of one (ours)."""
        times = ("QueueTime", self.seconds), ("AvgQueueTime", self.seconds)
        sizes = ("CurrentQueueSize", "1"), ("MaxQueueSize", str(self.most))
        return ("QueuePosition", "1"), ("QueueSid", self.sid), *times, *sizes


def execute(scene: Scene, verb: Enqueue) -> Steps[Document | None]:
    """The action's document, or None to go on with the next verb."""
    call = scene.call
    call.answer()
    stay = _Stay(call, call.now, verb.most)
    if verb.action is not None and not _is_url(scene, verb.action):
        message = f"action={verb.action!r} of <Enqueue> is no URL; nobody is put into the queue"
        call.report(Issue(_WRONG_ACTION, message, verb.line, verb.column, "error"), call.requests)
        return None
    try:
        yield from _stay(scene, verb, stay)
    except CallOverError as over:
        if isinstance(over, RedirectedError):
            stay.result = "redirected" if stay.left is None else "redirected-from-bridged"
        stay.left = call.now if stay.left is None else stay.left
        if verb.action is not None:
            yield from send_final_action(scene, over, verb.action, verb.method, stay.told())
        raise
    if verb.action is None:
        return None
    return (yield from next_document(scene, verb.action, verb.method, extra=stay.told()))


def _is_url(scene: Scene, reference: str) -> bool:
    try:
        resolve(scene.here.url, reference)
    except UrlError:
        return False
    return True


def _stay(scene: Scene, verb: Enqueue, stay: _Stay) -> Steps[None]:
    call = scene.call
    if verb.fault:
        call.report(Issue(verb.code, verb.fault, verb.line, verb.column, "error"), call.requests)
        stay.result = "error"
        return
    if call.shared is not None:
        yield from _stay_with_others(scene, verb, stay, call.shared)
        return
    far = other_end(scene, Noun("Queue", f"queue:{verb.name}", verb.line, verb.column))
    if far.plan.outcome in ("busy", "failed"):
        stay.result = "system-error"
        if far.plan.outcome == "busy":
            _is_full(call, verb, stay, verb.most)
        return
    stay.sid = call.sid_of("QU", far.line.to)
    music = _music(verb, stay.waiting)
    yield from move(call, far, "initiated")
    try:
        yield from hold(scene, music, call.now + far.plan.rings if far.plan.outcome == "answer" else math.inf, NOTHING)
        stay.left, stay.result, far.answered_at = call.now, "bridged", call.now
        yield from move(call, far, "in-progress")
        talk = far.plan.talk if far.plan.talk is not None else math.inf
        yield from call.wait(call.line, call.now + talk)
    except LeaveError:
        stay.left, stay.result = call.now, "leave"
    except MusicError:
        stay.left, stay.result = call.now, "error"
    finally:
        yield from end(call, far, "completed" if far.answered_at is not None else "canceled")


def _is_full(call: RunningCall, verb: Enqueue, stay: _Stay, most: int) -> None:
    stay.result = "queue-full"
    message = f"the queue {verb.name!r} is full ({most} calls)"
    call.report(Issue(_FULL, message, verb.line, verb.column), call.requests)


def _music(verb: Enqueue, told: Callable[[], Params]) -> Music:
    where = "waitUrl of <Enqueue>"
    return Music(verb.wait_url, verb.wait_method, _ALLOWED, SCHEMA_WARNING, _WRONG_URL, where, told, repeats=True)


def _stay_with_others(scene: Scene, verb: Enqueue, stay: _Stay, shared: SharedState) -> Steps[None]:
    """In a queue of the account: until an agent takes the call, and until the two have talked."""
    call, queue = scene.call, shared.queue_for(scene.call, verb.name)
    if queue is None:
        stay.result = "system-error"
        return
    most = min(queue.most, verb.most)
    if len(queue.waiters) >= most:
        _is_full(call, verb, stay, most)
        return
    stay.sid = queue.sid
    far = other_end(scene, Noun("Queue", f"queue:{verb.name}", verb.line, verb.column))
    yield from move(call, far, "initiated")
    waiter = shared.enter(queue, call)
    try:
        yield from wait_in_line(scene, shared, queue, waiter, _music(verb, partial(told_of, shared, queue, waiter)))
        stay.left, stay.result = call.now, "bridging-in-process"
        yield from hear_whisper(scene, queue, waiter)
        stay.result, far.answered_at = "bridged", call.now
        yield from move(call, far, "in-progress")
        yield from talk_with_agent(scene, shared, waiter)
    except LeaveError:
        stay.left, stay.result = call.now, "leave"
    except MusicError:
        stay.left, stay.result = call.now, "error"
    finally:
        gone(shared, waiter)
        yield from end(call, far, "completed" if far.answered_at is not None else "canceled")
