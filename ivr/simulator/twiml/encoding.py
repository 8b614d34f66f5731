"""In which encoding the bytes of a document are, and what to say when they are in another one.

A byte order mark goes before the charset of Content-Type, and that before the XML declaration (RFC 7303 3.2, 3.3).
Without any of them it is UTF-8.
"""

import codecs
import re

from ivr.base.errors import SimulatorError

_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Codecs of Python's that are no charset of a document.
_NO_CHARSETS = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")


def as_utf8(body: bytes, charset: str) -> tuple[bytes, str | None]:
    """The document, and the encoding to read it in (None: as it says itself). Raises SimulatorError 12100."""
    if not charset or body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body, None
    if charset.lower() in ("utf-8", "utf8") or body.startswith(codecs.BOM_UTF8):
        return body, "utf-8"
    if not _is_charset(charset):
        raise _fault(f"Content-Type names an encoding that does not exist: charset={charset[:40]}", 1, 1)
    try:
        return body.decode(charset).encode(), "utf-8"
    except UnicodeError:
        raise wrong_encoding(body, charset) or _fault(f"cannot be read as {charset}", 1, 1) from None


def wrong_encoding(body: bytes, charset: str, until: int | None = None) -> SimulatorError | None:
    """That the bytes are not in the encoding that they are said to be in; None if they are, at least up to `until`."""
    declared = _DECLARED.match(body)
    if charset:
        name, source = charset, f"Content-Type says charset={charset[:40]}"
    elif declared:
        name = declared[1].decode()
        source = f"the XML declaration says encoding={name}"
    else:
        name, source = "UTF-8", "neither Content-Type (charset=) nor the XML declaration (encoding=) says otherwise"
    try:
        body.decode(name if _is_charset(name) else "utf-8")
    except UnicodeDecodeError as error:
        if until is not None and error.start > until:
            return None
        before = body[: error.start]
        line = before.count(b"\n") + 1
        message = f"wrong encoding: byte 0x{body[error.start]:02X} is not {name}, but {source}. Send it as UTF-8"
        return _fault(message, line, error.start - before.rfind(b"\n"))
    return None


def decoded(body: bytes, charset: str) -> str:
    """A text that is read aloud: what cannot be decoded is replaced."""
    return body.decode(charset if charset and _is_charset(charset) else "utf-8", "replace")


def _is_charset(name: str) -> bool:
    try:
        return codecs.lookup(name).name.replace("_", "-") not in _NO_CHARSETS and isinstance(bytes(4).decode(name), str)
    except (LookupError, ValueError):
        return False


def _fault(message: str, line: int, column: int) -> SimulatorError:
    return SimulatorError(message, code=12100, line=line, column=column)
