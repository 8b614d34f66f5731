"""What a speaker reads: every clip of a language with its text, its place in the call and how to say it."""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ivr.base.ids import NodeId, PromptKey
from ivr.base.templates import templates_of
from ivr.line.directory import Directory
from ivr.line.flow.model import Flow
from ivr.line.languages import Catalogue, Language, Slot, Words
from ivr.line.languages.clips import digit_clip, name_clip, runs
from ivr.line.languages.text import DIGIT_SLOTS, Piece

_SAFE = re.compile(r"[A-Za-z0-9_.-]+")
WHISPER, FAULT = NodeId("whisper"), NodeId("fault")
HEADER = ("file", "text", "where in the call", "how to say it", "recorded")
SAID = "what is said"  # the empty column of a language without texts
_LONELY = {"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t"}  # letters that are not one with an accent


@dataclass(frozen=True)
class ScriptLine:
    """One clip to speak. `file`: its name without suffix, which `ivr prompts import` knows it by. `shown`: the whole
    text that it is a part of, "" if it is all of it."""

    clip: str
    file: str
    text: str
    where: str
    how: str
    shown: str
    recorded: bool


def script(catalogue: Catalogue, flow: Flow, directory: Directory, language: Language) -> tuple[ScriptLine, ...]:
    """Everything that is spoken in this language, in the order in which a speaker reads it best: texts as in their
    file, then digits, then names."""
    names = spoken_names(directory) if language.code == catalogue.names_in else ()
    return (*_texts(language, places_of_prompts(flow)), *_digits(language), *_names(language, names))


def spoken_names(directory: Directory) -> tuple[str, ...]:
    """The names of places and centres that the line may say, each once."""
    places = (municipality.spoken for municipality in directory.municipalities.values())
    centres = (centre.spoken for centre in directory.centres.values())
    return tuple(sorted({*places, *centres}))


def file_of(clip: str) -> str:
    """The name of a clip's file without its suffix: letters, digits, dot, dash; unlike that of every other clip."""
    kind, _, name = clip.rpartition(":")
    if kind != "name":
        return clip.replace(":", "-")
    plain = unicodedata.normalize("NFD", "".join(_LONELY.get(letter, letter) for letter in name.lower()))
    shown = "-".join(_SAFE.findall("".join(each for each in plain if not unicodedata.combining(each)))) or "name"
    return f"name-{shown}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def places_of_prompts(flow: Flow) -> Mapping[PromptKey, list[NodeId]]:
    """The nodes that say each prompt; WHISPER and FAULT stand for what no node says."""
    found: dict[PromptKey, list[NodeId]] = {}
    for node in flow.nodes.values():
        for key in node.prompts():
            found.setdefault(key, []).append(node.id)
    for key in flow.whisper.prompts():
        found.setdefault(key, []).append(WHISPER)
    for key in (*flow.fault, *flow.fault_ring, *flow.fault_rung):
        found.setdefault(key, []).append(FAULT)
    return found


def _texts(language: Language, places: Mapping[PromptKey, list[NodeId]]) -> Iterator[ScriptLine]:
    for key, pieces in language.texts.items():
        found = list(runs(key, pieces))
        whole = written(pieces)
        numbered = [clip for clip, _ in found if clip]
        for clip, piece in found:
            if not clip or not isinstance(piece, Words):
                continue
            where = ", ".join(dict.fromkeys(places.get(key, ()))) or "everywhere"
            alone = len(numbered) == 1 and len(pieces) == 1
            how = _how(key in language.slow, whole, last=clip == numbered[-1] and pieces[-1] is piece)
            yield ScriptLine(
                clip, file_of(clip), piece.text.strip(), where, how, "" if alone else whole, clip in language.clips
            )


def written(pieces: Iterable[Piece]) -> str:
    """A text to be read by people: a slot is `{name}`, a pause `…`."""
    return "".join(map(_shown, pieces)).strip()


def _shown(piece: Piece) -> str:
    match piece:
        case Words():
            return piece.text
        case Slot():
            return f"{{{piece.name}}}"
    return " … "


def _how(slow: bool, whole: str, *, last: bool) -> str:
    manner = "slowly" if slow else "calmly"
    ending = "let the voice fall at the end" if last else "keep the voice up: the sentence goes on"
    return f"{manner}; {ending}" if "{" in whole else manner


def _digits(language: Language) -> Iterator[ScriptLine]:
    pieces = (piece for text in language.texts.values() for piece in text)
    if not any(isinstance(piece, Slot) and piece.name in DIGIT_SLOTS for piece in pieces):
        return
    for digit, word in enumerate(language.digits):
        clip = digit_clip(digit)
        yield ScriptLine(
            clip, file_of(clip), word, "a number that is read out", "slowly, each alike", "", clip in language.clips
        )


def _names(language: Language, names: Iterable[str]) -> Iterator[ScriptLine]:
    for name in names:
        clip = name_clip(name)
        where = "wherever a place or a centre is named"
        yield ScriptLine(clip, file_of(clip), name, where, "clearly, as in a list", "", clip in language.clips)


def as_csv(readings: Iterable[ScriptLine], meaning: str = "") -> str:
    """UTF-8 with a comma; one line for each clip. `meaning`: the name of the language in which the texts are, where the
    speaker says what they mean in another one: a column for that is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_header(meaning))
    for each in readings:
        file, text, *rest = _row(each)
        writer.writerow((file, text, *([""] if meaning else []), *rest))
    return out.getvalue()


def _header(meaning: str) -> tuple[str, ...]:
    return (HEADER[0], f"meaning, in {meaning}", SAID, *HEADER[2:]) if meaning else HEADER


def as_html(readings: Iterable[ScriptLine], title: str, meaning: str = "") -> str:
    """A page that prints well, large enough to be read aloud. `meaning`: as for the table."""
    template = templates_of("ivr.operations.recordings").get_template("recordings/script.html")
    return template.render(readings=readings, title=title, head=_header(meaning)[:-1], meaning=meaning)


def _row(each: ScriptLine) -> tuple[str, ...]:
    return each.file, each.text, each.where, each.how, "yes" if each.recorded else "no"
