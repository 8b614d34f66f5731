"""What the runs say: figures with intervals, today beside the plan. A plain value, for text, JSON and page alike.

Runs are paired: the same replication has the same callers in both, so the interval is that of the differences (95 %,
Student's t over replications).
"""

from collections.abc import Callable, Sequence
from math import inf, isnan, nan, sqrt
from statistics import fmean, stdev
from typing import Any, NamedTuple, TypeVar

import numpy as np

from ivr.base.ids import CentreId, MunicipalityNumber
from ivr.line.directory import Directory, Place
from ivr.planner.answer_text import LABELS
from ivr.planner.assumptions import GOAL_SHARE, sources
from ivr.planner.change_text import told
from ivr.planner.period import WEEK
from ivr.planner.plan import Plan
from ivr.planner.scene import PlannedScene
from ivr.planner.staffing import lacking
from ivr.planner.tally import Counts, PlannedTally, Sums

Answer = dict[str, Any]
Figure = Callable[[PlannedTally], float]
Summed = TypeVar("Summed")  # a run, or sums of it
CALLS, SOON, LATE, GIVEN_UP = range(4)
_FEW = 20  # calls in a run; a share of fewer says nothing
_WORST = 10
# Student's t at 97.5 %, by degrees of freedom from 1 on; later ones by that of 30, which is a little too wide.
_T = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


def answer(
    plan: Plan,
    base: Plan,
    scenes: tuple[PlannedScene, PlannedScene],
    runs: tuple[list[PlannedTally], list[PlannedTally]],
    directory: Directory,
) -> Answer:
    """`scenes`, `runs`: of the base, of the plan."""
    before, after = runs
    return {
        "name": plan.name,
        "base": base.name,
        "is_today": plan.is_today,
        "from": plan.period.first.isoformat(),
        "to": plan.period.last.isoformat(),
        "seed": plan.seed,
        "replications": plan.replications,
        "callers": round(sum(each.callers for each in after) / len(after)),
        "changes": told(plan, directory),
        "touched": _touched(plan, directory),
        "figures": {
            name: _compared(figure, before, after, is_share=LABELS[name][1] == "share")
            for name, figure in FIGURES.items()
        },
        "centres": _centres(scenes, runs, directory),
        "counties": _places(scenes[1], before, after, "county", directory),
        "municipalities": _places(scenes[1], before, after, "municipality", directory),
        "hours": _hours(before, after),
        "worst_hours": _worst(plan, after, scenes[1]),
        "overflow": _overflow(scenes[1], after, directory),
        "assumptions": _assumptions(plan),
    }


def _touched(plan: Plan, directory: Directory) -> list[str]:
    """The municipalities of the centres that the plan changes: those that they answer for at noon of the first day."""
    noon = plan.period.moment(12 * 3600)
    changed = {each.centre for each in plan.changes} - {""}
    return [each for each in directory.municipalities if directory.answering(Place(each), noon).centre.id in changed]


def _share(row: int) -> Figure:
    return lambda tally: _known(tally.by_hour[row].sum(), tally.by_hour[CALLS].sum())


