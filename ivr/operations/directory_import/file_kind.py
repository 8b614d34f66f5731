"""What a file is by its first bytes, and what to do with one that holds no sheet."""

import io
import zipfile

from ivr.operations.directory_import import ods_cells, xlsx_cells

_SAVE = "open it in a spreadsheet and save it as .xlsx, .ods or CSV UTF-8"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BEGINS = {
    b"%PDF": f"is a PDF: its tables are drawn, not written; ask for the sheet it was made from, or copy them: {_SAVE}",
    b"{\\rtf": "is a text document (RTF); copy its table into a spreadsheet and save that as .xlsx, .ods or CSV UTF-8",
    b"\x1f\x8b": "is packed (gzip): unpack it first",
    b"7z\xbc\xaf": "is packed (7-Zip): unpack it first",
    b"Rar!": "is packed (RAR): unpack it first",
    b"\x89PNG": "is a picture; ask for the sheet it was made from",
    b"\xff\xd8\xff": "is a picture; ask for the sheet it was made from",
}
# A part of an archive, and what it tells of it.
_PARTS = {
    "xl/workbook.bin": f"is a binary Excel workbook (.xlsb): {_SAVE}",
    "word/document.xml": "is a Word document; copy its table into a spreadsheet and save that",
    "ppt/presentation.xml": "is a presentation; copy its table into a spreadsheet and save that",
    "Index/Document.iwa": "is an Apple Numbers document: File, Export To, Excel or CSV (UTF-8)",
    "Index.zip": "is an Apple Numbers document: File, Export To, Excel or CSV (UTF-8)",
}


def refusal_of(raw: bytes) -> str:
    """Why this holds no sheet that can be read, and what to do; empty for text and for workbooks that can be."""
    if raw.startswith(_OLD_OFFICE):
        if _ENCRYPTED in raw:
            return "is protected by a password: save it without one"
        return f"is an old Excel workbook (.xls): {_SAVE}"
    if raw.startswith(_ZIP):
        return "" if workbook_kind(raw) else _of_archive(raw)
    words = next((words for begin, words in _BEGINS.items() if raw.startswith(begin)), "")
    if words:
        return words
    start = raw[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        return f"is a web page or XML, whatever its name says: {_SAVE}"
    return ""


def workbook_kind(raw: bytes) -> str:
    """`xlsx`, `ods`, or an empty text."""
    names = _names(raw) if raw.startswith(_ZIP) else set()
    if xlsx_cells.WORKBOOK in names:
        return "xlsx"
    return "ods" if ods_cells.CONTENT in names and ods_cells.MIMETYPE.encode() in raw else ""


def _of_archive(raw: bytes) -> str:
    names = _names(raw)
    words = next((words for part, words in _PARTS.items() if part in names), "")
    if words:
        return words
    if ods_cells.CONTENT in names:
        return "is an OpenDocument file, but no spreadsheet; copy its table into one and save that"
    if not names:
        return "is a damaged workbook or an empty archive: open it in a spreadsheet and save it again"
    return f"is an archive (zip) of {len(names)} files: unpack it and name the sheets in it"


def _names(raw: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return set()
