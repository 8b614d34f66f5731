"""A language without texts of its own: a speaker says what the texts of another language mean (`meaning: nb`).

Whatever its folder lacks is taken from the other language, so that the proof and the captions have something to read.
"""

from collections.abc import Mapping as MappingABC
from dataclasses import replace

from ivr.base.errors import Complaint, DefinitionError
from ivr.base.ids import LanguageCode
from ivr.base.strict_yaml import Mapping, Text
from ivr.line.languages.files import Source

KEY = "meaning"
_TAKEN = ("digits", "pace", "hang_up", "slow", "spoken_words", "checks")
_TAKEN_TEXT_BY_TEXT = ("texts", "messages", "written")


def with_meaning(source: Source, sources: MappingABC[LanguageCode, Source]) -> Source:
    """The language with what it lacks. Raises DefinitionError: the other language has no texts either."""
    named = source.top.get(Text(KEY))
    if named is None:
        return source
    other = sources.get(LanguageCode(str(named)))
    if other is None or KEY in other.top:
        at = source.top.key(KEY) or source.top
        message = f"{KEY} names {str(named)!r}, which is no language with texts"
        raise DefinitionError([Complaint(source.file(KEY), at.line, at.column, message)])
    top, files = Mapping(source.top), {**other.files, **source.files}
    top.line, top.column = source.top.line, source.top.column
    for key, theirs in other.top.items():
        own = source.top.get(key)
        if key in _TAKEN_TEXT_BY_TEXT and isinstance(theirs, Mapping) and isinstance(own, Mapping | None):
            top[key] = Mapping({**theirs, **(own or {})})
        elif key in _TAKEN and own is None:
            top[key] = theirs
    return replace(source, top=top, files=files)
