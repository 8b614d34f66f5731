"""A conference of real calls: who joins, what each hears, what is told of it, and how it ends. T:conference.

Every event is told by the call that it is about, to whom the first participant has named. A participant hears the wait
URL until the conference starts, and the hold URL while it is on hold; what others do breaks that off.
"""

from collections.abc import Iterator

from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.conference import (
    ALLOWED,
    CALLBACK_FAILED,
    FULL,
    UPDATED,
    WRONG_VERB,
    Meeting,
    coaching,
    flags_of,
    is_wait_url,
    take_part,
)
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.legs import FarEnd, end, move, other_end
from ivr.simulator.engine.line import Hears
from ivr.simulator.engine.params import progress
from ivr.simulator.engine.recordings import Recording, Voice
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.shared import Participant, SharedConference, SharedState
from ivr.simulator.engine.waiting import Music, MusicError, hold, play_once
from ivr.simulator.twiml.conference import Conference
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.schema import Issue

_WRONG_URL = 13233
_OVER_REST = "conference-ended-via-api"
_REASONS = {
    "last-participant-left": "Last participant left",
    "last-participant-kicked": "Last participant kicked",
    "participant-with-end-conference-on-exit-left": "Participant with endConferenceOnExit left",
    "participant-with-end-conference-on-exit-kicked": "Participant with endConferenceOnExit kicked",
    _OVER_REST: "Conference ended via API",
}
# In which word of statusCallbackEvent each event is.
_WORDS = {"unmute": "mute", "unhold": "hold"}


class _Seat:
    """One call in one conference."""

    def __init__(self, shared: SharedState, scene: Scene, room: SharedConference, me: Participant, far: FarEnd) -> None:
        self.shared = shared
        self.scene = scene
        self.call = scene.call
        self.room = room
        self.me = me
        self.far = far

    def enter(self) -> Steps[None]:
        yield from self.happens("participant-join", *self.myself())
        yield from _start(self)

    def stay(self, verb: Dial, limit: float) -> Steps[None]:
        yield from _stay(self, verb, limit)

    def leave(self, *reason: tuple[str, str]) -> Steps[None]:
        yield from _leave(self, *reason)

    def why_alive(self) -> tuple[str, str]:
        if self.room.is_over and not self.me.is_kicked:
            over_rest = self.room.reason == _OVER_REST
            return ("ReasonParticipantLeft", "conference_ended_via_api" if over_rest else "moderator_ended_conference")
        return UPDATED

    def happens(self, event: str, *about: tuple[str, str]) -> Steps[None]:
        """Tell it, when the first participant has asked for that."""
        room, call = self.room, self.call
        noun, word = room.noun, event.partition("-")[2]
        word = "announcement" if event.startswith("announcement") else _WORDS.get(word, word)
        if noun.status_callback is None or word not in noun.status_events:
            return
        room.told += 1
        params: Params = (
            ("AccountSid", call.plan.account_sid),
            ("ConferenceSid", room.sid),
            ("FriendlyName", room.name),
            ("StatusCallbackEvent", event),
            *(each for each in progress(call, room.told) if each[0] != "CallbackSource"),
            *about,
        )
        yield from tell(call, Callback(room.base, noun.status_callback, noun.status_method, CALLBACK_FAILED), params)

    def myself(self) -> Params:
        me = self.me
        label = (("ParticipantLabel", me.label),) if me.label else ()
        flags = flags_of(me.call_sid, me.muted, me.noun.start_on_enter, me.end_on_exit, me.hold)
        return (*flags, *coaching(me.coaches), *label)

    def others(self) -> Iterator[Participant]:
        return (each for each in self.room.participants if each is not self.me)


def confer_with_others(
    shared: SharedState, scene: Scene, verb: Dial, noun: Conference, meeting: Meeting
) -> Steps[Params]:
    """What the action is told."""
    return take_part(scene, verb, noun, meeting, lambda: _seat(shared, scene, noun))


def _seat(shared: SharedState, scene: Scene, noun: Conference) -> _Seat | None:
    """None when the conference is full."""
    call = scene.call
    room = shared.conference(noun.name)
    if room is not None and len(room.participants) >= min(room.noun.most, noun.most):
        message = f"the conference {noun.name!r} is full ({len(room.participants)} participants)"
        call.report(Issue(FULL, message, noun.line, noun.column, "error"), call.requests)
        return None
    return _sit_down(shared, scene, room or shared.open_conference(call, noun, scene.here.url), noun)


def _sit_down(shared: SharedState, scene: Scene, room: SharedConference, noun: Conference) -> _Seat:
    call = scene.call
    me = Participant(call, noun, shared.now(call), noun.muted, coaches=noun.coach, end_on_exit=noun.end_on_exit)
    room.participants.append(me)
    if room.tape is not None:
        room.tape.voices.append(Voice(call, me.joined))
    room.updated = me.updated = me.joined
    far = other_end(scene, Noun("Conference", f"conference:{noun.name}", noun.line, noun.column))
    return _Seat(shared, scene, room, me, far)


def _start(seat: _Seat) -> Steps[None]:
    """The conference starts when it may, for everybody in it."""
    room = seat.room
    if not room.may_start:
        return
    room.status, room.updated = "in-progress", seat.shared.now(seat.call)
    for other in seat.others():
        seat.shared.poke(other)
    yield from seat.happens("conference-start")
    if room.noun.records:
        about = (("ConferenceSid", room.sid),)
        room.tape = Recording(seat.call, room.base, room.noun.recording, "Conference", extra=about)
        room.tape.voices = [Voice(each.call, each.joined) for each in room.participants]
        yield from room.tape.begin()


