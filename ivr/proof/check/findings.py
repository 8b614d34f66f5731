"""What the checker says: a finding, the rule it comes from, and how grave it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ivr.base.errors import Complaint

if TYPE_CHECKING:
    from ivr.proof.check.checked_flow import Subject


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Found:
    """What a rule function yields: what is wrong, and where (see `marks.py`)."""

    where: tuple[str, ...]
    message: str


Proof = Callable[["Subject"], Iterable[Found]]


def together(*proofs: Proof) -> Proof:
    """All that these proofs find."""
    return lambda subject: (found for proof in proofs for found in proof(subject))


@dataclass(frozen=True)
class Rule:
    """One rule. `held_by`: ids of the rules that already refuse what breaks it, where it needs no proof of its own.

    `proof` is None for such a rule, and for one that does not apply; then `why` says so.
    """

    id: str
    title: str
    why: str
    mend: str
    proof: Proof | None = None
    held_by: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True)
class Finding:
    rule: str
    severity: Severity
    complaint: Complaint

    def __str__(self) -> str:
        c = self.complaint
        place = ":".join([c.file, *(str(n) for n in (c.line, c.column) if n)])
        return f"{place}: {self.severity} {self.rule}: {c.message}"
