"""Runs of a small nation: journeys that were really played, the same answer everywhere, and what a plan changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from ivr.planner.build import Builder
from ivr.planner.demand import draw
from ivr.planner.plan import Plan
from ivr.planner.replay import replay
from ivr.planner.run import Run, Where, run_all
from ivr.planner.scene import PlannedScene, play
from ivr.planner.tally import PlannedTally
from tests.planner.conftest import Reader, changed

CLOSED = 'name: x\nyear: 2027\nchanges:\n  - {centre: voss, closed: "22:00-08:00"}\n'


def _equal(a: PlannedTally, b: PlannedTally) -> bool:
    return all(np.array_equal(one, other) for one, other in zip(vars(a).values(), vars(b).values(), strict=True))


@pytest.fixture(scope="module")
def scene(builder: Builder, today: Plan) -> PlannedScene:
    return builder.scene(today)


def test_the_same_seed_gives_the_same_answer_and_another_seed_another(scene: PlannedScene) -> None:
    first, again, other = play(scene, 1, 0), play(scene, 1, 0), play(scene, 2, 0)
    assert _equal(first, again)
    assert not _equal(first, other)
    assert not _equal(first, play(scene, 1, 1))


def test_plans_that_differ_in_operators_alone_share_callers_and_journeys(
    builder: Builder, today: Plan, read: Reader
) -> None:
    """A sweep over operators would otherwise spend as long on the same callers as on its runs, and on one core."""
    more, fewer, closed = (
        builder.scene(changed(today, read(f"name: x\nchanges:\n  - {{centre: bergen, {change}}}\n")), today)
        for change in ("operators: +1", "operators: -1", 'closed: "22:00-08:00"')
    )
    assert more.journeys is fewer.journeys
    assert more.demand is fewer.demand
    assert closed.journeys is not more.journeys
    assert (more.operators - fewer.operators).max() == 2


def test_every_caller_is_counted_once(scene: PlannedScene) -> None:
    """Those who rang a centre, less redials, and those who hung up before, are all who called."""
    for seed in range(3):
        tally = play(scene, seed, 0)
        assert tally.by_hour[0].sum() - tally.redials + tally.left == tally.callers
        assert tally.by_hour[0].sum() == tally.by_place[0].sum() == tally.by_centre[0].sum()
        assert tally.overflow.sum() + tally.by_hour[3].sum() == tally.by_hour[0].sum()


def test_littles_law_holds_in_a_run_in_which_many_wait(scene: PlannedScene) -> None:
    crowded = replace(scene, operators=np.ones_like(scene.operators))
    tally = play(crowded, 1, 0)
    assert tally.waited > 100_000
    assert tally.waited == pytest.approx(tally.area, rel=1e-9)


def test_calls_come_as_often_as_the_demand_says(scene: PlannedScene) -> None:
    expected = scene.demand.expected.sum()
    counts = [sum(len(week.at) for week in draw(scene.demand, 5, run)) for run in range(20)]
    assert abs(np.mean(counts) - expected) < 4 * np.sqrt(expected / 20)


def test_planned_calls_played_again_ring_the_same_centre_at_the_same_second(builder: Builder, today: Plan) -> None:
    """Of a nation with so few operators that calls overflow and callers give up."""
    scene = builder.scene(today)
    crowded = replace(scene, operators=np.ones_like(scene.operators))
    found = replay(builder.service(today), crowded, today, 150)
    assert found["differ"] == []
    assert found["same"] == found["played"] == 150


def test_calls_of_a_closed_centre_played_again_ring_its_stand_in(builder: Builder, today: Plan, read: Reader) -> None:
    plan = changed(today, read(CLOSED))
    found = replay(builder.service(plan), builder.scene(plan, today), plan, 100)
    assert [each for each in found["differ"] if not _rings_on_into_the_opening(each)] == []
    assert found["same"] >= 95


def _rings_on_into_the_opening(call: dict[str, Any]) -> bool:
    """The plan knows who is closed when a call arrives, and not when it rings the next centre."""
    arrived = datetime.fromisoformat(call["at"])
    last = arrived + timedelta(seconds=call["rang"][-1][0])
    return arrived.hour != last.hour and last.hour in (8, 22)


def test_a_replay_says_which_calls_differ(builder: Builder, today: Plan) -> None:
    """A menu that was played shorter than it is called rings at another second."""
    plan = replace(today, menu=15.0)
    found = replay(builder.service(plan), builder.scene(plan), today, 10)
    assert found["same"] == 0
    assert len(found["differ"]) == 10


def test_processes_and_one_process_give_the_same_answer(scene: PlannedScene) -> None:
    runs = [Run(scene, 1, number) for number in range(2)]
    alone, together = run_all(runs, Where(1)), run_all(runs, Where(2))
    assert all(_equal(a, b) for a, b in zip(alone, together, strict=True))


@contextmanager
def _cluster() -> Iterator[str]:
    """A scheduler and two workers, on loopback, each a process of its own."""
    from distributed import LocalCluster  # noqa: PLC0415 - an extra of its own

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
    ) as cluster:
        yield str(cluster.scheduler_address)


@pytest.mark.filterwarnings("default")  # of Dask's own shutdown
def test_workers_of_a_real_scheduler_give_the_same_answer_as_one_process(scene: PlannedScene) -> None:
    runs = [Run(scene, 1, number) for number in range(3)]
    told: list[int] = []
    with _cluster() as address:
        spread = run_all(runs, Where(scheduler=address), told.append)
    alone = run_all(runs, Where(1))
    assert all(_equal(a, b) for a, b in zip(alone, spread, strict=True))
    assert told == [each.callers for each in alone]


def test_a_plan_has_the_same_callers_as_today(builder: Builder, today: Plan, read: Reader) -> None:
    plan = changed(today, read(CLOSED))
    scenes = builder.scene(today), builder.scene(plan, today)
    for before, after in zip(*(draw(each.demand, 1, 0) for each in scenes), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_more_demand_leaves_the_callers_of_today_and_adds_others(builder: Builder, today: Plan, read: Reader) -> None:
    more = "name: x\nyear: 2027\nchanges:\n  - {demand: {municipality: '4601', factor: 1.5}}\n"
    plan = changed(today, read(more))
    before = next(draw(builder.scene(today).demand, 1, 0))
    after = next(draw(builder.scene(plan, today).demand, 1, 0))
    assert set(before.key.tolist()) < set(after.key.tolist())
    bergen = [number for number, each in enumerate(builder.scene(today).origins) if each.municipality == "4601"]
    grown = np.isin(after.place, bergen).sum() / np.isin(before.place, bergen).sum()
    assert 1.45 < grown < 1.55


def test_less_demand_thins_the_callers_of_today(builder: Builder, today: Plan, read: Reader) -> None:
    fewer = "name: x\nyear: 2027\nchanges:\n  - {demand: {municipality: '4601', factor: 0.5}}\n"
    plan = changed(today, read(fewer))
    before = next(draw(builder.scene(today).demand, 1, 0))
    after = next(draw(builder.scene(plan, today).demand, 1, 0))
    assert set(after.key.tolist()) < set(before.key.tolist())


def test_a_closed_centre_takes_no_call_and_its_callers_are_served_elsewhere(
    builder: Builder, today: Plan, read: Reader
) -> None:
    plan = changed(today, read(CLOSED))
    scene = builder.scene(plan, today)
    tally, before = play(scene, 1, 0), play(builder.scene(today), 1, 0)
    voss = scene.numbers["voss"]
    nights = [hour for hour in range(168) if hour % 24 >= 22 or hour % 24 < 7]
    assert before.busy[nights, voss].sum() > 0
    assert tally.busy[nights, voss].sum() == 0
    assert tally.by_place[0].sum() == pytest.approx(before.by_place[0].sum(), rel=0.01)


def test_more_operators_answer_more_within_two_minutes(builder: Builder, today: Plan, read: Reader) -> None:
    few = changed(today, read("name: x\nchanges:\n  - {centre: bergen, operators: 1}\n"))
    many = changed(today, read("name: x\nchanges:\n  - {centre: bergen, operators: 12}\n"))
    shares = []
    for plan in (few, many):
        tally = play(builder.scene(plan, today), 1, 0)
        shares.append(tally.by_hour[1].sum() / tally.by_hour[0].sum())
    assert shares[0] + 0.05 < shares[1]


def test_a_longer_menu_costs_every_caller_its_seconds_and_some_hang_up(builder: Builder, today: Plan) -> None:
    longer = replace(today, menu=15.0)
    before, after = play(builder.scene(today), 1, 0), play(builder.scene(longer, today), 1, 0)
    median = [int(np.searchsorted(np.cumsum(each.red_seconds), each.red_seconds.sum() / 2)) for each in (before, after)]
    assert median[1] - median[0] == pytest.approx(15, abs=4)
    assert after.left > before.left


def test_journeys_are_kept_by_their_content(builder: Builder, today: Plan) -> None:
    """Nothing is played twice: neither for the same plan again, nor for other days of the same duties."""
    service = builder.service(today)
    played: list[object] = []
    original = service.play

    def counting(*arguments: object, **more: object) -> object:
        played.append(arguments)
        return original(*arguments, **more)  # type: ignore[arg-type]

    builder.scene(today)
    service.play = counting  # type: ignore[assignment,method-assign]
    try:
        builder.scene(replace(today, calls=1000))
    finally:
        service.play = original  # type: ignore[method-assign]
    assert played == []
