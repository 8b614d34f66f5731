"""Who is logged in: a sealed cookie, with a CSRF token for every form.

The cookie is sealed with a key of the environment, and bears a seal of the account as it was at the log-in: another
password or role ends every session of the account.
"""

import hmac
import secrets
from dataclasses import dataclass

from flask import Request, Response

from ivr.base.clock import Clock
from ivr.line.service.console_accounts import ConsoleAccount, ConsoleRole
from ivr.operations.console.accounts import Accounts, seal_of
from ivr.operations.console.roles import ConsoleAction, may
from ivr.operations.console.sealed_cookie import SealedCookie

COOKIE = "ivr_console"
SECONDS = 8 * 3600  # one shift; then the password is asked for again


@dataclass(frozen=True)
class ConsoleSession:
    """`name` is "" and `role` None for a visitor who has not logged in; `until`: seconds since 1970."""

    name: str
    role: ConsoleRole | None
    until: int
    csrf: str

    def allows(self, token: str) -> bool:
        return hmac.compare_digest(self.csrf.encode(), token.encode())

    def may(self, action: ConsoleAction) -> bool:
        return may(self.role, action)


class Sessions:
    """`path`: where the cookie is sent to and nowhere else; `secure`: over https alone."""

    def __init__(self, key: str, clock: Clock, path: str, accounts: Accounts, *, secure: bool) -> None:
        self._key = key
        self._cookie = SealedCookie(COOKIE, key, "ivr console", path, fields=4, secure=secure)
        self._clock = clock
        self._accounts = accounts

    def read(self, request: Request) -> ConsoleSession | None:
        """None for a cookie that is not ours, whose time is past, or whose account is no longer what it was."""
        found = self._cookie.read(request)
        if found is None:
            return None
        name, until, csrf, sealed = found
        if until <= self._now():
            return None
        if not name:
            return ConsoleSession("", None, until, csrf)
        account = self._accounts.of(name)
        if account is None or not hmac.compare_digest(seal_of(account, self._key), sealed):
            return None
        return ConsoleSession(account.name, account.role, until, csrf)

    def begin(self, response: Response, account: ConsoleAccount | None = None) -> ConsoleSession:
        """A new session, with a new CSRF token. Without an account it is that of a visitor."""
        name, role = (account.name, account.role) if account else ("", None)
        session = ConsoleSession(name, role, self._now() + SECONDS, secrets.token_urlsafe(24))
        sealed = seal_of(account, self._key) if account else ""
        self._cookie.set(response, (name, session.until, session.csrf, sealed), SECONDS)
        return session

    def end(self, response: Response) -> None:
        self._cookie.delete(response)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())
