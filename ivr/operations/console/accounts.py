"""Who may log in: the accounts of a file, and whoever knows the shared password.

The file is read again as soon as it changes. While it cannot be read no account is let in, because nobody could say
whose account was removed.
"""

import hashlib
import hmac
import logging
from pathlib import Path

from werkzeug.security import check_password_hash

from ivr.base.errors import DefinitionError
from ivr.line.service.console_accounts import ConsoleAccount, ConsoleRole, name_key, read_accounts

# What a password is held against for a name without an account, so that such an answer takes as long as any other.
_NO_HASH = f"scrypt:32768:8:1$nobody${'0' * 128}"
_log = logging.getLogger("ivr.console")

Stamp = tuple[int, int, int]


class Accounts:
    """`path`: the file, if there is one. `shared_hash`: of the shared password; "" if there is none."""

    def __init__(self, path: Path | None, shared_hash: str) -> None:
        self._path = path
        self._shared_hash = shared_hash
        self._read: tuple[Stamp | None, dict[str, ConsoleAccount] | None] = (None, None)

    def of(self, name: str) -> ConsoleAccount | None:
        """The account of that name; else the shared password's, with that name, if there is one."""
        named = self._named()
        if named is None or not name:
            return None
        shared = ConsoleAccount(name, ConsoleRole.SHARED, self._shared_hash) if self._shared_hash else None
        return named.get(name_key(name), shared)

    def log_in(self, name: str, password: str) -> ConsoleAccount | None:
        """None for a wrong name or password, whichever it is."""
        account = self.of(name)
        fits = check_password_hash(account.password_hash if account else _NO_HASH, password)
        return account if fits else None

    def _named(self) -> dict[str, ConsoleAccount] | None:
        """None while the file cannot be read."""
        if self._path is None:
            return {}
        stamp = _stamp(self._path)
        if stamp is None or stamp != self._read[0]:
            self._read = stamp, self._look(self._path)
        return self._read[1]

    def _look(self, path: Path) -> dict[str, ConsoleAccount] | None:
        try:
            return {name_key(each.name): each for each in read_accounts(path)}
        except DefinitionError as error:
            _log.error("nobody can log in: %s", error.complaints[0])
            return None


def seal_of(account: ConsoleAccount, key: str) -> str:
    """Another one as soon as the account has another name, role or password."""
    told = f"{account.name}:{account.role}:{account.password_hash}"
    return hmac.new(key.encode(), told.encode(), hashlib.sha256).hexdigest()[:32]


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
