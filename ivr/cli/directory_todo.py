"""`ivr directory todo` and `template`: what is left to verify, counted, and a sheet for the people who do it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import DIRECTORY, JSON, OUTPUT, echo_json

if TYPE_CHECKING:
    from ivr.line.directory.standing import WorkItem

KINDS = {
    "no_centre": "no centre is known: find out who answers",
    "no_number": "the number is a stand-in: find it",
    "never_verified": "call it",
    "stale": "verified over 12 months ago: call it again",
    "due": "ends within 60 days: call it again",
    "verified": "nothing to do",
}
_SHOWN = 20  # centres, without --all
_COLUMNS = ("id", "name", "number", "number_source", "number_date", "number_confidence", "last_verified", "verified_by")
_KIND = click.option(
    "--kind", "kinds", type=click.Choice(list(KINDS)), multiple=True, help="Only centres of this kind; repeatable."
)


@click.command()
@_KIND
@click.option("--all", "everything", is_flag=True, help=f"List every centre; without it the first {_SHOWN}.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the list as CSV, for a spreadsheet.")
@JSON
@DIRECTORY
def todo(kinds: tuple[str, ...], everything: bool, as_csv: bool, as_json: bool, folder: Path) -> None:
    """Count what is left to verify before a line may serve people, and list it, most people first.

    People are those of the municipalities for which a centre answers at noon.

    \b
    Examples:
      ivr directory todo
      ivr directory todo --kind never_verified --csv

    \b
    Exit codes:
      0    nothing is left
      1    something is left; all of it is counted
      2    the command line or the directory is wrong
    """
    items = _items(folder)
    left = [item for item in items if (item.standing in kinds if kinds else item.standing.is_open)]
    summary = count(items)
    if as_json:
        echo_json({"by_kind": summary, "centres": [_row(item) for item in left]})
    elif as_csv:
        click.echo(_csv([_row(item) for item in left]), nl=False)
    else:
        _echo(summary, left, left if everything else left[:_SHOWN])
    raise SystemExit(1 if any(item.standing.is_open for item in items) else 0)


@click.command()
@_KIND
@click.option("--empty", is_flag=True, help="All columns of a centre and no row: for centres that are missing.")
@OUTPUT
@DIRECTORY
def template(kinds: tuple[str, ...], empty: bool, output: Path | None, folder: Path) -> None:
    """Write a sheet for the people who verify: a row for each centre that is left, with what is known of it.

    It opens in Excel and LibreOffice. Whoever calls a centre fills in the day and the name, or the right number with
    its source. `ivr directory import SHEET` takes it back; rows that nobody touched change nothing.

    \b
    Examples:
      ivr directory template -o verify.csv
      ivr directory template --kind no_number -o numbers.csv
      ivr directory template --empty -o new-centres.csv

    \b
    Exit codes:
      0    written
      2    the command line or the directory is wrong, or the file cannot be written
    """
    from ivr.cli.files import write
    from ivr.line.directory.load import read_tables
    from ivr.line.directory.schema import FILES

    wanted = [item.centre.id for item in _items(folder) if item.standing in (kinds or _open())]
    rows = {row["id"]: row.cells for row in read_tables(folder)["centres.csv"].rows}
    columns = FILES["centres.csv"].columns if empty else _COLUMNS
    sheet = [] if empty else [{column: rows[each][column] for column in columns} for each in wanted]
    write(output, ("\N{BYTE ORDER MARK}" if output else "") + _csv(sheet, columns))


def count(items: "tuple[WorkItem, ...]") -> dict[str, dict[str, int | float]]:
    """Centres, municipalities and people of each kind."""
    everyone = sum(item.population for item in items)
    summary: dict[str, dict[str, int | float]] = {}
    for kind in KINDS:
        mine = [item for item in items if item.standing == kind]
        people = sum(item.population for item in mine)
        summary[kind] = {
            "centres": len(mine),
            "municipalities": sum(len(item.municipalities) for item in mine),
            "population": people,
            "share_of_population": round(people / everyone, 4) if everyone else 0.0,
        }
    return summary


def _open() -> tuple[str, ...]:
    return tuple(kind for kind in KINDS if kind != "verified")


def _items(folder: Path) -> "tuple[WorkItem, ...]":
    from ivr.base.clock import SystemClock
    from ivr.line.directory import load_directory
    from ivr.line.directory.standing import work_list

    now = SystemClock().now()
    return work_list(load_directory(folder, today=now.date()), now)


def _row(item: "WorkItem") -> dict[str, Any]:
    from ivr.line.directory.standing import verification_ends

    ends, known = verification_ends(item.centre), item.centre.number_provenance
    return {
        "id": item.centre.id,
        "spoken": item.centre.spoken,
        "kind": item.standing.value,
        "number": "" if item.standing.reaches_nobody else item.centre.number.national,
        "last_verified": str(known.last_verified or ""),
        "verified_by": known.verified_by,
        "ends": str(ends or ""),
        "municipalities": len(item.municipalities),
        "population": item.population,
    }


def _echo(summary: dict[str, dict[str, int | float]], left: "list[WorkItem]", shown: "list[WorkItem]") -> None:
    click.echo(f"{'':16}{'centres':>8}{'municipalities':>16}{'people':>10}{'share':>8}  what to do")
    for kind, about in KINDS.items():
        row = summary[kind]
        share = f"{row['share_of_population']:.1%}"
        click.echo(f"{kind:16}{row['centres']:8}{row['municipalities']:16}{row['population']:10}{share:>8}  {about}")
    for item in shown:
        click.echo(f"{item.population:10}  {item.standing:15} {item.centre.spoken} [{item.centre.id}]")
    if len(left) > len(shown):
        click.echo(f"and {len(left) - len(shown)} more centres: --all, --csv or --json")
    if left:
        click.echo("Next: ivr directory template -o verify.csv    (a sheet for the people who call)")


def _csv(rows: list[dict[str, Any]], columns: tuple[str, ...] = ()) -> str:
    """As Excel in Norway reads it: semicolons. No cell can be taken for a formula."""
    import csv
    import io

    from ivr.base.spreadsheet import neutral

    text = io.StringIO()
    names = columns or tuple(rows[0] if rows else ("id",))
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(names)
    writer.writerows([neutral(str(row[name])) for name in names] for row in rows)
    return text.getvalue()
