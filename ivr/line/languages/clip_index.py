"""The block `recordings` of a language: which clips there are. `ivr prompts import` writes it."""

import re
from collections.abc import Callable, Collection, Iterator

from ivr.base.ids import LanguageCode
from ivr.base.strict_yaml import Mapping, Text, Value
from ivr.line.languages.catalogue import Texts
from ivr.line.languages.clips import FILE, LONGEST, Clip, digit_clip, name_clip, runs
from ivr.line.languages.text import DIGIT_SLOTS, Slot

KEY = "recordings"
_SECONDS = re.compile(r"\d{1,3}(\.\d{1,3})?")
Complain = Callable[[Value | None, str, str], None]  # where, under which key, what


def needed(texts: Texts) -> Iterator[str]:
    """The ids of all clips that the texts of a language are made of, in their order; names are not among them."""
    for key, pieces in texts.items():
        yield from (clip_id for clip_id, _ in runs(key, pieces) if clip_id)
    if any(isinstance(piece, Slot) and piece.name in DIGIT_SLOTS for pieces in texts.values() for piece in pieces):
        yield from map(digit_clip, range(10))


def unrecorded(texts: Texts, clips: Collection[str]) -> str:
    """How many of those are not recorded, in words; "" if all are."""
    missing = [clip_id for clip_id in needed(texts) if clip_id not in clips]
    return f"{len(missing)} of its clips are not recorded, the first is {missing[0]}" if missing else ""


def read_clips(top: Mapping, code: LanguageCode, texts: Texts, complain: Complain) -> dict[str, Clip]:
    """The clips by their ids; a language without the block has none."""
    block = top.get(Text(KEY))
    if block is None:
        return {}
    if not isinstance(block, Mapping):
        complain(block, KEY, f"{KEY} must be a mapping of clip id to file and seconds; `ivr prompts import` writes it")
        return {}
    known, has_names = set(needed(texts)), Text("centres") in top
    clips: dict[str, Clip] = {}
    for clip_id, value in block.items():
        is_name = clip_id.startswith(name_clip(""))
        if is_name and not has_names:
            complain(clip_id, KEY, "names are recorded in the language with `centres: true`, whose voice speaks them")
        elif not is_name and clip_id not in known:
            complain(clip_id, KEY, f"no text has the clip {clip_id}; `ivr prompts script` lists those that are wanted")
        elif clip := _clip(value, code):
            clips[str(clip_id)] = clip
        else:
            complain(clip_id, KEY, f"clip {clip_id} needs the file of an import, and seconds up to {LONGEST:g}")
    return clips


def _clip(value: Value, code: LanguageCode) -> Clip | None:
    if not isinstance(value, Mapping) or set(value) != {"file", "seconds"}:
        return None
    file, seconds = value[Text("file")], value[Text("seconds")]
    if not (isinstance(file, Text) and isinstance(seconds, Text)):
        return None
    if not (FILE.fullmatch(file) and _SECONDS.fullmatch(seconds) and 0 < float(seconds) <= LONGEST):
        return None
    return Clip(str(file), float(seconds), code)


def not_whole(texts: Texts, clips: Collection[str]) -> str:
    """What keeps a language without a voice from being spoken; "" if it is recorded whole."""
    counted = unrecorded(texts, clips)
    return f"this language has no voice, and {counted}; `ivr prompts script` lists them" if counted else ""


def must_be_whole(top: Mapping, texts: Texts, clips: dict[str, Clip], complain: Complain) -> None:
    """Complains of a language without a voice in which a clip is lacking, but for one without texts: it waits until it
    is recorded, and no line offers it before."""
    if "voice" in top:
        return
    wrong = not_whole(texts, clips)
    if wrong and "meaning" not in top:
        complain(top.key(KEY), KEY, wrong)
    if Text("centres") in top:
        complain(top.key("centres"), "centres", "the language of the centres needs a voice: names are many")
