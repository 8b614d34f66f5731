"""Hours and weeks by the clocks of Oslo, worked out by the database. Moments are milliseconds since 1970."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case

from ivr.base.clock import OSLO
from ivr.operations.records.rows import HOUR

_FOUR_WEEKS = 4 * 7 * 24  # hours
_WEEK = 7 * 24 * HOUR
_FIRST_MONDAY = date(1969, 12, 29)  # of the week in which 1970 began
_SINCE_MONDAY = 3 * 24 * HOUR  # from that day to 1970
_LAST_HOUR = 1_200_000  # since 1970, in the year 2106: who asks for all that ever will be need not wait for its clocks


def hour_of_day(moment: ColumnElement[int], start: int, end: int) -> ColumnElement[int]:
    """0 to 23, in Oslo."""
    return _shown(moment, start, end) // HOUR % 24


def week_of(moment: ColumnElement[int], start: int, end: int) -> ColumnElement[int]:
    """Weeks since the first Monday, in Oslo."""
    return (_shown(moment, start, end) + _SINCE_MONDAY) // _WEEK


def monday_of(week: int) -> date:
    return _FIRST_MONDAY + timedelta(weeks=week)


def _shown(moment: ColumnElement[int], start: int, end: int) -> ColumnElement[int]:
    """Milliseconds since 1970 by the clocks of Oslo. The database is told when in the period they are changed: with
    hours since 1970 for keys it would give back a group for every hour of every day."""
    first, last = (min(max(0, each // HOUR), _LAST_HOUR) for each in (start, end))
    until = [(moment < hour * HOUR, moment + _ahead(hour - 1)) for hour in _clock_changes(first, last)]
    shown = moment + _ahead(last)
    return case(*until, else_=shown) if until else shown


def _clock_changes(first: int, last: int) -> Iterator[int]:
    """The hours since 1970 from which on clocks in Oslo show another time, up to the last one and a little more."""
    for begin in range(first, last + 1, _FOUR_WEEKS):  # within which clocks are not changed twice
        old, end = _ahead(begin), begin + _FOUR_WEEKS
        if _ahead(end) != old:
            yield next(hour for hour in range(begin, end + 1) if _ahead(hour) != old)


def _ahead(hour: int) -> int:
    """Milliseconds by which Oslo is ahead of UTC in that hour since 1970."""
    offset = datetime.fromtimestamp(hour * 3600, OSLO).utcoffset()
    return offset // timedelta(milliseconds=1) if offset else 0
