"""Figures as text for a terminal: plain lines, no colours, no width but its own."""

from collections.abc import Iterable, Iterator

from ivr.operations.records.figures import Figures
from ivr.operations.report import wording
from ivr.operations.report.wording import Name, ReportLine

_LABEL = 44


def lines(figures: Figures, name: Name) -> Iterator[str]:
    """`name`: of a group, e.g. of a centre's id."""
    total = figures.total
    yield f"{wording.days(figures.period)}: {total.calls} calls. {wording.NOTICE}"
    for head, told in (
        (wording.OFFICIAL, wording.official(total)),
        (wording.OURS, wording.ours(total)),
        ("How calls ended", wording.ends(total)),
    ):
        yield from ("", head)
        yield from map(_line, told)
    if figures.groups:
        yield from ("", f"By {figures.by}")
        yield from _table(
            (str(figures.by), *wording.GROUP_HEAD),
            [
                (wording.group_name(figures.by, key, name), *wording.group_row(group))
                for key, group in figures.groups.items()
            ],
        )
    yield from (
        "",
        "Node by node: each time that a call came there, it went on, was silent, pressed a wrong key, keyed what was",
        "not found, or hung up",
    )
    yield from _table(
        wording.NODE_HEAD,
        map(wording.node_row, figures.funnel),
    )
    yield from ("", *wording.caveats(figures)) if any(wording.caveats(figures)) else ()


def _line(line: ReportLine) -> str:
    return f"  {line.label:{_LABEL}} {line.value:>9}  {line.remark}".rstrip()


def _table(head: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The first column to the left, the others to the right."""
    rows = [head, *body]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        rest = "".join(f"  {cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        yield f"  {row[0]:{widths[0]}}{rest}"
