"""Figures as one HTML page that stands for itself: no script, no request to anywhere, and it prints well."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape

from markupsafe import Markup

from ivr.operations.languages import OperatorLanguage
from ivr.operations.records.figures import GOAL_SECONDS, GOAL_SHARE, Figures, Group, Grouping, NodeFigures, TimeSpread
from ivr.operations.report.plots import Bar, Curve, bars, columns, curves
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

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
p.about { color: #4a4a4a; margin: .2rem 0 1rem; }
.goal { border-left: .4rem solid #1f6f43; padding: .4rem 1rem; background: #f2f7f4; font-size: 1.1rem; }
.goal.missed { border-color: #a3341f; background: #fbf3f1; } .goal b { font-size: 1.8rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .2rem .5rem; border-bottom: 1px solid #ddd; vertical-align: top; }
th:first-child, td:first-child { text-align: left; } td { white-space: nowrap; }
td.remark { text-align: left; color: #4a4a4a; white-space: normal; }
thead th { border-bottom: 2px solid #555; }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; } svg text { fill: #1b1b1b; }
.one { fill: #2f6690; } .two { fill: #b9c6d2; } .three { fill: #d08c4a; } .four { fill: #8a2f2f; }
.five { fill: #7d6b9e; }
path.grid { stroke: #ddd; fill: none; } path.a { stroke: #2f6690; stroke-width: 2.5; fill: none; }
path.b { stroke: #a3341f; stroke-width: 2.5; fill: none; stroke-dasharray: 6 3; }
.key span { display: inline-block; width: .9rem; height: .9rem; margin: 0 .3rem 0 1rem; vertical-align: -.1rem; }
.key .one { background: #2f6690; } .key .two { background: #b9c6d2; } .key .three { background: #d08c4a; }
.key .four { background: #8a2f2f; } .key .five { background: #7d6b9e; }
footer { margin-top: 2rem; color: #4a4a4a; font-size: .9rem; border-top: 1px solid #ddd; }
@media print {
  @page { size: A4; margin: 15mm; }
  body { margin: 0; max-width: none; font-size: 10.5pt; }
  section, svg, tr { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; }
  rect, .goal, .key span { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""
_MOST_BARS = 30
_CURVE_SECONDS = 180
_PART_CLASSES = ("one", "two", "three", "five", "four")  # of NODE_PARTS


def page(figures: Figures, name: Name, made: datetime, language: OperatorLanguage) -> str:
    """`name`: of a group, e.g. of a centre's id; `made`: when."""
    wording = ReportWording(language)
    days = wording.days(figures.period)
    about = wording.say("report.about", count=figures.total.calls, notice=wording.say("report.notice"))
    notes = "".join(f"<p>{escape(each)}</p>" for each in wording.caveats(figures))
    return (
        f'<!DOCTYPE html>\n<html lang="{language.code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>116 117: {escape(days)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(wording.say('report.title', days=days))}</h1>"
        f'<p class="about">{escape(about)}</p>'
        f"{sections(figures, name, language)}</main>"
        f"<footer>{notes}<p>{escape(wording.say('report.made', moment=language.moment(made)))}</p></footer>"
        "</body></html>\n"
    )


def sections(figures: Figures, name: Name, language: OperatorLanguage, node: Name = str) -> str:
    """The tables and plots alone, as HTML for another page; its style sheet gives the colours to the classes.

    `node`: of a node's id.
    """
    named = [replace(each, node=node(each.node)) for each in figures.funnel]
    return _Sections(ReportWording(language)).all(replace(figures, funnel=tuple(named)), name)


