"""Conference: the caller joins a room, waits there alone, and talks when somebody else comes. T:conference.

The other one stands in the plan's legs as `conference:NAME`: {answer: 20, talk: 60} joins after 20 s and leaves after
60 s of talk; any other outcome: nobody comes. A caller with startConferenceOnEnter="false" has waited for a moderator,
who ends the conference by leaving; otherwise the caller stays in it alone, in silence (ours).
"""

import math
from dataclasses import dataclass

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.callbacks import tell
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.legs import FarEnd, end, move
from ivr.simulator.engine.line import CallOverError, Hears, Line
from ivr.simulator.engine.params import Params, progress
from ivr.simulator.engine.recordings import Recording
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.waiting import Music, MusicError, hold, silence
from ivr.simulator.twiml.conference import Conference
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.say import Say

_ALLOWED = (Say, Play, Pause, Redirect)
_WRONG_VERB = 13238
_WRONG_URL = 13233


@dataclass(slots=True)
class _Room:
    """`sid`: of the conference. `told`: how many events were told; they are numbered from 1 (ours)."""

    call: Call
    noun: Conference
    base: str
    sid: str
    far: FarEnd
    tape: Recording
    told: int = 0
    is_open: bool = True

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
        yield from tell(call, self.base, noun.status_callback, noun.status_method, params)

    def caller(self) -> Params:
        """The caller as a participant."""
        noun = self.noun
        label = (("ParticipantLabel", noun.label),) if noun.label else ()
        return (*_participant(self.call.line.sid, noun.muted, noun.start_on_enter, noun.end_on_exit), *label)

    def other(self) -> Params:
        return _participant(self.far.line.sid, False, True, not self.noun.start_on_enter)

    def closes(self, reason: str, by: str) -> Steps[None]:
        """The conference is over for everybody in it."""
        if self.is_open:
            self.is_open = False
            yield from self.happens(
                "conference-end", ("ReasonConferenceEnded", reason), ("CallSidEndingConference", by)
            )
            if self.noun.records:
                yield from self.tape.end()


def _participant(sid: str, muted: bool, starts: bool, ends: bool) -> Params:
    flags = {"Muted": muted, "Hold": False, "StartConferenceOnEnter": starts, "EndConferenceOnExit": ends}
    return ("CallSid", sid), *((name, str(value).lower()) for name, value in flags.items())


def confer(scene: Scene, verb: Dial, noun: Conference) -> Steps[Params]:
    """What the action is told: a conference has no DialCallSid and no DialCallDuration (T:dial)."""
    call = scene.call
    call.answer()
    if not noun.name:
        return (("DialCallStatus", "failed"),)
    room = _room(scene, noun)
    yield from move(call, room.far, "initiated")
    yield from room.happens("participant-join", *room.caller())
    try:
        yield from _meet(scene, verb, room, call.now + verb.time_limit)
    except CallOverError:
        yield from _leave(room)
        raise
    yield from _leave(room)
    bridged = room.far.answered_at is not None
    return ("DialCallStatus", "answered"), ("DialBridged", str(bridged).lower())


def _room(scene: Scene, noun: Conference) -> _Room:
    call, to = scene.call, f"conference:{noun.name}"
    line = Line(call.new_sid("CA"), call.plan.from_, to, "inbound", "initiated", call.line.sid)
    far = FarEnd(line, Noun("Conference", to, noun.line, noun.column), call.plan.leg(to), call.now, scene.here.url)
    sid = call.new_sid("CF")
    tape = Recording(call, scene.here.url, noun.recording, "Conference", extra=(("ConferenceSid", sid),))
    return _Room(call, noun, scene.here.url, sid, far, tape)


def _meet(scene: Scene, verb: Dial, room: _Room, limit: float) -> Steps[None]:
    """Until the caller presses star, the limit is reached, or the conference ends."""
    call, far = scene.call, room.far
    star = Hears("*" if verb.hangup_on_star else "", asks=False)
    comes = far.plan.outcome == "answer" and room.noun.most > 1
    at = call.now + far.plan.rings if comes else math.inf
    key = yield from _alone(scene, room, min(at, limit), star)
    if key or call.now >= limit:
        return
    far.answered_at = call.now
    yield from move(call, far, "in-progress")
    yield from room.happens("participant-join", *room.other())
    yield from room.happens("conference-start")
    if room.noun.records:
        yield from room.tape.begin()
    leaves = call.now + far.plan.talk if far.plan.talk is not None else math.inf
    if (yield from silence(scene, min(leaves, limit), star)) or call.now < leaves:
        return
    yield from end(call, far, "completed")
    yield from room.happens("participant-leave", *room.other())
    if room.noun.start_on_enter:
        yield from silence(scene, limit, star)
    else:
        yield from room.closes("participant-with-end-conference-on-exit-left", far.line.sid)


def _alone(scene: Scene, room: _Room, until: float, star: Hears) -> Steps[bool]:
    """True when the caller has pressed star. A wait URL that fails is silence (ours)."""
    noun = room.noun
    music = Music(noun.wait_url, noun.wait_method, _ALLOWED, _WRONG_VERB, _WRONG_URL, "waitUrl of <Conference>", tuple)
    try:
        key = yield from hold(scene, music, until, star)
    except MusicError:
        key = yield from silence(scene, until, star)
    return key is not None


def _leave(room: _Room) -> Steps[None]:
    """The caller is gone, and the other one goes too, as nothing more is to be seen of them (ours)."""
    call, far = room.call, room.far
    yield from room.happens("participant-leave", *room.caller())
    if far.answered_at is not None and not far.is_over:
        if room.noun.end_on_exit:
            yield from room.closes("participant-with-end-conference-on-exit-left", call.line.sid)
        yield from room.happens("participant-leave", *room.other())
    yield from end(call, far, "completed" if far.answered_at is not None else "no-answer")
    yield from room.closes("last-participant-left", call.line.sid)
