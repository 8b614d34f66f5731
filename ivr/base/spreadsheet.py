"""What spreadsheets do to the text of a cell: error values, days as numbers, formulas."""

import re
from datetime import date, timedelta

# Excel's and LibreOffice's, in any language: #N/A, #I/T, #VERDI!, #DIV/0!, #NAVN?, #REF!, Err:502, Feil:508; ### stands
# in a column that is too narrow; nan and NaT are what programs make of an empty cell.
_ERROR = re.compile(
    r"#[¡¿]?[^\W\d_][\w./]*[!?]?|#+[!?]?|(?:err|error|feil|fel|fejl|fehler|erreur) ?:[0-9]{3}|nan|nat|<na>"
)
_SERIAL = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
_FIRST_DAY = date(1899, 12, 30)  # day 0 of a workbook; from 1 March 1900 on Excel counts right
_SERIALS = range(18_264, 73_051)  # 1950 to 2099
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def is_error(text: str) -> bool:
    """Whether this is what a formula shows that could not be worked out."""
    if _ERROR.fullmatch(text.lower()) is None:
        return False
    return not text.startswith("#") or text == text.upper() or "/" in text or text.endswith(("!", "?"))


def serial_day(text: str) -> date | None:
    """The day that a spreadsheet stores as this number: `46054` is 2026-02-01. None for any other text."""
    match = _SERIAL.fullmatch(text)
    days = int(match[1]) if match else 0
    return _FIRST_DAY + timedelta(days=days) if days in _SERIALS else None


def neutral(text: str) -> str:
    """The text as it is written to a sheet: a spreadsheet does not take it for a formula. `plain` is its inverse."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def plain(text: str) -> str:
    """The text of a cell without the apostrophe of `neutral`."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text
