"""Hours of the day and days of validity, in Oslo wall time.

An `Hours` is half open, [from, until), and may pass midnight (23:00–08:00, or 08:00–08:00 for a whole day that begins
at eight). A `Validity` includes both its days. Wall time is what a duty roster means: in the night with two 02:30 both
belong to the same duty, and a 02:30 that does not exist cannot be asked about.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

DAY = 24 * 60
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True)
class Hours:
    """Minutes after midnight; `start` == `end` is 24 hours."""

    start: int
    end: int

    def covers(self, minute: int) -> bool:
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    @property
    def first_day_end(self) -> int:
        """Where the part that lies on the day on which the hours begin ends."""
        return self.end if self.start < self.end else DAY

    @property
    def past_midnight(self) -> int:
        """How many minutes lie on the day after that."""
        return 0 if self.start < self.end else self.end

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The same as one or two stretches of a single day."""
        if self.start < self.end:
            return ((self.start, self.end),)
        return tuple(span for span in ((self.start, DAY), (0, self.end)) if span[0] < span[1])

    def __str__(self) -> str:
        return f"{clock(self.start)}–{clock(self.end)}"


@dataclass(frozen=True)
class Validity:
    """From the first to the last day, both included; None is open."""

    start: date | None = None
    end: date | None = None

    def contains(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def parse_hours(start: str, end: str, *, of_some_days: bool = False) -> Hours | None:
    """Two `HH:MM`, or two empty texts for "round the clock". Raises ValueError that says what to write.

    `of_some_days`: the hours are those of a row that names its days, where 08:00 to 08:00 is a whole day of duty.
    """
    if not start and not end:
        return None
    first, last = _minute(start), _minute(end)
    if first == last and not of_some_days:
        raise ValueError(f"{start}–{end} is an empty period; leave both cells empty for round the clock")
    return Hours(first, last)


def _minute(text: str) -> int:
    match = _CLOCK.fullmatch(text)
    if match is None:
        hint = "; midnight is written 00:00" if text.startswith("24") else ""
        raise ValueError(f"{text!r} is not an hour like 08:30{hint}")
    return int(match[1]) * 60 + int(match[2])


def parse_date(text: str) -> date | None:
    """`2026-01-31`, or None for the empty text. Raises ValueError."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is not a date like 2026-01-31")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar") from None


def untidy(day: Iterable[Hours | None]) -> tuple[str | None, str | None]:
    """Whether these hours fill one day exactly: (the first stretch nobody has, the first that two have)."""
    spans = sorted(span for hours in day for span in (hours.spans if hours else ((0, DAY),)))
    gap: str | None = None
    double: str | None = None
    reached = 0
    for start, end in spans:
        if start > reached and gap is None:
            gap = f"{clock(reached)}–{clock(start)}"
        if start < reached and double is None:
            until = min(end, reached)
            double = "all day" if until - start == DAY else f"{clock(start)}–{clock(until % DAY)}"
        reached = max(reached, end)
    if reached < DAY and gap is None:
        gap = f"{clock(reached)}–00:00"
    return gap, double
