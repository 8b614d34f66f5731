"""A place's duty in words, for operators: the week, and why a centre answers now."""

from collections.abc import Iterable
from datetime import date, timedelta

from ivr.base.ids import CentreId
from ivr.line.directory.coverage import CoverageRow, Shift, Timetable
from ivr.line.directory.days import day_name

_A_WEEK = 7


def week(table: Timetable, day: date) -> list[tuple[str, CentreId]]:
    """The rows in force on a day as (days and hours, id of the centre): `("mon-fri 08:00–15:00", "voss")`.

    The rows of the centre that answers most of the week are the last line, `otherwise`, because exactly one centre
    answers at each minute. A centre that answers alone is `round the clock`.
    """
    rules = table.on(day)
    most = _most(table, day)
    lines: dict[CentreId, list[str]] = {}
    for rule in rules:
        if rule.centre != most:
            lines.setdefault(rule.centre, []).append(when(rule))
    told = [(", ".join(parts), centre) for centre, parts in lines.items()]
    return [*told, ("otherwise" if told else "round the clock", most)]


def when(rule: CoverageRow) -> str:
    """The days and hours of a row."""
    hours = str(rule.hours) if rule.hours else ("round the clock" if rule.days is None else "")
    return " ".join(filter(None, (str(rule.days or ""), hours)))


def reason(table: Timetable, day: date, minute: int) -> str:
    """Which row gives the place its centre at this minute, with the day on which the duty began; empty for a centre
    that answers always."""
    rule = table.at(day, minute)
    if rule.always:
        return ""
    began = next((shift.began for shift in table.shifts(day) if _has(shift, rule, minute)), day)
    return f"{when(rule)}, duty of {day_name(began)} (coverage.csv, line {rule.row.line})"


def _has(shift: Shift, rule: CoverageRow, minute: int) -> bool:
    return shift.rule is rule and shift.start <= minute < shift.end


def _most(table: Timetable, day: date) -> CentreId:
    """The centre of the row that fills the rest; without one, that which answers most of the week from this day."""
    rules = table.on(day)
    filling = next((rule.centre for rule in rules if rule.fills), None)
    if filling or len({rule.centre for rule in rules}) == 1:
        return filling or rules[0].centre
    minutes = dict.fromkeys((rule.centre for rule in reversed(rules)), 0)
    for shift in _shifts(table, day):
        minutes[shift.rule.centre] = minutes.get(shift.rule.centre, 0) + shift.end - shift.start
    return max(minutes, key=lambda centre: minutes[centre])


def _shifts(table: Timetable, day: date) -> Iterable[Shift]:
    days = (day + timedelta(days=step) for step in range(_A_WEEK))
    return (shift for each in days for shift in table.shifts(each))
