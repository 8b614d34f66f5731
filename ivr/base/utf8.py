"""The text of a file, which is UTF-8 or refused."""

from ivr.base.errors import Complaint, DefinitionError


def text_of(raw: bytes, name: str) -> str:
    """`name`: what a complaint calls the file. Raises DefinitionError, with the line."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DefinitionError([Complaint(name, line, 0, "is not UTF-8; save it as UTF-8")]) from None
