"""What a line says, in each of its languages beside the other: for a caption with its translation."""

import re
from collections.abc import Iterable, Mapping

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")


def translations(texts: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """`texts`: by language, with their `{slots}`. Sentence beside sentence where a text has as many in each language,
    and whole texts where not; none twice."""
    found = {tuple(pair.items()): pair for text in texts for pair in _sentences(text)}
    return list(found.values())


def _sentences(text: Mapping[str, str]) -> Iterable[Mapping[str, str]]:
    split = {code: _SENTENCE_ENDS.split(each) for code, each in text.items()}
    if len({len(each) for each in split.values()}) > 1:
        return [text]
    return [dict(zip(split, each, strict=True)) for each in zip(*split.values(), strict=True)]
