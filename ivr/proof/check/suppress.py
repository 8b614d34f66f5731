"""Suppressions: findings that somebody has looked at and stands by, with the reason. A reason is not optional.

    - {rule: V28, where: nb.yaml, reason: spoken from June on}

`where` is a part of the finding as it is printed (file, line, or words of the message).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ivr.base import strict_yaml
from ivr.base.complaints import Complaints
from ivr.base.strict_yaml import Mapping, Sequence, Value
from ivr.proof import SUPPRESSIONS
from ivr.proof.check.findings import Finding, Severity

FIELDS = ("rule", "where", "reason")


@dataclass(frozen=True)
class Suppression:
    rule: str
    where: str
    file: str
    line: int
    column: int

    def covers(self, finding: Finding) -> bool:
        return finding.rule == self.rule and self.where in str(finding)


def file_beside(flow: Path) -> Path | None:
    """The file of a flow's suppressions; None if it has none."""
    file = flow.parent / SUPPRESSIONS
    return file if file.is_file() else None


def suppress(findings: Iterable[Finding], file: Path | None) -> list[Finding]:
    """The findings that remain, and those about the suppressions themselves. Raises DefinitionError for a file that
    is no YAML."""
    kept = list(findings)
    if file is None:
        return kept
    entries, complaints = _read(strict_yaml.load_file(file), file.name)
    for entry in entries:
        left = [finding for finding in kept if not entry.covers(finding)]
        if len(left) == len(kept):
            message = f"nothing to suppress: no finding of {entry.rule} holds {entry.where!r}"
            complaints.about(entry.file, entry, message)
        kept = left
    return kept + [Finding("S01", Severity.ERROR, complaint) for complaint in complaints]


def _read(top: Value, file: str) -> tuple[list[Suppression], Complaints]:
    entries: list[Suppression] = []
    complaints = Complaints()
    for item in top if isinstance(top, Sequence) else [top]:
        values = {str(key): str(value) for key, value in item.items()} if isinstance(item, Mapping) else {}
        if set(values) != set(FIELDS) or not all(value.strip() for value in values.values()):
            message = f"a suppression has exactly {', '.join(FIELDS)}, none of them empty"
            complaints.about(file, item, message)
        else:
            entries.append(Suppression(values["rule"], values["where"], file, item.line, item.column))
    return entries, complaints
