"""Records and figures for spreadsheets and programs, in a form in which no single person can be found.

Times are rounded to the hour; a place or centre with fewer than five calls is not named, and a count of one to four is
not told.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ivr.base.clock import OSLO
from ivr.operations.records.figures import GOAL_SECONDS, SMALL, Figures, Group

FEW = f"<{SMALL}"  # in place of a small count, or of what is too rare to be named
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | float | None


def call_cells(calls: Sequence[Mapping[str, Any]]) -> list[dict[str, Cell]]:
    """A row a call, without its id."""
    common = {name: Counter(call[name] for call in calls) for name in ("municipality", "centre")}
    return [_call(call, common) for call in calls]


def _call(call: Mapping[str, Any], common: Mapping[str, Counter[str]]) -> dict[str, Cell]:
    hour = datetime.fromtimestamp(call["started_at"] // 3_600_000 * 3600, OSLO)
    named = {name: call[name] if seen[call[name]] >= SMALL else FEW for name, seen in common.items()}
    seconds = {
        f"seconds_to_{what}": None if call[column] is None else max(0, call[column] - call["started_at"]) // 1000
        for what, column in (("ringing", "rang_at"), ("human", "human_at"), ("end", "ended_at"))
    }
    return {
        "hour": hour.isoformat(timespec="hours"),
        **{name: call[name] for name in ("flow", "directory", "language", "route")},
        **named,
        "origin": call["origin"],
        "disposition": call["disposition"],
        "first_words_ms": call["first_words_ms"],
        **seconds,
        **{name: call[name] for name in ("silences", "wrong_keys", "not_found", "faults")},
        "abroad": int(call["abroad"]),
    }


def group_cells(figures: Figures) -> list[dict[str, Cell]]:
    """A row a group, or one for all calls."""
    groups = figures.groups or {"all": figures.total}
    return [{str(figures.by or "calls"): name, **cells(group)} for name, group in groups.items()]


def cells(group: Group) -> dict[str, Cell]:
    """The figures of some calls. What is of fewer than five calls or legs is not told."""
    few = group.calls < SMALL
    few_legs = group.legs < SMALL
    share = group.share_within(GOAL_SECONDS)
    return {
        "calls": small(group.calls),
        "connected": small(group.dispositions["connected"]),
        "nobody_answered": small(group.dispositions["nobody_answered"]),
        "abandoned": small(group.dispositions["abandoned"]),
        "red_flags": small(group.red_flags),
        "median_seconds_to_ringing": None if few else group.to_ringing.median,
        "median_seconds_to_human": None if few else group.to_human.median,
        "legs": small(group.legs),
        "legs_answered": small(group.answered),
        "share_answered_within_120_s": None if few_legs or share is None else round(share, 4),
        "median_answer_seconds": None if few_legs else group.answer_times.median,
    }


def small(count: int) -> Cell:
    return FEW if 0 < count < SMALL else count


def as_csv(table: Iterable[Mapping[str, Cell]]) -> str:
    """With a head line. No cell can be taken for a formula by a spreadsheet."""
    lines = list(table)
    if not lines:
        return ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(lines[0])
    writer.writerows([_harmless(cell) for cell in line.values()] for line in lines)
    return text.getvalue()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
