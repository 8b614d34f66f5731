"""Record: a beep, and then the caller until a key, silence, the longest time or the end of the call. T:record.

The caller of a scenario is silent unless a step `say` speaks. A recording of nothing but silence is a recording too,
and the action is told (T:record: silent recordings are saved, verbs after a Record are not reached). What is told of a
recording stands in `recordings`; a transcription is what the steps have said (ours). A key of finishOnKey ends it at
any time, in the middle of a word too.
"""

from dataclasses import dataclass

from ivr.simulator.engine.call_updates import RedirectedError
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Key, Speech, Steps
from ivr.simulator.engine.final_action import send_final_action
from ivr.simulator.engine.line import CallOverError, Hears
from ivr.simulator.engine.params import standard
from ivr.simulator.engine.recordings import Recording
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.record import Record
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, resolve

_BEEP = 0.5  # seconds (ours)
_BAD_CALLBACK, _BAD_LENGTH = 13257, 13617
_TRANSCRIBED = range(3, 120)  # seconds: more than two, less than 120


@dataclass(slots=True)
class _Taken:
    """`began`, `ended`: the moments at which the caller's speech begins and ends, None while nothing was said."""

    key: str = ""
    speech: str | None = None
    began: float | None = None
    ended: float | None = None

    def add(self, text: str) -> None:
        self.speech = text if self.speech is None else f"{self.speech} {text}"


def execute(scene: Scene, verb: Record) -> Steps[Document]:
    """The document to go on with."""
    call = scene.call
    call.answer()
    if verb.beep:
        yield from call.wait(scene.line, call.now + _BEEP)
    taken, tape = _Taken(), Recording(call, scene.here.url, verb.recording, "RecordVerb")
    yield from tape.begin()
    try:
        yield from _listen(scene, verb, taken)
    except CallOverError as over:
        taken.key = "hangup"
        yield from _finish(scene, verb, taken, tape)
        if not isinstance(over, RedirectedError):  # a call that goes on elsewhere was not hung up
            extra = (*tape.params, ("Digits", taken.key))
            yield from send_final_action(scene, over, verb.action or "", verb.method, extra)
        raise
    yield from _finish(scene, verb, taken, tape)
    extra = (*tape.params, ("Digits", taken.key))
    return (yield from next_document(scene, verb.action or "", verb.method, extra=extra))


def _listen(scene: Scene, verb: Record, taken: _Taken) -> Steps[None]:
    call, line = scene.call, scene.line
    end = call.now + verb.max_length
    hears = Hears(verb.finish_on_key, speech=True)
    silent_at = call.now + verb.timeout if verb.timeout else end
    while True:
        heard = yield from call.wait(line, min(end, silent_at), hears)
        match heard:
            case Key(digit):
                taken.key = digit
                return
            case Speech(text):
                if text:
                    taken.add(text)
                taken.began = call.now if taken.began is None else taken.began
                until = min(end, call.now + heard.seconds(call.plan.speech_rate))
                try:
                    key = yield from call.wait(line, until, Hears(verb.finish_on_key, asks=False, speaks=True))
                finally:
                    taken.ended = call.now
                if isinstance(key, Key):
                    taken.key = key.digit
                    return
                silent_at = call.now + verb.timeout if verb.timeout else end
            case _:
                return


def _finish(scene: Scene, verb: Record, taken: _Taken, tape: Recording) -> Steps[None]:
    call = tape.call
    said = {"speech": taken.speech} if taken.speech else {}
    call.trace.add(call.now, "record", duration=tape.seconds, digits=taken.key, **said)
    if verb.trims:
        tape.trim(taken.began, taken.ended)
    yield from tape.end()
    if verb.transcribed:
        yield from _transcribe(scene, verb, taken, tape)


def _transcribe(scene: Scene, verb: Record, taken: _Taken, tape: Recording) -> Steps[None]:
    """Tell the transcribeCallback what was said, as soon as the recording is over (ours: Twilio takes longer)."""
    call = scene.call
    length = tape.duration
    if length not in _TRANSCRIBED:
        message = f"a recording of {length} s is not transcribed: it must be longer than 2 s and shorter than 120 s"
        call.report(Issue(_BAD_LENGTH, message, 0, 0), call.requests)
        return
    sid = tape.transcribe(taken.speech or "")
    if verb.transcribe_callback is None:
        return
    try:
        resolve(scene.here.url, verb.transcribe_callback)
    except UrlError as error:
        call.report(Issue(_BAD_CALLBACK, f"transcribeCallback: {error}", 0, 0, "error"), call.requests)
        return
    url = f"{tape.url}/Transcriptions/{sid}"
    transcription = ("TranscriptionSid", sid), ("TranscriptionText", taken.speech or ""), ("TranscriptionUrl", url)
    source = ("TranscriptionStatus", "completed"), ("RecordingSid", tape.sid), ("RecordingUrl", tape.url)
    params = standard(call, scene.line, *transcription, *source)
    yield from tell(call, Callback(scene.here.url, verb.transcribe_callback), params)
