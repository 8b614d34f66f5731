"""`ivr directory counts`: what is known of the numbers, in figures."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import DIRECTORY, JSON, echo_json

if TYPE_CHECKING:
    from datetime import datetime

    from ivr.line.directory import Directory

STATUS_COLOURS = {"sourced": "green", "synthetic": "yellow", "assumed": "red"}


@click.command()
@DIRECTORY
@JSON
def counts(folder: Path, as_json: bool) -> None:
    """Count centres, municipalities and people by the status of the number that answers.

    \b
    Example:
      ivr directory counts --json

    \b
    Exit codes:
      0    counted
      2    the command line or the directory is wrong
    """
    from ivr.base.clock import SystemClock
    from ivr.line.directory import load_directory

    now = SystemClock().now()
    summary = _counts(load_directory(folder, today=now.date()), now)
    if as_json:
        echo_json(summary)
        return
    click.echo(f"directory {summary['version']}: a sourced number is copied from a web page and not verified")
    click.echo(f"{'':12}{'centres':>9}{'municipalities':>16}{'people':>12}{'share':>9}")
    for status, row in summary["by_status"].items():
        name = click.style(f"{status:12}", fg=STATUS_COLOURS[status])
        share = f"{row['share_of_population']:.1%}"
        click.echo(f"{name}{row['centres']:9}{row['municipalities']:16}{row['population']:12}{share:>9}")
    total = summary["total"]
    click.echo(f"{'all':12}{total['centres']:9}{total['municipalities']:16}{total['population']:12}{'100.0%':>9}")
    click.echo(
        f"also {total['areas']} areas (Svalbard, Jan Mayen), {total['counties']} counties, "
        f"{total['postcodes']} postcodes, {total['old_numbers']} old municipality numbers"
    )
    click.echo(f"numbers verified within a year: {summary['verified']} of {total['centres']}")


def _counts(found: "Directory", now: "datetime") -> dict[str, Any]:
    from ivr.line.directory import NumberStatus, Place, live_complaints

    everyone = sum(m.population for m in found.municipalities.values())
    rows: dict[str, dict[str, Any]] = {}
    noon = now.replace(hour=12, minute=0)
    answers = {n: found.answering(Place(n), noon).centre.status for n in found.municipalities}
    for status in NumberStatus:
        mine = [found.municipalities[n] for n, answer in answers.items() if answer is status]
        people = sum(m.population for m in mine)
        rows[status.value] = {
            "centres": sum(centre.status is status for centre in found.centres.values()),
            "municipalities": len(mine),
            "population": people,
            "share_of_population": round(people / everyone, 4) if everyone else 0.0,
        }
    total = {
        "centres": len(found.centres),
        "municipalities": len(found.municipalities),
        "population": everyone,
        "areas": len(found.areas),
        "counties": len(found.counties),
        "postcodes": len(found.tables.postcodes),
        "old_numbers": len(found.tables.merged),
    }
    verified = len(found.centres) - len(live_complaints(found, now.date()))
    return {"version": found.version, "by_status": rows, "total": total, "verified": verified}
