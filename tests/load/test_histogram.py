"""The histogram: exact where it says so, within its precision elsewhere, and the same in parts or as a whole."""

from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from ivr.simulator.load.histogram import PRECISION, Histogram, bucket, highest

MICROSECONDS = st.integers(0, 4 * 3600 * 1_000_000)
VALUES = st.lists(MICROSECONDS, min_size=1, max_size=60)


def filled(values: list[int]) -> Histogram:
    histogram = Histogram()
    for value in values:
        histogram.add(value / 1_000_000)
    return histogram


@given(MICROSECONDS)
def test_a_value_lies_in_its_bucket(value: int) -> None:
    assert value <= highest(bucket(value)) <= value * (1 + PRECISION)
    assert value == 0 or highest(bucket(value) - 1) < value


@given(MICROSECONDS, MICROSECONDS)
def test_buckets_are_in_the_order_of_their_values(one: int, other: int) -> None:
    assert (bucket(one) < bucket(other)) <= (one < other)


@given(VALUES, st.floats(0, 1))
def test_a_quantile_is_exact_to_the_precision(values: list[int], share: float) -> None:
    exact = sorted(values)[max(ceil(share * len(values) - 1e-9), 1) - 1] / 1_000_000
    found = filled(values).quantile(share)
    assert exact <= found + 1e-9
    assert found <= exact * (1 + PRECISION) + 1e-6


@given(VALUES)
def test_count_mean_and_largest_are_exact(values: list[int]) -> None:
    histogram = filled(values)
    assert histogram.count == len(values)
    assert histogram.quantile(1.0) == max(values) / 1_000_000
    assert abs(histogram.mean - sum(values) / len(values) / 1_000_000) < 1e-9
    assert histogram.least == min(values)


@given(VALUES, VALUES)
def test_merged_is_the_same_as_never_divided(some: list[int], others: list[int]) -> None:
    parts = filled(some)
    parts.merge(filled(others))
    assert parts == filled(some + others)


def test_merging_nothing_changes_nothing() -> None:
    histogram = filled([5, 7])
    histogram.merge(Histogram())
    assert histogram == filled([5, 7])


def test_any_number_of_values_takes_a_few_thousand_buckets() -> None:
    assert bucket(4 * 3600 * 1_000_000) < 4000


def test_nothing_counted_gives_zeros() -> None:
    assert set(Histogram().summary().values()) == {0}


def test_a_clock_that_went_back_counts_as_zero() -> None:
    histogram = Histogram()
    histogram.add(-0.1)
    assert (histogram.count, histogram.most) == (1, 0)
