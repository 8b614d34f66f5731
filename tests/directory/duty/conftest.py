"""A little directory in which one municipality, Sogndal (4640), has a duty roster."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ivr.line.directory import Directory, load_directory

TODAY = date(2026, 11, 28)
Load = Callable[..., Directory]


def write_roster(folder: Path, *rows: str) -> None:
    """Each row is `from until | days | centre [| valid_from valid_to [| postcodes]]`, as in `15:00 08:00 | fri | sogn`;
    `-` is an empty cell, and without hours a row is round the clock."""
    path = folder / "coverage.csv"
    text = path.read_text("utf-8").replace("from,until,centre", "from,until,days,centre")
    lines = [line for line in text.splitlines() if not line.startswith("4640,,")]
    for number, line in enumerate(lines):
        if line[:4].isdigit():
            cells = line.split(",", 4)
            lines[number] = ",".join([*cells[:4], "", cells[4]])
    path.write_text("\n".join([*lines, *map(_line, rows)]) + "\n", "utf-8")


def _line(row: str) -> str:
    hours, days, centre, valid, codes = (*(cell.strip() for cell in row.split("|")), "", "")[:5]
    first, last = hours.split() or ("", "")
    begin, end = ("" if day == "-" else day for day in valid.split() or ("", ""))
    return f'4640,{codes},{first},{last},"{days}",{centre},own page,2026,medium,{begin},{end},'


@pytest.fixture
def roster(small: Path) -> Load:
    """Loads the little directory with these rows for Sogndal."""

    def load(*rows: str, today: date | None = TODAY) -> Directory:
        write_roster(small, *rows)
        return load_directory(small, today=today)

    return load
