"""One centre without overflow against Erlang's formulas, and what a centre does with those who wait."""

from math import inf, sqrt

import numpy as np
import pytest

from ivr.planner.centre_queues import GAVE_UP, CentreQueues, QueueHabits
from ivr.planner.erlang import impatient, mean_wait, needed, share_within, waits

HANDLE = 300.0
PATIENT = QueueHabits(pick_up=0.0, patience=0.0, talk=HANDLE, redial_share=0.0, redial_after=300.0)
ENDLESS = ((0.0, 0, inf),)
# Operators, and the share of their time that the calls take; so that some callers wait more than two minutes.
USES = {1: (0.2, 0.4, 0.6, 0.8), 2: (0.3, 0.5, 0.7, 0.85), 4: (0.4, 0.6, 0.7, 0.8), 9: (0.6, 0.7, 0.8, 0.9)}
USES[25] = (0.8, 0.85, 0.9, 0.93)
LOADS = [(servers, use) for servers, uses in USES.items() for use in uses]
T_99, T_999 = 3.2498, 4.7809  # Student's t, 9 degrees of freedom: 99 % and 99.9 % on both sides
CALLS, WARM_UP = 6000, 1000


def _waits(servers: int, load: float, seed: int, patience: float) -> tuple[np.ndarray, np.ndarray]:
    """Seconds waited, and whether the caller gave up, of the calls of one centre after a warm-up."""
    rng = np.random.default_rng(seed)
    first = np.cumsum(rng.exponential(HANDLE / load, CALLS))
    handle = rng.exponential(HANDLE, CALLS)
    ends = rng.exponential(patience, CALLS) if patience else np.full(CALLS, inf)
    queues = CentreQueues([servers], [], PATIENT)
    calls = [(t, ENDLESS, h, p, n, 0, False, 0.0) for n, (t, h, p) in enumerate(zip(first, handle, ends, strict=True))]
    queues.run(calls)
    queues.finish()
    waited, gave_up = np.zeros(CALLS), np.zeros(CALLS, dtype=bool)
    for call in queues.done:
        waited[call[8]], gave_up[call[8]] = call[4], call[3] == GAVE_UP
    assert queues.waited == pytest.approx(queues.area, rel=1e-9)
    return waited[WARM_UP:], gave_up[WARM_UP:]


def _holds(measured: list[float], expected: float, t: float = T_99) -> bool:
    """Whether the value lies within the interval of the mean of ten runs. Of many intervals of 99 % one in a hundred
    misses, so what is looked at besides the figure of each load has a wider one."""
    half = t * float(np.std(measured, ddof=1)) / sqrt(len(measured))
    return abs(float(np.mean(measured)) - expected) <= half


@pytest.mark.parametrize(("servers", "use"), LOADS)
def test_endless_patience_gives_the_waiting_of_erlang_c(servers: int, use: float) -> None:
    load = servers * use
    runs = [_waits(servers, load, 1000 * servers + seed, 0.0)[0] for seed in range(10)]
    assert _holds([float((run <= 120).mean()) for run in runs], share_within(load, servers, HANDLE, 120))
    assert _holds([float((run > 0).mean()) for run in runs], waits(load, servers), T_999)
    assert _holds([float(run.mean()) for run in runs], mean_wait(load, servers, HANDLE), T_999)


@pytest.mark.parametrize(("servers", "use"), [(servers, use + 0.3) for servers, use in LOADS])
def test_patience_that_ends_gives_the_waiting_of_erlang_a(servers: int, use: float) -> None:
    load, patience = servers * use, 240.0
    runs = [_waits(servers, load, 1000 * servers + seed, patience) for seed in range(10)]
    oracle = impatient(load, servers, HANDLE, patience)
    assert _holds([float(gave_up.mean()) for _, gave_up in runs], oracle.give_up)
    assert _holds([float(waited.mean()) for waited, _ in runs], oracle.mean_wait, T_999)


def test_erlangs_formulas_have_the_values_of_the_text_books() -> None:
    """M/M/1 waits with the chance of its load; M/M/2 at 1 erlang with 1/3; M/M/n+M at patience = service is Poisson."""
    assert waits(0.7, 1) == pytest.approx(0.7)
    assert waits(1.0, 2) == pytest.approx(1 / 3)
    assert mean_wait(0.5, 1, 100) == pytest.approx(100)
    assert share_within(0.5, 1, 100, 120) == pytest.approx(1 - 0.5 * np.exp(-0.6))
    poisson = [np.exp(-1.0), np.exp(-1.0)]
    assert impatient(1.0, 2, 100, 100).waits == pytest.approx(1 - sum(poisson))
    assert (needed(0.0001, 300, 0.8, 120), share_within(3, 2, 300, 120), mean_wait(3, 2, 300)) == (1, 0.0, inf)


def test_danger_to_life_goes_before_those_who_came_earlier() -> None:
    queues = CentreQueues([1], [], PATIENT)
    calls = [
        (at, ENDLESS, 100.0, inf, key, 0, red, 0.0) for key, (at, red) in enumerate(((0, False), (1, False), (2, True)))
    ]
    queues.run(calls)
    queues.finish()
    assert [(call[8], call[4]) for call in queues.done] == [(2, 98.0), (1, 199.0)]


def test_a_call_goes_on_to_the_backup_when_its_ring_time_is_over() -> None:
    ladder = ((0.0, 0, 25.0), (40.0, 1, 25.0))
    queues = CentreQueues([0, 1], [], PATIENT)
    queues.run([(0.0, ladder, 100.0, inf, 0, 0, False, 0.0)])
    queues.finish()
    assert queues.done[0][2:5] == (0, 1, 40.0)


def test_an_operator_who_is_free_too_late_to_pick_up_does_not_take_the_call() -> None:
    habits = QueueHabits(pick_up=5.0, patience=0.0, talk=HANDLE, redial_share=0.0, redial_after=300.0)
    ladder = ((0.0, 0, 25.0), (40.0, 1, 25.0))
    for free_at, taken_by in ((19.0, 0), (21.0, 1)):
        queues = CentreQueues([0, 1], [(free_at, 0, 1)], habits)
        queues.run([(0.0, ladder, 100.0, inf, 0, 0, False, 0.0)])
        queues.finish()
        assert queues.done[0][3] == taken_by


def test_an_operator_who_goes_home_ends_the_talk_first() -> None:
    queues = CentreQueues([1], [(50.0, 0, -1), (500.0, 0, 1)], PATIENT)
    waiting = queues.run([(0.0, ENDLESS, 100.0, inf, 0, 0, False, 0.0), (60.0, ENDLESS, 100.0, inf, 1, 0, False, 0.0)])
    queues.finish()
    assert waiting == [1]
    assert queues.done[0][4] == 440.0


def test_who_gives_up_may_call_again_and_the_second_call_is_one_of_its_own() -> None:
    habits = QueueHabits(pick_up=0.0, patience=60.0, talk=HANDLE, redial_share=1.0, redial_after=300.0)
    queues = CentreQueues([0], [], habits)
    queues.run([(0.0, ENDLESS, 100.0, 30.0, 7, 0, False, 42.0)])
    queues.finish()
    assert [call[10] for call in queues.done] == [0, 1, 2, 3, 4]
    assert queues.done[0][3:5] == (GAVE_UP, 30.0)
    assert queues.done[1][0] > 30.0 + 42.0
