"""The file of the console's accounts, `name:role:hash` a line, and the roles that an account may have.

The file holds hashes of passwords, and no password. `ivr console` writes it; whoever may write it decides who may do
what.
"""

import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ivr.base.errors import Complaint, DefinitionError
from ivr.base.whole_file import write_whole

LONGEST_NAME = 40  # letters
_NAME = re.compile(r"\w[\w .'-]*")
_HASH = re.compile(r"scrypt:[0-9]+:[0-9]+:[0-9]+\$[^$:\s]+\$[0-9a-f]+")
_OWNER_ALONE = 0o600
_HEAD = "# Accounts of the console, name:role:hash. Change them with `ivr console add`, `change` and `remove`.\n"


class ConsoleRole(StrEnum):
    """What an account is for. SHARED is no account's: it is the password that several people know."""

    READER = "reader"
    OPERATOR = "operator"
    VERIFIER = "verifier"
    SHARED = "shared"


OF_ACCOUNTS = (ConsoleRole.READER, ConsoleRole.OPERATOR, ConsoleRole.VERIFIER)


@dataclass(frozen=True)
class ConsoleAccount:
    name: str
    role: ConsoleRole
    password_hash: str = field(repr=False)


def name_key(name: str) -> str:
    """The same for two spellings of a name: capitals and spaces do not tell people apart."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def account_name(text: str) -> str:
    """A name as it stands in the file. Raises ValueError if it can be none."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise ValueError(f"a name has letters, digits, spaces and . ' - only, and at most {LONGEST_NAME} of them")
    return name


def is_password_hash(text: str) -> bool:
    """Whether it has the form of a scrypt hash of ours."""
    return bool(_HASH.fullmatch(text))


def read_accounts(path: Path) -> tuple[ConsoleAccount, ...]:
    """In the order of the file. Raises DefinitionError with every complaint; none repeats a hash."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise DefinitionError([Complaint(str(path), 0, 0, f"the accounts cannot be read: {words}")]) from None
    found: list[ConsoleAccount] = []
    complaints = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            found.append(_account(line, found))
        except ValueError as error:
            complaints.append(Complaint(str(path), number, 0, str(error)))
    if complaints:
        raise DefinitionError(complaints)
    return tuple(found)


def write_accounts(path: Path, accounts: Iterable[ConsoleAccount]) -> None:
    """The whole file at once. A new one is its owner's alone; one that was there keeps its owner and its mode, so that
    the service can still read it when root has changed it. Raises OSError."""
    path = path.resolve()
    text = _HEAD + "".join(f"{each.name}:{each.role}:{each.password_hash}\n" for each in accounts)
    before = path.stat() if path.exists() else None
    write_whole(path, text.encode(), before.st_mode & 0o777 if before else _OWNER_ALONE)
    if before and os.geteuid() == 0:
        os.chown(path, before.st_uid, before.st_gid)


def _account(line: str, before: Iterable[ConsoleAccount]) -> ConsoleAccount:
    name, role, password_hash = (*line.split(":", 2), "", "")[:3]
    name = account_name(name)
    if name_key(name) in {name_key(each.name) for each in before}:
        raise ValueError(f"{name} has an account above")
    if role not in OF_ACCOUNTS:
        raise ValueError(f"the role of {name} must be one of {', '.join(OF_ACCOUNTS)}")
    if not is_password_hash(password_hash.strip()):
        raise ValueError(f"{name} has no scrypt hash; `ivr console change` makes one")
    return ConsoleAccount(name, ConsoleRole(role), password_hash.strip())
