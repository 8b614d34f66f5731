"""One exploration: walk, measure, judge. Prints nothing."""

from collections.abc import Collection
from dataclasses import dataclass

from ivr.explore.entries import Entries
from ivr.explore.figures import (
    Cost,
    Endless,
    Spread,
    Way,
    endless,
    first_words,
    listening,
    plain,
    silent,
    spread,
    to_danger,
    to_ring,
)
from ivr.explore.service import Service
from ivr.explore.states import StateName
from ivr.explore.verdict import problems, unreached
from ivr.explore.walk import Progress, Walk

BOUND = 20_000


@dataclass(frozen=True)
class Measured:
    """What was measured in one language. `silent`: from every state that listens."""

    first_words: Spread | None
    to_danger: Spread | None
    to_ring: Spread | None
    silent: Spread | None
    plain: Way | None


@dataclass(frozen=True)
class Result:
    """`known`: the states that somebody else knows of, and `missed` those among them that no call came to."""

    walk: Walk
    measured: dict[str, Measured]
    silent: dict[str, Way | None]
    endless: list[Endless]
    unreached: list[str]
    problems: list[str]
    known: frozenset[StateName]
    missed: list[StateName]

    @property
    def holds(self) -> bool:
        return self.walk.is_complete and not self.problems and not self.missed


def explore(
    service: Service, bound: int = BOUND, progress: Progress = lambda *_: None, known: Collection[StateName] = ()
) -> Result:
    walk = Walk(service, Entries(service.directory, service.now), bound, progress).run()
    names = {state.name for state in walk.states}
    return Result(
        walk,
        {code: _measured(walk, code) for code in service.flow.languages},
        {caller: silent(start) for caller, start in walk.starts.items()},
        endless(walk),
        unreached(walk),
        list(dict.fromkeys(problems(walk))),
        frozenset(known),
        sorted(set(known) - names),
    )


def _measured(walk: Walk, code: str) -> Measured:
    here = list(listening(walk, code))
    quiet = [(way, state) for state in here if (way := silent(state)) is not None]
    return Measured(
        spread(filter(None, first_words(walk, code))),
        spread(filter(None, (to_danger(state, code) for state in here))),
        spread(to_ring(walk, code)),
        spread(Cost(way.heard, 0, state) for way, state in quiet),
        plain(walk, code),
    )
