"""A plan worked out: callers, journeys, operators. Plain values that any process can play, here or elsewhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ivr.base.errors import EngineError
from ivr.planner.assumptions import Assumptions
from ivr.planner.centre_queues import GAVE_UP, CentreQueues, Done, Ladder, QueueHabits
from ivr.planner.demand import Callers, Demand, Floats, draw
from ivr.planner.journeys import Cells, Journeys
from ivr.planner.places import Origin
from ivr.planner.staffing import Load, Operators, first_load
from ivr.planner.tally import Columns, PlannedTally, columns

_EXACT = 1e-6  # of Little's law, relative


@dataclass(frozen=True)
class PlannedScene:
    """`operators`: by hour of the period and centre."""

    demand: Demand
    journeys: Journeys
    centres: tuple[str, ...]
    origins: tuple[Origin, ...]
    operators: Operators

    @property
    def assumed(self) -> Assumptions:
        return self.demand.assumed

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.centres)}

    @cached_property
    def ladders(self) -> tuple[Ladder, ...]:
        """Of each journey, in numbers; one ring without end where nothing overflows."""
        end = None if self.assumed.overflow else 1
        ladders = (each.ladder[:end] for each in self.journeys.journeys)
        return tuple(
            tuple(
                (at, self.numbers[centre], seconds if self.assumed.overflow else np.inf) for at, centre, seconds in each
            )
            for each in ladders
        )

    @property
    def extra(self) -> float:
        """Seconds of an operator that are no talk and no notes."""
        return self.assumed.pick_up + self.assumed.whisper

    @property
    def load(self) -> Load:
        handle = self.demand.talk + self.assumed.after_call + self.extra
        return first_load(self.demand.expected, self.journeys, self.numbers, handle)


@dataclass(frozen=True)
class Planned:
    """Callers of a week on their way: those who do not hang up before a centre rings, in the order of their rings."""

    callers: Callers
    journey: Cells
    variant: Cells
    first: Floats
    left: int


def planned(scene: PlannedScene, callers: Callers) -> Planned:
    situation = scene.journeys.at(callers.place, callers.at)
    drawn = scene.journeys.drawn(situation, callers.variant)
    to_ring = np.array([each.to_ring for each in scene.journeys.journeys])
    stays = ~drawn.leaves
    journey = drawn.journey[stays]
    first = callers.at[stays] + to_ring[journey]
    order = np.argsort(first, kind="stable")
    kept = callers.only(stays).only(order)
    return Planned(kept, journey[order], drawn.variant[stays][order], first[order], int(drawn.leaves.sum()))


def play(
    scene: PlannedScene,
    seed: int,
    replication: int,
    progress: Callable[[int], None] = lambda _: None,
    watch: Callable[[list[Done]], None] | None = None,
) -> PlannedTally:
    """One run. The same seed and replication, the same run. `watch` is shown every call that waited.

    Raises EngineError where Little's law does not hold: then calls were lost or counted twice.
    """
    of_week, assumed = scene.demand.period.of_week, scene.assumed
    tally = PlannedTally.empty(len(scene.origins), len(scene.centres), scene.demand.period.hours)
    queues = CentreQueues(scene.operators[0].tolist(), list(_changes(scene)), _habits(scene))
    late: Planned | None = None
    for callers in draw(scene.demand, seed, replication):
        week = _joined(late, planned(scene, callers))
        week, late = _until(week, float(np.floor(callers.at[-1] / 604800 + 1) * 604800) if len(callers.at) else 0.0)
        tally.callers += len(callers.at)
        tally.left += week.left
        tally.take(_taken_at_once(scene, queues, week), of_week, assumed.pick_up)
        _note(queues, tally, of_week, watch)
        progress(len(callers.at))
    if late is not None and len(late.first):
        tally.take(_taken_at_once(scene, queues, late), of_week, assumed.pick_up)
    queues.finish()
    _note(queues, tally, of_week, watch)
    np.add.at(tally.staffed, of_week, scene.operators * 3600.0)
    tally.waited, tally.area = queues.waited, queues.area
    if abs(queues.waited - queues.area) > _EXACT * max(queues.area, 1.0):
        raise EngineError(f"Little's law does not hold: {queues.waited} s waited, {queues.area} s of calls that wait")
    return tally


def _habits(scene: PlannedScene) -> QueueHabits:
    assumed = scene.assumed
    talk = float(scene.demand.talk.mean()) + assumed.after_call + scene.extra
    share = assumed.redial_share if assumed.patience else 0.0
    return QueueHabits(assumed.pick_up, assumed.patience, talk, share, assumed.redial_after)


def _changes(scene: PlannedScene) -> Iterator[tuple[float, int, int]]:
    """Whenever operators come or go."""
    more = np.diff(scene.operators, axis=0)
    for hour, centre in zip(*np.nonzero(more), strict=True):
        yield float(hour + 1) * 3600, int(centre), int(more[hour, centre])


def _joined(late: Planned | None, week: Planned) -> Planned:
    """Calls of the week before that ring in this one, and those of this one."""
    if late is None or not len(late.first):
        return week
    first = np.concatenate([late.first, week.first])
    order = np.argsort(first, kind="stable")
    callers = late.callers.and_(week.callers).only(order)
    journey, variant = (
        np.concatenate(both)[order] for both in ((late.journey, week.journey), (late.variant, week.variant))
    )
    return Planned(callers, journey, variant, first[order], week.left)


def _until(week: Planned, end: float) -> tuple[Planned, Planned]:
    cut = int(np.searchsorted(week.first, end))
    return _part(week, slice(cut), week.left), _part(week, slice(cut, None), 0)


def _part(week: Planned, which: slice, left: int) -> Planned:
    return Planned(week.callers.only(which), week.journey[which], week.variant[which], week.first[which], left)


def _taken_at_once(scene: PlannedScene, queues: CentreQueues, week: Planned) -> Columns:
    """Let the calls ring; those that a free operator took at once."""
    journeys, callers = scene.journeys.journeys, week.callers
    red = np.array([each.red for each in journeys])[week.journey]
    to_ring = np.array([each.to_ring for each in journeys])[week.journey]
    handle = callers.talk + scene.extra
    ladders = [scene.ladders[number] for number in week.journey.tolist()]
    lists = (each.tolist() for each in (handle, callers.patience, callers.key, callers.place, red, to_ring))
    waiting = queues.run(list(zip(week.first.tolist(), ladders, *lists, strict=True)))
    once = np.ones(len(week.first), dtype=bool)
    once[waiting] = False
    rang = np.array([each[0][1] if each else GAVE_UP for each in scene.ladders])[week.journey][once]
    waited = np.full(len(rang), scene.assumed.pick_up)
    new = np.zeros(len(rang), dtype=bool)
    return Columns(
        week.first[once], callers.place[once], rang, rang, waited, handle[once], red[once], to_ring[once], new
    )


def _note(
    queues: CentreQueues,
    tally: PlannedTally,
    of_week: np.ndarray[tuple[int], np.dtype[np.int64]],
    watch: Callable[[list[Done]], None] | None,
) -> None:
    """Count the calls that waited and have ended."""
    tally.take(columns(queues.done), of_week, queues.pick_up)
    if watch is not None:
        watch(list(queues.done))
    queues.done.clear()
