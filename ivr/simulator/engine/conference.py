"""Conference: the caller joins a room, waits there alone, and talks when somebody else comes. T:conference.

The other one stands in the plan's legs as `conference:NAME`: {answer: 20, talk: 60} joins after 20 s and leaves after
60 s of talk; any other outcome: nobody comes. A caller with startConferenceOnEnter="false" has waited for a moderator,
who ends the conference by leaving; otherwise the caller stays in it alone, in silence (ours). A wait URL that fails
leads out: the conference is not established (T:conference waitUrl).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.call_updates import RedirectedError
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.legs import FarEnd, end, move, other_end
from ivr.simulator.engine.line import CallOverError, Hears
from ivr.simulator.engine.params import progress
from ivr.simulator.engine.recordings import Recording
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.waiting import Music, MusicError, hold
from ivr.simulator.twiml.conference import Conference
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, resolve

ALLOWED = (Say, Play, Pause, Redirect)
WRONG_VERB = 13238
_WRONG_URL = 13233
FULL = 16020
CALLBACK_FAILED = 16011
HUNG_UP = (("ParticipantCallStatus", "completed"), ("ReasonParticipantLeft", "participant_hung_up"))
UPDATED = ("ReasonParticipantLeft", "participant_updated_via_api")
_ADD_FAILED = ("ReasonParticipantLeft", "participant_add_failed")
FAILED: Params = (("DialCallStatus", "failed"), ("DialBridged", "false"))
REASONS = {
    "last-participant-left": "Last participant left",
    "participant-with-end-conference-on-exit-left": "Participant with endConferenceOnExit left",
}


@dataclass(slots=True)
class _Room:
    """`sid`: of the conference. `told`: how many events were told; they are numbered from 1 (ours)."""

    scene: Scene
    noun: Conference
    sid: str
    far: FarEnd
    tape: Recording
    told: int = 0
    is_open: bool = True

    @property
    def call(self) -> RunningCall:
        return self.scene.call

    @property
    def base(self) -> str:
        return self.scene.here.url

    def enter(self) -> Steps[None]:
        yield from self.happens("participant-join", *self.caller())

    def stay(self, verb: Dial, limit: float) -> Steps[None]:
        yield from _meet(self.scene, verb, self, limit)

    def leave(self, *reason: tuple[str, str]) -> Steps[None]:
        yield from _leave(self, *reason)

    def why_alive(self) -> tuple[str, str]:
        """The moderator has ended it, or a star or the time limit led out (the reason for these two is ours)."""
        return ("ReasonParticipantLeft", "moderator_ended_conference") if not self.is_open else UPDATED

    def happens(self, event: str, *about: tuple[str, str]) -> Steps[None]:
        """A participant joins or leaves, or the conference starts or ends: told when it was asked for."""
        noun, call = self.noun, self.call
        if noun.status_callback is None or event.partition("-")[2] not in noun.status_events:
            return
        self.told += 1
        params: Params = (
            ("AccountSid", call.plan.account_sid),
            ("ConferenceSid", self.sid),
            ("FriendlyName", noun.name),
            ("StatusCallbackEvent", event),
            *(each for each in progress(call, self.told) if each[0] != "CallbackSource"),
            *about,
        )
        callback = Callback(self.base, noun.status_callback, noun.status_method, CALLBACK_FAILED)
        yield from tell(call, callback, params)

    def caller(self) -> Params:
        """The caller as a participant."""
        noun = self.noun
        label = (("ParticipantLabel", noun.label),) if noun.label else ()
        flags = flags_of(self.call.line.sid, noun.muted, noun.start_on_enter, noun.end_on_exit)
        return (*flags, *coaching(noun.coach), *label)

    def other(self) -> Params:
        return (*flags_of(self.far.line.sid, False, True, not self.noun.start_on_enter), *coaching(""))

    def closes(self, reason: str, by: str) -> Steps[None]:
        """The conference is over for everybody in it. `by`: the sid of the one whose leaving ends it."""
        if not self.is_open:
            return
        self.is_open = False
        label = (("ParticipantLabelEndingConference", self.noun.label),) if by == self.call.line.sid else ()
        ended = ("ReasonConferenceEnded", reason), ("Reason", REASONS[reason]), ("CallSidEndingConference", by)
        yield from self.happens("conference-end", *ended, *(label if self.noun.label else ()))
        if self.noun.records:
            yield from self.tape.end()
            yield from self._tell_the_old_way()

    def _tell_the_old_way(self) -> Steps[None]:
        """eventCallbackUrl: asked only where no recordingStatusCallback is given."""
        noun, call, tape = self.noun, self.call, self.tape
        if noun.event_callback is None or noun.recording.url is not None or not tape.sid:
            return
        params: Params = (
            ("AccountSid", call.plan.account_sid),
            ("ConferenceSid", self.sid),
            ("FriendlyName", noun.name),
            ("EventName", "conference-record-end"),
            ("RecordingUrl", tape.url),
            ("Duration", str(tape.seconds)),
        )
        yield from tell(call, Callback(self.base, noun.event_callback, "POST", CALLBACK_FAILED), params)


def flags_of(sid: str, muted: bool, starts: bool, ends: bool, hold: bool = False) -> Params:
    """A participant as events tell of it."""
    flags = {"Muted": muted, "Hold": hold, "StartConferenceOnEnter": starts, "EndConferenceOnExit": ends}
    return ("CallSid", sid), *((name, str(value).lower()) for name, value in flags.items())


def coaching(coached: str) -> Params:
    """Whether the participant coaches, and the CallSid of whom."""
    return (("Coaching", "true"), ("CallSidToCoach", coached)) if coached else (("Coaching", "false"),)


@dataclass(slots=True)
class Meeting:
    """`bridged`: whether somebody else has come."""

    bridged: bool = False


class Seat(Protocol):
    """A call's place in a conference, from its coming to its leaving."""

    @property
    def far(self) -> FarEnd: ...

    def enter(self) -> Steps[None]: ...

    def stay(self, verb: Dial, limit: float) -> Steps[None]: ...

    def leave(self, *reason: tuple[str, str]) -> Steps[None]: ...

    def why_alive(self) -> tuple[str, str]:
        """Why the participant has left whose call goes on."""
        ...


