"""A real-time transcription of a call: its words are told to the application as they are said. T:transcription,
T:realtime-transcription-resource.

The inbound track is what the caller says, told at the moment it is said; the outbound track is what <Say> says, told
when it was heard (ours). Words of others on the line are in no trace, and are not told. Everything is told in order, as
soon as call time may pass.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.params import iso_timestamp
from ivr.simulator.plan import CONFIDENCE

LABELS = {"InboundTrackLabel": "inbound_track", "OutboundTrackLabel": "outbound_track"}
_RELATIVE_TO = "http://127.0.0.1/"  # every URL that comes over REST is whole


class TranscriptionOrder(NamedTuple):
    """How a call is transcribed. `tracks`: inbound_track, outbound_track. `labels`: by track. `provider`: settings of
    the speech engine, which are told again and change nothing here."""

    name: str = ""
    tracks: tuple[str, ...] = ("inbound_track", "outbound_track")
    callback: str = ""
    method: str = "POST"
    labels: Mapping[str, str] = {}
    language: str = "en-US"
    engine: str = "google"
    provider: Mapping[str, str] = {}


class LiveTranscription:
    """`is_over`: the application has stopped it, or the call is over."""

    def __init__(self, call: RunningCall, order: TranscriptionOrder) -> None:
        self.call = call
        self.order = order
        self.sid = call.new_sid("GT")
        self.is_over = False
        self._told = 0

    def start(self) -> None:
        order = self.order
        tracks = "both_tracks" if len(order.tracks) > 1 else order.tracks[0]
        self._tell(
            "transcription-started",
            ("LanguageCode", order.language),
            ("TranscriptionEngine", order.engine),
            ("PartialResults", "false"),
            ("Track", tracks),
            *((name, order.labels[track]) for name, track in LABELS.items() if order.labels.get(track)),
            ("ProviderConfiguration", json.dumps(dict(order.provider))),
        )

    def heard(self, track: str, text: str) -> None:
        """Words on a track of the call."""
        if self.is_over or track not in self.order.tracks or not text:
            return
        data = json.dumps({"transcript": text, "confidence": CONFIDENCE}, ensure_ascii=False)
        about = ("LanguageCode", self.order.language), ("Track", track), ("TranscriptionData", data), ("Final", "true")
        self._tell("transcription-content", *about)

    def stop(self) -> None:
        if not self.is_over:
            self.is_over = True
            self._tell("transcription-stopped")

    def _tell(self, event: str, *about: tuple[str, str]) -> None:
        if not self.order.callback:
            return
        call = self.call
        self._told += 1
        params: Params = (
            ("AccountSid", call.plan.account_sid),
            ("CallSid", call.line.sid),
            ("TranscriptionSid", self.sid),
            *((("Name", self.order.name),) if self.order.name else ()),
            ("TranscriptionEvent", event),
            iso_timestamp(call),
            ("SequenceId", str(self._told)),
            *about,
        )
        call.delayed.add(call.now, tell(call, Callback(_RELATIVE_TO, self.order.callback, self.order.method), params))
