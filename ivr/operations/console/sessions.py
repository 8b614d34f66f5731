"""Who is logged in: a sealed cookie, with a CSRF token for every form. And how often a password may be tried.

The cookie is sealed with a key of the environment that changes with the password, so a new password ends every session.
"""

import hashlib
import hmac
import secrets
from collections import deque
from dataclasses import dataclass
from threading import Lock

from flask import Request, Response
from itsdangerous import BadSignature, URLSafeSerializer

from ivr.base.clock import Clock

COOKIE = "ivr_console"
SECONDS = 8 * 3600  # one shift; then the password is asked for again
_EACH, _ADDRESS, _ALL = 5, 15, 60  # failed log-ins in a minute: of a name at an address, of the address, of all
_WINDOW = 60.0


@dataclass(frozen=True)
class ConsoleSession:
    """`name` is "" for a visitor who has not logged in; `until`: seconds since 1970."""

    name: str
    until: int
    csrf: str

    def allows(self, token: str) -> bool:
        return hmac.compare_digest(self.csrf.encode(), token.encode())


class Sessions:
    """`path`: where the cookie is sent to and nowhere else; `secure`: over https alone."""

    def __init__(self, key: str, clock: Clock, path: str, *, secure: bool) -> None:
        self._seal = URLSafeSerializer(
            key, salt="ivr console", signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
        )
        self._clock = clock
        self._path = path
        self._secure = secure

    def read(self, request: Request) -> ConsoleSession | None:
        """None for a cookie that is not ours, or whose time is past."""
        try:
            name, until, csrf = self._seal.loads(request.cookies.get(COOKIE, ""))
        except (BadSignature, TypeError, ValueError):
            return None
        return ConsoleSession(name, until, csrf) if until > self._now() else None

    def begin(self, response: Response, name: str = "") -> ConsoleSession:
        """A new session, with a new CSRF token."""
        session = ConsoleSession(name, self._now() + SECONDS, secrets.token_urlsafe(24))
        self._set(response, self._seal.dumps([session.name, session.until, session.csrf]), SECONDS)
        return session

    def end(self, response: Response) -> None:
        self._set(response, "", 0)

    def _set(self, response: Response, value: str | bytes, seconds: int) -> None:
        text = value if isinstance(value, str) else value.decode()
        response.set_cookie(
            COOKIE, text, max_age=seconds, path=self._path, secure=self._secure, httponly=True, samesite="Strict"
        )

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


class Attempts:
    """Failed log-ins of the last minute, in this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failed: deque[tuple[float, str, str]] = deque()
        self._lock = Lock()

    def allowed(self, address: str, name: str) -> bool:
        """May somebody of this name at this address try again? Other names there take from them only the last tries."""
        with self._lock:
            while self._failed and self._failed[0][0] <= self._clock.seconds() - _WINDOW:
                self._failed.popleft()
            here = [each for _, where, each in self._failed if where == address]
            return len(self._failed) < _ALL and len(here) < _ADDRESS and here.count(name) < _EACH

    def failed(self, address: str, name: str) -> None:
        with self._lock:
            self._failed.append((self._clock.seconds(), address, name))
