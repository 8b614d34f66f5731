"""Planned calls, played again through the real service: did the same centres ring at the same second?

The planner works with journeys out of a cache and calls a centre a queue; here the service, at the very moment of the
call, is called by the same caller, and each centre answers, or does not, as it did in the plan.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ivr.base.ids import CentreId
from ivr.line.flow.events import Outage
from ivr.planner.build import closings_of
from ivr.planner.centre_queues import GAVE_UP, Done
from ivr.planner.demand import draw
from ivr.planner.journeys import Journey
from ivr.planner.places import Closing, Origin
from ivr.planner.plan import Plan
from ivr.planner.player import HORIZON, Player, callers
from ivr.planner.scene import PlannedScene, planned, play
from ivr.planner.service import Service
from ivr.simulator.plan import Leg

_A_MILLISECOND = 0.0015  # what a trace is exact to
_SHOWN = 20
_TALK = 5.0
Rings = list[tuple[float, str]]


@dataclass(frozen=True)
class _Call:
    """`at`: seconds of the period."""

    at: float
    key: int
    origin: Origin
    variant: int
    journey: Journey


def replay(service: Service, scene: PlannedScene, plan: Plan, many: int) -> dict[str, Any]:
    """A sample of the first run. `differ`: what was planned and what rang, of the first calls that differ."""
    sample = list(_sample(scene, plan, many))
    ends = _ends(scene, plan, {call.key for call in sample})
    player, closings = Player(service, callers(plan.callers), {}), closings_of(plan)
    same, differ = 0, []
    for call in sample:
        end = ends.get(call.key)
        wanted = _rings(call, end, plan.menu)
        played = _played(service, player, scene, plan, call, end, tuple(_outages(plan, closings, call.at)))
        if _is_same(wanted, played):
            same += 1
        else:
            when = plan.period.moment(call.at).isoformat()
            differ.append({"at": when, "place": call.origin.name, "planned": wanted, "rang": played})
    return {"played": len(sample), "same": same, "differ": differ[:_SHOWN]}


def _sample(scene: PlannedScene, plan: Plan, many: int) -> Iterator[_Call]:
    """The same number out of each week, at random."""
    rng, left, weeks = np.random.default_rng(plan.seed), many, scene.demand.chunks
    for number, drawn in enumerate(draw(scene.demand, plan.seed, 0)):
        week = planned(scene, drawn)
        wanted = min(-(-left // (weeks - number)), len(week.first))
        for index in sorted(rng.choice(len(week.first), wanted, replace=False).tolist()):
            origin, journey = scene.origins[week.callers.place[index]], scene.journeys.journeys[week.journey[index]]
            at, key = float(week.callers.at[index]), int(week.callers.key[index])
            yield _Call(at, key, origin, int(week.variant[index]), journey)
        left -= wanted


def _ends(scene: PlannedScene, plan: Plan, keys: set[int]) -> dict[int, Done]:
    """What became of those of them that had to wait."""
    ends: dict[int, Done] = {}

    def watch(done: list[Done]) -> None:
        ends.update({each[8]: each for each in done if each[8] in keys and each[10] == 0})

    play(scene, plan.seed, 0, watch=watch)
    return ends


def _rings(call: _Call, end: Done | None, menu: float) -> Rings:
    """The centres that rang in the plan, and when; the menu as it is played."""
    ladder, to_ring = call.journey.ladder, call.journey.to_ring - menu
    if end is None:
        ladder = ladder[:1]
    elif end[3] == GAVE_UP:
        ladder = tuple(each for each in ladder if each[0] < end[4])
    else:
        ladder = ladder[: end[9] + 1]
    return [(to_ring + at, centre) for at, centre, _ in ladder]


def _played(  # noqa: PLR0913, PLR0917 - a call and where it is played
    service: Service,
    player: Player,
    scene: PlannedScene,
    plan: Plan,
    call: _Call,
    end: Done | None,
    outages: tuple[Outage, ...],
) -> Rings:
    number, habits = player.caller(player.variants[call.variant], call.origin.postcode)
    legs, until = _legs(scene, call, end)
    if until is not None:
        until -= plan.menu
    moment = plan.period.moment(call.at)
    played = service.play(number, habits, moment, outages=outages, legs=legs, until_silent=2 * HORIZON, until=until)
    last = call.journey.to_ring - plan.menu + HORIZON  # the planner knows no later rings
    return [(ring.at, ring.centre) for ring in played.rings if ring.at < last]


def _legs(scene: PlannedScene, call: _Call, end: Done | None) -> tuple[tuple[Leg, ...], float | None]:
    """How the centres behave, and when the caller hangs up."""
    if end is None:
        return (Leg.answer(scene.assumed.pick_up, talk=_TALK),), None
    if end[3] == GAVE_UP:
        return (), call.journey.to_ring + end[4]
    rings = end[4] - call.journey.ladder[end[9]][0]
    return (*(Leg.no_answer() for _ in range(end[9])), Leg.answer(rings, talk=_TALK)), None


def _outages(plan: Plan, closings: Iterable[Closing], at: float) -> Iterator[Outage]:
    for each in closings:
        if each.start <= at < each.end:
            yield Outage(CentreId(each.centre), each.kind, plan.period.moment(each.end))


def _is_same(wanted: Rings, played: Rings) -> bool:
    return [centre for _, centre in wanted] == [centre for _, centre in played] and all(
        abs(a[0] - b[0]) <= _A_MILLISECOND for a, b in zip(wanted, played, strict=True)
    )
