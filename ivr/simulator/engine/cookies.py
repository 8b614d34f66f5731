"""The cookies of one call, by RFC 6265: Twilio keeps them from one request to the next (T:overview).

Not `http.cookiejar`: that reads the machine's clock, and a call has its own.
"""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

MOST_COOKIES = 50  # the least that RFC 6265 6.1 asks for; beyond it the oldest goes
LONGEST_COOKIE = 4096  # bytes of name and value (RFC 6265 6.1)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SECONDS = re.compile(r"-?[0-9]{1,12}")


class CookieError(ValueError):
    """A cookie that is not kept, and why."""


class _Cookie(NamedTuple):
    """`until`: seconds of call time. `exact`: only for the very host that set it."""

    value: str
    until: float
    exact: bool
    secure: bool


class CookieJar:
    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], _Cookie] = {}  # by domain, path and name, the oldest first

    def __bool__(self) -> bool:
        return bool(self._kept)

    def store(self, url: str, set_cookie: str, now: float, date: datetime) -> None:
        """Take one Set-Cookie of the answer from `url`, which was made at `date`. `now`: call time.

        Raises CookieError for one that Twilio does not take (T:11206) or that is too large. One for another host is
        passed over, as RFC 6265 5.3 says.
        """
        pair, _, rest = set_cookie.partition(";")
        name, equals, value = pair.partition("=")
        name, value = name.strip(), value.strip()
        if not name or not equals:
            raise CookieError("a cookie without a name")
        if _CONTROL.search(set_cookie):
            raise CookieError("a cookie with a control character")
        if len(name) + len(value) > LONGEST_COOKIE:
            raise CookieError(f"a cookie of more than {LONGEST_COOKIE} bytes")
        attributes = _attributes(rest)
        parts = urlsplit(url)
        host = parts.hostname or ""
        domain = attributes.get("domain", "").removeprefix(".").lower()
        if domain and not _is_domain_of(domain, host):
            return
        path = attributes.get("path", "")
        if not path.startswith("/"):
            path = parts.path.rpartition("/")[0] or "/"
        key = (domain or host, path, name)
        until = now + _lifetime(attributes, date)
        if until <= now:
            self._kept.pop(key, None)
            return
        self._kept[key] = _Cookie(value, until, not domain, "secure" in attributes)
        if len(self._kept) > MOST_COOKIES:
            del self._kept[next(iter(self._kept))]

    def header(self, url: str, now: float) -> str:
        """The Cookie header for a request, "" when there is none: longer paths first, then older cookies."""
        parts = urlsplit(url)
        host, path = parts.hostname or "", parts.path or "/"
        fitting = [
            (below, f"{name}={cookie.value}")
            for (domain, below, name), cookie in self._kept.items()
            if now < cookie.until
            and (host == domain or (not cookie.exact and _is_domain_of(domain, host)))
            and (path == below or path.startswith(below.rstrip("/") + "/"))
            and (parts.scheme == "https" or not cookie.secure)
        ]
        return "; ".join(text for _, text in sorted(fitting, key=lambda each: -len(each[0])))


def _attributes(text: str) -> dict[str, str]:
    """What stands behind the cookie itself, names in lower case; of two with one name the last counts."""
    pairs = [part.partition("=") for part in text.split(";")]
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _is_domain_of(domain: str, host: str) -> bool:
    """RFC 6265 5.1.3. A domain without a dot, such as `com`, has no hosts but itself."""
    if domain == host:
        return True
    return "." in domain and host.endswith(f".{domain}") and not _is_address(host)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _lifetime(attributes: dict[str, str], date: datetime) -> float:
    """Seconds for which a cookie is kept; for the whole call where nothing is said. Max-Age goes before Expires."""
    if _SECONDS.fullmatch(attributes.get("max-age", "")):
        return float(attributes["max-age"])
    expires = http_date(attributes.get("expires", ""))
    return math.inf if expires is None else (expires - date).total_seconds()


def http_date(text: str) -> datetime | None:
    """None for what is no date."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
