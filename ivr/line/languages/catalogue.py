"""All prompts in all languages, loaded together, so that none can lack what another has.

There is no falling back from one language to another: a text that is missing anywhere is a complaint at load.
"""

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ivr.base import strict_yaml
from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint, DefinitionError
from ivr.base.strict_yaml import Mapping, Sequence, Text
from ivr.base.yaml_reader import YamlReader
from ivr.line.languages.text import PauseMark, Piece, Slot, Words, parse, parse_for_chat, parse_written

_Texts = MappingABC[str, tuple[Piece, ...]]
_KEYS = ("language", "called", "centres", "voice", "digits", "slow", "texts", "messages", "spoken_words", "written")

# The voices that the line may name, by the language they speak: Amazon Polly's, as Twilio offers them.
_SPEAKERS = {
    "arb": "Zeina",
    "da-DK": "Mads Naja",
    "de-DE": "Hans Marlene Vicki",
    "en-GB": "Amy Amy-Neural Emma Emma-Neural",
    "es-ES": "Conchita Enrique Lucia",
    "fr-FR": "Celine Lea Mathieu",
    "nb-NO": "Ida-Neural Liv",
    "pl-PL": "Ewa Jacek Jan Maja",
    "ro-RO": "Carmen",
    "ru-RU": "Maxim Tatyana",
    "sv-SE": "Astrid",
    "tr-TR": "Filiz",
}
_VOICES = {f"Polly.{name}": tag for tag, names in _SPEAKERS.items() for name in names.split()}


@dataclass(frozen=True)
class Language:
    """One language: `code` is ours (`nb`), `tag` and `voice` are the provider's (`nb-NO`, `Polly.Ida-Neural`).

    `called`: its name in the language of the centres. `centres`: it is the language of the centres.
    """

    code: str
    called: str
    centres: bool
    tag: str
    voice: str
    digits: tuple[str, ...]
    slow: frozenset[str]
    texts: _Texts
    messages: _Texts  # for text messages
    written: _Texts  # what a text chat writes in place of a text that is for speaking and hearing people
    gap: str = " "  # between two digits of a pair

    def in_writing(self) -> "Language":
        """The same language for who reads and writes."""
        texts = {key: self.written.get(key) or _without_pauses(pieces) for key, pieces in self.texts.items()}
        return replace(self, texts=texts, digits=tuple("0123456789"), gap="", slow=frozenset())

    def write(self, keys: tuple[str, ...], slots: MappingABC[str, str]) -> str:
        """These messages as one text."""
        pieces = (self.messages[key] for key in keys)
        return " ".join("".join(_written(piece, slots) for piece in each).strip() for each in pieces)

    def spell(self, digits: str) -> str:
        """Digits one by one: `"00"` -> `"null null"`, in writing `"00"`."""
        return self.gap.join(self.digits[int(digit)] for digit in digits)


@dataclass(frozen=True)
class Catalogue:
    """Every language with every text. `names_in`: the language of the centres, in which the answering person is
    spoken to; names of places and centres are spoken in it too."""

    languages: MappingABC[str, Language]
    names_in: str

    def in_writing(self) -> "Catalogue":
        """The same line for a text chat, whose callers neither hear nor speak."""
        return replace(self, languages={code: language.in_writing() for code, language in self.languages.items()})

    def slots(self, key: str) -> frozenset[str]:
        """The names of the slots of a prompt: the same in every language."""
        return self._slots[key]

    @cached_property
    def _slots(self) -> dict[str, frozenset[str]]:
        language = next(iter(self.languages.values()))
        return {
            key: frozenset(piece.name for piece in pieces if isinstance(piece, Slot))
            for key, pieces in language.texts.items()
        }


def load_prompts(folder: Path) -> Catalogue:
    """Read every `<code>.yaml` of `folder`. Raises DefinitionError with all complaints of all files together."""
    complaints = Complaints()
    languages: dict[str, Language] = {}
    readers: dict[str, _Reader] = {}
    for path in sorted(folder.glob("*.yaml")):
        reader = _Reader(path)
        language = reader.read()
        complaints += reader.complaints
        if language:
            languages[language.code] = language
            readers[language.code] = reader
    if not languages and not complaints:
        raise DefinitionError([Complaint(folder.name, 0, 0, "holds no <language>.yaml")])
    complaints += _compare(languages, readers)
    of_centres = [code for code, language in languages.items() if language.centres]
    if len(of_centres) != 1 and not complaints:
        found = " and ".join(f"{code}.yaml" for code in of_centres) or "no file"
        message = f"`centres: true` stands in {found}; it belongs in one, that of the language which the centres speak"
        complaints.about(folder.name, None, message)
    complaints.done()
    return Catalogue(languages, of_centres[0])


