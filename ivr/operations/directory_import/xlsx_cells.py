"""The cells of an .xlsx file as they look: ECMA-376, part 1, chapter 18 (SpreadsheetML)."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.operations.directory_import.displayed_cells import Cell, Shown, walk

WORKBOOK = "xl/workbook.xml"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?")
_ZEROS = re.compile(r"0{2,}")
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')  # texts, colours, locales, spaces
_PART_OF_A_DAY = {16: "d-mmm", 17: "mmm-yy"}  # of the formats that every program knows by number: 18.8.30


def shown(parts: Mapping[str, bytes]) -> dict[str, Shown]:
    """What each worksheet shows, by its name."""
    styles = _Styles()
    if "xl/styles.xml" in parts:
        walk(parts["xl/styles.xml"], styles.start, styles.end)
    return {name: _sheet(parts[path], styles) for name, path in _paths(parts).items() if path in parts}


def _paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Worksheet → the part that holds it."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes["Id"]] = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            names[attributes["name"]] = attributes["id"]

    walk(parts["xl/_rels/workbook.xml.rels"], relation)
    walk(parts[WORKBOOK], sheet)
    return {name: targets[relation_id] for name, relation_id in names.items() if relation_id in targets}


@dataclass
class _Styles:
    """The number format of each style of a cell."""

    codes: dict[str, str] = field(default_factory=dict)  # id of a format → its code
    formats: list[str] = field(default_factory=list)  # number of a style → id of its format
    _inside: bool = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._inside |= tag == "cellXfs"
        if tag == "numFmt":
            self.codes[attributes["numFmtId"]] = attributes["formatCode"]
        elif tag == "xf" and self._inside:
            self.formats.append(attributes.get("numFmtId", "0"))

    def end(self, tag: str) -> None:
        self._inside &= tag != "cellXfs"

    def code(self, style: str) -> str:
        number = self.formats[int(style)] if style.isdigit() and int(style) < len(self.formats) else "0"
        code = self.codes.get(number) or _PART_OF_A_DAY.get(int(number), "")
        return _NOT_FORMAT.sub("", code.partition(";")[0]).lower()


def _sheet(document: bytes, styles: _Styles) -> Shown:
    reader = _Reader(styles)
    walk(document, reader.start, reader.end, reader.text)
    return reader.shown


class _Reader:
    def __init__(self, styles: _Styles) -> None:
        self.shown = Shown()
        self._styles = styles
        self._cell: Cell = (0, 0)
        self._attributes: Mapping[str, str] = {}
        self._formula = False
        self._holds = False
        self._within = ""
        self._value = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "row":
            self._cell = (int(attributes.get("r", self._cell[0] + 1)), 0)
        elif tag == "c":
            self._cell = _place(attributes["r"]) if "r" in attributes else (self._cell[0], self._cell[1] + 1)
            self._attributes, self._value = attributes, ""
            self._formula = self._holds = False
        elif tag in ("f", "v", "is"):
            self._holds = True
            self._formula |= tag == "f"
        self._within = tag

    def text(self, text: str) -> None:
        if self._within in ("v", "t"):  # a value, or a text that stands in the cell itself
            self._value += text

    def end(self, tag: str) -> None:
        self._within = ""
        if tag == "c":
            self._end_of_cell()

    def _end_of_cell(self) -> None:
        kind, value = self._attributes.get("t", "n"), self._value.strip()
        if self._holds:
            self.shown.holds(self._cell)
        if kind == "e":
            self.shown.texts[self._cell] = value or "#N/A"
        elif self._formula and not value and kind != "str":  # a text may be empty
            self.shown.without_result.add(self._cell)
        elif kind == "n" and _NUMBER.fullmatch(value):
            self._number(value)
        elif kind == "n" and value:
            self.shown.texts[self._cell] = value

    def _number(self, value: str) -> None:
        code = self._styles.code(self._attributes.get("s", "0"))
        whole = value.removesuffix(".0")
        if _ZEROS.fullmatch(code) and whole.isdigit():
            self.shown.texts[self._cell] = f"{whole:0>{len(code)}}"
        elif ("m" in code and ("d" in code) != ("y" in code)) or code in ("d", "y", "yy", "yyyy"):
            self.shown.parts_of_days.add(self._cell)


def _place(reference: str) -> Cell:
    """`B7` → (7, 2). Raises ValueError."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"{reference!r} is no cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column
