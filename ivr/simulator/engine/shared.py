"""What the calls of one account share: its queues and its conferences. Pure state; a call that changes what another one
waits for wakes it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.twiml.conference import Conference
from ivr.simulator.twiml.enqueue import MOST_WAITING

if TYPE_CHECKING:
    from ivr.simulator.engine.recordings import Recording

MOST_NAMED = 10_000  # queues, and conferences, of an account; ours


def stir(call: RunningCall, wake: Callable[[str], None]) -> None:
    """Something has changed that the call waits for: whatever it hears meanwhile is broken off."""
    call.alarm = 0.0
    wake(call.line.sid)


@dataclass(slots=True, eq=False)
class Waiter:
    """A caller in a queue. `entered`, `left`: the account's time. `agent`: who takes it.

    `is_called`: the agent takes it now. `whisper`: the URL of what it hears before it is connected, and the method.
    `is_ready`: to talk, after that. `is_gone`: the caller has gone; `is_parted`: the agent has.
    """

    call: RunningCall
    entered: float
    left: float | None = None
    agent: RunningCall | None = None
    whisper: tuple[str, str] = ("", "POST")
    is_called: bool = False
    is_ready: bool = False
    is_gone: bool = False
    is_parted: bool = False

    def seconds(self, now: float) -> int:
        """Whole seconds in the queue."""
        return int((now if self.left is None else self.left) - self.entered + 0.5)


@dataclass(slots=True, eq=False)
class Agent:
    """A <Dial><Queue> that waits for somebody to come. `waiter`: who has."""

    call: RunningCall
    waiter: Waiter | None = None


@dataclass(slots=True, eq=False)
class SharedQueue:
    """`created`, `updated`: the account's time. `taken`: those whom an agent has taken, in order."""

    name: str
    sid: str
    created: float
    most: int = MOST_WAITING
    updated: float = 0.0
    waiters: list[Waiter] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    taken: list[Waiter] = field(default_factory=list)

    def position(self, waiter: Waiter) -> int:
        return self.waiters.index(waiter) + 1 if waiter in self.waiters else 1

    def average(self, now: float) -> int:
        """Whole seconds that those who wait have waited so far."""
        waits = [waiter.seconds(now) for waiter in self.waiters]
        return int(sum(waits) / len(waits) + 0.5) if waits else 0

    def next_for(self, agent: Agent, now: float) -> None:
        """The first who waits is for this agent."""
        if self.waiters:
            agent.waiter = self.waiters.pop(0)
            self.taken.append(agent.waiter)
            agent.waiter.left, agent.waiter.agent = now, agent.call


@dataclass(slots=True, eq=False)
class Participant:
    """A call in a conference; all but `call` and `joined` can be changed over REST. `news`: events to be told of it."""

    call: RunningCall
    noun: Conference
    joined: float
    muted: bool
    hold: bool = False
    hold_url: str = ""
    hold_method: str = "GET"
    coaches: str = ""  # the CallSid of the one who is coached
    end_on_exit: bool = False
    announce: list[tuple[str, str]] = field(default_factory=list)
    news: list[str] = field(default_factory=list)
    is_kicked: bool = False
    holds: bool = False  # whether it hears something that can be broken off
    is_announced_to: bool = False  # whether it hears an announcement, which its leaving alone can break off
    updated: float = 0.0

    @property
    def call_sid(self) -> str:
        return self.call.line.sid

    @property
    def label(self) -> str:
        return self.noun.label


@dataclass(slots=True, eq=False)
class SharedConference:
    """`status`: init, in-progress, completed. `noun`, `base`: of the first participant, who says what is told."""

    name: str
    sid: str
    noun: Conference
    base: str
    created: float
    status: str = "init"
    updated: float = 0.0
    participants: list[Participant] = field(default_factory=list)
    told: int = 0
    reason: str = ""
    ended_by: str = ""
    tape: "Recording | None" = None

    @property
    def is_over(self) -> bool:
        return self.status == "completed"

    @property
    def may_start(self) -> bool:
        """T:conference: two at least, and one of them starts it."""
        if self.status != "init" or len(self.participants) < 2:
            return False
        return any(each.noun.start_on_enter for each in self.participants)

    def heard_by(self, listener: Participant) -> list[str]:
        """The CallSids of those whom this participant hears."""
        if self.status != "in-progress" or listener.hold:
            return []
        return [
            other.call_sid
            for other in self.participants
            if other is not listener and not (other.muted or other.hold) and other.coaches in ("", listener.call_sid)
        ]


class SharedState:
    """`started`: when the account's time began. `wake`: lets a call look again, by its sid."""

    def __init__(self, started: datetime, wake: Callable[[str], None]) -> None:
        self.queues: dict[str, SharedQueue] = {}
        self.conferences: list[SharedConference] = []
        self._latest: dict[str, SharedConference] = {}  # by name, and by sid
        self.recordings: list[Recording] = []  # all that have begun, in order
        self._started = started
        self._wake = wake

    def now(self, call: RunningCall) -> float:
        """The account's time, as the call knows it."""
        return (call.plan.started - self._started).total_seconds() + call.now

    def stir(self, call: RunningCall) -> None:
        stir(call, self._wake)

    def wake(self, call: RunningCall) -> None:
        self._wake(call.line.sid)

    # Queues.

    def queue(self, name: str) -> SharedQueue | None:
        return self.queues.get(name)

    def queue_for(self, call: RunningCall, name: str) -> SharedQueue | None:
        """The queue of this name, made when it is not there; None when the account has too many."""
        if name not in self.queues:
            if len(self.queues) >= MOST_NAMED:
                return None
            self.queues[name] = SharedQueue(name, call.sid_of("QU", f"queue:{name}"), self.now(call))
        return self.queues[name]

    def enter(self, queue: SharedQueue, call: RunningCall) -> Waiter:
        """At the end of the queue; the agent who has waited longest takes the first."""
        waiter = Waiter(call, self.now(call))
        queue.waiters.append(waiter)
        if queue.agents:
            agent = queue.agents.pop(0)
            queue.next_for(agent, self.now(call))
            self.wake(agent.call)
        return waiter

    # Conferences.

    def conference(self, name: str) -> SharedConference | None:
        """The one of this name that is not over, or that has this sid."""
        room = self._latest.get(name)
        return None if room is None or room.is_over else room

    def open_conference(self, call: RunningCall, noun: Conference, base: str) -> SharedConference:
        sid = call.sid_of("CF", f"{noun.name}/{len(self.conferences)}")
        room = SharedConference(noun.name, sid, noun, base, self.now(call))
        self.conferences.append(room)
        self._latest[room.name] = self._latest[room.sid] = room
        return room

    def poke(self, participant: Participant, *, leaves: bool = False) -> None:
        """Something has changed for this participant. `leaves`: it is in the conference no more."""
        if participant.holds or (participant.is_announced_to and leaves):
            self.stir(participant.call)
        else:
            self.wake(participant.call)
