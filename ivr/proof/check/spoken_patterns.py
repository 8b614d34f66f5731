"""The words by which a text announces keys: the block `checks` of each language.

A language without it is an error of its own (V31): what nobody can check is not passed in silence. Must not know flows
or rules.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

from ivr.base.complaints import Complaints
from ivr.base.ids import LanguageCode
from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.base.strict_yaml import Text
from ivr.base.yaml_reader import YamlReader
from ivr.line.flow.events import OutageKind
from ivr.line.languages import Catalogue


class Deed(Enum):
    """What a menu's words promise of the key after them."""

    AGAIN = "to be heard again"
    ELSEWHERE = "a different place"
    POSTCODE = "an entry of the postcode"
    MUNICIPALITY_NUMBER = "an entry of the municipality number"
    SPELLING = "a name to be spelled"
    CENTRE_NUMBER = "an entry of a centre's number"
    HEAR_NUMBER = "a number to be heard"
    CONNECTION = "a connection"
    RETRY = "the same centre again"
    DANGER = "the 113 instruction"
    PERSON = "a person"
    TEXT_MESSAGE = "a text message"

    __hash__ = object.__hash__  # that of an Enum is slow


@dataclass(frozen=True, eq=False)
class WordPatterns:
    """How the texts of one language say what they promise. Every pattern is matched without regard to case."""

    press: str
    keys: Mapping[str, str]  # spoken key -> key
    wait: str
    choices: str  # "you have {word} choices"
    danger: str
    person: str
    sorry: str  # says that something was looked for and not found
    failed: str  # says that a centre was rung and could not be reached
    practice: str  # says, in writing, that a line is for practice, and which one is real
    outages: Mapping[OutageKind, str]  # says that a centre is out of service
    deeds: Mapping[Deed, str]

    @cached_property
    def of_outages(self) -> Mapping[OutageKind, re.Pattern[str]]:
        """The words of outages, compiled: every step of a walk is searched for them."""
        return {kind: re.compile(words, re.IGNORECASE) for kind, words in self.outages.items()}


def read_words(catalogue: Catalogue) -> dict[LanguageCode, WordPatterns]:
    """By code, the words of each language that has them. Raises DefinitionError with all complaints."""
    complaints = Complaints()
    found: dict[LanguageCode, WordPatterns] = {}
    for code, language in catalogue.languages.items():
        if language.checks is not None and language.hang_up:
            reader = _Reader(language.checks_file, language.checks)
            found[code] = reader.words()
            complaints += reader.complaints
    complaints.done()
    return found


class _Reader(YamlReader):
    """Reads the block `checks` of one language and keeps every complaint about it."""

    def __init__(self, file: str, block: YamlMapping) -> None:
        super().__init__(file)
        self._block = block

    def words(self) -> WordPatterns:
        patterns = ("press", "wait", "choices", "danger", "person", "sorry", "failed", "practice")
        self._only(self._block, "checks", (*patterns, "keys", "outages", "deeds"))
        found = {name: self._pattern(self._block, name) for name in patterns}
        if found["choices"] and not re.compile(found["choices"]).groups:
            self._complain(self._block.key("choices"), "choices must have a group: how many there are, in words")
        outages = self._inner("outages", [kind.value for kind in OutageKind])
        deeds = self._inner("deeds", [deed.name.lower() for deed in Deed])
        return WordPatterns(
            **found,
            keys=self._keys(),
            outages={kind: self._pattern(outages, kind.value) for kind in OutageKind},
            deeds={deed: self._pattern(deeds, deed.name.lower()) for deed in Deed},
        )

    def _keys(self) -> dict[str, str]:
        block = self._block.get(Text("keys"))
        if not isinstance(block, YamlMapping) or sorted(map(str, block.values())) != ["#", "*"]:
            self._complain(self._block.key("keys"), 'keys must say what * and # are called: {star: "*", hash: "#"}')
            return {}
        return {str(word): str(key) for word, key in block.items()}

    def _inner(self, name: str, known: Sequence[str]) -> YamlMapping:
        block = self._block.get(Text(name))
        if not isinstance(block, YamlMapping):
            self._complain(self._block.key(name), f"{name} must be a mapping with the keys {', '.join(known)}")
            return YamlMapping({Text(key): Text("-") for key in known})
        self._only(block, name, known)
        return block

    def _pattern(self, block: YamlMapping, name: str) -> str:
        value = block.get(Text(name))
        try:
            if isinstance(value, Text) and value.strip():
                re.compile(value)
                return str(value)
            wrong = "must be given: words, as a regular expression"
        except re.error as error:
            wrong = f"is no regular expression: {error}"
        self._complain(block.key(name), f"{name} {wrong}")
        return ""

    def _only(self, block: YamlMapping, what: str, known: Sequence[str]) -> None:
        for key in block:
            if key not in known:
                self._complain(key, f"{what} has the unknown key {key!r}; known are {', '.join(known)}")

    def _complain(self, at: Text | None, message: str) -> None:
        self.wrong(self._block if at is None else at, message)


@lru_cache(maxsize=4096)
def search(pattern: str, text: str) -> re.Match[str] | None:
    """Where a pattern of a language is in a text. A walk speaks the same texts in thousands of situations."""
    return re.search(pattern, text, re.IGNORECASE)


@dataclass(frozen=True)
class Announced:
    """One key as a text announces it: `clause` is what it is for, `or_wait` that waiting does the same, `end` how many
    letters have been heard by then."""

    key: str
    clause: str
    or_wait: bool
    end: int


@lru_cache(maxsize=4096)
def announced(text: str, words: WordPatterns) -> tuple[Announced, ...]:
    """The keys that `text` announces, in the order in which they are heard."""
    spoken = "|".join(words.keys)
    found, start = [], 0
    for match in re.finditer(rf"{words.press}([0-9]|{spoken})\b", text, re.IGNORECASE):
        before = text[start : match.start()]
        clause = re.split(r"[.:?!]\s", before)[-1].strip(" ,.")
        tail = re.split(r"[.:?!]", text[match.end() :])[0]
        key = match[1].lower()
        or_wait = bool(search(words.wait, tail))
        found.append(Announced(words.keys.get(key, key), clause, or_wait, match.end()))
        start = match.end()
    return tuple(found)
