"""Hours of the day: half open, past midnight, as stretches of one day, and as text."""

import pytest

from ivr.line.directory.hours import DAY, Hours

EVENING, NIGHT, LATE = Hours(15 * 60, 23 * 60), Hours(23 * 60, 8 * 60), Hours(22 * 60, 0)


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [
        (EVENING, (15 * 60, 23 * 60 - 1), (15 * 60 - 1, 23 * 60)),
        (NIGHT, (23 * 60, DAY - 1, 0, 8 * 60 - 1), (23 * 60 - 1, 8 * 60)),
        (LATE, (22 * 60, DAY - 1), (0, 22 * 60 - 1)),
    ],
)
def test_the_first_minute_is_in_and_the_last_is_out(
    hours: Hours, inside: tuple[int, ...], outside: tuple[int, ...]
) -> None:
    assert all(hours.covers(minute) for minute in inside)
    assert not any(hours.covers(minute) for minute in outside)


@pytest.mark.parametrize(
    ("hours", "spans", "text"),
    [
        (EVENING, ((900, 1380),), "15:00–23:00"),
        (NIGHT, ((1380, DAY), (0, 480)), "23:00–08:00"),
        (LATE, ((1320, DAY),), "22:00–00:00"),
    ],
)
def test_hours_past_midnight_are_two_stretches_of_a_day(
    hours: Hours, spans: tuple[tuple[int, int], ...], text: str
) -> None:
    assert (hours.spans, str(hours)) == (spans, text)
