"""URLs: which may be asked (SSRF), what their fragment overrides, how they are joined and written on the wire.

Pure text; resolves no name and opens nothing. Only http and https, only named origins.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, quote_plus, urljoin, urlsplit

from ivr.simulator.remembered import Remembered

_BAD = re.compile(r"[\x00-\x20\x7f\\]")
_HEAD = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^/?#]*")  # what tells the origin; IGNORECASE takes twice as long
# A reference that only its origin lacks.
_PLAIN = re.compile(r"/(?!/)[A-Za-z0-9_/~-]*(\?[A-Za-z0-9_.~=&%+-]+)?(#[A-Za-z0-9_.~=&%+,-]+)?")
_TO_ESCAPE = re.compile(r"[^A-Za-z0-9_.~-]")  # one by one: only so does `re` look for them in one quick loop
_ESCAPES = [quote_plus(bytes([byte])) for byte in range(256)]
_PORTS = {"http": 80, "https": 443}
_FAILURES = ("4xx", "5xx", "ct", "rt")
_EDGES = frozenset(("ashburn", "dublin", "frankfurt", "sao-paulo", "singapore", "sydney", "tokyo", "umatilla"))
_PRIVATE_EDGES = frozenset(("ashburn-ix", "frankfurt-ix", "london-ix", "san-jose-ix", "singapore-ix"))
_EDGE_NAME = re.compile(r"[a-z]+(-[a-z]+)*")


class UrlError(ValueError):
    """A URL that is not asked. `code` is Twilio's number."""

    def __init__(self, message: str, code: int = 11100) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a fragment `#rc=2&rt=3000` changes (T:overrides). Times in seconds; `on`: the failures that are retried."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    on: frozenset[str] = frozenset({"ct"})


_USUAL = Overrides()


def checked(url: str) -> str:
    """`url` with its non-ASCII characters percent-encoded and everything else untouched. Raises UrlError 11100."""
    if url.isascii() and url.isprintable() and " " not in url and "\\" not in url and _is_good(head(url)):
        return url
    if _BAD.search(url):
        raise UrlError(f"not a URL (blank, control character or backslash): {url!r}")
    return _examined(url)


def head(url: str) -> str:
    """`http://host:5000` as it stands in the URL; "" if it does not begin like one."""
    found = _HEAD.match(url)
    return found[0] if found else ""


@lru_cache(maxsize=256)
def _is_good(head: str) -> bool:
    """All that can be wrong with a URL of ASCII without blanks is wrong with what tells its origin, and a call asks one
    or two of those again and again."""
    try:
        _examined(head)
    except UrlError:
        return False
    return not _BAD.search(head)


