"""What rules may look at: one flow with its prompts and directory, walked through at the moments of each class.

Two lines are walked: the one that rings the directory's centres, and a practice line that may ring nobody. Both with
text messages on: a line without them is what is left of it for callers whom none can reach.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from ivr.base.ids import LanguageCode
from ivr.line.directory import Directory
from ivr.line.flow.describe import Description
from ivr.line.flow.loader import load_flow
from ivr.line.flow.model import Flow
from ivr.line.flow.moments import MomentClass, moment_classes
from ivr.line.languages import Catalogue, languages_beside, load_prompts
from ivr.proof.check.classes import Places
from ivr.proof.check.situations import PERSON_KEY, Situation
from ivr.proof.check.source_locations import Marks
from ivr.proof.check.speech import HeardSpeech, SpeechLengths
from ivr.proof.check.spoken_patterns import Announced, WordPatterns, announced, read_words
from ivr.proof.check.walk import Done, Walk, walk_at_each

MOST_WALKS = 6  # kept at a time; each holds some ten thousand moves


@dataclass(frozen=True)
class Ground:
    """Two readings of one directory: with the centres' numbers, and without any number to ring."""

    real: Places
    mute: Places
    kept: dict[tuple[object, ...], tuple[Walk, ...]] = field(default_factory=dict)

    def moments(self, flow: Flow) -> tuple[MomentClass, ...]:
        """The classes of moments that the flow and the directory tell apart, the one of the check first."""
        clocks = [node.clock for node in flow.described.values() if node.clock]
        return moment_classes(clocks, lambda *_: self.real.moments, self.real.now)

    def walks(self, definition: "Definition", *, practice: bool) -> tuple[Walk, ...]:
        """One at the moments of each class. They serve every wording of the same flow: where a step leads depends on no
        text but on its slots."""
        catalogue, places = definition.catalogue, self.mute if practice else self.real
        flow = definition.practice_flow if practice else definition.flow
        texts = next(iter(catalogue.languages.values())).texts
        slots = frozenset((key, catalogue.slots(key)) for key in texts)
        digits = tuple((code, language.digits) for code, language in catalogue.languages.items())
        key = (definition.content, practice, id(places), slots, digits, flow.said_to_all)
        walks = self.kept.pop(key, None)
        if walks is None:
            at_each = self._at_each(places, definition.moments)
            walks = walk_at_each(flow, catalogue, at_each, definition.said)
        while len(self.kept) >= MOST_WALKS:
            self.kept.pop(next(iter(self.kept)))
        self.kept[key] = walks
        return walks

    def _at_each(self, places: Places, moments: tuple[MomentClass, ...]) -> tuple[Places, ...]:
        return tuple(places.at(each) for each in moments) if len(moments) > 1 else (places,)


@dataclass(frozen=True)
class Definition:
    """The files of a flow, read."""

    content: bytes
    catalogue: Catalogue
    flow: Flow
    practice_flow: Flow
    marks: Marks
    speech: SpeechLengths
    words: Mapping[LanguageCode, WordPatterns]
    moments: tuple[MomentClass, ...]
    languages: Path  # the folder
    said: dict[Done, Done] = field(default_factory=dict)  # one object of all actions that are equal

    @classmethod
    def load(cls, file: Path, ground: Ground) -> "Definition":
        """Raises DefinitionError."""
        catalogue = load_prompts(languages_beside(file))
        flow = load_flow(file, catalogue, texting=True)
        practice = replace(flow, practice=True)
        content, marks, speech = file.read_bytes(), Marks(file), SpeechLengths(catalogue)
        words, moments = read_words(catalogue), ground.moments(flow)
        return cls(content, catalogue, flow, practice, marks, speech, words, moments, languages_beside(file))


class RenderedDocument(NamedTuple):
    """What the line can send at a node: as bytes, and read as XML. `where`: see `source_locations.py`."""

    where: tuple[str, ...]
    content: bytes
    top: Element


