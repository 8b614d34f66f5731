"""A plan's changes in words, one line each."""

from ivr.base.ids import CentreId, MunicipalityNumber
from ivr.line.directory import Directory
from ivr.planner.change_file import WEEKDAYS
from ivr.planner.plan import Change, Closed, DemandChange, Operators, OutOfService, Plan, When

_ALL_DAYS = 7


def told(plan: Plan, directory: Directory) -> list[str]:
    lines = [_line(each, directory) for each in plan.changes]
    lines += [f"another directory: {plan.directory.name}"] if plan.directory else []
    lines += [f"another flow: {plan.flow.name}"] if plan.flow else []
    lines += [f"the menu is {abs(plan.menu):g} seconds {'longer' if plan.menu > 0 else 'shorter'}"] if plan.menu else []
    return lines


def _line(change: Change, directory: Directory) -> str:
    if isinstance(change, DemandChange):
        dates = _dates(When(first=change.first, last=change.last))
        return f"calls from {_where(change, directory)} times {change.factor:g}{dates}"
    name = directory.centres[CentreId(change.centre)].spoken
    if isinstance(change, OutOfService):
        return f"{name} is out of service from {change.start:%Y-%m-%d %H:%M} to {change.end:%Y-%m-%d %H:%M}"
    if isinstance(change, Closed):
        return f"{name} is closed{_when(change.when)}"
    return f"{name} has {_number(change)}{_when(change.when)}"


def _where(change: DemandChange, directory: Directory) -> str:
    if change.county:
        return directory.counties[change.county].name
    if change.municipality:
        return directory.municipalities[MunicipalityNumber(change.municipality)].spoken
    return f"the places of {directory.centres[CentreId(change.centre)].spoken}" if change.centre else "everywhere"


def _number(change: Operators) -> str:
    many = abs(change.number)
    operators = "operator" if many == 1 else "operators"
    if change.exactly:
        return f"{many} {operators}"
    return f"{many} {operators} {'more' if change.number >= 0 else 'fewer'}"


def _when(when: When) -> str:
    hours = f" from {when.start:02}:00 to {when.end % 24:02}:00" if (when.start, when.end) != (0, 24) else ""
    days = f" on {', '.join(WEEKDAYS[day] for day in sorted(when.days))}" if len(when.days) < _ALL_DAYS else ""
    return f"{hours}{days}{_dates(when)}"


def _dates(when: When) -> str:
    first = f" from {when.first}" if when.first else ""
    last = f" to {when.last}" if when.last else ""
    return first + last
