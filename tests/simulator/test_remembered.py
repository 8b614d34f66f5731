"""What is remembered by its value: worked out once, and never more than so many."""

from ivr.simulator.remembered import Remembered


def test_a_value_is_worked_out_once() -> None:
    asked: list[int] = []
    doubled: Remembered[int, int] = Remembered(lambda value: asked.append(value) or 2 * value, 2)  # type: ignore[func-returns-value]
    assert [doubled[value] for value in (1, 2, 1, 2)] == [2, 4, 2, 4]
    assert asked == [1, 2]


def test_beyond_the_most_it_begins_anew() -> None:
    doubled: Remembered[int, int] = Remembered(lambda value: 2 * value, 2)
    assert [doubled[value] for value in range(5)] == [0, 2, 4, 6, 8]
    assert list(doubled) == [4]
