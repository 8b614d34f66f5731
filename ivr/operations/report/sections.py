"""What a report shows, section by section: the page of `ivr report --html` and the console's figures alike.

templates/report/sections.html writes it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ivr.operations.languages import OperatorLanguage
from ivr.operations.records.figures import GOAL_SECONDS, GOAL_SHARE, Figures, Group, Grouping, NodeFigures, TimeSpread
from ivr.operations.report.plots import Bar, Curve, Plot, bars, columns, curves
from ivr.operations.report.wording import (
    ENDS,
    GROUP_COLUMNS,
    NODE_COLUMNS,
    NODE_PARTS,
    Name,
    ReportLine,
    ReportWording,
    node_parts,
)

_MOST_BARS = 30
_CURVE_SECONDS = 180
_PART_CLASSES = ("one", "two", "three", "five", "four")  # of NODE_PARTS


@dataclass(frozen=True)
class GoalSentence:
    """`pattern`: a sentence with slots for the other three."""

    pattern: str
    share: str
    goal: str
    median: str
    missed: bool


@dataclass(frozen=True)
class ReportTable:
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class PlotKey:
    """What the colours of a plot mean: by CSS class."""

    words: str
    parts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ReportSection:
    """Its parts are shown in this order. `note`: a sentence about the plot."""

    head: str
    lines: Sequence[ReportLine] = ()
    key: PlotKey | None = None
    plot: Plot | None = None
    note: str = ""
    table: ReportTable | None = None


@dataclass(frozen=True)
class ReportSections:
    goal: GoalSentence
    sections: Sequence[ReportSection]


def sections(figures: Figures, name: Name, language: OperatorLanguage, node: Name = str) -> ReportSections:
    """`name`: of a group, e.g. of a centre's id; `node`: of a node's id."""
    named = tuple(replace(each, node=node(each.node)) for each in figures.funnel)
    made = _Sections(ReportWording(language))
    return ReportSections(made.goal(figures.total), list(made.all(replace(figures, funnel=named), name)))


class _Sections:
    def __init__(self, wording: ReportWording) -> None:
        self._wording = wording
        self._say = wording.say

    def goal(self, total: Group) -> GoalSentence:
        share = total.share_within(GOAL_SECONDS)
        return GoalSentence(
            self._wording.language.pattern("report.goal"),
            share=self._wording.percent(share),
            goal=self._wording.goal,
            median=self._wording.seconds(total.to_human.median),
            missed=share is not None and share < GOAL_SHARE,
        )

    def all(self, figures: Figures, name: Name) -> Iterator[ReportSection]:
        total, wording, say = figures.total, self._wording, self._say
        yield ReportSection(say("report.official"), list(wording.official(total)))
        yield ReportSection(say("report.ours"), list(wording.ours(total)), plot=self._waits(total))
        yield ReportSection(say("report.ended"), list(wording.ends(total)), plot=self._ends(total))
        if figures.groups:
            yield self._groups(figures, name)
        yield self._funnel(figures.funnel)

    def _waits(self, total: Group) -> Plot:
        told = [
            Curve(self._say("report.waits_official"), _shares(total.answer_times, total.legs), "a"),
            Curve(self._say("report.waits_ours"), _shares(total.to_human, total.calls), "b"),
        ]
        title, axis = self._say("report.waits"), self._say("report.waits_axis")
        return curves(title, told, _CURVE_SECONDS, axis, self._described(told))

    def _described(self, told: Iterable[Curve]) -> str:
        return "; ".join(f"{each.label}: {self._ends_at(each)}" for each in told)

    def _ends_at(self, curve: Curve) -> str:
        if not curve.points:
            return self._say("report.waits_nothing")
        return self._say("report.waits_all", number=round(curve.points[-1][0]))

    def _ends(self, total: Group) -> Plot:
        told = [
            Bar(self._say(f"ends.{each}"), (float(count),), self._wording.percent_of(count, total.calls))
            for each, count in ((each, total.dispositions[each]) for each in ENDS)
        ]
        return bars(self._say("report.ended"), told, ("one",))

    def _groups(self, figures: Figures, name: Name) -> ReportSection:
        wording, by = self._wording, self._say(f"by.{figures.by}")
        named = {wording.group_name(figures.by, key, name): group for key, group in figures.groups.items()}
        rows = [(each, *wording.group_row(group)) for each, group in named.items()]
        by_hour = figures.by is Grouping.HOUR
        return ReportSection(
            self._say("report.by", by=by),
            plot=self._by_hour(named) if by_hour else self._by_share(named, by),
            note="" if by_hour or len(named) <= _MOST_BARS else self._say("report.largest"),
            table=ReportTable((by, *wording.columns(GROUP_COLUMNS)), rows),
        )

    def _by_hour(self, named: Mapping[str, Group]) -> Plot:
        told = [Bar(each[:2], (float(group.calls),), str(group.calls)) for each, group in named.items()]
        return columns(self._say("report.hours"), told, self._say("report.hours_axis"))

    def _by_share(self, named: Mapping[str, Group], by: str) -> Plot | None:
        """None where every group is too small to be told."""
        largest = sorted(named.items(), key=lambda item: -item[1].legs)[:_MOST_BARS]
        shown = [each for each in largest if self._wording.group_row(each[1])[3] != self._wording.nothing]
        told = [self._within_goal(*each) for each in shown]
        return bars(self._say("report.within_by", by=by), told, ("one", "two")) if told else None

    def _within_goal(self, name: str, group: Group) -> Bar:
        share = group.share_within(GOAL_SECONDS) or 0.0
        return Bar(name, (share, 1 - share), self._wording.percent(share))

    def _funnel(self, nodes: Sequence[NodeFigures]) -> ReportSection:
        told = [
            Bar(each.node, tuple(map(float, node_parts(each))), self._wording.number(each.entered))
            for each in nodes[:_MOST_BARS]
        ]
        parts = zip(_PART_CLASSES, self._wording.columns(NODE_PARTS), strict=True)
        return ReportSection(
            self._say("report.nodes"),
            key=PlotKey(self._say("report.nodes_key"), list(parts)),
            plot=bars(self._say("report.nodes_plot"), told, _PART_CLASSES),
            table=ReportTable(self._wording.columns(NODE_COLUMNS), list(map(self._wording.node_row, nodes))),
        )


def _shares(spread: TimeSpread, of: int) -> tuple[tuple[float, float], ...]:
    seen, points = 0, []
    for second in sorted(spread):
        seen += spread[second]
        points.append((float(second), seen / of))
    return tuple(points)
