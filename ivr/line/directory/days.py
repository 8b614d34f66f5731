"""The days of a duty row: the column `days` of coverage.csv.

`mon-fri,public holiday`: words with commas. A weekday word leaves public holidays out, so a public holiday is a kind of
day of its own. A day before one is an ordinary weekday, except for a place where a row names it. A date takes its day
out of all other rows of the place. `Timetable` applies these rules; a `Days` says what a row names.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from types import MappingProxyType

from ivr.base.complaints import suggestion
from ivr.line.directory.public_holidays import is_before_public_holiday, public_holiday

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOLIDAY, BEFORE, OTHERWISE, EVERY = "public holiday", "day before public holiday", "otherwise", "every day"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = MappingProxyType({2: 29, 4: 30, 6: 30, 9: 30, 11: 30})  # months that have not 31 days
_EVERY_WEEKDAY = frozenset(range(7))
_RANGE = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?")
_RANGE_BEFORE = re.compile(r"([a-z-]+) before public holiday")
_YEARLY = re.compile(r"([0-9]{1,2}) ([a-z]{3})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = (*WEEKDAYS, "mon-fri", "sat,sun", HOLIDAY, BEFORE, OTHERWISE, EVERY)
_FORMS = "mon-fri, sat, public holiday, day before public holiday, 2027-12-24, 24 dec, or otherwise alone"


class Exactness(IntEnum):
    """How exactly a row names a day."""

    NOT = 0
    DAY = 1  # by its weekday, as a public holiday, or as one of every day
    BEFORE = 2  # as a day before a public holiday
    DATE = 3


@dataclass(frozen=True)
class Days:
    """What a row names. `before`: the weekdays that count if a public holiday follows. `yearly`: (month, day)."""

    weekdays: frozenset[int] = frozenset()
    holidays: bool = False
    before: frozenset[int] = frozenset()
    dates: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    otherwise: bool = False
    text: str = ""

    def names(self, day: date) -> Exactness:
        if day in self.dates or (day.month, day.day) in self.yearly:
            return Exactness.DATE
        if public_holiday(day):
            return Exactness.DAY if self.holidays else Exactness.NOT
        if day.weekday() in self.before and is_before_public_holiday(day):
            return Exactness.BEFORE
        return Exactness.DAY if day.weekday() in self.weekdays else Exactness.NOT

    def in_year(self, year: int) -> list[date]:
        """The dates of a year that are named as dates."""
        leap = calendar.isleap(year)
        yearly = {date(year, month, day) for month, day in self.yearly if (month, day) != (2, 29) or leap}
        return sorted(yearly | {day for day in self.dates if day.year == year})

    @property
    def only_dates(self) -> bool:
        return not (self.weekdays or self.holidays or self.before or self.otherwise)

    def with_(self, other: "Days") -> "Days":
        """What either of the two names, under the text of this one."""
        return Days(
            self.weekdays | other.weekdays,
            self.holidays or other.holidays,
            self.before | other.before,
            self.dates | other.dates,
            self.yearly | other.yearly,
            text=self.text,
        )

    def __str__(self) -> str:
        return self.text


def parse_days(text: str) -> Days | None:
    """The words of a cell; None (every day) for the empty text. Raises ValueError that says what to write."""
    words = [" ".join(word.lower().split()) for word in text.split(",")]
    if words in ([""], [EVERY]):
        return None
    if words == [OTHERWISE]:
        return Days(otherwise=True, text=OTHERWISE)
    found = Days(text=", ".join(words))
    for word in words:
        if words.count(word) > 1:
            raise ValueError(f"{word!r} is twice in days")
        if word in (EVERY, OTHERWISE):
            raise ValueError(f"{word!r} must be the only word in days")
        found = found.with_(_word(word))
    return found


def day_name(day: date) -> str:
    """`Monday 2027-05-17 (public holiday: Andre pinsedag and Grunnlovsdag)`."""
    holiday = public_holiday(day)
    name = f" (public holiday: {holiday})" if holiday else ""
    before = " (day before a public holiday)" if not holiday and is_before_public_holiday(day) else ""
    return f"{DAY_NAMES[day.weekday()]} {day.isoformat()}{name}{before}"


def _word(word: str) -> Days:
    if word == HOLIDAY:
        return Days(holidays=True)
    if word == BEFORE:
        return Days(before=_EVERY_WEEKDAY)
    if before := _RANGE_BEFORE.fullmatch(word):
        return Days(before=_weekdays(before[1]))
    if _DATE.fullmatch(word):
        return Days(dates=frozenset({_date(word)}))
    if yearly := _YEARLY.fullmatch(word):
        return Days(yearly=frozenset({_day_of_year(word, int(yearly[1]), yearly[2])}))
    return Days(weekdays=_weekdays(word))


def _weekdays(word: str) -> frozenset[int]:
    match = _RANGE.fullmatch(word)
    if match is None or not {match[1], match[2] or match[1]} <= set(WEEKDAYS):
        raise ValueError(f"{word!r} is not a kind of day{suggestion(word, _WORDS, 0.75)}; write {_FORMS}")
    first = WEEKDAYS.index(match[1])
    if match[2] is None:
        return frozenset({first})
    length = (WEEKDAYS.index(match[2]) - first) % 7
    if length == 0:
        raise ValueError(f"{word!r} is one day or the whole week; write {match[1]!r}, or mon-sun")
    return frozenset((first + step) % 7 for step in range(length + 1))


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ValueError(f"{word!r} is not a day of the calendar") from None


def _day_of_year(word: str, day: int, month: str) -> tuple[int, int]:
    number = _MONTHS.index(month) + 1 if month in _MONTHS else 0
    if not number or not 1 <= day <= _LONGEST.get(number, 31):
        raise ValueError(f"{word!r} is not a day of the calendar; write 24 dec")
    return number, day
