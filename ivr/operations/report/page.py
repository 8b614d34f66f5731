"""Figures as one HTML page that stands for itself: no script, no request to anywhere, and it prints well."""

from collections.abc import Iterable, Sequence
from html import escape

from ivr.operations.records.figures import GOAL_SECONDS, GOAL_SHARE, Figures, Group, Grouping, NodeFigures, TimeSpread
from ivr.operations.report import wording
from ivr.operations.report.plots import Bar, Curve, bars, columns, curves
from ivr.operations.report.wording import Name, ReportLine

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


def page(figures: Figures, name: Name, made: str) -> str:
    """`name`: of a group, e.g. of a centre's id; `made`: when, in words."""
    total = figures.total
    notes = "".join(f"<p>{escape(each)}</p>" for each in wording.caveats(figures))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>116 117: {escape(wording.days(figures.period))}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>The line 116 117: {escape(wording.days(figures.period))}</h1>"
        f'<p class="about">{total.calls} calls. {escape(wording.NOTICE)}</p>'
        f"{sections(figures, name)}</main>"
        f"<footer>{notes}<p>Made {escape(made)}. Definitions: docs/records.md.</p></footer>"
        "</body></html>\n"
    )


def sections(figures: Figures, name: Name) -> str:
    """The tables and plots alone, as HTML for another page; its style sheet gives the colours to the classes."""
    total = figures.total
    return "".join(
        (
            _goal(total),
            _section(wording.OFFICIAL, _lines(wording.official(total))),
            _section(wording.OURS, _lines(wording.ours(total)) + _waits(total)),
            _section("How calls ended", _lines(wording.ends(total)) + _ends(total)),
            _groups(figures, name),
            _section("Node by node", _funnel(figures.funnel)),
        )
    )


def _section(head: str, content: str) -> str:
    return f"<section><h2>{escape(head)}</h2>{content}</section>"


def _goal(total: Group) -> str:
    share = total.share_within(GOAL_SECONDS)
    missed = share is not None and share < GOAL_SHARE
    return (
        f'<p class="goal{" missed" if missed else ""}"><b>{wording.percent(share)}</b> answered within two minutes of '
        f"ringing; the goal is {wording.GOAL}. Half of those who reached a person had waited "
        f"<b>{wording.seconds(total.to_human.median)}</b> since their call came in.</p>"
    )


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


def _waits(total: Group) -> str:
    told = [
        Curve("from ringing to the answer", _shares(total.answer_times, total.legs), "a"),
        Curve("from the call to a person", _shares(total.to_human, total.calls), "b"),
    ]
    return curves("How many were answered after how long", told, _CURVE_SECONDS, "seconds; of all, unanswered included")


def _shares(spread: TimeSpread, of: int) -> tuple[tuple[float, float], ...]:
    seen, points = 0, []
    for second in sorted(spread):
        seen += spread[second]
        points.append((float(second), seen / of))
    return tuple(points)


def _ends(total: Group) -> str:
    told = [
        Bar(label, (float(total.dispositions[each]),), wording.percent_of(total.dispositions[each], total.calls))
        for each, label in wording.ENDS.items()
    ]
    return bars("How calls ended", told, ("one",))


def _groups(figures: Figures, name: Name) -> str:
    if not figures.groups:
        return ""
    named = {wording.group_name(figures.by, key, name): group for key, group in figures.groups.items()}
    if figures.by is Grouping.HOUR:
        told = [Bar(each[:2], (float(group.calls),), str(group.calls)) for each, group in named.items()]
        plot = columns("Calls by hour of the day", told, "hour of the day, Oslo time")
    else:
        largest = sorted(named.items(), key=lambda item: -item[1].legs)[:_MOST_BARS]
        told = [_within_goal(each, group) for each, group in largest if wording.group_row(group)[3] != wording.NOTHING]
        title = f"Answered within two minutes, by {figures.by}"
        plot = bars(title, told, ("one", "two")) if told else ""
        plot += "<p>The largest thirty are drawn.</p>" if len(named) > _MOST_BARS else ""
    table = _table(
        (str(figures.by), *wording.GROUP_HEAD), [(each, *wording.group_row(group)) for each, group in named.items()]
    )
    return _section(f"By {figures.by}", plot + table)


def _within_goal(name: str, group: Group) -> Bar:
    share = group.share_within(GOAL_SECONDS) or 0.0
    return Bar(name, (share, 1 - share), wording.percent(share))


def _funnel(nodes: Sequence[NodeFigures]) -> str:
    classes = ("one", "two", "three", "five", "four")
    key = "".join(f'<span class="{css}"></span>{part}' for css, part in zip(classes, wording.NODE_PARTS, strict=True))
    told = [
        Bar(each.node, tuple(map(float, wording.node_parts(each))), f"{each.entered}") for each in nodes[:_MOST_BARS]
    ]
    plot = bars("What callers did at each node", told, classes)
    table = _table(wording.NODE_HEAD, map(wording.node_row, nodes))
    return f'<p class="key">Each time that a call came to a node it{key}</p>{plot}{table}'
