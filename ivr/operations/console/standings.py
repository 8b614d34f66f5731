"""What each centre's number is worth, on the pages about centres, and the filter by state."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ivr.line.directory import Centre
from ivr.line.directory.standing import NumberStanding, WorkItem, number_standing, work_list
from ivr.operations.console.context import ConsoleContext

OUT = "out"  # of service
REACHES_NOBODY = "reaches_nobody"
KINDS: tuple[str, ...] = (
    OUT,
    REACHES_NOBODY,
    NumberStanding.NEVER_VERIFIED,
    NumberStanding.STALE,
    NumberStanding.DUE,
    NumberStanding.VERIFIED,
)


@dataclass(frozen=True)
class CentreState:
    """`kind`: one of KINDS, without OUT. `people`: of the municipalities for which it answers at noon."""

    centre: Centre
    kind: str
    people: int


def kind_of(standing: NumberStanding) -> str:
    return REACHES_NOBODY if standing.reaches_nobody else standing.value


def states(desk: ConsoleContext) -> list[CentreState]:
    """Of every centre, those on which most people depend first."""
    return [_state(item) for item in work_list(desk.directory, desk.clock.now())]


def _state(item: WorkItem) -> CentreState:
    return CentreState(item.centre, kind_of(item.standing), item.population)


def counted(found: Sequence[CentreState], out: Collection[str]) -> dict[str, int]:
    """How many there are of each kind; a centre that is out of service counts there and in its own kind."""
    kinds = Counter(each.kind for each in found) + Counter({OUT: sum(each.centre.id in out for each in found)})
    return {kind: kinds[kind] for kind in KINDS if kinds[kind]}


def of_kind(found: Sequence[CentreState], kind: str, out: Collection[str]) -> list[CentreState]:
    """Those of a kind; all of them for a kind that there is not."""
    if kind == OUT:
        return [each for each in found if each.centre.id in out]
    return [each for each in found if each.kind == kind] if kind in KINDS else list(found)


def reaches_nobody(desk: ConsoleContext, centre: Centre) -> bool:
    return number_standing(centre, desk.clock.now().date()).reaches_nobody
