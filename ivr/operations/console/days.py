"""The day that a page is about: the one in its address, else today."""

from datetime import date, datetime, timedelta

from flask import request

from ivr.base.clock import OSLO
from ivr.operations.records.figures import Period


def asked_day(today: date) -> date:
    """Today, too, if there is no such day in the address, or none that was."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today
    return day if date(2000, 1, 1) <= day <= today else today


def period_of(day: date, origin: str = "") -> Period:
    """`origin`: of the calls that are meant; "" those of people."""
    return Period(midnight(day), midnight(day + timedelta(days=1)), origin)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=OSLO)
