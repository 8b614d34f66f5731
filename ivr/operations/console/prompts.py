"""Every prompt of the loaded flow in every language: where it is said, how long it takes, and in whose voice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import render_template

from ivr.base.ids import LanguageCode, PromptKey
from ivr.line.languages import Language
from ivr.line.languages.clips import runs
from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.wording import naming_of, say
from ivr.operations.recordings.script import FAULT, WHISPER, places_of_prompts, written
from ivr.proof.check.speech import SpeechLengths


@dataclass(frozen=True)
class PromptInLanguage:
    """`seconds`: as the checker counts them, a slot as a name of usual length. `recorded`: all its own words are; names
    and digits in it have clips of their own."""

    language: Language
    text: str
    seconds: float
    recorded: bool
    slow: bool


@dataclass(frozen=True)
class FlowPrompt:
    """`where`: the names of the nodes that say it; empty for one that no node of this flow names."""

    key: PromptKey
    where: Sequence[str]
    languages: Sequence[PromptInLanguage]


def prompts(desk: ConsoleContext) -> str:
    shown = list(_prompts(desk))
    spoken = [each for prompt in shown for each in prompt.languages]
    totals = [
        (language, [each for each in spoken if each.language.code == language.code])
        for language in map(desk.catalogue.languages.__getitem__, desk.flow.languages)
    ]
    summary = [
        {
            "name": language.name,
            "voice": language.voice,
            "read_by": language.read_by,
            "seconds": sum(each.seconds for each in own),
            "recorded": sum(each.recorded for each in own),
            "all": len(own),
        }
        for language, own in totals
    ]
    return render_template("console/prompts.html", prompts=shown, summary=summary)


def _prompts(desk: ConsoleContext) -> Iterator[FlowPrompt]:
    """In the order of the language files."""
    speech, places, naming = SpeechLengths(desk.catalogue), places_of_prompts(desk.flow), naming_of(desk)
    names = {WHISPER: say("prompts.whisper"), FAULT: say("prompts.fault")}
    for key in desk.catalogue.languages[desk.flow.languages[0]].texts:
        where = [names.get(node) or naming.title(node) for node in dict.fromkeys(places.get(key, ()))]
        yield FlowPrompt(key, where, [_spoken(desk, speech, key, code) for code in desk.flow.languages])


def _spoken(desk: ConsoleContext, speech: SpeechLengths, key: PromptKey, code: LanguageCode) -> PromptInLanguage:
    language = desk.catalogue.languages[code]
    clips = [clip for clip, _ in runs(key, language.texts[key]) if clip]
    recorded = bool(clips) and all(clip in language.clips for clip in clips)
    return PromptInLanguage(
        language, written(language.texts[key]), speech.length(key, code), recorded, key in language.slow
    )