def _examined(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlError(f"not a URL: {url!r}") from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise UrlError(f"not an http or https URL: {url!r}")
    login, at, host = parts.netloc.rpartition("@")
    if "@" in login or (at and not login.partition(":")[0]):
        raise UrlError(f"not a user name and password: {parts.scheme}://...@{parts.hostname}")
    if not url.isascii():
        try:
            name = host if host.isascii() else host.encode("idna").decode()
        except UnicodeError:
            raise UrlError(f"not a host name: {host!r}") from None
        rest = url.split("://", 1)[1][len(parts.netloc) :]
        return checked(f"{parts.scheme}://{quote(login, safe=_ASCII)}{at}{name}{quote(rest, safe=_ASCII)}")
    return url


_ASCII = "".join(chr(code) for code in range(0x21, 0x7F))


def origin(url: str) -> str:
    """`scheme://host:port`, lower case, the port always there."""
    return origin_of_checked(checked(url))


def origin_of_checked(url: str) -> str:
    """The same of a URL that `checked` has given back."""
    return _origin(head(url) or url)


@lru_cache(maxsize=256)
def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{parts.port or _PORTS[parts.scheme]}"


def origins(urls: Iterable[str | None]) -> frozenset[str]:
    return frozenset(origin(url) for url in urls if url)


def without_credentials(url: str) -> str:
    """The URL without `user:password@`, as it is sent, signed and shown (T:security)."""
    start = head(url) if "@" in url else ""
    if "@" not in start:
        return url
    scheme, _, place = start.partition("//")
    return f"{scheme}//{place.rpartition('@')[2]}{url[len(start) :]}"


def resolve(base: str, reference: str) -> str:
    """`reference` seen from the document at `base`; an empty one is that document."""
    own = head(reference)
    start, rest = own or head(base), reference[len(own) :]
    if start.startswith(("http://", "https://")) and _PLAIN.fullmatch(rest) and start.isascii() and _is_good(start):
        return start + rest  # as urljoin would, without taking both apart
    try:
        joined = urljoin(base, reference.strip()) if reference.strip() else base
    except ValueError:
        raise UrlError(f"not a URL: {reference!r}") from None
    return checked(joined)


def without_fragment(url: str) -> str:
    return url.partition("#")[0]


def encoded(params: Sequence[tuple[str, str]]) -> str:
    """A form or a query, as `urlencode` writes it."""
    return "&".join(map(_ENCODED.__getitem__, params))


def _encoded_pair(pair: tuple[str, str]) -> str:
    return "=".join([_TO_ESCAPE.sub(_escape, text) for text in pair])


_ENCODED = Remembered(_encoded_pair, 4096)  # most of what a call sends it has sent before


def _escape(found: re.Match[str]) -> str:
    return "".join([_ESCAPES[byte] for byte in found[0].encode()])


def with_query(url: str, added: str) -> str:
    """A GET's URL: what Twilio adds comes after the query that is there already."""
    return url + ("&" if "?" in url else "?") + added if added else url


def target(url: str, start: str = "") -> str:
    """Path and query as they stand in the request line. `start`: the URL's head, from who has it already."""
    path = url[len(start or head(url)) :]
    return path if path.startswith("/") else f"/{path}"


def overrides(url: str) -> Overrides:
    """Raises UrlError 11243 for a retry policy that does not exist, 11240 and 11241 for what is no edge location; a
    number out of bounds becomes the bound."""
    fragment = url.partition("#")[2]
    return _overrides(fragment) if fragment else _USUAL


@lru_cache(maxsize=64)  # an application has one or two; it is not sent, and holds nothing of a call
def _overrides(fragment: str) -> Overrides:
    pairs = dict(part.partition("=")[::2] for part in fragment.split("&"))

    def number(name: str, default: int, low: int, high: int) -> int:
        raw = pairs.get(name, "")
        return min(max(int(raw), low), high) if raw.isascii() and raw.isdigit() else default

    policy = frozenset(pairs["rp"].split(",")) if "rp" in pairs else frozenset({"ct"})
    if wrong := policy - {*_FAILURES, "all"}:
        raise UrlError(f"retry policy rp={pairs['rp']!r}: {sorted(wrong)[0]!r} is none of {_FAILURES} or all", 11243)
    if "e" in pairs:
        _check_edges(pairs["e"])
    return Overrides(
        connect=number("ct", 5000, 100, 10_000) / 1000,
        read=number("rt", 15_000, 100, 15_000) / 1000,
        total=number("tt", 15_000, 100, 15_000) / 1000,
        retries=number("rc", 1, 0, 5),
        on=frozenset(_FAILURES) if "all" in policy else policy,
    )


def _check_edges(edges: str) -> None:
    for edge in edges.split(","):
        if not _EDGE_NAME.fullmatch(edge):
            raise UrlError(f"edge location e={edges!r}: {edge!r} is no name of an edge location", 11240)
        if edge not in _EDGES | _PRIVATE_EDGES:
            raise UrlError(f"edge location e={edges!r}: {edge!r} is none of {', '.join(sorted(_EDGES))}", 11241)