def take_part(
    scene: Scene, verb: Dial, noun: Conference, meeting: Meeting, take_seat: Callable[[], Seat | None]
) -> Steps[Params]:
    """What the action is told: a conference has no DialCallSid and no DialCallDuration (T:dial). `take_seat`: None when
    there is none."""
    call = scene.call
    call.answer()
    if noun.fault:
        call.report(Issue(noun.code, noun.fault, noun.line, noun.column, "error"), call.requests)
        return FAILED
    seat = take_seat()
    if seat is None:
        return FAILED
    yield from move(call, seat.far, "initiated")
    yield from seat.enter()
    try:
        yield from seat.stay(verb, call.now + verb.time_limit)
    except MusicError:
        yield from seat.leave(("ParticipantCallStatus", "in-progress"), _ADD_FAILED)
        return FAILED
    except CallOverError as over:
        yield from seat.leave(*_why(over))
        raise
    finally:
        meeting.bridged = seat.far.answered_at is not None
    yield from seat.leave(("ParticipantCallStatus", "in-progress"), seat.why_alive())
    return ("DialCallStatus", "answered"), ("DialBridged", str(meeting.bridged).lower())


def confer(scene: Scene, verb: Dial, noun: Conference, meeting: Meeting) -> Steps[Params]:
    """What the action is told."""
    return take_part(scene, verb, noun, meeting, lambda: _room(scene, noun))


def _why(over: CallOverError) -> Params:
    """Why the caller has left a conference that was broken off."""
    if isinstance(over, RedirectedError):
        return ("ParticipantCallStatus", "in-progress"), UPDATED
    return HUNG_UP if over.why == "hangup" else (("ParticipantCallStatus", over.status), UPDATED)


def _room(scene: Scene, noun: Conference) -> _Room:
    call = scene.call
    far = other_end(scene, Noun("Conference", f"conference:{noun.name}", noun.line, noun.column))
    sid = call.new_sid("CF")
    tape = Recording(call, scene.here.url, noun.recording, "Conference", extra=(("ConferenceSid", sid),))
    return _Room(scene, noun, sid, far, tape)


def _meet(scene: Scene, verb: Dial, room: _Room, limit: float) -> Steps[None]:
    """Until the caller presses star, the limit is reached, or the conference ends."""
    call, far = scene.call, room.far
    star = Hears("*" if verb.hangup_on_star else "", asks=False)
    at = call.now + far.plan.rings if far.plan.outcome == "answer" else math.inf
    key = yield from _alone(scene, room, min(at, limit), star)
    if key or call.now >= limit:
        return
    if room.noun.most < 2:
        message = f"the conference {room.noun.name!r} is full (maxParticipants={room.noun.most}); nobody else comes in"
        call.report(Issue(FULL, message, room.noun.line, room.noun.column, "error"), call.requests)
        yield from call.wait(scene.line, limit, star)
        return
    far.answered_at = call.now
    yield from move(call, far, "in-progress")
    yield from room.happens("participant-join", *room.other())
    yield from room.happens("conference-start")
    if room.noun.records:
        yield from room.tape.begin()
    leaves = call.now + far.plan.talk if far.plan.talk is not None else math.inf
    if (yield from call.wait(scene.line, min(leaves, limit), star)) or call.now < leaves:
        return
    yield from end(call, far, "completed")
    yield from room.happens("participant-leave", *room.other(), *HUNG_UP)
    if room.noun.start_on_enter:
        yield from call.wait(scene.line, limit, star)
    else:
        yield from room.closes("participant-with-end-conference-on-exit-left", far.line.sid)


def _alone(scene: Scene, room: _Room, until: float, star: Hears) -> Steps[bool]:
    """True when the caller has pressed star. Raises MusicError; a wait URL that is none is silence (ours)."""
    call, noun = scene.call, room.noun
    if noun.wait_url and not is_wait_url(scene, noun):
        return (yield from call.wait(scene.line, until, star)) is not None
    where = "waitUrl of <Conference>"
    music = Music(noun.wait_url, noun.wait_method, ALLOWED, WRONG_VERB, _WRONG_URL, where, tuple, repeats=False)
    return (yield from hold(scene, music, until, star)) is not None


def is_wait_url(scene: Scene, noun: Conference) -> bool:
    try:
        resolve(scene.here.url, noun.wait_url or "")
    except UrlError as error:
        scene.call.report(Issue(_WRONG_URL, str(error), noun.line, noun.column), scene.call.requests)
        return False
    return True


def _leave(room: _Room, *why: tuple[str, str]) -> Steps[None]:
    """The caller is gone, and the other one goes too, as nothing more is to be seen of them (ours)."""
    call, far = room.call, room.far
    yield from room.happens("participant-leave", *room.caller(), *why)
    if far.answered_at is not None and not far.is_over:
        left = HUNG_UP
        if room.noun.end_on_exit:
            yield from room.closes("participant-with-end-conference-on-exit-left", call.line.sid)
            left = (("ParticipantCallStatus", "completed"), ("ReasonParticipantLeft", "moderator_ended_conference"))
        yield from room.happens("participant-leave", *room.other(), *left)
    yield from end(call, far, "completed" if far.answered_at is not None else "no-answer")
    yield from room.closes("last-participant-left", call.line.sid)
