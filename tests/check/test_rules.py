"""Every rule finds what breaks it, at its line, and finds nothing in the bundled flow."""

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.bundled import bundled
from ivr.check.classes import Places
from ivr.check.findings import Finding
from ivr.check.rules.directory import covered, moments
from ivr.check.run import check_flow, findings_of, lay_ground, loading
from ivr.check.subject import Ground, Subject
from ivr.check.table import RULES
from ivr.directory import load_directory
from ivr.errors import DefinitionError
from tests.check.damage import FLOW, damaged, replace
from tests.conftest import EVENING

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text("utf-8"))
DIRECTORY: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "directory_cases.yaml").read_text("utf-8"))


def test_the_bundled_flow_breaks_no_rule(ground: Ground) -> None:
    assert check_flow(bundled("call_flows") / FLOW, ground) == []


TOGETHER: dict[str, list[dict[str, Any]]] = {}
for _case in CASES:
    TOGETHER.setdefault(_case.get("with", f"{_case['rule']} {_case['says']}"), []).append(_case)


@pytest.mark.parametrize("name", TOGETHER)
def test_a_damaged_flow_gets_the_complaint_of_its_rule_at_its_line(name: str, ground: Ground, tmp_path: Path) -> None:
    cases = TOGETHER[name]
    edits = [edit for case in cases for edit in case["edits"]]
    path = damaged(tmp_path, edits, cases[0].get("copy", ()))
    findings = check_flow(path, ground)
    expected = {case.get("held", case["rule"]) for case in cases}
    others = {rule for case in cases for rule in case.get("also", ())}
    assert {each.rule for each in findings} - others <= expected, [str(each) for each in findings]
    for case in cases:
        assert _points_at(findings, case, case.get("held", case["rule"]), path.parent)


def _points_at(findings: list[Finding], case: dict[str, Any], rule: str, folder: Path) -> bool:
    for finding in findings:
        at = finding.complaint
        if finding.rule == rule and case["says"] in at.message:
            path = next(p for p in (folder / at.file, folder / "prompts" / at.file) if p.is_file())
            if case["line"] in path.read_text("utf-8").splitlines()[at.line - 1]:
                return True
    raise AssertionError([str(each) for each in findings])


@pytest.mark.parametrize("case", DIRECTORY, ids=lambda case: f"{case['rule']} {case['says'][:40]}")
def test_a_damaged_directory_gets_the_complaint_of_its_rule(case: dict[str, Any], small: Path) -> None:
    replace(small, case["edits"])
    findings = [each for each in _checked(small) if each.rule == case.get("held", case["rule"])]
    assert [each for each in findings if case["says"] in each.complaint.message], findings
    for each in findings:
        lines = (small / each.complaint.file).read_text("utf-8").splitlines()
        assert case["line"] in (lines[each.complaint.line - 1] if each.complaint.line else "")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A sound little directory."""
    return shutil.copytree(Path(__file__).parents[1] / "directory" / "small", tmp_path / "small")


def _checked(folder: Path) -> list[Finding]:
    try:
        ground = lay_ground(folder, EVENING)
    except DefinitionError as error:
        return loading("L02", error)
    subject = Subject(bundled("call_flows") / FLOW, ground)
    return [each for rule in RULES if rule.id in ("V10", "V11") for each in findings_of(rule, subject)]


def test_a_centre_without_a_number_or_without_anybody_behind_it_is_told(small: Path) -> None:
    mute = load_directory(small, dial="none")
    alone = dataclasses.replace(mute, tables=dataclasses.replace(mute.tables, ladders={}, area_centres={}))
    places = Places(alone, EVENING)
    found = [each.message for each in covered(Subject(bundled("call_flows") / FLOW, Ground(places, places)))]
    assert "bergen answers for 4601 and has no number to ring" in found
    assert "bergen answers for 4601 and nobody stands in for it" in found


def test_a_change_of_duty_on_a_later_day_is_looked_at_too(small: Path) -> None:
    later = "2027-01-01"
    replace(
        small,
        [("coverage.csv", "4621,,,,voss,own page,2017,medium,,,", f"4621,,,,voss,own page,2017,medium,,{later},")],
    )
    replace(small, [("coverage.csv", "4601,", "4621,,,,bergen,own page,2017,medium,2027-01-02,,\n4601,")])
    days = {moment.date().isoformat() for moment in moments(load_directory(small), "4621", EVENING)}
    assert days == {"2026-03-03", "2027-01-02"}


def test_every_rule_is_proved_held_by_another_or_about_files() -> None:
    for rule in RULES:
        assert rule.proof or rule.held_by or rule.id[0] in "LS", rule.id
    cased = {case["rule"] for case in CASES + DIRECTORY}
    # V03, V10, V17, V22 and V27 cannot be broken by a file that loads: see test_beyond_files.py.
    assert {rule.id for rule in RULES} - cased <= {"L02", "S01", "V03", "V10", "V17", "V22", "V27"}
