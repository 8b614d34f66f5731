"""One exploration: walk, measure, judge. Prints nothing."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from ivr.base.ids import LanguageCode
from ivr.line.flow.moments import in_words, moment_classes
from ivr.proof.explore.bouncing_keys import Doubled, doubled
from ivr.proof.explore.entries import Entries
from ivr.proof.explore.figures import (
    Cost,
    CostSummary,
    Endless,
    RingingRoute,
    endless,
    first_words,
    listening,
    plain,
    silent,
    spread,
    to_danger,
    to_ring,
)
from ivr.proof.explore.service import ExploredService
from ivr.proof.explore.states import StateName
from ivr.proof.explore.verdict import problems, unreached
from ivr.proof.explore.walk import Exploration, Progress, walk_at_each

BOUND = 20_000


@dataclass(frozen=True)
class Measured:
    """What was measured in one language. `silent`: from every state that listens."""

    first_words: CostSummary | None
    to_danger: CostSummary | None
    to_ring: CostSummary | None
    silent: CostSummary | None
    plain: RingingRoute | None


@dataclass(frozen=True)
class ExplorationResult:
    """`walks`: at the moments of each class, now first. `doubled`: of each walk. `known`: the states that somebody else
    knows of, and `missed` those among them that no call came to."""

    walks: tuple[Exploration, ...]
    measured: dict[LanguageCode, Measured]
    silent: dict[str, RingingRoute | None]
    endless: list[Endless]
    doubled: list[Doubled]
    unreached: list[str]
    problems: list[str]
    known: frozenset[StateName]
    missed: list[StateName]

    @property
    def walk(self) -> Exploration:
        """The calls of now."""
        return self.walks[0]

    @property
    def is_complete(self) -> bool:
        return all(walk.is_complete for walk in self.walks)

    @property
    def holds(self) -> bool:
        return self.is_complete and not self.problems and not self.missed


def explore(
    service: ExploredService,
    bound: int = BOUND,
    progress: Progress = lambda *_: None,
    known: Collection[StateName] = (),
) -> ExplorationResult:
    """`bound`: of the states at each moment."""
    clocks = [node.clock for node in service.flow.described.values() if node.clock]
    moments = moment_classes(clocks, service.directory.duty_changes, service.now)
    walks = tuple(Exploration(service, Entries(service.directory, each), bound, progress) for each in moments)
    walk_at_each(walks)
    bounced = [doubled(walk) for walk in walks]
    names = {state.name for walk in walks for state in walk.states}
    return ExplorationResult(
        walks,
        {code: _measured(walks, code) for code in service.flow.languages},
        {caller: _longest(silent(walk.starts[caller]) for walk in walks) for caller in walks[0].starts},
        endless(walks[0]),
        bounced,
        [node for node in unreached(walks[0]) if all(node in unreached(walk) for walk in walks)],
        list(_problems(walks, bounced)),
        frozenset(known),
        sorted(set(known) - names),
    )


def _problems(walks: Sequence[Exploration], bounced: Sequence[Doubled]) -> Iterator[str]:
    """One that is there at some moments and not at others is told with the first of them."""
    at: dict[str, list[Exploration]] = {}
    for walk, bounces in zip(walks, bounced, strict=True):
        for problem in dict.fromkeys((*problems(walk), *bounces.unheard)):
            at.setdefault(problem, []).append(walk)
    for problem, where in at.items():
        yield problem if len(where) == len(walks) else f"{problem} (at {in_words(where[0].entries.now)})"


def _measured(walks: Sequence[Exploration], code: str) -> Measured:
    here = [state for walk in walks for state in listening(walk, code)]
    quiet = [(way, state) for state in here if (way := silent(state)) is not None]
    return Measured(
        spread(filter(None, chain(*(first_words(walk, code) for walk in walks)))),
        spread(filter(None, (to_danger(state, code) for state in here))),
        spread(chain(*(to_ring(walk, code) for walk in walks))),
        spread(Cost(way.heard, 0, state) for way, state in quiet),
        _longest(plain(walk, code) for walk in walks),
    )


def _longest(ways: Iterable[RingingRoute | None]) -> RingingRoute | None:
    """None if there is none at some moment."""
    found = list(ways)
    return None if None in found else max((way for way in found if way), key=lambda way: way.heard)
