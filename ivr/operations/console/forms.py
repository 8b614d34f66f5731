"""What a form of the console holds, read: who sends it, when, until when, what, and on what it was decided."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from flask import g, request

from ivr.base.clock import OSLO, is_on_the_wall
from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.responses import row_number
from ivr.operations.records.changes import ChangedBy

_MOST_NOTE = 200
_MOST_DIGITS = 15  # of a moment in milliseconds


class UnclearError(ValueError):
    """The form does not say what to do. Its text is that of the catalogue under `refused`: what is missing."""

    def __init__(self, what: str, **slots: object) -> None:
        super().__init__(what)
        self.slots = slots


def by(desk: ConsoleContext) -> ChangedBy:
    return ChangedBy(g.session.name, desk.clock.now())


def seen() -> int:
    """The latest change when the page was made."""
    number = row_number(request.form.get("seen", ""))
    if number is None:
        raise UnclearError("incomplete")
    return number


def begins() -> int | None:
    """Which of the planned outages of a centre is meant, by its beginning in milliseconds; None for a new one."""
    text = request.form.get("begins", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise UnclearError("incomplete")
    return int(text)


def chosen(field: str, known: Collection[str]) -> str:
    value = request.form.get(field, "")
    if value not in known:
        raise UnclearError("choose")
    return value


def note() -> str:
    return text("note", _MOST_NOTE)


def text(field: str, most: int) -> str:
    """At most so many letters."""
    found = " ".join(request.form.get(field, "").split())
    if len(found) > most:
        raise UnclearError("long_note", most=most)
    return found


def begin(now: datetime, most: timedelta) -> datetime:
    """A moment to come, at most so far away. Of a time that comes twice it is the first."""
    found = _moment("since", "no_begin", last=False)
    if not now < found <= now + most:
        raise UnclearError("begin_range", days=most.days)
    return found


def end(start: datetime, most: timedelta, otherwise: str = "end_range") -> datetime:
    """A moment after `start`, at most so long after it. Of a time that comes twice it is the second. `otherwise`: what
    is said of any other."""
    found = _moment("until", "no_end", last=True)
    if not start < found <= start + most:
        raise UnclearError(otherwise, days=most.days)
    return found


def _moment(field: str, missing: str, *, last: bool) -> datetime:
    """Norwegian time on the wall, as a moment in UTC: the sums and comparisons of those are right on every night."""
    try:
        wall = datetime.strptime(request.form.get(field, ""), "%Y-%m-%dT%H:%M").replace(tzinfo=OSLO, fold=int(last))
    except ValueError:
        raise UnclearError(missing) from None
    if not is_on_the_wall(wall):
        raise UnclearError("no_such_time")
    return wall.astimezone(UTC)
