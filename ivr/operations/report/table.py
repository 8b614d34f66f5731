"""Figures as text for a terminal: plain lines, no colours, no width but its own."""

import textwrap
from collections.abc import Iterable, Iterator

from ivr.operations.languages import OperatorLanguage
from ivr.operations.records.figures import Figures
from ivr.operations.report.wording import GROUP_COLUMNS, NODE_COLUMNS, Name, ReportLine, ReportWording

_LABEL = 44
_WIDTH = 110  # of a sentence


def lines(figures: Figures, name: Name, language: OperatorLanguage) -> Iterator[str]:
    """`name`: of a group, e.g. of a centre's id."""
    total, wording = figures.total, ReportWording(language)
    about = wording.say("report.about", count=total.calls, notice=wording.say("report.notice"))
    yield f"{wording.days(figures.period)}: {about}"
    for head, told in (
        ("report.official", wording.official(total)),
        ("report.ours", wording.ours(total)),
        ("report.ended", wording.ends(total)),
    ):
        yield from ("", wording.say(head))
        yield from map(_line, told)
    if figures.groups:
        by = wording.say(f"by.{figures.by}")
        yield from ("", wording.say("report.by", by=by))
        named = [(wording.group_name(figures.by, key, name), each) for key, each in figures.groups.items()]
        rows = [(called, *wording.group_row(group)) for called, group in named]
        yield from _table((by, *wording.columns(GROUP_COLUMNS)), rows)
    yield from ("", *textwrap.wrap(wording.say("report.nodes_words"), _WIDTH))
    yield from _table(wording.columns(NODE_COLUMNS), map(wording.node_row, figures.funnel))
    caveats = list(wording.caveats(figures))
    yield from ("", *caveats) if caveats else ()


def _line(line: ReportLine) -> str:
    return f"  {line.label:{_LABEL}} {line.value:>9}  {line.remark}".rstrip()


def _table(head: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The first column to the left, the others to the right."""
    rows = [head, *body]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        rest = "".join(f"  {cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        yield f"  {row[0]:{widths[0]}}{rest}"
