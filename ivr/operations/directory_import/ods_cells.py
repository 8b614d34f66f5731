"""The cells of an .ods file as they look: OpenDocument 1.3, part 3, chapter 9 (tables)."""

import re
from collections.abc import Mapping
from itertools import product

from ivr.base.spreadsheet import is_error
from ivr.operations.directory_import.displayed_cells import Shown, walk

CONTENT = "content.xml"
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_CELLS = ("table-cell", "covered-table-cell")
_DIGITS = re.compile(r"[0-9]+")


def shown(parts: Mapping[str, bytes]) -> dict[str, Shown]:
    """What each worksheet shows, by its name."""
    reader = _Reader()
    walk(parts[CONTENT], reader.start, reader.end, reader.text)
    return reader.sheets


class _Reader:
    def __init__(self) -> None:
        self.sheets: dict[str, Shown] = {}
        self._sheet = Shown()
        self._line, self._lines = 0, 1  # the first line of a row, and how many are alike
        self._column = 0
        self._attributes: Mapping[str, str] = {}
        self._inside: list[str] = []  # elements since the cell
        self._text = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._inside:
            self._inside.append(tag)
        elif tag == "table":
            self._sheet = self.sheets.setdefault(attributes["name"], Shown())
            self._line, self._lines = 0, 1
        elif tag == "table-row":
            self._line, self._lines = self._line + self._lines, int(attributes.get("number-rows-repeated", "1"))
            self._column = 0
        elif tag in _CELLS:
            self._attributes, self._text, self._inside = attributes, "", [tag]

    def text(self, text: str) -> None:
        if self._inside[1:2] == ["p"]:  # not that of a comment
            self._text += text

    def end(self, tag: str) -> None:
        if self._inside:
            self._inside.pop()
            if not self._inside:
                self._end_of_cell()

    def _end_of_cell(self) -> None:
        attributes, text = self._attributes, self._text.strip()
        repeated = int(attributes.get("number-columns-repeated", "1"))
        first, self._column = self._column + 1, self._column + repeated
        if not text and "value-type" not in attributes:
            return
        self._sheet.holds((self._line + self._lines - 1, self._column), self._lines * repeated)
        lines, columns = range(self._line, self._line + self._lines), range(first, self._column + 1)
        for cell in product(lines, columns):
            if is_error(text) or attributes.get("value-type") == "error":
                self._sheet.texts[cell] = text or "#N/A"
            elif attributes.get("value-type") == "float" and text.startswith("0") and _DIGITS.fullmatch(text):
                self._sheet.texts[cell] = text
            elif "date-value" in attributes and not _whole(attributes["date-value"], text):
                self._sheet.parts_of_days.add(cell)
            elif "formula" in attributes and not text and attributes.get("value-type") != "string":
                self._sheet.without_result.add(cell)


def _whole(day: str, text: str) -> bool:
    """Whether what is shown of a day has its year and its day of the month."""
    year, _, rest = day[:10].partition("-")
    shown = [int(digits) for digits in _DIGITS.findall(text)]
    for wanted in (int(rest[-2:]), int(year)):
        found = next((number for number in (wanted, wanted % 100) if number in shown), None)
        if found is None:
            return False
        shown.remove(found)
    return True
