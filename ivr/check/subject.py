"""What is checked: one flow with its prompts and directory, walked through once. What rules may look at.

Two lines are walked: the one that rings the directory's centres, and a practice line that may ring nobody. Both with
text messages on: a line without them is what is left of it for callers whom none can reach.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from ivr.check.classes import Places
from ivr.check.marks import Marks
from ivr.check.speech import Heard, Speech
from ivr.check.walk import Situation, Walk
from ivr.check.words import WORDS
from ivr.directory import Directory
from ivr.flow.describe import Description
from ivr.flow.loader import load_flow
from ivr.flow.model import Flow
from ivr.prompts import Catalogue, load_prompts

MOST_WALKS = 6  # kept at a time; each holds some ten thousand moves


@dataclass(frozen=True)
class Ground:
    """Two readings of one directory: with the centres' numbers, and without any number to ring."""

    real: Places
    mute: Places
    walks: dict[tuple[object, ...], Walk] = field(default_factory=dict)

    def walk(self, flow: Flow, places: Places, catalogue: Catalogue, content: bytes) -> Walk:
        """One walk serves every wording of the same flow: where a step leads depends on no text but on its slots."""
        texts = next(iter(catalogue.languages.values())).texts
        slots = frozenset((key, catalogue.slots(key)) for key in texts)
        digits = tuple((code, language.digits) for code, language in catalogue.languages.items())
        key = (content, flow.practice, id(places), slots, digits)
        walk = self.walks.pop(key, None) or Walk(flow, places.directory, catalogue, places)
        while len(self.walks) >= MOST_WALKS:
            self.walks.pop(next(iter(self.walks)))
        self.walks[key] = walk
        return walk


class Subject:
    """Raises DefinitionError if the flow or its prompts cannot be loaded at all."""

    def __init__(self, flow_file: Path, ground: Ground) -> None:
        self.file = flow_file
        self.catalogue: Catalogue = load_prompts(flow_file.parent / "prompts")
        self.flow: Flow = load_flow(flow_file, self.catalogue, texting=True)
        self.practice_flow: Flow = load_flow(flow_file, self.catalogue, practice=True, texting=True)
        self.marks = Marks(flow_file)
        self.speech = Speech(self.catalogue)
        self.places = ground.real
        self._ground = ground
        self._content = flow_file.read_bytes()
        self.documents: list[tuple[tuple[str, ...], bytes]] = []
        self._heard: dict[tuple[Situation, str], list[Heard]] = {}
        self._told: dict[tuple[Situation, str], float | None] = {}

    @property
    def directory(self) -> Directory:
        return self.places.directory

    @property
    def now(self) -> datetime:
        return self.places.now

    @cached_property
    def walk(self) -> Walk:
        return self._ground.walk(self.flow, self.places, self.catalogue, self._content)

    @cached_property
    def practice(self) -> Walk:
        return self._ground.walk(self.practice_flow, self._ground.mute, self.catalogue, self._content)

    @property
    def situations(self) -> list[Situation]:
        """All of both lines."""
        return [*self.walk.situations, *self.practice.situations]

    @cached_property
    def walk_set(self) -> frozenset[Situation]:
        """The situations of the line that rings."""
        return frozenset(self.walk.situations)

    def node(self, situation: Situation) -> Description:
        return self.flow.described[situation.node]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The flow's languages, without those that the checker cannot read: V31 says so once."""
        return tuple(code for code in self.flow.languages if code in WORDS)

    def languages(self, situation: Situation) -> tuple[str, ...]:
        """Those in which a caller may be here: all as long as none is chosen."""
        spoken = tuple(code for code in situation.by_language if code) or self.flow.languages
        return tuple(code for code in spoken if code in self.codes)

    def menus(self) -> Iterator[Situation]:
        """Where one key is awaited: one situation of all that say the same and whose keys lead to the same."""
        yield from self.walk.menus
        yield from self.practice.menus

    def told(self, situation: Situation, language: str) -> float | None:
        """The second at which the 113 instruction has been said, uncut; None if it is not."""
        key = (situation, language)
        if key not in self._told:
            self._told[key] = self.speech.danger_told(situation.spoken(language), language)
        return self._told[key]

    def heard(self, situation: Situation, language: str) -> list[Heard]:
        """Everything that is said on the way here to a caller of this language ("": of any)."""
        key = (situation, language if language in situation.by_language else next(iter(situation.by_language)))
        if key not in self._heard:
            self._heard[key] = self.speech.heard(situation.spoken(language))
        return self._heard[key]

    @cached_property
    def all_heard(self) -> frozenset[Heard]:
        """Everything that can be heard anywhere, in every language, the fail-safe reply included."""
        found = {
            each
            for situation in self.situations
            for code in situation.by_language
            for each in self.heard(situation, code)
        }
        return frozenset({*found, *self.speech.heard(self.walk.engine.fault())})

    def chooses_language(self, situation: Situation) -> bool:
        return bool(self.node(situation).languages)
