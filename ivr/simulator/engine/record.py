"""Record: a beep, and then the caller until a key, silence, the longest time or the end of the call. T:record.

The caller of a scenario is silent unless a step `say` speaks; a recording of nothing but silence is empty, and an empty
one goes on with the next verb (T:record). Nothing is recorded in fact: RecordingUrl leads nowhere.
"""

from dataclasses import dataclass

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Key, Speech, Steps
from ivr.simulator.engine.fetching import Ask, obtain
from ivr.simulator.engine.line import CallOverError, Hears
from ivr.simulator.engine.params import Params, standard
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.record import Record
from ivr.simulator.twiml.ssml import count_words
from ivr.simulator.urls import UrlError, resolve

_BEEP = 0.5  # seconds (ours)


@dataclass(slots=True)
class _Taken:
    started: float
    key: str = ""
    spoken: bool = False
    full: bool = False


def record(scene: Scene, verb: Record) -> Steps[Document | None]:
    """The document to go on with, or None to go on with the next verb."""
    call, line = scene.call, scene.line
    call.answer()
    if verb.beep:
        yield from call.wait(line, call.now + _BEEP)
    taken = _Taken(call.now)
    try:
        yield from _listen(scene, verb, taken)
    except CallOverError:
        taken.key = "hangup"
        extra = _finish(call, taken)
        yield from _tell(scene, verb, extra)
        raise
    extra = _finish(call, taken)
    if not (taken.key or taken.spoken or taken.full):
        return None
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
                taken.spoken = True
                until = min(end, call.now + count_words(text) * 60 / call.plan.speech_rate)
                yield from call.wait(line, until)
                silent_at = call.now + verb.timeout if verb.timeout else end
            case _:
                taken.full = call.now >= end
                return


def _finish(call: Call, taken: _Taken) -> Params:
    duration = int(call.now - taken.started + 0.5)
    call.trace.add(call.now, "record", duration=duration, digits=taken.key)
    sid = call.new_sid("RE")
    url = f"https://api.twilio.com/2010-04-01/Accounts/{call.plan.account_sid}/Recordings/{sid}"
    return ("RecordingUrl", url), ("RecordingSid", sid), ("RecordingDuration", str(duration)), ("Digits", taken.key)


def _tell(scene: Scene, verb: Record, extra: Params) -> Steps[None]:
    """The caller has hung up: the action is still told, its reply is not executed."""
    call, line = scene.call, scene.line
    line.status = "completed"
    try:
        url = resolve(scene.here.url, verb.action or "")
    except UrlError:
        return
    yield from obtain(call, Ask(url, verb.method, "action", standard(call, line, *extra), quiet=True))
