"""A recording: begun, paused, ended, and reported. T:record, T:dial, T:recording.

Nobody's voice is kept: what is recorded is found again in the traces of `voices`. Each event is told at the moment it
is about, `completed` as soon as the recording ends (Twilio takes a little longer). A callback URL that is none is
13256: the recording is made, and nobody is told.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.params import API_VERSION
from ivr.simulator.twiml.recording_callbacks import Told
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, resolve

_WRONG_CALLBACK = 13256


@dataclass(slots=True)
class Stretch:
    """A part of a recording. `is_silent`: a pause that is kept as silence. `ended`: infinite while it lasts."""

    began: float
    ended: float = math.inf
    is_silent: bool = False

    def between(self, first: float, last: float) -> "Stretch":
        return Stretch(max(self.began, first), min(self.ended, last), self.is_silent)


@dataclass(slots=True)
class Voice:
    """A call whose sounds are in a recording, from when to when."""

    call: RunningCall
    since: float = 0.0
    until: float = math.inf


@dataclass(frozen=True, slots=True)
class RecordingTranscription:
    """What was said in a recording. `made`: the account's time."""

    sid: str
    text: str
    seconds: int
    made: float


@dataclass(slots=True, eq=False)
class Recording:
    """`base`: the document's URL, which the callback's is relative to. `source`: Twilio's word for what records.

    `sid`: "" until it has begun. Times are the account's, or the call's where there is none. `kept`: from when to when,
    without the silence at both ends; None: all of it. `call`: the one that tells of it. `call_sid`: of the one that it
    was begun in.
    """

    call: RunningCall
    base: str
    told: Told
    source: str
    channels: int = 1
    extra: Params = ()
    sid: str = ""
    call_sid: str = ""
    started: float = 0.0
    updated: float = 0.0
    kept: tuple[float, float] | None = None
    status: str = "in-progress"
    is_over: bool = False
    stretches: list[Stretch] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)
    transcriptions: list[RecordingTranscription] = field(default_factory=list)
    _start_time: str = ""

    @property
    def url(self) -> str:
        plan = self.call.plan
        return f"{plan.api}/{API_VERSION}/Accounts/{plan.account_sid}/Recordings/{self.sid}"

    @property
    def params(self) -> Params:
        """What an action is told of it; nothing when nothing was recorded."""
        if not self.sid:
            return ()
        duration = str(self.seconds if self.is_over else 0)
        return ("RecordingUrl", self.url), ("RecordingSid", self.sid), ("RecordingDuration", duration)

    @property
    def seconds(self) -> int:
        """Whole seconds until now, silence at both ends included."""
        return _seconds(self._until_now())

    @property
    def duration(self) -> int:
        """Whole seconds of what there is to be heard of it."""
        return _seconds(self.parts())

    def parts(self) -> list[Stretch]:
        """What there is to be heard of it, in order."""
        if self.kept is None:
            return self._until_now()
        first, last = self.kept
        return [part.between(first, last) for part in self._until_now() if part.began < last and part.ended > first]

    def _until_now(self) -> list[Stretch]:
        now = self.moment
        return [part.between(part.began, now) for part in self.stretches]

    @property
    def moment(self) -> float:
        """Now."""
        return _moment(self.call)

    @property
    def used_channels(self) -> int:
        return self.channels if self.told.track == "both" else 1

    @property
    def conference_sid(self) -> str:
        return dict(self.extra).get("ConferenceSid", "")

    def begin(self) -> Steps[None]:
        if not self.sid:
            self.open(self.moment)
            self._check()
            yield from self.tell("in-progress")

    def open(self, at: float) -> None:
        """It has begun; nobody is told yet."""
        call = self.call
        self.sid, self.call_sid = call.new_sid("RE"), call.line.sid
        self.started = self.updated = at
        start = call.plan.started + timedelta(seconds=call.now + round(at - self.moment, 6))
        self._start_time = format_datetime(start).replace("GMT", "+0000")
        self.stretches.append(Stretch(at))
        self.voices = self.voices or [Voice(call)]
        if call.shared is not None:
            call.shared.recordings.append(self)

    def end(self) -> Steps[None]:
        """It is over; `absent` when it never began."""
        if self.is_over:
            return
        self.is_over = True
        if self.sid:
            self._break_off(self.moment)
            self.status = "completed"
        yield from self.tell("completed" if self.sid else "absent")

    def trim(self, began: float | None, ended: float | None) -> None:
        """Cut off the silence at both ends; the two are moments of call time, None where there is only silence."""
        offset = self.moment - self.call.now
        self.kept = (0.0, 0.0) if began is None or ended is None else (began + offset, ended + offset)

    def transcribe(self, text: str) -> str:
        """The sid of what was said in it."""
        sid = self.call.new_sid("TR")
        self.transcriptions.append(RecordingTranscription(sid, text, self.duration, self.moment))
        return sid

    # What is done to it from outside.

    def pause(self, at: float, *, skips: bool) -> None:
        """`skips`: the pause takes no time in the recording."""
        if self.status == "in-progress":
            self._break_off(at)
            self.status = "paused"
            if not skips:
                self.stretches.append(Stretch(at, is_silent=True))

    def resume(self, at: float) -> None:
        if self.status == "paused":
            self._break_off(at)
            self.status = "in-progress"
            self.stretches.append(Stretch(at))

    def stop(self, at: float) -> None:
        """For good. The call tells that it is completed, as soon as it goes on."""
        self._break_off(at)
        self.status = "stopped"
        self.call.delayed.add(self.call.now, self.end())

    def _break_off(self, at: float) -> None:
        self.updated = at
        if self.stretches:
            self.stretches[-1].ended = min(self.stretches[-1].ended, at)

    def _check(self) -> None:
        """A callback URL that is none is said once."""
        try:
            resolve(self.base, self.told.url or "")
        except UrlError as error:
            if self.told.url is not None:
                self.call.report(Issue(_WRONG_CALLBACK, f"recordingStatusCallback: {error}", 0, 0), self.call.requests)
                self.told = replace(self.told, url=None)

    def tell(self, event: str) -> Steps[None]:
        if self.told.url is None or event not in self.told.events:
            return
        params: Params = (
            ("AccountSid", self.call.plan.account_sid),
            ("CallSid", self.call_sid or self.call.line.sid),
            ("RecordingStatus", event),
            ("RecordingSource", self.source),
            ("RecordingChannels", str(self.used_channels)),
            ("RecordingTrack", self.told.track),
            *self.extra,
        )
        if self.sid:
            params += (
                ("RecordingSid", self.sid),
                ("RecordingUrl", self.url),
                ("RecordingStartTime", self._start_time),
            )
        if event == "completed":
            params += (("RecordingDuration", str(self.duration)),)
        yield from tell(self.call, Callback(self.base, self.told.url, self.told.method), params)


def record_call(call: RunningCall, at: float, told: Told, channels: int) -> Recording:
    """Record a live call from this moment of the account's time to its end."""
    tape = Recording(call, "http://127.0.0.1/", told, "StartCallRecordingAPI", channels)
    tape.open(at)
    call.tapes.append(tape)
    call.delayed.add(call.now, tape.tell("in-progress"))
    return tape


def _seconds(parts: Iterable[Stretch]) -> int:
    return int(round(sum(part.ended - part.began for part in parts), 6) + 0.5)


def _moment(call: RunningCall) -> float:
    return call.now if call.shared is None else round(call.shared.now(call), 6)
