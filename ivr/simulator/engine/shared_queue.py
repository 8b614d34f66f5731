"""A queue of real calls: who waits in it (<Enqueue>), and who takes them (<Dial><Queue>). T:enqueue, T:queue."""

import math

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.legs import FarEnd, end, move
from ivr.simulator.engine.line import NOTHING, CallOverError, Hears, Line
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.shared import Agent, SharedQueue, SharedState, Waiter
from ivr.simulator.engine.waiting import Music, hold
from ivr.simulator.engine.whisper import whisper
from ivr.simulator.plan import Leg
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.urls import UrlError, resolve


def told_of(shared: SharedState, queue: SharedQueue, waiter: Waiter) -> Params:
    """What the wait URL is told."""
    now = shared.now(waiter.call)
    return (
        ("QueuePosition", str(queue.position(waiter))),
        ("QueueSid", queue.sid),
        ("QueueTime", str(waiter.seconds(now))),
        ("AvgQueueTime", str(queue.average(now))),
        ("CurrentQueueSize", str(len(queue.waiters))),
        ("MaxQueueSize", str(queue.most)),
    )


def wait_in_line(scene: Scene, shared: SharedState, queue: SharedQueue, waiter: Waiter, music: Music) -> Steps[None]:
    """Until an agent takes the caller. Raises what `hold` does."""
    try:
        while not waiter.is_called:
            yield from hold(scene, music, math.inf, NOTHING)
    finally:
        if waiter in queue.waiters:
            queue.waiters.remove(waiter)
            waiter.left = shared.now(scene.call)


def hear_whisper(scene: Scene, queue: SharedQueue, waiter: Waiter) -> Steps[None]:
    """What the agent's <Queue url> says before the two are connected."""
    url, method = waiter.whisper
    if not url or waiter.agent is None:
        return
    time, agent = ("QueueTime", str(waiter.seconds(0))), ("DequeingCallSid", waiter.agent.line.sid)
    noun = Noun("Queue", f"queue:{queue.name}", 0, 0, url=url, method=method)
    yield from whisper(scene.call, scene.line, url, noun, (("QueueSid", queue.sid), time, agent))


def talk_with_agent(scene: Scene, shared: SharedState, waiter: Waiter) -> Steps[None]:
    """Until the agent goes."""
    waiter.is_ready = True
    if waiter.agent is not None:
        shared.wake(waiter.agent)
    while not waiter.is_parted:
        yield from scene.call.wait(scene.line, math.inf, wakes=True)


def gone(shared: SharedState, waiter: Waiter) -> None:
    """The caller has left the queue, or the talk."""
    waiter.is_gone = True
    if waiter.agent is not None:
        shared.wake(waiter.agent)


class Dequeued:
    """How a <Dial><Queue> went. `outcome`: DequeueResult."""

    def __init__(self, queue: SharedQueue | None) -> None:
        self.queue = queue
        self.waiter: Waiter | None = None
        self.outcome = "queue-not-found" if queue is None else "queue-empty"
        self.status = "failed" if queue is None else "no-answer"
        self.seconds = 0

    @property
    def sid(self) -> str:
        return self.waiter.call.line.sid if self.waiter is not None else ""

    def params(self, call: RunningCall, noun: Noun) -> Params:
        result = ("DequeueResult", self.outcome), ("QueueSid", call.sid_of("QU", noun.address))
        if self.waiter is None or self.outcome != "bridged":
            return result
        time = ("DequeuedCallQueueTime", str(self.waiter.seconds(0)))
        return (*result, ("DequeuedCallSid", self.sid), time, ("DequeuedCallDuration", str(self.seconds)))


def take_from_queue(scene: Scene, shared: SharedState, noun: Noun, timeout: float, dequeued: Dequeued) -> Steps[None]:
    """Wait for the first in the queue, and until that caller can talk. `dequeued.waiter`: None when nobody has come."""
    call, queue = scene.call, dequeued.queue
    until = call.now + timeout
    while queue is not None:
        agent = Agent(call)
        queue.next_for(agent, shared.now(call))
        if agent.waiter is None:
            queue.agents.append(agent)
            yield from _until_somebody_comes(scene, agent, queue, until)
        if agent.waiter is None:
            return
        waiter = dequeued.waiter = agent.waiter
        waiter.whisper = (_absolute(scene, noun.url) if noun.url else ""), noun.method
        if not waiter.is_gone:
            waiter.is_called = True
            shared.stir(waiter.call)
        while not (waiter.is_ready or waiter.is_gone):
            yield from call.wait(scene.line, math.inf, wakes=True)
        if waiter.is_ready:
            return
        dequeued.waiter = None  # gone before the two could talk: the next one is taken


def _until_somebody_comes(scene: Scene, agent: Agent, queue: SharedQueue, until: float) -> Steps[None]:
    try:
        while agent.waiter is None and scene.call.now < until:
            yield from scene.call.wait(scene.line, until, wakes=True)
    except CallOverError:
        if agent.waiter is not None:  # who has come in this very moment waits on, as the first
            queue.waiters.insert(0, agent.waiter)
            agent.waiter.agent = agent.waiter.left = None
        raise
    finally:
        if agent in queue.agents:
            queue.agents.remove(agent)


def _absolute(scene: Scene, url: str) -> str:
    try:
        return resolve(scene.here.url, url)
    except UrlError:
        return ""


def talk_with_caller(scene: Scene, noun: Noun, dequeued: Dequeued, until: float, star: Hears) -> Steps[None]:
    """Until one of the two goes, star is pressed, or the time is over."""
    call, waiter = scene.call, dequeued.waiter
    assert waiter is not None  # noqa: S101 - take_from_queue has found somebody
    dequeued.outcome, dequeued.status = "bridged", "completed"
    line = Line(waiter.call.line.sid, call.plan.from_, noun.address, "inbound", "initiated", call.line.sid)
    far = FarEnd(line, noun, Leg.answer(), call.now, scene.here.url)
    yield from move(call, far, "initiated")
    far.answered_at = call.now
    yield from move(call, far, "in-progress")
    try:
        while not waiter.is_gone and call.now < until:
            if (yield from call.wait(scene.line, until, star, wakes=True)) is not None:
                break
    finally:
        yield from end(call, far, "completed")
        dequeued.seconds = far.seconds


def release(shared: SharedState, dequeued: Dequeued) -> None:
    """The agent goes: the caller, if one was taken, goes on with what follows the <Enqueue>."""
    waiter = dequeued.waiter
    if waiter is not None and not waiter.is_parted:
        waiter.is_parted = True
        if not waiter.is_gone:
            shared.wake(waiter.call)
