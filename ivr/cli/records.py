"""`ivr records`: list, explain, export and purge what was recorded; make the tables. Parses, asks, prints."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import FROM, JSON, OUTPUT, TO, echo_json, say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ivr.line.directory import Directory
    from ivr.operations.records.explanation import Names
    from ivr.operations.records.figures import Period


@click.group()
def records() -> None:
    """List, explain, export and purge recorded calls. DATABASE_URL says where they are: docs/records.md.

    \b
    Examples:
      DATABASE_URL=sqlite:////var/lib/ivr/records.db ivr records list
      ivr records show --help

    \b
    Exit codes:
      0    success
      1    there are no records, or the database cannot be read
      2    the command line or a setting is wrong
    """


@records.command("list")
@FROM
@TO
@click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=30,
    show_default=True,
    help="Number of calls to list, newest first.",
)
@JSON
def list_(first: datetime | None, last: datetime | None, limit: int, as_json: bool) -> None:
    """List the newest calls, one line each.

    \b
    Example:
      ivr records list --from 2026-11-01 --limit 100

    \b
    Exit codes:
      0    at least one call
      1    no call, or the database cannot be read
      2    the command line or a setting is wrong
    """
    from ivr.operations.records.reading import newest_calls

    with reading() as engine, engine.connect() as connection:
        found = newest_calls(connection, period(first, last), limit)
    if as_json:
        echo_json(found)
    elif found:
        named = _names()
        head = (
            f"{'id':16}  {'begun (Oslo)':16}  {'':2}  {'ended as':15}  {'to a person':>11}  {'centre':24}  municipality"
        )
        click.secho(head, bold=True)
        for call in found:
            click.echo(_line(call, named))
    raise SystemExit(0 if found else 1)


def _line(call: Mapping[str, Any], names: "Names") -> str:
    human = "" if call["human_at"] is None else f"{(call['human_at'] - call['started_at']) // 1000} s"
    ended = call["disposition"] if call["ended_at"] else f"({call['disposition']})"
    place, centre = names.municipality(call["municipality"]), names.centre(call["centre"])
    flag = (" 113" if call["red_flag"] else "") + (f" ({call['origin']})" if call["origin"] else "")
    begun = _moment(call["started_at"]).strftime("%Y-%m-%d %H:%M")
    line = f"{call['id']:16}  {begun}  {call['language']:2}  {ended:15}  {human:>11}  {centre[:24]:24}  {place}{flag}"
    return line.rstrip()


@records.command()
@click.argument("call_id", metavar="ID")
@JSON
def show(call_id: str, as_json: bool) -> None:
    """Show what happened in one call, and why its centre was rung. The first characters of ID are enough.

    \b
    Example:
      ivr records show 3f9a

    \b
    Exit codes:
      0    shown
      1    no call or several calls have an id that begins like this, or the database cannot be read
      2    the command line or a setting is wrong
    """
    from ivr.operations.languages import source_language
    from ivr.operations.records.explanation import reasons, story
    from ivr.operations.records.reading import find_call

    with reading() as engine, engine.connect() as connection:
        found = find_call(connection, call_id)
    if len(found) != 1:
        several = ", ".join(str(each.call["id"]) for each in found)
        raise click.ClickException(
            f"several calls have an id that begins like this: {several}" if found else f"no call {call_id}"
        )
    (recorded,) = found
    names = _names(recorded.call["directory"] or "")
    language = source_language()
    told, why = list(story(recorded, names, language)), list(reasons(recorded, names, language))
    if as_json:
        legs = [dict(leg) for leg in recorded.legs]
        steps = [{"seconds": seconds, "what": what} for seconds, what in told]
        text = {"call": dict(recorded.call), "legs": legs, "story": steps, "why": why}
        echo_json(text)
        return
    call = recorded.call
    exact = "%Y-%m-%d %H:%M:%S" if call["exact"] else "%Y-%m-%d %H:%M"
    click.secho(f"call {call['id']}, {_moment(call['started_at']).strftime(exact)} Oslo time", bold=True)
    click.echo(f"flow {call['flow'] or 'unknown'}, directory {call['directory'] or 'unknown'}\n")
    for seconds, what in told:
        click.echo(f"{seconds:7.1f} s  {what}")
    click.echo()
    for sentence in why:
        click.echo(sentence)


@records.command()
@FROM
@TO
@click.option(
    "--by",
    type=click.Choice(["centre", "hour", "county", "language", "week"]),
    help="Export the figures of groups instead of one row for each call.",
)
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="Format of the output.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@OUTPUT
def export(first: datetime | None, last: datetime | None, by: str | None, form: str, output: Path | None) -> None:
    """Export calls or figures for a spreadsheet or a program, without anything that could identify a person.

    Times are rounded to the hour, a place or centre with fewer than five calls is not named, and counts of one to four
    are written <5.

    \b
    Examples:
      ivr records export --from 2026-11-01 --output november.csv
      ivr records export --by hour --format json

    \b
    Exit codes:
      0    written
      1    there are no records, or the database cannot be read
      2    the command line or a setting is wrong, or the file cannot be written
    """
    from ivr.base.clock import SystemClock
    from ivr.cli.files import write
    from ivr.operations.records.export import as_csv, call_cells, group_cells
    from ivr.operations.records.figures import Grouping, figures
    from ivr.operations.records.reading import newest_calls

    chosen = period(first, last)
    with reading() as engine, engine.connect() as connection:
        if by:
            table = group_cells(figures(connection, chosen, Grouping(by), SystemClock().now()))
        else:
            table = call_cells(newest_calls(connection, chosen, 10_000_000))
    text = as_csv(table) if form == "csv" else json.dumps(table, ensure_ascii=False, indent=2) + "\n"
    write(output, text)
    if output is not None:
        click.echo(f"{len(table)} rows written to {output}", err=True)


@records.command()
@click.option(
    "--days",
    type=click.IntRange(0),
    show_default="IVR_RETENTION_DAYS, else 30",
    help="Remove records that are older than this.",
)
@click.option("--dry-run", is_flag=True, help="Only count.")
@click.option("--clock-is-right", is_flag=True, help="Purge even if the newest record is old or in the future.")
@JSON
def purge(days: int | None, dry_run: bool, clock_is_right: bool, as_json: bool) -> None:
    """Remove old records, overwrite them in the database, and print how many were removed and how many are left.

    A running service does this every hour, without freeing the disk space. Removed records are gone for good, so the
    command refuses a clock that does not fit the records.

    \b
    Examples:
      ivr records purge --dry-run
      ivr records purge --days 7

    \b
    Exit codes:
      0    removed, or counted
      1    the clock does not fit the records, or the database cannot be changed
      2    the command line or a setting is wrong
    """
    from ivr.base.clock import SystemClock
    from ivr.operations.records import retention

    now = SystemClock().now()
    before = now - timedelta(days=_settings().retention_days if days is None else days)
    with _writing() as engine:
        if dry_run:
            with engine.connect() as connection:
                removed = retention.count_older(connection, before)
        else:
            if not clock_is_right:
                _must_be_believed(engine, now)
            retention.blur(engine, now)
            removed = retention.purge(engine, before, now)
            retention.give_back(engine)
        with engine.connect() as connection:
            left = retention.count_older(connection, before)
    what = {"calls": removed.calls, "legs": removed.legs, "facts": removed.facts, "notes": removed.notes}
    if as_json:
        still = left.calls + left.legs + left.facts + left.notes
        click.echo(json.dumps({"before": before.isoformat(), "dry_run": dry_run, "removed": what, "left": still}))
        return
    counted = ", ".join(f"{number} {name}" for name, number in what.items())
    moment = f"{before:%Y-%m-%d %H:%M}"
    if dry_run:
        click.echo(f"from before {moment}, would be removed: {counted}")
    else:
        click.echo(f"from before {moment}, removed: {counted}; left from then: {left.calls} calls, {left.facts} facts")


def _must_be_believed(engine: "Engine", now: datetime) -> None:
    from ivr.operations.records.retention import doubt_of_command

    with engine.connect() as connection:
        why = doubt_of_command(connection, now)
    if why:
        raise click.ClickException(f"nothing was removed: {why} If it is right, say so with --clock-is-right")


@records.command()
def upgrade() -> None:
    """Create the tables, or migrate them to this version. Several instances may do this at the same time.

    \b
    Example:
      ivr records upgrade

    \b
    Exit codes:
      0    the tables have this version
      1    the database cannot be changed
      2    a setting is wrong
    """
    from ivr.operations.records import database

    with _writing() as engine:
        found = database.upgrade(engine)
    newest = database.newest_revision()
    click.echo(
        f"the tables are at {max(found, newest)}" + ("" if found >= newest else f", they were at {found or '-'}")
    )


# What the commands share, `ivr report` among them


def period(first: datetime | None, last: datetime | None) -> "Period":
    """Whole days in Oslo, the last one included."""
    from ivr.base.clock import OSLO, SystemClock
    from ivr.operations.records.figures import Period

    today = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    begin = first.replace(tzinfo=OSLO) if first else today - timedelta(days=30)
    end = (last.replace(tzinfo=OSLO) if last else today) + timedelta(days=1)
    if end <= begin:
        raise click.UsageError("--to is before --from")
    return Period(begin, end)


@contextmanager
def reading() -> Iterator["Engine"]:
    """The database, unchanged. What is wrong with it is said in one line."""
    from ivr.operations.records.database import newest_revision, revision

    with _database(read_only=True) as engine:
        with engine.connect() as connection:
            found = revision(connection)
        if not found:
            raise click.ClickException("there are no records in that database yet")
        if found < newest_revision():
            raise click.ClickException(
                f"the tables are at {found}, this version reads {newest_revision()}: run `ivr records upgrade` first"
            )
        yield engine


@contextmanager
def _writing() -> Iterator["Engine"]:
    with _database(read_only=False) as engine:
        yield engine


@contextmanager
def _database(*, read_only: bool) -> Iterator["Engine"]:
    from sqlalchemy.exc import DBAPIError

    from ivr.base.errors import SettingsError
    from ivr.operations.records.database import database_url, open_database, said

    setting = _settings().database_url
    if not setting:
        raise SettingsError(["no records are kept: DATABASE_URL does not name a database (docs/records.md)"])
    engine = open_database(database_url(setting), read_only=read_only)
    try:
        yield engine
    except DBAPIError as error:
        raise click.ClickException(f"the database: {said(error)}") from None
    finally:
        engine.dispose()


def _settings() -> Any:
    import os

    from ivr.line.service.settings import read_settings

    return read_settings(os.environ)


def _names(version: str = "") -> "Names":
    """Of the directory as it is now; a centre or place that it does not know keeps its id. A duty row is told only if
    the call had this very directory: `version`."""
    from ivr.operations.records.directory_names import names_of

    return names_of(the_directory(), version)


def the_directory() -> "Directory":
    from ivr.base.bundled import bundled
    from ivr.base.clock import SystemClock
    from ivr.line.directory import load_directory

    folder = _settings().directory or bundled("municipalities")
    say(directory=folder)
    return load_directory(folder, today=SystemClock().now().date())


def _moment(milliseconds: int) -> datetime:
    from ivr.base.clock import OSLO

    return datetime.fromtimestamp(milliseconds / 1000, OSLO)
