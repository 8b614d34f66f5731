"""How often a password may be tried, in this process. Whoever guesses locks nobody out who has logged in before.

A browser in which a log-in succeeded keeps a sealed cookie, and its attempts for that name are counted by themselves:
https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

import secrets
from collections import deque
from dataclasses import dataclass
from threading import Lock

from flask import Request, Response

from ivr.base.clock import Clock
from ivr.line.service.console_accounts import name_key
from ivr.operations.console.sealed_cookie import SealedCookie

BROWSER_COOKIE = "ivr_console_browser"
_KEPT = 180 * 24 * 3600  # seconds that a browser is remembered
_EACH, _ADDRESS, _ALL = 5, 15, 60  # failed log-ins in a minute: of a name at an address, of the address, of all
_WINDOW = 60.0


@dataclass(frozen=True)
class Visitor:
    """Who tries to log in. `browser`: the number of one in which that name has logged in before; "" for others."""

    name: str
    address: str
    browser: str = ""


class KnownBrowsers:
    """`path`: where the cookie is sent to and nowhere else; `secure`: over https alone."""

    def __init__(self, key: str, path: str, *, secure: bool) -> None:
        self._cookie = SealedCookie(BROWSER_COOKIE, key, "ivr console browser", path, fields=2, secure=secure)

    def number(self, request: Request, name: str) -> str:
        """Of the browser, if this name has logged in with it; else ""."""
        known, number = self._cookie.read(request) or ("", "")
        return str(number) if known == name_key(name) else ""

    def remember(self, response: Response, name: str) -> None:
        self._cookie.set(response, (name_key(name), secrets.token_urlsafe(12)), _KEPT)


class Attempts:
    """Failed log-ins of the last minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failed: deque[tuple[float, Visitor]] = deque()
        self._lock = Lock()

    def allowed(self, visitor: Visitor) -> bool:
        """A known browser has five tries of its own. Of the others: other names at an address take from a name only the
        last tries there."""
        visitor = _by_key(visitor)
        with self._lock:
            while self._failed and self._failed[0][0] <= self._clock.seconds() - _WINDOW:
                self._failed.popleft()
            failed = [each for _, each in self._failed]
        if visitor.browser:
            return failed.count(visitor) < _EACH
        strangers = [each for each in failed if not each.browser]
        here = [each for each in strangers if each.address == visitor.address]
        return len(strangers) < _ALL and len(here) < _ADDRESS and here.count(visitor) < _EACH

    def failed(self, visitor: Visitor) -> None:
        with self._lock:
            self._failed.append((self._clock.seconds(), _by_key(visitor)))


def _by_key(visitor: Visitor) -> Visitor:
    """A known browser counts wherever it is; capitals are no way round."""
    return Visitor(name_key(visitor.name), "" if visitor.browser else visitor.address, visitor.browser)
