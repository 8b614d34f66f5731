"""`ivr directory calendar`: the days of a year that duty rows can name."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import DIRECTORY, JSON, echo_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivr.line.directory import Directory

_FIRST, _LAST = 1948, 2199  # 1 and 17 May are public holidays by an act of 1947
_NOTICE = (
    "An ordinary Sunday is a public holiday by law too; a roster writes `sun`. "
    "By law the days before 1 and 17 May are ordinary weekdays; a row of `day before public holiday` counts them."
)


@click.command()
@click.argument("year", type=click.IntRange(_FIRST, _LAST))
@DIRECTORY
@JSON
def calendar(year: int, folder: Path, as_json: bool) -> None:
    """List the public holidays of a year, the days before them, and the dates that the directory's duty rows name.

    \b
    Example:
      ivr directory calendar 2027

    \b
    Exit codes:
      0    listed
      2    the command line or the directory is wrong
    """
    from ivr.base.clock import SystemClock
    from ivr.line.directory import load_directory

    found = load_directory(folder, today=SystemClock().now().date())
    days = sorted([*_public(year), *_local(found, year)], key=lambda each: (each["date"], each["kind"]))
    if as_json:
        echo_json(days)
        return
    for each in days:
        names = " / ".join(filter(None, (each["norwegian"], each["english"]))) or ", ".join(each["places"])
        click.echo(f"{each['date']}  {each['weekday']:9}  {each['kind']:25}  {names}")
    click.echo(_NOTICE)


def _public(year: int) -> "Iterator[dict[str, Any]]":
    from datetime import date, timedelta

    from ivr.line.directory.public_holidays import is_before_public_holiday, public_holiday

    first = date(year, 1, 1)
    for day in (first + timedelta(days=step) for step in range((date(year + 1, 1, 1) - first).days)):
        holiday, following = public_holiday(day), public_holiday(day + timedelta(days=1))
        if holiday:
            yield _day(day, "public holiday", " og ".join(holiday.names), " and ".join(holiday.english))
        elif following and is_before_public_holiday(day):
            before = " and ".join(following.english)
            yield _day(day, "day before public holiday", f"før {' og '.join(following.names)}", f"before {before}")


def _local(found: "Directory", year: int) -> "Iterator[dict[str, Any]]":
    """The dates that duty rows in force on them name, each with its places."""
    from ivr.line.directory import Place

    dates: dict[Any, dict[str, None]] = {}
    for key, table in found.tables.timetables.items():
        place = Place.from_key(key)
        name = f"{found.place_name(place)} ({key})"
        for rule in table.rules:
            named = rule.days.in_year(year) if rule.days else ()
            for day in named:
                if rule.valid.contains(day):
                    dates.setdefault(day, {})[name] = None
    for day, places in dates.items():
        yield _day(day, "date of the directory", "", "", list(places))


def _day(day: Any, kind: str, norwegian: str, english: str, places: "list[str] | None" = None) -> dict[str, Any]:
    from ivr.line.directory.days import DAY_NAMES

    return {
        "date": day.isoformat(),
        "weekday": DAY_NAMES[day.weekday()],
        "kind": kind,
        "norwegian": norwegian,
        "english": english,
        "places": places or [],
    }
