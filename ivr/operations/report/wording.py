"""What both the terminal and the page say of figures: the same lines, words and rounding. Small numbers are hidden in
groups, never in the total."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ivr.base.clock import OSLO
from ivr.operations.records.export import FEW, cells, small
from ivr.operations.records.figures import (
    GOAL_SECONDS,
    GOAL_SHARE,
    LATE_SECONDS,
    Figures,
    Group,
    Grouping,
    NodeFigures,
    Period,
    TimeSpread,
)

NOTHING = "–"
GOAL = f"{GOAL_SHARE * 100:.0f} %"
NOTICE = "Practice equipment, not a medical service."
ENDS = {
    "connected": "talked to a centre",
    "informed": "heard information or a number",
    "red_flag": "heard the 113 instruction",
    "nobody_answered": "no centre answered",
    "abandoned": "hung up before",
    "failed": "failed",
}
OFFICIAL = "Official figure (akuttmedisinforskriften § 13): from ringing at the centre; the menu does not count"
OURS = "What the caller lives through: from the arrival of the call; the menu counts"
ORIGINS = {
    "": "people",
    "load": "`ivr load`",
    "probe": "`ivr probe`",
    "test": "tests",
    "demo": "a demonstration",
}
Name = Callable[[str], str]


@dataclass(frozen=True)
class ReportLine:
    """One figure: what it is, its value, and what to make of it."""

    label: str
    value: str
    remark: str = ""


def days(period: Period) -> str:
    last = period.end.astimezone(OSLO).date().toordinal() - 1
    first = period.start.astimezone(OSLO).date()
    return f"{first} to {type(first).fromordinal(last)}"


def official(group: Group) -> Iterator[ReportLine]:
    share = group.share_within(GOAL_SECONDS)
    reached = "" if share is None else "goal reached" if share >= GOAL_SHARE else "goal missed"
    yield ReportLine(f"answered within two minutes (goal {GOAL})", percent(share), reached)
    yield ReportLine("answered within ten minutes", percent(group.share_within(LATE_SECONDS)))
    yield ReportLine("centres rung", str(group.legs))
    yield ReportLine(
        "not answered", f"{group.legs - group.answered}", percent_of(group.legs - group.answered, group.legs)
    )
    yield ReportLine("median time to the answer", seconds(group.answer_times.median))
    if group.untold:
        remark = (
            "counted from the dialling, which comes before our announcement: the times may be too long, never too short"
        )
        yield ReportLine("no ringing was reported", str(group.untold), remark)


def ours(group: Group) -> Iterator[ReportLine]:
    words = group.first_words
    yield ReportLine(
        "to the reply with the first 113 words",
        milliseconds(words.median),
        f"95 % within {milliseconds(words.quantile(0.95))}, the slowest {milliseconds(words.quantile(1))}",
    )
    yield ReportLine("to the ringing of a centre", seconds(group.to_ringing.median), _spread_of(group.to_ringing))
    yield ReportLine("to a person", seconds(group.to_human.median), _spread_of(group.to_human))


def ends(group: Group) -> Iterator[ReportLine]:
    for disposition, label in ENDS.items():
        count = group.dispositions[disposition]
        yield ReportLine(label, str(count), percent_of(count, group.calls))
    yield ReportLine(
        "pressed 9, signs of danger to life", str(group.red_flags), percent_of(group.red_flags, group.calls)
    )


GROUP_HEAD = ("calls", "to a person", "rung", "within 2 min", "median", "no answer", "hung up", "key 9")


def group_row(group: Group) -> tuple[str, ...]:
    """The columns of GROUP_HEAD; what fewer than five calls stand behind is not told."""
    shown = cells(group)
    share = shown["share_answered_within_120_s"]
    return (
        str(shown["calls"]),
        seconds(shown["median_seconds_to_human"]),
        str(shown["legs"]),
        percent(share if isinstance(share, float) else None),
        seconds(shown["median_answer_seconds"]),
        str(small(group.legs - group.answered)),
        str(shown["abandoned"]),
        str(shown["red_flags"]),
    )


NODE_PARTS = ("went on", "silence", "wrong key", "not found", "hung up")
NODE_HEAD = ("node", "came", *NODE_PARTS, "key 9")


def node_parts(node: NodeFigures) -> tuple[int, ...]:
    """What became of the calls that came to a node, in the order of NODE_PARTS."""
    return node.went_on, node.silences, node.wrong_keys, node.not_found, node.hang_ups


def node_row(node: NodeFigures) -> tuple[str, ...]:
    """The columns of NODE_HEAD."""
    return node.node, *map(str, (node.entered, *node_parts(node), node.red_flags))


def group_name(by: Grouping | None, key: str, name: Name) -> str:
    if by is Grouping.HOUR:
        return f"{key}:00–{key}:59"
    return name(key) or "unknown"


def caveats(figures: Figures) -> Iterator[str]:
    """What to know before believing the figures."""
    if figures.lost:
        yield f"{figures.lost} facts were lost while the database could not be written: the figures are too low."
    if figures.orphans:
        yield f"{figures.orphans} calls of which only the end is known are not in the figures."
    if figures.period.origin:
        yield f"These are {figures.total.calls} calls of {ORIGINS[figures.period.origin]}, and of no people."
    for origin, count in figures.apart.items():
        yield f"{count} calls of {ORIGINS.get(origin, origin)} are apart, in none of these figures."
    if figures.groups:
        yield (
            f"{FEW}: fewer than five calls of one group, which could point at a person, so they are hidden. "
            "Counts of the whole period, and of nodes, point at nobody and are shown as they are."
        )


def seconds(value: object) -> str:
    return f"{value} s" if isinstance(value, int) else NOTHING


def milliseconds(value: int | None) -> str:
    return NOTHING if value is None else f"{value} ms"


def percent(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.1%}".replace("%", " %")


def percent_of(part: int, whole: int) -> str:
    return percent(part / whole if whole else None)


def _spread_of(spread: TimeSpread) -> str:
    return f"90 % within {seconds(spread.quantile(0.9))}, {spread.total()} calls"
