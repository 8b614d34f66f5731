"""What a worksheet shows that is not in a cell's value. Knows XML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ParserCreate

Cell = tuple[int, int]  # line and column, from 1
MAX_CELLS = 200_000  # of a worksheet, that hold something


class TooLargeError(Exception):
    """A worksheet holds more than `MAX_CELLS`."""


@dataclass
class Shown:
    """`texts`: of error values, and of codes with their leading zeros. `parts_of_days`: days of which a part is shown.
    `without_result`: formulas that nobody has worked out yet. `last`: the line and column beyond which all is empty."""

    texts: dict[Cell, str] = field(default_factory=dict)
    parts_of_days: set[Cell] = field(default_factory=set)
    without_result: set[Cell] = field(default_factory=set)
    last: Cell = (0, 0)
    count: int = 0

    def holds(self, cell: Cell, count: int = 1) -> None:
        """`cell` is the last of `count` that hold something. Raises TooLargeError."""
        self.last = (max(self.last[0], cell[0]), max(self.last[1], cell[1]))
        self.count += count
        if self.count > MAX_CELLS:
            raise TooLargeError


def walk(
    document: bytes,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] = lambda _: None,
) -> None:
    """Call for each element and text of an XML document, with local names. Raises ExpatError or ValueError."""
    expat = ParserCreate(namespace_separator=" ")
    expat.buffer_text = True

    def started(name: str, attributes: Mapping[str, str]) -> None:
        start(_local(name), {_local(key): value for key, value in attributes.items()})

    def no_doctype(*_: object) -> None:
        raise ValueError("a workbook must not have a document type")  # an entity may stand for a billion others

    expat.StartElementHandler = started
    expat.EndElementHandler = lambda name: end(_local(name))
    expat.CharacterDataHandler = text
    expat.StartDoctypeDeclHandler = no_doctype
    expat.Parse(document, True)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