def _is_recorded_no_more(seat: _Seat) -> None:
    """Who has left is not heard in the recording of the conference; another one tells of it."""
    room, call = seat.room, seat.call
    if room.tape is None:
        return
    for voice in room.tape.voices:
        if voice.call is call:
            voice.until = min(voice.until, seat.shared.now(call))
    if room.tape.call is call and room.participants:
        room.tape.call = room.participants[0].call


def _stay(seat: _Seat, verb: Dial, limit: float) -> Steps[None]:
    """Until the caller presses star, the limit is reached, or somebody ends it."""
    call, me, room = seat.call, seat.me, seat.room
    star = Hears("*" if verb.hangup_on_star else "", asks=False)
    while not (me.is_kicked or room.is_over) and call.now < limit:
        yield from _tell_news(seat)
        if room.status == "in-progress" and seat.far.answered_at is None:
            seat.far.answered_at = call.now
            yield from move(call, seat.far, "in-progress")
        music = _music(seat)
        if music is not None:
            if (yield from _hear(seat, music, limit, star)):
                return
        elif (yield from call.wait(seat.scene.line, limit, star, wakes=True)) is not None:
            return


def _tell_news(seat: _Seat) -> Steps[None]:
    while seat.me.news:
        yield from seat.happens(seat.me.news.pop(0), *seat.myself())


def _music(seat: _Seat) -> Music | None:
    """What is heard now besides the others; None for nothing."""
    me, noun = seat.me, seat.me.noun
    if me.announce:
        url, method = me.announce[0]
        return _play(url, method, "AnnounceUrl", repeats=False)
    if me.hold:
        return _play(me.hold_url, me.hold_method, "HoldUrl", repeats=True)
    if seat.room.status == "init":
        usable = not noun.wait_url or is_wait_url(seat.scene, noun)
        return _play(noun.wait_url if usable else "", noun.wait_method, "waitUrl of <Conference>", repeats=False)
    return None


def _play(url: str | None, method: str, where: str, *, repeats: bool) -> Music:
    return Music(url, method, ALLOWED, WRONG_VERB, _WRONG_URL, where, tuple, repeats=repeats)


def _hear(seat: _Seat, music: Music, limit: float, star: Hears) -> Steps[bool]:
    """True when star was pressed. Raises MusicError for a wait URL; another one that fails is silence."""
    me = seat.me
    if me.announce:
        return (yield from _announce(seat, music, limit, star))
    me.holds = True
    try:
        return (yield from hold(seat.scene, music, limit, star)) is not None
    except MusicError:
        if not me.hold:
            raise
        me.hold_url = ""
        return False
    finally:
        me.holds = False


def _announce(seat: _Seat, music: Music, limit: float, star: Hears) -> Steps[bool]:
    """To its end: nothing breaks off an announcement but what takes the participant out of the conference. True when
    star was pressed."""
    me = seat.me
    url, _ = me.announce.pop(0)
    event, heard = "announcement-end", None
    me.is_announced_to = True
    try:
        heard = yield from play_once(seat.scene, music, limit, star)
    except MusicError:
        event = "announcement-fail"
    finally:
        me.is_announced_to = False
    yield from seat.happens(event, ("CallSid", me.call_sid), ("AnnounceUrl", url))
    return heard is not None


def _leave(seat: _Seat, *reason: tuple[str, str]) -> Steps[None]:
    room, me, call = seat.room, seat.me, seat.call
    room.participants.remove(me)
    _is_recorded_no_more(seat)
    room.updated = seat.shared.now(call)
    yield from end(call, seat.far, "completed" if seat.far.answered_at is not None else "canceled")
    yield from _tell_news(seat)
    yield from seat.happens("participant-leave", *seat.myself(), *reason)
    if room.is_over:
        if room.reason == _OVER_REST and not room.participants:
            yield from _tell_end(seat)
        return
    how = "kicked" if me.is_kicked else "left"
    if me.end_on_exit:
        yield from _close(seat, f"participant-with-end-conference-on-exit-{how}")
    elif not room.participants:
        yield from _close(seat, f"last-participant-{how}")


def _close(seat: _Seat, reason: str) -> Steps[None]:
    """The conference is over for everybody in it."""
    room, me = seat.room, seat.me
    room.status, room.reason, room.ended_by = "completed", reason, me.call_sid
    for other in tuple(room.participants):
        seat.shared.poke(other, leaves=True)
    yield from _tell_end(seat)


def _tell_end(seat: _Seat) -> Steps[None]:
    room, me = seat.room, seat.me
    by: Params = ()
    if room.ended_by:
        by = (("CallSidEndingConference", me.call_sid),)
        by += (("ParticipantLabelEndingConference", me.label),) if me.label else ()
    ended = ("ReasonConferenceEnded", room.reason), ("Reason", _REASONS[room.reason])
    yield from seat.happens("conference-end", *ended, *by)
    if room.tape is not None:
        room.tape.call = seat.call
        yield from room.tape.end()


def end_over_rest(shared: SharedState, room: SharedConference) -> None:
    """Everybody leaves; the last one tells the end."""
    room.status, room.reason = "completed", _OVER_REST
    for each in room.participants:
        shared.poke(each, leaves=True)