class _Reader(YamlReader):
    """Reads one file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self.path = path
        self.keys: dict[str, Text] = {}  # of texts and messages, with their places
        self.written_keys: dict[str, Text] = {}

    def read(self) -> Language | None:
        try:
            top = strict_yaml.load_file(self.path)
        except DefinitionError as error:
            self.complaints += error.complaints
            return None
        if not isinstance(top, Mapping):
            self.wrong(None, f"must be a mapping with the keys {', '.join(_KEYS)}")
            return None
        for key in top:
            if key not in _KEYS:
                self.wrong(key, f"unknown key {key!r}; known are {', '.join(_KEYS)}")
        (tag, voice), called, centres = self._voice(top), self._called(top), self._centres(top)
        digits = tuple(str(word) for word in self._list(top, "digits"))
        if len(digits) != 10:
            self.wrong(top.key("digits"), "digits must be a list of ten words, from zero to nine")
        texts = self._texts(top, "texts", parse, self.keys)
        messages = self._texts(top, "messages", parse_written, self.keys) if "messages" in top else {}
        written = self._written(top, texts)
        slow = self._list(top, "slow") if "slow" in top else []
        for key in slow:
            if key not in texts:
                self.wrong(key, f"slow names {key!r}, which is not among the texts")
        if self.complaints:
            return None
        spoken = frozenset(map(str, slow))
        return Language(self.path.stem, called, centres, tag, voice, digits, spoken, texts, messages, written)

    def _written(self, top: Mapping, texts: _Texts) -> dict[str, tuple[Piece, ...]]:
        """The written forms: one of every text that has one of the spoken words, with no slot that the text lacks."""
        if "written" not in top and "spoken_words" not in top:
            return {}
        words, written = self._list(top, "spoken_words"), self._texts(top, "written", parse_for_chat, self.written_keys)
        for key in written.keys() - texts.keys():
            self.wrong(self.written_keys[key], f"written names {key!r}, which is not among the texts")
        for key, pieces in texts.items():
            said = next((word for word in words if _begins_a_word(word, pieces)), None)
            if said and key not in written:
                why = "which means nothing to somebody who neither hears nor speaks"
                self.wrong(self.keys[key], f"text {key} says {said!r}, {why}: give it a form under `written`")
            for name in _slots(written.get(key, ())) - _slots(pieces):
                self.wrong(self.written_keys[key], f"the written form of {key} has {{{name}}}, its text does not")
        return written

    def _voice(self, top: Mapping) -> tuple[str, str]:
        tag, voice = self._text(top, "language"), self._text(top, "voice")
        if voice and _VOICES.get(voice) != tag:
            self.wrong(voice, f"voice {voice} does not speak {tag}; known voices are {', '.join(sorted(_VOICES))}")
        return str(tag), str(voice)

    def _centres(self, top: Mapping) -> bool:
        if top.get(Text("centres"), "true") != "true":
            self.wrong(top.key("centres"), "centres is `true`, in the file of the language that the centres speak")
        return Text("centres") in top

    def _called(self, top: Mapping) -> str:
        """The name of the language, which is spoken to the person who answers."""
        value = top.get(Text("called"))
        try:
            if isinstance(value, Text) and parse(value, slots=frozenset()) == (Words(value),):
                return str(value)
            wrong = "must be given, as text"
        except ValueError as error:
            wrong = str(error)
        about = "the name of this language in that of the centres, which the answering person hears: engelsk"
        self.wrong(value if isinstance(value, Text) else top.key("called") or top, f"called {wrong}: {about}")
        return ""

    def _texts(
        self, top: Mapping, name: str, parse: Callable[[str], tuple[Piece, ...]], keys: dict[str, Text]
    ) -> dict[str, tuple[Piece, ...]]:
        block = top.get(Text(name))
        if not isinstance(block, Mapping):
            self.wrong(top.key(name), f"{name} must be a mapping of prompt id to text")
            return {}
        texts: dict[str, tuple[Piece, ...]] = {}
        for key, value in block.items():
            try:
                texts[str(key)] = parse(value if isinstance(value, str) else "")
                keys[str(key)] = key
            except ValueError as error:
                self.wrong(key, f"text {key} {error}")
        return texts

    def _text(self, top: Mapping, name: str) -> Text | None:
        value = top.get(Text(name))
        if isinstance(value, Text):
            return value
        self.wrong(top.key(name), f"{name} must be given, as text")
        return None

    def _list(self, top: Mapping, name: str) -> list[Text]:
        value = top.get(Text(name))
        if isinstance(value, Sequence):
            return [item for item in value if isinstance(item, Text)]
        self.wrong(top.key(name), f"{name} must be given, as a list")
        return []


def _compare(languages: dict[str, Language], readers: dict[str, _Reader]) -> list[Complaint]:
    """Hold every language against every other: the same texts, with the same slots."""
    complaints = Complaints()
    for code, language in languages.items():
        for other in languages.values():
            keys, written_keys = readers[code].keys, readers[code].written_keys
            complaints += _lacking(code, language.texts, (other.code, other.texts), keys)
            complaints += _lacking(code, language.messages, (other.code, other.messages), keys)
            complaints += _lacking(code, language.written, (other.code, other.written), written_keys, "written form")
    return complaints


def _lacking(
    code: str, own: _Texts, other: tuple[str, _Texts], keys: MappingABC[str, Text], what: str = "text"
) -> Iterator[Complaint]:
    other_code, others = other
    for key in sorted(others.keys() - own.keys()):
        yield Complaint(f"{code}.yaml", 0, 0, f"{what} {key} is missing ({other_code}.yaml has it)")
    for key in sorted(own.keys() & others.keys()):
        lacked = _slots(others[key]) - _slots(own[key])
        if lacked:
            missing = ", ".join(f"{{{name}}}" for name in sorted(lacked))
            message = f"{what} {key} lacks {missing}, which {other_code}.yaml has"
            yield Complaint(f"{code}.yaml", keys[key].line, keys[key].column, message)


def _without_pauses(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if not isinstance(piece, PauseMark))


def _begins_a_word(word: str, pieces: tuple[Piece, ...]) -> bool:
    text = " ".join(piece.text for piece in pieces if isinstance(piece, Words))
    return re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) is not None


def _slots(pieces: tuple[Piece, ...]) -> set[str]:
    return {piece.name for piece in pieces if isinstance(piece, Slot)}


def _written(piece: Piece, slots: MappingABC[str, str]) -> str:
    if isinstance(piece, Slot):
        return slots[piece.name]
    return piece.text if isinstance(piece, Words) else ""
