"""The worksheets of a workbook that are tables. Says which there are where it is not clear which are meant."""

from collections.abc import Collection, Iterable, Sequence

from ivr.base.complaints import Complaints
from ivr.line.directory.files import noted
from ivr.line.directory.schema import FILES
from ivr.operations.directory_import.tables import Sheet, sheet_of
from ivr.operations.directory_import.workbook import Worksheet, read_workbook


def workbook_sheets(file: str, stem: str, raw: bytes, names: Collection[str], complaints: Complaints) -> list[Sheet]:
    """A sheet for each worksheet that is meant: those that are `names`, else all that are not hidden."""
    book = read_workbook(file, raw)
    chosen = [sheet for sheet in book if (sheet.name in names if names else not sheet.hidden)]
    unknown = sorted(set(names) - {sheet.name for sheet in book})
    if unknown or not chosen:
        what = f"has no worksheet {_quoted(unknown)}" if unknown else "has no worksheet with any content"
        complaints.about(file, None, f"{what}; there are: {_listed(book)}")
        return []
    sheets: list[Sheet] = []
    for sheet in chosen:
        grid, comments = sheet.grid(file)
        title = sheet.name if f"{sheet.name.lower()}.csv" in FILES or len(chosen) > 1 else stem
        sheets += sheet_of(grid, title, noted(file, comments), complaints)
        complaints += sheet.complaints
    tables = [sheet.worksheet for sheet in sheets]
    if len(tables) < len(chosen) and len(chosen) > 1:
        message = f"has {len(book)} worksheets ({_listed(book)}); name those that are tables: --sheet NAME"
        hint = f"; {_quoted(tables)} can be read" if tables else ""
        complaints.about(file, None, message + hint)
    return sheets


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))


def _listed(book: Sequence[Worksheet]) -> str:
    return ", ".join(f"{sheet.name!r}{' (hidden)' if sheet.hidden else ''}" for sheet in book) or "none"
