"""When calls are placed: the rate in the mean, the shape of the process, the same for a seed."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import mean, pstdev

import pytest

from ivr.base.errors import DefinitionError
from ivr.simulator.load.arrivals import Arrivals, Burst, Even, Poisson, Recorded, planned, read_counts

ALL: list[Arrivals] = [Poisson(3), Even(3), Burst(3, 5), Recorded((4, 0, 9))]


@pytest.mark.parametrize("arrivals", ALL)
def test_the_same_seed_gives_the_same_times(arrivals: Arrivals) -> None:
    assert list(planned(arrivals, 7, calls=50)) == list(planned(arrivals, 7, calls=50))


@pytest.mark.parametrize("arrivals", ALL)
def test_times_never_go_back(arrivals: Arrivals) -> None:
    times = list(planned(arrivals, 7, calls=100))
    assert times == sorted(times)


@pytest.mark.parametrize("arrivals", [Poisson(3), Recorded((4, 5))])
def test_another_seed_gives_other_times(arrivals: Arrivals) -> None:
    assert list(planned(arrivals, 1, calls=5)) != list(planned(arrivals, 2, calls=5))


@pytest.mark.parametrize("arrivals", [Poisson(20), Even(20), Burst(20, 10)])
def test_the_mean_is_the_rate(arrivals: Arrivals) -> None:
    times = list(planned(arrivals, 1, seconds=1000))
    assert len(times) == pytest.approx(20_000, rel=0.03)
    assert max(times) < 1000


def test_poisson_gaps_scatter_as_much_as_they_last() -> None:
    times = list(planned(Poisson(5), 3, calls=20_000))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert mean(gaps) == pytest.approx(0.2, rel=0.03)
    assert pstdev(gaps) == pytest.approx(0.2, rel=0.05)  # an exponential's deviation is its mean


def test_poisson_counts_a_second_scatter_as_their_mean() -> None:
    counts = Counter(int(at) for at in planned(Poisson(5), 3, seconds=4000))
    figures = [counts[second] for second in range(4000)]
    assert pstdev(figures) ** 2 == pytest.approx(mean(figures), rel=0.1)


def test_even_gaps_are_all_alike() -> None:
    assert list(planned(Even(4), 0, calls=5)) == [0, 0.25, 0.5, 0.75, 1.0]


def test_a_burst_comes_at_once_and_then_nothing() -> None:
    assert Counter(planned(Burst(2, 10), 0, calls=25)) == {0.0: 10, 5.0: 10, 10.0: 5}


def test_a_recorded_hour_has_its_counts_in_each_minute() -> None:
    counts = (3, 0, 7, 120)
    found = Counter(int(at // 60) for at in planned(Recorded(counts), 5))
    assert [found[minute] for minute in range(4)] == list(counts)


def test_a_recorded_hour_can_be_cut_short() -> None:
    assert len(list(planned(Recorded((3, 4, 5)), 5, seconds=120))) == 7
    assert len(list(planned(Recorded((3, 4, 5)), 5, calls=2))) == 2


def test_a_file_of_counts(tmp_path: Path) -> None:
    file = tmp_path / "hour.txt"
    file.write_text("# a Saturday\n12\n\n 7  # half time\n0\n")
    assert read_counts(file) == Recorded((12, 7, 0))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("3\ntwo\n", "hour.txt:2: expected the calls of one minute"),
        ("-1\n", "hour.txt:1: expected"),
        ("1.5\n", "hour.txt:1: expected"),
        ("9999999\n", "hour.txt:1: expected"),
        ("# only words\n", "hour.txt: holds no counts"),
    ],
)
def test_a_wrong_file_of_counts_is_said_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "hour.txt"
    file.write_text(text)
    with pytest.raises(DefinitionError) as wrong:
        read_counts(file)
    assert str(wrong.value).startswith(complaint)


def test_a_file_of_counts_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be read"):
        read_counts(tmp_path / "none.txt")