def _of(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _known(part: float, whole: float) -> float:
    """NaN where there is nothing to take a share of: that is no share of nought."""
    return float(part / whole) if whole else nan


def _red(quantile: float) -> Figure:
    return lambda tally: _quantile(tally.red_seconds, quantile)


def _quantile(seconds: Counts, quantile: float) -> float:
    """Of what was counted by whole seconds; NaN where nobody was."""
    seen = np.cumsum(seconds)
    return float(np.searchsorted(seen, quantile * seen[-1])) if seen[-1] else nan


FIGURES: dict[str, Figure] = {
    "within_two_minutes": _share(SOON),
    "within_ten_minutes": _share(LATE),
    "given_up": _share(GIVEN_UP),
    "overflowed": lambda tally: _known(tally.overflow.sum() - np.trace(tally.overflow), tally.by_hour[CALLS].sum()),
    "left_in_menu": lambda tally: _known(tally.left, tally.callers),
    "calls": lambda tally: float(tally.by_hour[CALLS].sum()),
    "redials": lambda tally: float(tally.redials),
    "over_ten_minutes": lambda tally: float(tally.waits[601:].sum()),
    "median_wait": lambda tally: _quantile(tally.waits, 0.5),
    "red_median": _red(0.5),
    "red_nine_in_ten": _red(0.9),
    "occupation": lambda tally: _known(tally.busy.sum(), tally.staffed.sum()),
    "operators": lambda tally: float(tally.staffed.sum() / max(tally.by_hour.shape[1], 1) / 3600),
}


def interval(values: Sequence[float], low: float = -inf, high: float = inf) -> dict[str, float] | None:
    """The mean, and the 95 % interval of it, within these bounds; of one value the value alone. None if one of them is
    NaN."""
    if any(isnan(each) for each in values):
        return None
    mean = fmean(values)
    if len(values) == 1:
        return {"mean": mean}
    half = _T[min(len(values) - 1, len(_T)) - 1] * stdev(values, mean) / sqrt(len(values))
    return {"mean": mean, "low": max(mean - half, low), "high": min(mean + half, high)}


def _compared(
    figure: Callable[[Summed], float], before: list[Summed], after: list[Summed], *, is_share: bool
) -> dict[str, Any]:
    """None where one of the runs has nothing to tell: nobody called, or nobody was answered."""
    old, new = [figure(each) for each in before], [figure(each) for each in after]
    differences = [b - a for a, b in zip(old, new, strict=True)]
    bounds, of_difference = ((0, 1), (-1, 1)) if is_share else ((), ())
    return {
        "base": interval(old, *bounds),
        "plan": interval(new, *bounds),
        "difference": interval(differences, *of_difference),
    }


def _shares(
    calls: Callable[[Summed], tuple[float, float]], before: list[Summed], after: list[Summed]
) -> dict[str, Any]:
    """Share within two minutes of some calls, and how many they are; None where they are too few."""
    many = fmean(calls(each)[0] for each in after)
    smallest = min(calls(each)[0] for each in (*before, *after))
    if smallest < _FEW:
        return {"calls": round(many), "base": None, "plan": None, "difference": None}
    found = _compared(lambda each: _of(calls(each)[1], calls(each)[0]), before, after, is_share=True)
    return {"calls": round(many), **found}


class _ByCentre(NamedTuple):
    """Sums of a run over its hours. `calls`: by row of the tally and centre."""

    calls: Counts
    busy: Sums
    staffed: Sums

    @classmethod
    def of(cls, tally: PlannedTally) -> "_ByCentre":
        return cls(tally.by_centre.sum(axis=1), tally.busy.sum(axis=0), tally.staffed.sum(axis=0))


def _centres(
    scenes: tuple[PlannedScene, PlannedScene], runs: tuple[list[PlannedTally], list[PlannedTally]], directory: Directory
) -> list[dict[str, Any]]:
    scene = scenes[1]
    wanted, lacks = lacking(scene.load, scene.operators, scene.demand.period.of_week, GOAL_SHARE)
    known = {name: number for number, name in enumerate(scenes[0].centres)}
    before, after = ([_ByCentre.of(each) for each in side] for side in runs)
    rows = []
    for number, name in enumerate(scene.centres):
        old = known.get(name)
        rung = any(each.calls[CALLS, number] for each in after)
        if not rung and (old is None or not any(each.calls[CALLS, old] for each in before)):
            continue
        shares = _centre_shares(number, old, before, after)
        rows.append(
            {
                "id": name,
                "name": directory.centres[CentreId(name)].spoken,
                **shares,
                "given_up": fmean(_of(each.calls[GIVEN_UP, number], each.calls[CALLS, number]) for each in after),
                "occupation": fmean(_of(each.busy[number], each.staffed[number]) for each in after),
                "lacks_at_most": int(lacks[:, number].max()),
                "lacks_hours_a_week": int(lacks[:, number].sum()),
                "needs_at_most": int(wanted[:, number].max()),
            }
        )
    return sorted(rows, key=lambda row: (-row["calls"], row["id"]))


def _centre_shares(number: int, old: int | None, before: list[_ByCentre], after: list[_ByCentre]) -> dict[str, Any]:
    def calls(column: int) -> Callable[[_ByCentre], tuple[float, float]]:
        return lambda sums: (float(sums.calls[CALLS, column]), float(sums.calls[SOON, column]))

    if old == number:
        return _shares(calls(number), before, after)
    new = _shares(calls(number), after, after)
    past = _shares(calls(old), before, before)["base"] if old is not None else None
    return {**new, "base": past, "difference": None}


def _places(
    scene: PlannedScene, before: list[PlannedTally], after: list[PlannedTally], what: str, directory: Directory
) -> list[dict[str, Any]]:
    """By county or municipality, which are the same places in both."""
    columns: dict[str, list[int]] = {}
    for number, origin in enumerate(scene.origins):
        columns.setdefault(getattr(origin, what), []).append(number)
    rows = []
    for key, numbers in columns.items():

        def calls(tally: PlannedTally, numbers: list[int] = numbers) -> tuple[float, float]:
            return float(tally.by_place[CALLS, numbers].sum()), float(tally.by_place[SOON, numbers].sum())

        place = directory.counties.get(key) or directory.municipalities[MunicipalityNumber(key)]
        more = {} if what == "county" else _point(directory, key)
        rows.append({"id": key, "name": getattr(place, "spoken", place.name), **more, **_shares(calls, before, after)})
    return rows


def _point(directory: Directory, number: str) -> dict[str, Any]:
    municipality = directory.municipalities[MunicipalityNumber(number)]
    county = directory.counties[municipality.county].name
    return {"county": county, "latitude": municipality.latitude, "longitude": municipality.longitude}


def _hours(before: list[PlannedTally], after: list[PlannedTally]) -> list[dict[str, Any]]:
    """By hour of the day."""
    rows = []
    for hour in range(24):

        def calls(tally: PlannedTally, hour: int = hour) -> tuple[float, float]:
            here = slice(hour, WEEK, 24)
            return float(tally.by_centre[CALLS, here].sum()), float(tally.by_centre[SOON, here].sum())

        rows.append({"hour": hour, **_shares(calls, before, after)})
    return rows


def _worst(plan: Plan, after: list[PlannedTally], scene: PlannedScene) -> list[dict[str, Any]]:
    """The hours in which most calls were not answered within two minutes, on average over the runs."""
    calls = sum(each.by_hour[CALLS] for each in after) / len(after)
    late = calls - sum(each.by_hour[SOON] for each in after) / len(after)
    there = scene.operators.sum(axis=1)
    rows = []
    for hour in np.argsort(-late, kind="stable")[:_WORST]:
        moment = plan.period.moment(float(hour) * 3600)
        share = _of(calls[hour] - late[hour], calls[hour])
        when = moment.strftime("%Y-%m-%d %H:%M")
        rows.append({"hour": when, "calls": round(float(calls[hour])), "share": share, "operators": int(there[hour])})
    return rows


def _overflow(scene: PlannedScene, after: list[PlannedTally], directory: Directory) -> list[dict[str, Any]]:
    """The largest streams of calls that another centre took than the one that rang first."""
    streams = sum(each.overflow for each in after) / len(after)
    streams = streams - np.diag(np.diag(streams))
    rows = []
    for flat in np.argsort(-streams, axis=None, kind="stable")[:20]:
        first, by = np.unravel_index(flat, streams.shape)
        if streams[first, by] >= 1:
            names = [directory.centres[CentreId(scene.centres[int(each)])].spoken for each in (first, by)]
            rows.append({"from": names[0], "to": names[1], "calls": round(float(streams[first, by]))})
    return rows


def _assumptions(plan: Plan) -> list[dict[str, Any]]:
    rows = []
    for name, source in sources().items():
        value = getattr(plan.assumed, name)
        rows.append({"name": name, "value": value, "source": plan.stated.get(name, source)})
    return rows
