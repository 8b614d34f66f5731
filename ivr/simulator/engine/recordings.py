"""A recording that is made by Record, Dial or Conference: begun, ended, and reported. T:record, T:dial.

Nothing is recorded in fact: RecordingUrl leads nowhere. Each event is told at the moment it is about, `completed` as
soon as the recording ends (Twilio takes a little longer). A callback URL that is none is 13256: the recording is made,
and nobody is told.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.params import Params
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.twiml.told import Told
from ivr.simulator.urls import UrlError, resolve

_WRONG_CALLBACK = 13256


@dataclass(slots=True)
class Recording:
    """`base`: the document's URL, which the callback's is relative to. `source`: Twilio's word for what records.

    `sid`: "" until it has begun. `seconds`: its length, once it has ended; `trimmed`: without the silence at both ends.
    """

    call: Call
    base: str
    told: Told
    source: str
    channels: int = 1
    extra: Params = ()
    sid: str = ""
    started: float = 0.0
    seconds: int = 0
    trimmed: int | None = None
    is_over: bool = False

    @property
    def url(self) -> str:
        account = self.call.plan.account_sid
        return f"https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/{self.sid}"

    @property
    def params(self) -> Params:
        """What an action is told of it; nothing when nothing was recorded."""
        if not self.sid:
            return ()
        return ("RecordingUrl", self.url), ("RecordingSid", self.sid), ("RecordingDuration", str(self.seconds))

    def begin(self) -> Steps[None]:
        if not self.sid:
            self.sid, self.started = self.call.new_sid("RE"), self.call.now
            self._check()
            yield from self._tell("in-progress")

    def end(self) -> Steps[None]:
        """It is over; `absent` when it never began."""
        if self.is_over:
            return
        self.is_over = True
        if self.sid:
            self.seconds = int(self.call.now - self.started + 0.5)
        yield from self._tell("completed" if self.sid else "absent")

    def _check(self) -> None:
        """A callback URL that is none is said once."""
        try:
            resolve(self.base, self.told.url or "")
        except UrlError as error:
            if self.told.url is not None:
                self.call.report(Issue(_WRONG_CALLBACK, f"recordingStatusCallback: {error}", 0, 0), self.call.requests)
                self.told = replace(self.told, url=None)

    def _tell(self, event: str) -> Steps[None]:
        if self.told.url is None or event not in self.told.events:
            return
        started = self.call.plan.started + timedelta(seconds=self.started)
        params: Params = (
            ("AccountSid", self.call.plan.account_sid),
            ("CallSid", self.call.line.sid),
            ("RecordingStatus", event),
            ("RecordingSource", self.source),
            ("RecordingChannels", str(self.channels if self.told.track == "both" else 1)),
            ("RecordingTrack", self.told.track),
            *self.extra,
        )
        if self.sid:
            start = format_datetime(started).replace("GMT", "+0000")
            params += (("RecordingSid", self.sid), ("RecordingUrl", self.url), ("RecordingStartTime", start))
        if event == "completed":
            params += (("RecordingDuration", str(self.seconds if self.trimmed is None else self.trimmed)),)
        yield from tell(self.call, Callback(self.base, self.told.url, self.told.method), params)
