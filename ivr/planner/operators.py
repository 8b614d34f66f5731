"""How many operators each centre lacks for 80 % within two minutes, hour by hour of the week, by Erlang C.

Of the calls that ring there first: what overflows to it from others, and redials, are not in it.
"""

from collections.abc import Iterator
from typing import Any

from ivr.base.ids import CentreId
from ivr.line.directory import Directory
from ivr.planner.assumptions import GOAL_SHARE
from ivr.planner.period import WEEK
from ivr.planner.scene import PlannedScene
from ivr.planner.staffing import lacking

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def by_hour(scene: PlannedScene, directory: Directory) -> dict[str, Any]:
    """For each centre the operators that it needs and lacks, Monday 00:00 first; a public holiday is a Sunday."""
    wanted, lacks = lacking(scene.load, scene.operators, scene.demand.period.of_week, GOAL_SHARE)
    rows = [
        {
            "id": name,
            "name": directory.centres[CentreId(name)].spoken,
            "needs": wanted[:, number].tolist(),
            "lacks": lacks[:, number].tolist(),
        }
        for number, name in enumerate(scene.centres)
    ]
    rows.sort(key=lambda row: (-sum(row["lacks"]), row["id"]))
    return {"needs": wanted.sum(axis=1).tolist(), "lacks": lacks.sum(axis=1).tolist(), "centres": rows}


def lines(found: dict[str, Any]) -> Iterator[str]:
    """A table for each day of the country, then each centre that lacks somebody."""
    yield "operators that all centres together need, and lack, for 80 % within two minutes"
    yield "        " + " ".join(f"{hour:>7}" for hour in range(24))
    for day, name in enumerate(_DAYS):
        cells = (f"{found['needs'][at]}-{found['lacks'][at]}" for at in range(day * 24, day * 24 + 24))
        yield f"  {name}   " + " ".join(f"{cell:>7}" for cell in cells)
    yield ""
    lacking_ = [each for each in found["centres"] if any(each["lacks"])]
    yield f"{len(lacking_)} of {len(found['centres'])} centres lack operators in some hour:"
    for each in lacking_:
        yield f"  {each['name']}: {', '.join(_stretches(each['lacks']))}"


def _stretches(lacks: list[int]) -> Iterator[str]:
    """`fri 15–22 lacks 3`: hours that follow each other and lack as many."""
    at = 0
    while at < WEEK:
        end = at
        while end + 1 < WEEK and lacks[end + 1] == lacks[at] and (end + 1) % 24:
            end += 1
        if lacks[at]:
            yield f"{_DAYS[at // 24]} {at % 24:02}–{end % 24 + 1:02} lacks {lacks[at]}"
        at = end + 1
