"""What a spreadsheet does to codes, numbers and dates without being asked. Must not know tables or the directory.

Nothing is put right here: a code that lost its zero may be another code by now. Each complaint says how to mend it.
"""

import re
from collections.abc import Iterator

from ivr.directory.files import Row
from ivr.errors import Complaint

_CODES = ("municipality", "postcode", "postcodes", "old_number", "successor", "neighbour")
_DAYS = ("last_verified", "valid_from", "valid_to", "days")
_WORDS = ("number_date", "structure_date", "date")
_OF_A_YEAR = re.compile(r"(?i)([0-9]{1,2})[.-] ?([a-z]{3})")
_SHORT = re.compile(r"[0-9]{1,3}")
_POWER = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")
_LOCAL_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_MONTH = re.compile(r"(?i)(jan|feb|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|des|dec)[a-z]*[.-][0-9]{2}")
_AS_TEXT = "give the column the format Text before the values are typed or loaded (Data, From Text/CSV)"


def damage(row: Row) -> Iterator[Complaint]:
    """What in this row looks as if a spreadsheet had changed it."""
    for column, cell in row.cells.items():
        message = _damage(column, cell)
        if message:
            yield row.complaint(message, column)


def _damage(column: str, cell: str) -> str:
    if _POWER.fullmatch(cell):
        return f"{cell} is what a spreadsheet makes of a long number: {_AS_TEXT}"
    if column in _CODES:
        for code in cell.split():
            if _SHORT.fullmatch(code):
                return f"{code} has {len(code)} of four digits: Excel took the zero off ({code:0>4}?); {_AS_TEXT}"
    day = _LOCAL_DAY.fullmatch(cell) if column in (*_DAYS, *_WORDS) else None
    if day:
        return f"{cell} is how Excel shows a day; write {day[3]}-{day[2]:0>2}-{day[1]:0>2} if that is meant: {_AS_TEXT}"
    of_a_year = _OF_A_YEAR.fullmatch(cell) if column == "days" else None
    if of_a_year:
        return f"{cell} is what Excel makes of a day such as 24 dec; write it again, month in English: {_AS_TEXT}"
    if column in _WORDS and _MONTH.fullmatch(cell):
        return f"{cell} is what Excel makes of a month such as 2020-08; write it again: {_AS_TEXT}"
    return ""
