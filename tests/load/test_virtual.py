"""A run in virtual time: latency counts from the planned moment, sums add up, the seed decides everything."""

from typing import Any

import pytest

from ivr.base.clock import ManualClock
from ivr.simulator.load import Even, Poisson, Tally, as_json
from ivr.simulator.load.chance import Exponential, Fixed
from ivr.simulator.load.mix import CallerKind, FarEndKind
from ivr.simulator.load.run import play_share, run
from tests.conftest import EVENING
from tests.load.apps import MENU, Pages, faulty_app, job, mix

PERSON = CallerKind("wants a person", (("1",),), think=Fixed(2))


def slowly(pages: dict[str, str], seconds: float, **more: Any) -> Tally:
    """A run against an application that takes `seconds` for each reply, by its own clock."""
    clock = ManualClock(EVENING)
    return play_share(job(make_app=lambda: Pages(pages, clock, seconds), **more), clock=clock)


def test_a_reply_in_time_has_the_latency_of_its_service() -> None:
    tally = slowly({"/voice": "<Hangup/>"}, 0.1, arrivals=Even(5), calls=50)
    assert tally.latency().least == tally.latency().most == 100_000


def test_a_request_that_waits_for_earlier_ones_is_counted_from_when_it_was_due() -> None:
    # One call every 0.1 s and 0.2 s for each: call k is answered at 0.2 (k + 1) and was due at 0.1 k.
    tally = slowly({"/voice": "<Hangup/>"}, 0.2, arrivals=Even(10), calls=10)
    assert tally.latency().least == 200_000
    assert tally.latency().most == 1_100_000
    assert tally.latency().total == sum(200_000 + 100_000 * k for k in range(10))
    assert (tally.service.least, tally.service.most) == (200_000, 200_000)
    assert tally.span_seconds == pytest.approx(2.0)


def test_later_requests_of_a_call_are_due_at_their_call_time() -> None:
    pages = {"/voice": '<Pause length="1"/><Redirect>/next</Redirect>', "/next": "<Hangup/>"}
    tally = slowly(pages, 0.4, arrivals=Even(2), calls=2)
    # Due at 0, 0.5, 1 and 1.5; 0.4 s each: nobody waits.
    assert (tally.latency().least, tally.latency().most) == (400_000, 400_000)


def test_a_request_that_follows_at_once_is_due_when_the_one_before_was_answered() -> None:
    pages = {"/voice": "<Redirect>/next</Redirect>", "/next": "<Hangup/>"}
    tally = slowly(pages, 0.3, calls=1, arrivals=Even(1))
    assert [histogram.most for histogram in tally.nodes.values()] == [300_000, 300_000]


def test_a_start_that_the_limit_holds_back_counts_in_the_latency_and_is_told() -> None:
    # Calls of 10 s, planned every second, one at a time: call k starts at 10 k and was due at k.
    tally = slowly({"/voice": '<Pause length="10"/>'}, 0.0, arrivals=Even(1), calls=5, concurrent=1)
    assert (tally.started, tally.delayed) == (5, 4)
    assert tally.delays.most == 36_000_000
    assert tally.latency().most == 36_000_000
    assert tally.service.most == 0


def test_without_a_rate_nothing_is_late() -> None:
    tally = slowly(MENU, 0.25, calls=20, concurrent=1, callers=mix(PERSON))
    assert tally.delayed == 0
    assert (tally.latency().least, tally.latency().most) == (250_000, 250_000)


def test_calls_under_way_together_do_not_mix() -> None:
    together = run(job(mix(PERSON), calls=30, concurrent=30))
    alone = run(job(mix(PERSON), calls=30, concurrent=1))
    assert _counts(together) == _counts(alone)


def test_the_same_seed_gives_the_same_counts() -> None:
    kinds = (PERSON, CallerKind("silent"), CallerKind("hasty", leaves=0.5, leaves_after=Exponential(3)))
    far_ends = (FarEndKind("answer", Exponential(5), Exponential(20)), FarEndKind("busy"), FarEndKind("no-answer"))
    callers = mix(*kinds, far_ends=far_ends)
    one, same, other = (run(job(callers, arrivals=Poisson(2), calls=60, seed=seed)) for seed in (1, 1, 2))
    assert _counts(one) == _counts(same) != _counts(other)


def test_the_counts_add_up() -> None:
    kinds = (PERSON, CallerKind("silent"), CallerKind("hasty", leaves=1.0, leaves_after=Fixed(1)))
    far_ends = (FarEndKind("answer"), FarEndKind("busy"))
    playing = job(mix(*kinds, far_ends=far_ends), calls=90)
    tally = run(playing)
    result = as_json(playing, tally)
    calls = result["calls"]
    assert calls["planned"] == calls["started"] == calls["completed"] == 90
    assert calls["reached_person"] + calls["never_reached_person"] == 90
    assert sum(calls["ended"].values()) == sum(calls["kinds"].values()) == 90
    assert calls["hung_up"] == calls["kinds"]["hasty"]
    assert result["requests"]["sent"] == sum(result["requests"]["results"].values())
    for part in ("purposes", "nodes"):
        counted = sum(figures["count"] for figures in result["latency_ms"][part].values())
        assert counted == result["latency_ms"]["all"]["count"] == result["requests"]["sent"]
    assert result["documents"]["total"] == result["requests"]["sent"]  # no status callback here
    assert result["legs"]["total"] == calls["kinds"]["wants a person"]
    assert 0 < calls["reached_person"] < calls["kinds"]["wants a person"]


def test_the_first_leg_rings_after_the_callers_keys() -> None:
    tally = run(job(mix(PERSON), calls=3))
    assert (tally.first_leg.count, tally.first_leg.least, tally.first_leg.most) == (3, 2_000_000, 2_000_000)


def test_errors_of_the_application_are_counted_by_code() -> None:
    tally = run(job(make_app=faulty_app, calls=4))
    assert tally.errors == {11217: 4}
    assert tally.with_errors == 4
    assert tally.ended == {"failed": 4}
    assert tally.results == {"404": 4}


def test_paths_without_number_do_not_fill_the_memory() -> None:
    pages = {f"/{n}": f"<Redirect>/{n + 1}</Redirect>" for n in range(230)} | {"/voice": "<Redirect>/0</Redirect>"}
    paused = {path: f'<Pause length="1"/>{body}' for path, body in pages.items()}
    tally = run(job(make_app=lambda: Pages(paused | {"/230": "<Hangup/>"})))
    assert len(tally.nodes) == 201
    assert tally.nodes["(other)"].count == 232 - 200


def _counts(tally: Tally) -> dict[str, Any]:
    """What does not depend on the speed of this machine."""
    names = ("planned", "started", "completed", "reached", "hung_up", "legs", "documents", "most_documents")
    sums: dict[str, Any] = {name: getattr(tally, name) for name in names}
    kept = {"ended": tally.ended, "kinds": tally.kinds, "first_leg": tally.first_leg, "lengths": tally.lengths}
    return sums | kept | {"nodes": {node: histogram.count for node, histogram in tally.nodes.items()}}
