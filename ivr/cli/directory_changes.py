"""The commands of `ivr directory` that compare and change: `import`, `diff`, `verify`, `confirmed`. They ask first."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivr.cli.options import FILE, FOLDER, JSON, OWN_DIRECTORY, echo_json, go_ahead, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ivr.line.directory import Directory
    from ivr.line.directory.files import Table
    from ivr.operations.directory_import import DirectoryChange, Sheet

_YES = click.option("--yes", is_flag=True, help="Do not ask.")
_TAKE_UP = "A running line loads it on SIGHUP."


@click.command(name="import")
@click.argument("files", metavar="FILE...", nargs=-1, type=FILE)
@OWN_DIRECTORY
@_YES
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--remove", metavar="CENTRE", multiple=True, help="Remove the centre with this id; repeatable.")
@click.option(
    "--sheet", "worksheets", metavar="NAME", multiple=True, help="Read this worksheet of a workbook; repeatable."
)
@click.option("--fewer", is_flag=True, help="Allow a register to lose more than one row in twenty.")
@click.option("--restore", is_flag=True, help="Restore the old files after an interrupted change.")
def import_files(  # noqa: PLR0913, PLR0917 - one for each option
    files: tuple[Path, ...],
    folder: Path,
    yes: bool,
    dry_run: bool,
    remove: tuple[str, ...],
    worksheets: tuple[str, ...],
    fewer: bool,
    restore: bool,
) -> None:
    """Import facts into a directory, from .xlsx, .ods, CSV (also as Excel writes it) or JSON.

    The columns of a sheet show which table it is for; columns may be missing. The import changes rows with the same
    id or number and adds new rows. A new number, a new centre of a place and a new clinic need source, date and
    confidence in the same row. Registers (municipalities, postcodes ...) are replaced as a whole. Several files are
    one change: the command checks all of it, shows it in words, asks, and then writes it.

    \b
    Examples:
      ivr directory import numbers.csv --directory my/directory --dry-run
      ivr directory import --remove old_centre --directory my/directory --yes

    \b
    Exit codes:
      0    done, or nothing to do
      1    you answered no
      2    a file is wrong, and nothing was changed
    """
    from contextlib import nullcontext

    from ivr.operations.directory_import import alone, merge
    from ivr.operations.directory_import import restore as put_back

    if restore:
        with alone(folder, restoring=True):
            names = put_back(folder)
        click.echo(f"put back: {', '.join(names)}" if names else "nothing to restore: no change was interrupted here")
        return
    if not files and not remove:
        raise click.UsageError("name at least one FILE")
    sheets = [sheet for file in files for sheet in _read(file, worksheets)]
    with nullcontext() if dry_run else alone(folder):
        old = _tables(folder)
        _apply(folder, old, merge(old, sheets, fewer=fewer, remove=remove), yes, dry_run)


@click.command()
@click.argument("centre")
@click.option("--number", show_default="the command asks for it", help="The number that was dialled.")
@click.option("--by", required=True, help="Who dialled it: a name, initials or a role.")
@click.option("--on", "day", metavar="YYYY-MM-DD", show_default="today", help="The day of the call.")
@click.option("--source", default="", help="New source of the number; without it the old source stays.")
@OWN_DIRECTORY
@_YES
def verify(  # noqa: PLR0913, PLR0917 - one for each option
    centre: str, number: str | None, by: str, day: str | None, source: str, folder: Path, yes: bool
) -> None:
    """Record that somebody dialled a centre's number and the centre answered.

    CENTRE is an id (`ivr directory list`). Type the number again as it was dialled: it must be the number in the
    directory.

    \b
    Example:
      ivr directory verify bergen --number 55568700 --by KN --directory my/directory

    \b
    Exit codes:
      0    done
      1    you answered no
      2    no such centre, another number, a stand-in, an impossible day
    """
    from datetime import date

    from ivr.base.clock import SystemClock
    from ivr.operations.directory_import import Verification, alone, verified

    try:
        on = date.fromisoformat(day) if day else SystemClock().now().date()
    except ValueError:
        raise click.BadParameter(f"{day!r} is not a day like 2026-01-31", param_hint="--on") from None
    dialled = number or click.prompt("Which number did you dial")
    with alone(folder):
        old = _tables(folder)
        _apply(folder, old, verified(old, Verification(centre, dialled, by, on, source)), yes, False)


@click.command()
@OWN_DIRECTORY
@_YES
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def confirmed(folder: Path, yes: bool, dry_run: bool) -> None:
    """Write the verifications that two people made in the console into a directory. DATABASE_URL says where they are.

    One account wrote down that it rang the number and reached the centre, another one confirmed it: docs/console.md.
    The day is the day of the call. What does not fit is left out and named: another number, no such centre.

    \b
    Examples:
      ivr directory confirmed --directory my/directory --dry-run
      DATABASE_URL=postgresql://... ivr directory confirmed --directory my/directory

    \b
    Exit codes:
      0    done, or nothing to do
      1    you answered no, or the database cannot be read
      2    a setting or the directory is wrong
    """
    from contextlib import nullcontext

    from ivr.cli.records import reading
    from ivr.operations.directory_import import Verification, all_verified, alone
    from ivr.operations.records.verifications import confirmed_numbers

    with reading() as engine, engine.connect() as connection:
        found = confirmed_numbers(connection)
    with nullcontext() if dry_run else alone(folder):
        old = _tables(folder)
        verifications = [Verification(each.centre, each.number, each.by, each.rung_on) for each in found]
        new, left_out = all_verified(old, verifications)
        for complaint in left_out:
            click.echo(f"left out: {complaint}", err=True)
        _apply(folder, old, new, yes, dry_run)


@click.command()
@click.argument("old", type=FOLDER)
@click.argument("new", type=FOLDER)
@JSON
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Show in words how two folders of directory files differ.

    \b
    Example:
      ivr directory diff before after

    \b
    Exit codes:
      0    compared
      2    the command line is wrong, or a folder has errors
    """
    from ivr.line.directory import load_directory
    from ivr.operations.directory_import import compare

    say(directory=old)
    say(directory=new)
    changes = compare(load_directory(old), load_directory(new))
    if as_json:
        rows = [{"kind": each.kind, "subject": each.subject, "words": each.words} for each in changes]
        echo_json(rows)
        return
    _echo(changes)


