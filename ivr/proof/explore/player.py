"""Plays one document to one caller who does one thing, up to the request for the next document.

A state of a call is a document, so a call is taken up anywhere by handing its document to a fresh session of the
simulator, as if it had just been fetched; every request after that is answered by the service itself.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ivr.line.flow.events import Announcement, Outage
from ivr.line.flow.facts import Fact
from ivr.proof.explore.hearing import Event
from ivr.proof.explore.service import ExploredService
from ivr.simulator import Leg, Session
from ivr.simulator.engine.effects import Failed, Fetch, Happened, Input, Key, Pass, Response, Speech

TALKED, UNANSWERED = "talked", "no answer"
FAR_ENDS = {  # how a centre may take a call
    TALKED: Leg.answer(3, talk=10),
    "busy": Leg.busy(),
    UNANSWERED: Leg.no_answer(),
    "failed": Leg.failed(),
    "dropped at once": Leg.answer(1, talk=0, keys="1"),
    "a machine": Leg.answer(3, machine=True),
    "a wrong key": Leg.answer(3, keys="2"),
}


class KeyTiming(Enum):
    """When a key is pressed."""

    AT_ONCE = "at once"
    MIDWAY = "while the line speaks"
    AFTER = "in the silence after"


class ActKind(Enum):
    ARRIVED = "the call arrives"
    KEY = "key"
    ENTRY = "entry"
    SPEECH = "speech"
    SILENCE = "silence"
    LEG = "the centre:"


@dataclass(frozen=True)
class CallAct:
    """What happens to a call: keys, silence, or how the centre takes it. `at`: the moment. `last_slip`: it happens to a
    call that has made all the slips but this that it may make. `outages`: which centres are out of service then.
    `announced`: which announcement is on then.
    `when`: the keys are pressed, while they are listened to. `speech`: what is said, and recognised of it."""

    did: ActKind
    what: str
    at: datetime
    last_slip: bool = False
    outages: tuple[Outage, ...] = ()
    announced: Announcement | None = None
    when: KeyTiming = KeyTiming.AT_ONCE
    speech: Speech | None = None

    def __str__(self) -> str:
        did = {
            ActKind.KEY: self.what,
            ActKind.ENTRY: self.what,
            ActKind.SPEECH: self.what,
            ActKind.LEG: f"centre {self.what}",
        }.get(self.did, self.did.value)
        announced = f" while {self.announced.name!r} is announced" if self.announced else ""
        return did + (" during an outage" if self.outages else "") + announced

    @property
    def is_usual(self) -> bool:
        """Every centre is in service, and nothing is announced."""
        return not self.outages and self.announced is None


@dataclass(frozen=True)
class PlayedDocument:
    """`reply`: the next document, which came from `url`; None when the call is over. `now`: seconds it took."""

    events: list[Event]
    url: str
    reply: Response | None
    facts: tuple[Fact, ...]
    now: float


def play(
    service: ExploredService, caller: str, deed: CallAct, url: str = "", document: Response | None = None
) -> PlayedDocument:
    """Without `document` the call arrives."""
    legs = {"*": FAR_ENDS[deed.what if deed.did is ActKind.LEG else UNANSWERED]}
    session = Session(service.plan(caller, legs, url))
    inputs: list[Input] = [Key(key) for key in deed.what] if deed.did in (ActKind.KEY, ActKind.ENTRY) else []
    inputs += [deed.speech] if deed.speech else []
    replies = [] if document is None else [document]
    following: list[Response] = []

    def send(fetch: Fetch) -> Response | Failed | None:
        if replies:
            return replies.pop()
        reply = service.send(fetch, deed.at, deed.outages, deed.announced)
        if not _is_document(session.trace.events[-1]) or not isinstance(reply, Response):
            return reply
        following.append(reply)
        return None

    session.drive(send, lambda effect: _lived(effect, session, inputs, deed.when))
    events = session.trace.events
    if not following:
        return PlayedDocument(events, "", None, (), session.now)
    return PlayedDocument(events, events[-1]["url"], following[0], tuple(service.facts), session.now)


def _lived(effect: Pass, session: Session, inputs: list[Input], when: KeyTiming) -> Happened:
    now, last = session.now, session.trace.events[-1]
    speaks = last["event"] in ("say", "play", "pause") and last.get("until") is None  # it has no end yet
    listens = inputs and (effect.speech if isinstance(inputs[0], Speech) else effect.keys)
    if not listens or (when is KeyTiming.AFTER and speaks):
        return Happened(effect.until)
    return Happened((now + effect.until) / 2 if when is KeyTiming.MIDWAY and speaks else now, inputs.pop(0))


def _is_document(asked: Event) -> bool:
    """Whether the request is for what the caller does next: not for a recording, and not for what is whispered to the
    other end."""
    return asked["purpose"] not in ("status", "media") and "ParentCallSid" not in asked["params"]
