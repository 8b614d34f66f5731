"""Gather: prompts, then keys or speech. T:gather.

The timer starts when the nested prompts end, or at the first key, and anew at each key. A key during a prompt cuts it.
The finish key alone is an empty result. A Gather whose language and model do not go together fails: the next verb is
executed (ours; T:13331 says no more than that it fails).
"""

from dataclasses import dataclass

from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Input, Key, Speech, Steps
from ivr.simulator.engine.line import NOTHING, CallOverError, Hears, LegOverError
from ivr.simulator.engine.media import fetch_ahead
from ivr.simulator.engine.params import standard
from ivr.simulator.engine.prompts import hear
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.gather import KEYS, Gather
from ivr.simulator.twiml.recognition import masked
from ivr.simulator.twiml.ssml import count_words


@dataclass(slots=True)
class _Input:
    digits: str = ""
    finished_on: str = ""
    speech: str | None = None
    confidence: float = 1.0
    ended_by: str = "timeout"

    @property
    def is_empty(self) -> bool:
        return not self.digits and not self.speech


def execute(scene: Scene, verb: Gather) -> Steps[Document | None]:
    """The document to go on with, or None to go on with the next verb."""
    call, line = scene.call, scene.line
    scene.pick_up()
    if verb.fails:
        return None
    listens = {"timeout": verb.timeout, "num_digits": verb.num_digits, "finish_on_key": verb.finish_on_key}
    call.trace.add(call.now, "listen", **listens, input=" ".join(verb.input), **line.mark)
    taken = _Input()
    try:
        yield from _collect(scene, verb, taken)
    except (CallOverError, LegOverError):
        taken.ended_by = "hangup"
        raise
    finally:
        line.next_key_at = None
        result = {"digits": taken.digits, "speech": taken.speech, "ended_by": taken.ended_by}
        call.trace.add(call.now, "gather", **result, **line.mark)
    if taken.is_empty and not verb.action_on_empty:
        return None
    extra: tuple[tuple[str, str], ...] = (("Digits", taken.digits), ("FinishedOnKey", taken.finished_on))
    if taken.speech is not None:
        extra = (("SpeechResult", taken.speech), ("Confidence", f"{taken.confidence:g}"))
    return (yield from next_document(scene, verb.action or "", verb.method, extra=extra))


def _collect(scene: Scene, verb: Gather, taken: _Input) -> Steps[None]:
    call, line = scene.call, scene.line
    hears = Hears(KEYS if "dtmf" in verb.input else "", "speech" in verb.input)
    heard: Input | None = None
    line.next_key_at = call.now
    for prompt in (yield from fetch_ahead(call, scene.here.url, verb.prompts)):
        heard = yield from hear(scene, prompt, hears if verb.barge_in else NOTHING)
        if heard is not None:
            break
    while True:
        if heard is None:
            heard = yield from call.wait(line, call.now + verb.timeout, hears)
        match heard:
            case Key(digit) if digit in verb.finish_on_key:
                taken.finished_on, taken.ended_by = digit, "finish_key"
                return
            case Key(digit):
                taken.digits += digit
                if hears.speech:  # with `dtmf speech` the first of the two decides
                    hears = Hears(hears.keys)
                if verb.num_digits and len(taken.digits) >= verb.num_digits:
                    taken.ended_by = "num_digits"
                    return
            case Speech():
                heard = call.mishaps.recognised(heard)
                text = masked(heard.result) if verb.masks else heard.result
                yield from _listen_to(scene, verb, heard, text)
                taken.speech, taken.confidence, taken.ended_by = text or None, heard.confidence, "speech"
                return
            case _:
                return
        heard = None


def _listen_to(scene: Scene, verb: Gather, speech: Speech, text: str) -> Steps[None]:
    """Speech lasts, and then a silence tells that it is over. `text`: what is recognised of it, a word at a time."""
    call = scene.call
    began, words, seconds = call.now, text.split(), speech.seconds(call.plan.speech_rate)
    for number in range(len(words)):
        until = began + min(seconds * _share(words, number + 1), verb.max_speech)
        yield from call.wait(scene.line, max(until, call.now), Hears(speaks=True))
        if verb.partial_callback is not None:
            yield from _tell_partial(scene, verb, speech, number, " ".join(words[: number + 1]))
    yield from call.wait(scene.line, max(began + min(seconds, verb.max_speech), call.now), Hears(speaks=True))
    silence = verb.speech_timeout if verb.speech_timeout is not None else float(verb.timeout)
    yield from call.wait(scene.line, call.now + silence)


def _share(words: list[str], said: int) -> float:
    """How much of the time has gone by when so many words were said."""
    return count_words(" ".join(words[:said])) / count_words(" ".join(words))


def _tell_partial(scene: Scene, verb: Gather, speech: Speech, number: int, so_far: str) -> Steps[None]:
    """Told after every word, all of it unstable (ours: how often, and what is stable, is the recogniser's affair)."""
    heard = ("UnstableSpeechResult", so_far), ("StableSpeechResult", ""), ("Stability", f"{speech.confidence:g}")
    about = ("SequenceNumber", str(number)), ("Language", verb.language)
    params = standard(scene.call, scene.line, *heard, *about)
    callback = Callback(scene.here.url, verb.partial_callback or "", verb.partial_method)
    yield from tell(scene.call, callback, params)
