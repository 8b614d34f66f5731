"""`ivr report`: the figures of a period on the terminal, as JSON, or as a page. Parses, asks, prints."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import FROM, JSON, TO, echo_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivr.operations.records.figures import Figures


@click.command()
@FROM
@TO
@click.option(
    "--by",
    type=click.Choice(["centre", "hour", "county", "language", "week"]),
    help="Also show the figures of each group.",
)
@click.option(
    "--origin",
    type=click.Choice(["load", "probe", "test", "demo"]),
    show_default="the calls of people",
    help="The calls of one of our tools instead, which are in no official figure.",
)
@click.option(
    "--html",
    "html_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an HTML page with plots to this file.",
)
@JSON
def report(  # noqa: PLR0913, PLR0917 - one for each option
    first: datetime | None,
    last: datetime | None,
    by: str | None,
    origin: str | None,
    html_file: Path | None,
    as_json: bool,
) -> None:
    """Report how many calls were answered within two minutes, and what callers experienced.

    The official figure counts from ringing at the centre, without the menu. The report adds the seconds to the first
    113 words, to ringing and to a person, and what callers did at each node. Definitions: docs/records.md.

    \b
    Examples:
      ivr report --from 2026-11-01 --to 2026-11-30 --by centre
      ivr report --html report.html

    \b
    Exit codes:
      0    printed or written
      1    there are no records, or the database cannot be read
      2    the command line or a setting is wrong, or the file cannot be written
    """
    from ivr.base.clock import SystemClock
    from ivr.cli.files import write
    from ivr.cli.records import period, reading
    from ivr.operations.languages import source_language
    from ivr.operations.records.figures import Grouping, figures
    from ivr.operations.report.page import page
    from ivr.operations.report.table import lines

    now = SystemClock().now()
    with reading() as engine, engine.connect() as connection:
        chosen = replace(period(first, last), origin=origin or "")
        found = figures(connection, chosen, Grouping(by) if by else None, now)
    name = _namer(by)
    if html_file is not None:
        write(html_file, page(found, name, now, source_language()))
        click.echo(f"{html_file} written", err=True)
    elif as_json:
        echo_json(_as_json(found))
    else:
        for line in lines(found, name, source_language()):
            click.echo(line)


def _namer(by: str | None) -> "Callable[[str], str]":
    """What the groups are called; a centre or county that the directory does not know keeps its id."""
    from ivr.base.ids import CentreId
    from ivr.cli.records import the_directory

    if by == "centre":
        centres = the_directory().centres
        return lambda key: centres[CentreId(key)].spoken if key in centres else key
    if by == "county":
        counties = the_directory().counties
        return lambda key: counties[key].name if key in counties else key
    return str


def _as_json(found: "Figures") -> dict[str, Any]:
    from ivr.operations.records.export import cells, group_cells

    total = found.total
    return {
        "from": found.period.start.isoformat(),
        "to": found.period.end.isoformat(),
        "calls": total.calls,
        "lost_facts": found.lost,
        "orphans": found.orphans,
        "total": {
            **cells(total),
            "dispositions": dict(total.dispositions),
            "first_words_ms": {name: total.first_words.quantile(share) for name, share in _QUANTILES.items()},
            "seconds_to_ringing": {name: total.to_ringing.quantile(share) for name, share in _QUANTILES.items()},
            "seconds_to_human": {name: total.to_human.quantile(share) for name, share in _QUANTILES.items()},
            "share_answered_within_600_s": total.share_within(600),
            "legs_without_ringing_told": total.untold,
        },
        "groups": group_cells(found) if found.groups else [],
        "origin": found.period.origin,
        "calls_apart": dict(found.apart),
        "funnel": [{**vars(node), "went_on": node.went_on} for node in found.funnel],
    }


_QUANTILES = {"median": 0.5, "p90": 0.9, "p95": 0.95, "max": 1.0}
