"""Record: a beep, and then the caller until a key, silence, the longest time or the end of the call. T:record.

The caller of a scenario is silent unless a step `say` speaks; a recording of nothing but silence is empty, and an empty
one goes on with the next verb (T:record). A key of finishOnKey ends it at any time, in the middle of a word too. What
callbacks and the action are told of a recording stands in `recordings`.
"""

from dataclasses import dataclass

from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Key, Speech, Steps
from ivr.simulator.engine.farewell import bid_farewell
from ivr.simulator.engine.line import CallOverError, Hears
from ivr.simulator.engine.orders import RedirectedError
from ivr.simulator.engine.recordings import Recording
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.record import Record
from ivr.simulator.twiml.ssml import spoken_seconds

_BEEP = 0.5  # seconds (ours)


@dataclass(slots=True)
class _Taken:
    key: str = ""
    speech: str | None = None
    full: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.key or self.speech or self.full)

    def add(self, text: str) -> None:
        self.speech = text if self.speech is None else f"{self.speech} {text}"


def record(scene: Scene, verb: Record) -> Steps[Document | None]:
    """The document to go on with, or None to go on with the next verb."""
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
        yield from _finish(taken, tape)
        if not isinstance(over, RedirectedError):  # a call that goes on elsewhere was not hung up
            extra = (*tape.params, ("Digits", taken.key))
            yield from bid_farewell(scene, over, verb.action or "", verb.method, extra)
        raise
    yield from _finish(taken, tape)
    if taken.is_empty:
        return None
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
                taken.add(text)
                until = min(end, call.now + spoken_seconds(text, call.plan.speech_rate))
                key = yield from call.wait(line, until, Hears(verb.finish_on_key, asks=False, speaks=True))
                if isinstance(key, Key):
                    taken.key = key.digit
                    return
                silent_at = call.now + verb.timeout if verb.timeout else end
            case _:
                taken.full = call.now >= end
                return


def _finish(taken: _Taken, tape: Recording) -> Steps[None]:
    call = tape.call
    said = {"speech": taken.speech} if taken.speech else {}
    call.trace.add(call.now, "record", duration=int(call.now - tape.started + 0.5), digits=taken.key, **said)
    yield from tape.end(empty=taken.is_empty)