class _Sections:
    def __init__(self, wording: ReportWording) -> None:
        self._wording = wording
        self._say = wording.say

    def all(self, figures: Figures, name: Name) -> str:
        total, wording = figures.total, self._wording
        return "".join(
            (
                self._goal(total),
                _section(self._say("report.official"), _lines(wording.official(total))),
                _section(self._say("report.ours"), _lines(wording.ours(total)) + self._waits(total)),
                _section(self._say("report.ended"), _lines(wording.ends(total)) + self._ends(total)),
                self._groups(figures, name),
                _section(self._say("report.nodes"), self._funnel(figures.funnel)),
            )
        )

    def _goal(self, total: Group) -> str:
        share = total.share_within(GOAL_SECONDS)
        missed = share is not None and share < GOAL_SHARE
        shown = {
            "share": Markup("<b>{}</b>").format(self._wording.percent(share)),
            "goal": self._wording.goal,
            "median": Markup("<b>{}</b>").format(self._wording.seconds(total.to_human.median)),
        }
        words = Markup(escape(self._wording.language.pattern("report.goal"))).format(**shown)  # noqa: S704 - escaped
        return f'<p class="goal{" missed" if missed else ""}">{words}</p>'

    def _waits(self, total: Group) -> str:
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

    def _ends(self, total: Group) -> str:
        told = [
            Bar(self._say(f"ends.{each}"), (float(count),), self._wording.percent_of(count, total.calls))
            for each, count in ((each, total.dispositions[each]) for each in ENDS)
        ]
        return bars(self._say("report.ended"), told, ("one",))

    def _groups(self, figures: Figures, name: Name) -> str:
        if not figures.groups:
            return ""
        wording, by = self._wording, self._say(f"by.{figures.by}")
        named = {wording.group_name(figures.by, key, name): group for key, group in figures.groups.items()}
        rows = [(each, *wording.group_row(group)) for each, group in named.items()]
        plot = self._by_hour(named) if figures.by is Grouping.HOUR else self._by_share(named, by)
        table = _table((by, *wording.columns(GROUP_COLUMNS)), rows)
        return _section(self._say("report.by", by=by), plot + table)

    def _by_hour(self, named: Mapping[str, Group]) -> str:
        told = [Bar(each[:2], (float(group.calls),), str(group.calls)) for each, group in named.items()]
        return columns(self._say("report.hours"), told, self._say("report.hours_axis"))

    def _by_share(self, named: Mapping[str, Group], by: str) -> str:
        largest = sorted(named.items(), key=lambda item: -item[1].legs)[:_MOST_BARS]
        shown = [each for each in largest if self._wording.group_row(each[1])[3] != self._wording.nothing]
        told = [self._within_goal(*each) for each in shown]
        plot = bars(self._say("report.within_by", by=by), told, ("one", "two")) if told else ""
        return plot + (f"<p>{escape(self._say('report.largest'))}</p>" if len(named) > _MOST_BARS else "")

    def _within_goal(self, name: str, group: Group) -> Bar:
        share = group.share_within(GOAL_SECONDS) or 0.0
        return Bar(name, (share, 1 - share), self._wording.percent(share))

    def _funnel(self, nodes: Sequence[NodeFigures]) -> str:
        parts = zip(_PART_CLASSES, self._wording.columns(NODE_PARTS), strict=True)
        key = "".join(f'<span class="{css}"></span>{escape(part)}' for css, part in parts)
        told = [
            Bar(each.node, tuple(map(float, node_parts(each))), self._wording.number(each.entered))
            for each in nodes[:_MOST_BARS]
        ]
        plot = bars(self._say("report.nodes_plot"), told, _PART_CLASSES)
        table = _table(self._wording.columns(NODE_COLUMNS), map(self._wording.node_row, nodes))
        return f'<p class="key">{escape(self._say("report.nodes_key"))}{key}</p>{plot}{table}'


def _section(head: str, content: str) -> str:
    return f"<section><h2>{escape(head)}</h2>{content}</section>"


def _lines(told: Iterable[ReportLine]) -> str:
    rows = "".join(
        f"<tr><td>{escape(line.label)}</td><td>{escape(line.value)}</td>"
        f'<td class="remark">{escape(line.remark)}</td></tr>'
        for line in told
    )
    return f"<table>{rows}</table>"


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in body)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _shares(spread: TimeSpread, of: int) -> tuple[tuple[float, float], ...]:
    seen, points = 0, []
    for second in sorted(spread):
        seen += spread[second]
        points.append((float(second), seen / of))
    return tuple(points)
