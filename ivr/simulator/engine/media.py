"""The recordings that a <Play> names: asked for, and not decoded. Only from origins that are allowed.

A WAV file lasts as long as its header says; of another form, or of another origin, NOMINAL seconds are taken.

Requests for media carry none of Twilio's parameters (T:play). A missing file is an error in the trace and is passed
over in no time: the call goes on (ours; Twilio is silent).
"""

from collections.abc import Iterable
from typing import NamedTuple

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.fetching import Ask, Problem, obtain
from ivr.simulator.engine.form import form_of
from ivr.simulator.media.wav import wav_seconds
from ivr.simulator.twiml.document import Prompt
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, origin, resolve

WRONG_TYPE, WRONG_TYPE_IN_GATHER = 13420, 13325
NOMINAL = 5.0  # seconds of a recording whose length is not known


class PlayedRecording(NamedTuple):
    url: str
    seconds: float


def fetch_ahead(call: RunningCall, base: str, prompts: Iterable[Prompt]) -> Steps[list[Prompt]]:
    """The prompts of a Gather, all their recordings asked for before the first is heard (T:gather); without those that
    cannot be had."""
    ready: list[Prompt] = []
    for prompt in prompts:
        if not isinstance(prompt, Play) or prompt.url is None:
            ready.append(prompt)
            continue
        recording = yield from available(call, base, prompt.url, WRONG_TYPE_IN_GATHER)
        if recording is not None:
            ready.append(Play(recording.url, None, prompt.loop, at_hand=True, seconds=recording.seconds))
    return ready


def available(
    call: RunningCall, base: str, reference: str, wrong_type: int = WRONG_TYPE
) -> Steps[PlayedRecording | None]:
    """The recording, or None when it cannot be had. `wrong_type`: the code for what is no audio."""
    try:
        url = resolve(base, reference)
    except UrlError as error:
        call.report(Issue(error.code, str(error), 0, 0, "error"), call.requests)
        return None
    if origin(url) not in call.origins:
        return PlayedRecording(url, NOMINAL)
    got = yield from obtain(call, Ask(url, "GET", "media", form_of(())))
    if isinstance(got, Problem):
        call.report(Issue(got.code, f"{url}: {got.message}", 0, 0, "error"), got.request)
        return None
    kind = got.response.header("content-type").partition(";")[0]
    if not kind.startswith("audio/"):
        call.report(Issue(wrong_type, f"{url}: content type {kind!r} is no audio", 0, 0, "error"), got.request)
        return None
    length = got.response.header("content-length")
    body = got.response.body
    seconds = wav_seconds(body, int(length) if length.isdigit() else len(body))
    return PlayedRecording(url, NOMINAL if seconds is None else seconds)