def _read(file: Path, worksheets: tuple[str, ...]) -> "list[Sheet]":
    from ivr.operations.directory_import import read_sheets

    sheets = read_sheets(file, worksheets)
    for sheet in sheets:
        worksheet = f", worksheet {sheet.worksheet!r}" if sheet.worksheet else ""
        click.echo(f"sheet: {file}{worksheet}, for {sheet.table}: {len(sheet.rows)} rows", err=True)
    return sheets


def _tables(folder: Path) -> "dict[str, Table]":
    from ivr.line.directory.load import read_tables

    return read_tables(folder)


def _apply(folder: Path, old: "dict[str, Table]", new: "dict[str, Table]", yes: bool, dry_run: bool) -> None:
    """Show what will be different, ask, write."""
    from ivr.base.clock import SystemClock
    from ivr.line.directory.load import assemble
    from ivr.operations.directory_import import compare, put

    today = SystemClock().now().date()
    before: Directory = assemble(old, "old", today=today)
    _echo(compare(before, assemble(new, "new", today=today)))
    if old == new:
        click.echo("nothing to do: the files already have these facts")
        return
    if not go_ahead(f"Write this to {folder}?", "written", yes=yes, dry_run=dry_run):
        return
    written = put(folder, old, new, today)
    click.echo(f"written; the directory is now version {written.version}. {_TAKE_UP}")


def _echo(changes: "Iterable[DirectoryChange]") -> None:
    words = [f"- {change.words}" for change in changes]
    click.echo("\n".join(words) if words else "no difference for any caller")
