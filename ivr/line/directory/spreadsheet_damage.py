"""What a spreadsheet does to codes, numbers and dates without being asked.

Nothing is put right here: a code that lost its zero may be another code by now. Each complaint says what to write.
"""

import re
from collections.abc import Iterator, Sequence

from ivr.base.errors import Complaint
from ivr.base.spreadsheet import is_error, serial_day
from ivr.line.directory.hours import parse_date
from ivr.line.directory.rows import Row
from ivr.line.directory.schema import DATES_IN_WORDS, DAYS, DIGITS, FILES, SOURCES

_OF_A_YEAR = re.compile(r"(?i)([0-9]{1,2})[.-] ?([a-z]{3})\.?")
_POWER = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")
_DECIMAL = re.compile(r"([0-9]+)[.,]0+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[., '’][0-9]{3})+")
_LOCAL_DAY = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})(?: [0-9:.]+)?")
_MONTH = re.compile(r"(?i)(?:jan|feb|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|des|dec)[a-z]*[.-] ?[0-9]{2}")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_MONTH_OF_A_YEAR = re.compile(r"([0-9]{4})-([0-9]{2})")
_WHOLE_DAY = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_LETTER = re.compile(r"[^\W\d_]")
_AS_TEXT = "give the column the format Text before the values are typed or loaded (Data, From Text/CSV)"


def damage(table: str, rows: Sequence[Row]) -> Iterator[Complaint]:
    """What in the rows of a table looks as if a spreadsheet had changed it, and what is no date or source at all."""
    columns = set[str]().union(*(row.cells for row in rows))
    damaged = {column: _damaged(table, column, {row.cells.get(column, "") for row in rows}) for column in columns}
    if not any(damaged.values()):
        return
    for row in rows:
        for column, cell in row.cells.items():
            if cell in damaged[column]:
                yield row.complaint(damaged[column][cell], column)


def _damaged(table: str, column: str, cells: set[str]) -> dict[str, str]:
    """What is wrong with a cell of this column, by the cell."""
    digits = _digits(table, column)
    wordy = column in DATES_IN_WORDS or column in SOURCES
    found = {}
    for cell in cells:
        if not cell or (cell.isalpha() and not wordy):
            continue  # as most cells are: empty or one word
        if digits is not None and cell.isascii() and cell.isdigit() and len(cell) >= digits:
            continue  # a code with all of its digits
        if message := _damage(column, cell, digits):
            found[cell] = message
    return found


def _digits(table: str, column: str) -> int | None:
    """Of a code in this column; None if it holds no codes."""
    own = FILES[table].digits if table in FILES else {}
    return own.get(column, DIGITS.get(column))


def _damage(column: str, cell: str, digits: int | None) -> str:
    message = ""
    if is_error(cell):
        message = f"{cell} is an error value of a spreadsheet: correct the formula, or write the value itself"
    elif _POWER.fullmatch(cell):
        message = f"{cell} is what a spreadsheet makes of a long number: {_AS_TEXT}"
    elif digits is not None:
        message = _damaged_code(cell, digits)
    elif column in DAYS:
        message = _damaged_day(column, cell)
    elif column in DATES_IN_WORDS:
        message = _damaged_day(column, cell) or _no_date(cell)
    elif column in SOURCES and not _LETTER.search(cell):
        message = f"{cell!r} is not a source: write the address or the title of the page"
    return message


def _damaged_code(cell: str, length: int) -> str:
    if decimal := _DECIMAL.fullmatch(cell):
        code = f"{decimal[1]:0>{length}}"
        return f"{cell}: a spreadsheet made a decimal number of it; write {code} if that is meant: {_AS_TEXT}"
    if _THOUSANDS.fullmatch(cell) and not (length == 0 and " " in cell):
        code = re.sub("[^0-9]", "", cell)
        return f"{cell}: a spreadsheet put a thousands separator into it; write {code} if that is meant: {_AS_TEXT}"
    for code in cell.split():
        if len(code) < length and code.isascii() and code.isdigit():
            of = {2: "two", 4: "four"}[length]
            return f"{code} has {len(code)} of {of} digits: Excel took the zero off ({code:0>{length}}?); {_AS_TEXT}"
    return ""


def _damaged_day(column: str, cell: str) -> str:
    serial = serial_day(cell)
    if serial:
        return f"{cell} is the number by which a spreadsheet keeps a day; write {serial} if that is meant: {_AS_TEXT}"
    day = _LOCAL_DAY.fullmatch(cell)
    if day:
        return f"{cell} is how Excel shows a day; {_meant(day[3], day[2], day[1])}: {_AS_TEXT}"
    if column == "days" and _OF_A_YEAR.fullmatch(cell):
        return f"{cell} is what Excel makes of a day such as 24 dec; write it again, month in English: {_AS_TEXT}"
    if column in DATES_IN_WORDS and _MONTH.fullmatch(cell):
        return f"{cell} is what Excel makes of a month such as 2020-08; write it again: {_AS_TEXT}"
    return ""


def _meant(year: str, month: str, day: str) -> str:
    """What to write: the day before the month, as in Norway, if there is such a day."""
    meant = f"{year}-{month:0>2}-{day:0>2}"
    try:
        parse_date(meant)
    except ValueError:
        return f"there is no day {meant}; write year, month and day, such as {year}-01-31"
    return f"write {meant} if that is meant"


def _no_date(cell: str) -> str:
    """Why these words do not say when something was known; empty if they do."""
    if not (_YEAR.search(cell) or cell.startswith("undated")):
        return f"{cell!r} is not a date: write 2026-01-31, 2026-01 or 2026, words with a year in them, or undated"
    for day in _WHOLE_DAY.findall(cell):
        try:
            parse_date(day)
        except ValueError as error:
            return str(error)
    month = _MONTH_OF_A_YEAR.fullmatch(cell)
    if month and not 1 <= int(month[2]) <= 12 and int(month[2]) != (int(month[1]) + 1) % 100:  # 2022-23 is a season
        return f"{cell!r} is not a month of the calendar"
    return ""
