"""All languages of a line, with every text. Must not know files, the flow, the provider or XML."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ivr.base.ids import NO_LANGUAGE, LanguageCode, PromptKey
from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.line.languages.clips import Clip, RecordedTexts, digit_clip, name_clip, runs
from ivr.line.languages.text import PauseMark, Piece, Slot, Words

Texts = Mapping[PromptKey, tuple[Piece, ...]]
USUAL_PACE = 0.068  # seconds a letter, of a language that does not say its own


@dataclass(frozen=True)
class Language:
    """One language: `code` is ours, the name of its folder; `tag` and `voice` are the provider's (`Polly.Ida-Neural`).

    `name`: for those who look after the line. `called`: its name in the language of the centres. `centres`: it is the
    language of the centres. `pace`: seconds that a letter takes. `hang_up`: said before 113 in the instruction; "" if
    not known. `checks`: the words by which the checker reads its texts, as they stand in `checks_file`; None without.
    `clips`: what is recorded of it, by clip id. A language without a `voice` is recorded whole. `understands`: another
    language, which all who speak this one understand: what is said before a language is chosen is not said in this
    one. `read_by`: the native speaker who has read its texts aloud, and when; "" as long as nobody has. `meaning`: it
    has no texts of its own: these are of that language, and a speaker says what they mean.
    """

    code: LanguageCode
    called: str
    centres: bool
    tag: str
    voice: str
    digits: tuple[str, ...]
    slow: frozenset[str]
    texts: Texts
    messages: Texts  # for text messages
    written: Texts  # what a text chat writes in place of a text that is for speaking and hearing people
    gap: str = " "  # between two digits of a pair
    name: str = ""
    pace: float = USUAL_PACE
    hang_up: str = ""
    checks: YamlMapping | None = None
    checks_file: str = ""
    clips: Mapping[str, Clip] = field(default_factory=dict)
    understands: LanguageCode = NO_LANGUAGE
    read_by: str = ""
    meaning: LanguageCode = NO_LANGUAGE

    def recorded_words(self) -> dict[str, str]:
        """By the file of each clip, the words that it speaks."""
        spoken = {clip: piece.text for key, text in self.texts.items() for clip, piece in runs(key, text) if clip}  # type: ignore[union-attr]  # what has a clip is Words
        spoken |= {digit_clip(digit): word for digit, word in enumerate(self.digits)}
        return {each.file: spoken.get(clip, clip.removeprefix(name_clip(""))) for clip, each in self.clips.items()}

    def in_writing(self) -> "Language":
        """The same language for who reads and writes."""
        texts = {key: self.written.get(key) or _without_pauses(pieces) for key, pieces in self.texts.items()}
        return replace(self, texts=texts, digits=tuple("0123456789"), gap="", slow=frozenset(), clips={})

    def write(self, keys: tuple[PromptKey, ...], slots: Mapping[str, str]) -> str:
        """These messages as one text."""
        pieces = (self.messages[key] for key in keys)
        return " ".join("".join(_written(piece, slots) for piece in each).strip() for each in pieces)

    @property
    def emergency_number(self) -> str:
        """113 in words, as all texts have it: `one, one, three`."""
        return ", ".join((self.digits[1], self.digits[1], self.digits[3]))

    def spell(self, digits: str) -> str:
        """Digits one by one: `"00"` -> `"null null"`, in writing `"00"`."""
        return self.gap.join(self.digits[int(digit)] for digit in digits)


@dataclass(frozen=True)
class Catalogue:
    """Every language with every text. `names_in`: the language of the centres, in which the answering person is
    spoken to; names of places and centres are spoken in it too. `unfinished`: languages without texts that are not
    recorded whole, which no line offers."""

    languages: Mapping[LanguageCode, Language]
    names_in: LanguageCode
    unfinished: Mapping[LanguageCode, Language] = field(default_factory=dict)

    def language(self, code: LanguageCode) -> Language | None:
        """Also one that is not recorded whole yet."""
        return self.languages.get(code) or self.unfinished.get(code)

    def in_writing(self) -> "Catalogue":
        """The same line for a text chat, whose callers neither hear nor speak."""
        return replace(self, languages={code: language.in_writing() for code, language in self.languages.items()})

    def slots(self, key: PromptKey) -> frozenset[str]:
        """The names of the slots of a prompt: the same in every language."""
        return self._slots[key]

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of the languages whose texts no native speaker has read aloud."""
        return tuple(language.name for language in self.languages.values() if not language.read_by)

    @cached_property
    def recorded(self) -> RecordedTexts:
        """What is recorded of the texts."""
        languages = self.languages
        return RecordedTexts(
            {code: language.texts for code, language in languages.items()},
            {code: language.clips for code, language in languages.items()},
            {code: {word: str(digit) for digit, word in enumerate(each.digits)} for code, each in languages.items()},
            self.names_in,
        )

    @cached_property
    def _slots(self) -> dict[PromptKey, frozenset[str]]:
        language = next(iter(self.languages.values()))
        return {
            key: frozenset(piece.name for piece in pieces if isinstance(piece, Slot))
            for key, pieces in language.texts.items()
        }


def _without_pauses(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if not isinstance(piece, PauseMark))


def _written(piece: Piece, slots: Mapping[str, str]) -> str:
    if isinstance(piece, Slot):
        return slots[piece.name]
    return piece.text if isinstance(piece, Words) else ""
