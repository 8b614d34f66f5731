"""URLs: which may be asked (SSRF), what their fragment overrides, how they are joined and written on the wire.

Pure text; resolves no name and opens nothing. Only http and https, no credentials, only named origins.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urldefrag, urlencode, urljoin, urlsplit

_BAD = re.compile(r"[\x00-\x20\x7f\\]")
_PORTS = {"http": 80, "https": 443}
_FAILURES = ("4xx", "5xx", "ct", "rt")


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


def checked(url: str) -> str:
    """`url` with its non-ASCII characters percent-encoded and everything else untouched. Raises UrlError 11100."""
    if _BAD.search(url):
        raise UrlError(f"not a URL (blank, control character or backslash): {url!r}")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlError(f"not a URL: {url!r}") from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise UrlError(f"not an http or https URL: {url!r}")
    if "@" in parts.netloc:
        raise UrlError(f"credentials in a URL are refused: {parts.scheme}://...@{parts.hostname}")
    if not url.isascii():
        try:
            host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
        except UnicodeError:
            raise UrlError(f"not a host name: {parts.netloc!r}") from None
        rest = url.split("://", 1)[1][len(parts.netloc) :]
        return checked(f"{parts.scheme}://{host}{quote(rest, safe=_ASCII)}")
    return url


_ASCII = "".join(chr(code) for code in range(0x21, 0x7F))


def origin(url: str) -> str:
    """`scheme://host:port`, lower case, the port always there."""
    parts = urlsplit(checked(url))
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{parts.port or _PORTS[parts.scheme]}"


def origins(urls: Iterable[str | None]) -> frozenset[str]:
    return frozenset(origin(url) for url in urls if url)


def resolve(base: str, reference: str) -> str:
    """`reference` seen from the document at `base`; an empty one is that document."""
    try:
        joined = urljoin(base, reference.strip()) if reference.strip() else base
    except ValueError:
        raise UrlError(f"not a URL: {reference!r}") from None
    return checked(joined)


def without_fragment(url: str) -> str:
    return url.partition("#")[0]


def with_query(url: str, params: Iterable[tuple[str, str]]) -> str:
    """A GET's URL: what Twilio adds comes after the query that is there already."""
    added = urlencode(list(params))
    return url + ("&" if "?" in url else "?") + added if added else url


def target(url: str) -> str:
    """Path and query as they stand in the request line."""
    rest = url.split("://", 1)[1]
    cut = min((rest.index(mark) for mark in "/?" if mark in rest), default=len(rest))
    path = rest[cut:]
    return path if path.startswith("/") else f"/{path}"


def overrides(url: str) -> Overrides:
    """Raises UrlError 11243 for a retry policy that does not exist; a number out of bounds becomes the bound."""
    pairs = dict(part.partition("=")[::2] for part in urldefrag(url).fragment.split("&"))

    def number(name: str, default: int, low: int, high: int) -> int:
        raw = pairs.get(name, "")
        return min(max(int(raw), low), high) if raw.isascii() and raw.isdigit() else default

    policy = frozenset(pairs["rp"].split(",")) if "rp" in pairs else frozenset({"ct"})
    if wrong := policy - {*_FAILURES, "all"}:
        raise UrlError(f"retry policy rp={pairs['rp']!r}: {sorted(wrong)[0]!r} is none of {_FAILURES} or all", 11243)
    return Overrides(
        connect=number("ct", 5000, 100, 10_000) / 1000,
        read=number("rt", 15_000, 100, 15_000) / 1000,
        total=number("tt", 15_000, 100, 15_000) / 1000,
        retries=number("rc", 1, 0, 5),
        on=frozenset(_FAILURES) if "all" in policy else policy,
    )