class Subject:
    """One flow at the moments of one class. Raises DefinitionError if the flow or its prompts cannot be loaded."""

    def __init__(self, flow: Path | Definition, ground: Ground, index: int = 0) -> None:
        """`index`: of the class; the first is that of the check."""
        self.definition = flow if isinstance(flow, Definition) else Definition.load(flow, ground)
        self.catalogue = self.definition.catalogue
        self.flow = self.definition.flow
        self.marks = self.definition.marks
        self.speech = self.definition.speech
        self.words = self.definition.words
        self.index = index
        self._ground = ground
        self.documents: list[RenderedDocument] = []
        self._announced: dict[tuple[int, str], list[Announced]] = {}  # by the identity of what is said, and language
        self._languages: dict[tuple[LanguageCode, ...], tuple[LanguageCode, ...]] = {}

    @cached_property
    def each(self) -> tuple["Subject", ...]:
        """The flow at the moments of every class, in their order."""
        others = (Subject(self.definition, self._ground, index) for index in range(len(self.definition.moments)))
        found = tuple(self if other.index == self.index else other for other in others)
        for other in found:
            other.each = found
        return found

    @property
    def directory(self) -> Directory:
        return self._ground.real.directory

    @property
    def places(self) -> Places:
        """At all moments."""
        return self._ground.real

    @property
    def now(self) -> datetime:
        return self.definition.moments[self.index].example

    @cached_property
    def walk(self) -> Walk:
        return self._ground.walks(self.definition, practice=False)[self.index]

    @cached_property
    def practice(self) -> Walk:
        return self._ground.walks(self.definition, practice=True)[self.index]

    @cached_property
    def situations(self) -> list[Situation]:
        """All of both lines."""
        return [*self.walk.situations, *self.practice.situations]

    @cached_property
    def states(self) -> list[Situation]:
        """Of each state and caller of both lines the situation that was met first."""
        return [*self.walk.states, *self.practice.states]

    @cached_property
    def walk_set(self) -> frozenset[Situation]:
        """The situations of the line that rings."""
        return frozenset(self.walk.situations)

    def node(self, situation: Situation) -> Description:
        return self.flow.described[situation.node]

    @cached_property
    def codes(self) -> tuple[LanguageCode, ...]:
        """The flow's languages, without those that the checker cannot read: V31 says so once."""
        return tuple(code for code in self.flow.languages if code in self.words)

    @cached_property
    def said_to_all(self) -> tuple[LanguageCode, ...]:
        """Those of them in which all is said as long as none is chosen."""
        return tuple(code for code in self.codes if code in self.flow.said_to_all)

    def languages(self, situation: Situation) -> tuple[LanguageCode, ...]:
        """Those in which a caller may be here: those that are said to all as long as none is chosen."""
        key = tuple(situation.by_language)
        if key not in self._languages:
            spoken = tuple(code for code in key if code) or self.flow.said_to_all
            self._languages[key] = tuple(code for code in spoken if code in self.codes)
        return self._languages[key]

    def menus(self) -> Iterator[Situation]:
        """Where one key is awaited: one situation of all that say the same and whose keys lead to the same."""
        yield from self.walk.menus
        yield from self.practice.menus

    @cached_property
    def worded_menus(self) -> list[Situation]:
        """One menu of all that say the same and have the same keys, wherever these lead."""
        alike: dict[object, Situation] = {}
        for each in self.menus():
            alike.setdefault((each.node, each.said, each.moves.choices), each)
        return list(alike.values())

    def told(self, situation: Situation, language: LanguageCode) -> float | None:
        """The second at which the 113 instruction has been said, uncut; None if it is not."""
        return self.speech.danger_told(situation.spoken(language), language)

    def heard(self, situation: Situation, language: LanguageCode) -> tuple[HeardSpeech, ...]:
        """Everything that is said on the way here to a caller of this language ("": of any)."""
        return self.speech.heard(situation.spoken(language))

    def announced(self, situation: Situation, language: LanguageCode) -> list[Announced]:
        """The keys that are announced to a caller of this language, in their order."""
        key = (id(situation.spoken(language)), language)
        if key not in self._announced:
            heard = (each.text for each in self.heard(situation, language) if each.language == language)
            self._announced[key] = [each for text in heard for each in announced(text, self.words[language])]
        return self._announced[key]

    @cached_property
    def announced_keys(self) -> list[tuple[Situation, LanguageCode, Announced]]:
        """Every choice, and the key of a person, that a menu announces and has, in each language."""
        return [
            (situation, code, each)
            for situation in self.menus()
            if not self.chooses_language(situation)
            for code in self.languages(situation)
            for each in self.announced(situation, code)
            if each.key == PERSON_KEY or each.key in situation.moves.choices
        ]

    @cached_property
    def all_heard(self) -> frozenset[HeardSpeech]:
        """Everything that can be heard anywhere, in every language, the fail-safe reply included."""
        spoken = {id(actions): actions for each in self.situations for actions in each.by_language.values()}
        found = {each for actions in spoken.values() for each in self.speech.heard(actions)}
        return frozenset({*found, *self.speech.heard(self.walk.engine.fault())})

    def chooses_language(self, situation: Situation) -> bool:
        return bool(self.node(situation).languages)
