"""One check: load, walk, prove, and say everything that does not hold. Reads files; prints nothing."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ivr.base.errors import DefinitionError, EngineError
from ivr.line.directory import Directory, load_directory, without_targets
from ivr.line.flow.moments import in_words
from ivr.proof.check.checked_flow import Ground, Subject
from ivr.proof.check.classes import Places
from ivr.proof.check.findings import Finding, Rule
from ivr.proof.check.table import BY_ID, RULES


def end_without_garbage() -> None:
    """For a command: when its process ends, what was made is not looked through for garbage. That is a tenth of it."""
    atexit.register(gc.freeze)


def lay_ground(folder: Path | None, now: datetime) -> Ground:
    """Read a directory, the bundled one if None. Raises DefinitionError."""
    with uncollected():
        return ground_of(load_directory(folder, today=now.date()), now)


def ground_of(real: Directory, now: datetime) -> Ground:
    """The same for a directory that was read with its numbers and on that day."""
    with uncollected():
        places = Places(real, now)
        return Ground(places, Places(without_targets(real), now, places.rosters))


@dataclass(frozen=True)
class Proof:
    """`moments`: at how many the flow was played, each of which stands for all at which its nodes make the same of the
    clock. `changes`: of duty, that were looked at. Both are 0 if nothing could be proved. `unread`: the languages whose
    texts no native speaker has read, which no proof can replace."""

    findings: list[Finding]
    moments: int = 0
    changes: int = 0
    unread: tuple[str, ...] = ()


def check_flow(flow_file: Path, ground: Ground) -> list[Finding]:
    """Every finding, in the order of file and line."""
    return prove(flow_file, ground).findings


def prove(flow_file: Path, ground: Ground) -> Proof:
    """Errors of loading come alone: nothing else can be said then."""
    with uncollected():
        try:
            subject = Subject(flow_file, ground)
        except DefinitionError as error:
            return Proof(loading("L01", error))
        findings = sorted(_by_place(subject), key=lambda finding: (finding.complaint, finding.rule))
        moments, changes = len(subject.definition.moments), len(ground.real.moments) - 1
        return Proof(findings, moments, changes, subject.catalogue.unread)


def _by_place(subject: Subject) -> Iterator[Finding]:
    """One finding for all of a rule at one place."""
    by_place: dict[tuple[str, str, int, int], list[Finding]] = {}
    for finding in dict.fromkeys(_findings(subject)):
        at = finding.complaint
        by_place.setdefault((finding.rule, at.file, at.line, at.column), []).append(finding)
    for same in by_place.values():
        yield _first(same)


@contextmanager
def uncollected() -> Iterator[None]:
    """What is made meanwhile is kept to the end: to look through it for garbage as it grows is a fourth of a check's
    time. Then it is old at once, and is looked through when all that is old is."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()  # into the oldest generation
        if collects:
            gc.enable()


def _first(same: list[Finding]) -> Finding:
    """One finding for all of a rule at one place."""
    first, *others = same
    if not others:
        return first
    message = f"{first.complaint.message} (and {len(others)} more of this rule here)"
    return replace(first, complaint=replace(first.complaint, message=message))


def loading(rule: str, error: DefinitionError) -> list[Finding]:
    """What a loader refused, as findings of L01 or L02."""
    return [Finding(rule, BY_ID[rule].severity, complaint) for complaint in error.complaints]


def _findings(subject: Subject) -> Iterator[Finding]:
    """What does not hold. What holds at some moments and not at others is said with the first of the others."""
    for rule in RULES:
        at: dict[Finding, list[Subject]] = {}
        for each in subject.each if rule.proof else ():
            for finding in dict.fromkeys(_at(rule, each)):
                at.setdefault(finding, []).append(each)
        for finding, where in at.items():
            yield finding if len(where) == len(subject.each) else _dated(finding, where[0].now)


def _at(rule: Rule, subject: Subject) -> Iterator[Finding]:
    """At the moments of one class."""
    try:
        yield from findings_of(rule, subject)
    except (EngineError, LookupError, ValueError) as error:
        yield Finding(rule.id, rule.severity, subject.marks.complaint(("flow",), str(error)))


def _dated(finding: Finding, moment: datetime) -> Finding:
    message = f"{finding.complaint.message} (at {in_words(moment)})"
    return replace(finding, complaint=replace(finding.complaint, message=message))


def findings_of(rule: Rule, subject: Subject) -> Iterator[Finding]:
    """What one rule finds."""
    for found in rule.proof(subject) if rule.proof else ():
        yield Finding(rule.id, rule.severity, subject.marks.complaint(found.where, found.message))
