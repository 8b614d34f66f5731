"""Findings as text, JSON, GitHub annotations and SARIF."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ivr.proof.check.findings import Finding, Rule, Severity
from ivr.proof.check.table import BY_ID, RULES

DOCS = "docs/checks.md"


def as_text(findings: Sequence[Finding], moments: int = 0, changes: int = 0, unread: Sequence[str] = ()) -> str:
    """`moments`, `changes`, `unread`: see `Proof`. Why a rule is there, and how to mend, stands below its first
    finding."""
    lines, explained = [], set[str]()
    for finding in findings:
        rule = BY_ID[finding.rule]
        lines.append(str(finding))
        if rule.id not in explained:
            lines += [f"    why: {rule.why}", f"    mend: {rule.mend}"]
        explained.add(rule.id)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    proved = sum(rule.proof is not None for rule in RULES)
    warnings = len(findings) - errors
    swept = f"{proved} rules proved at {_count(moments, 'moment')} and {_count(changes, 'change')} of duty"
    found = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}"
    unseen = [f"not read by a native speaker: {', '.join(unread)} (`read_by`, docs/flow.md)"] if unread else []
    return "\n".join([*lines, *unseen, f"{swept if moments else 'no rule proved'}: {found}"])


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def as_json(findings: Sequence[Finding]) -> str:
    return json.dumps([_plain(finding) for finding in findings], ensure_ascii=False, indent=2)


def _plain(finding: Finding) -> dict[str, Any]:
    rule, complaint = BY_ID[finding.rule], finding.complaint
    return {
        "rule": rule.id,
        "severity": finding.severity.value,
        "file": complaint.file,
        "line": complaint.line,
        "column": complaint.column,
        "message": complaint.message,
        "title": rule.title,
        "why": rule.why,
        "mend": rule.mend,
        "docs": f"{DOCS}#{rule.id.lower()}",
    }


def as_github(findings: Sequence[Finding]) -> str:
    """Workflow commands: each finding becomes a remark beside its line."""
    lines = []
    for finding in findings:
        complaint = finding.complaint
        where = f"file={_escaped(complaint.file)},line={max(1, complaint.line)},col={max(1, complaint.column)}"
        lines.append(f"::{finding.severity} {where},title={finding.rule}::{_escaped(complaint.message)}")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def as_sarif(findings: Sequence[Finding]) -> str:
    driver = {"name": "ivr check", "rules": [_sarif_rule(rule) for rule in RULES]}
    run = {"tool": {"driver": driver}, "results": [_sarif_result(finding) for finding in findings]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.mend},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _sarif_result(finding: Finding) -> dict[str, Any]:
    complaint = finding.complaint
    region = {"startLine": max(1, complaint.line), "startColumn": max(1, complaint.column)}
    place = {"physicalLocation": {"artifactLocation": {"uri": complaint.file}, "region": region}}
    return {
        "ruleId": finding.rule,
        "level": finding.severity.value,
        "message": {"text": complaint.message},
        "locations": [place],
    }


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
