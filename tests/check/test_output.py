"""How findings are printed, what suppresses them, and which exit code the command has."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.base.bundled import bundled
from ivr.base.errors import Complaint, DefinitionError
from ivr.cli.check import check
from ivr.proof.check.findings import Finding, Severity
from ivr.proof.check.report import FORMATS, as_text
from ivr.proof.check.suppress import suppress
from ivr.proof.check.table import BY_ID, RULES
from tests.check.damage import FLOW, damaged

WARNING = Finding("V28", Severity.WARNING, Complaint("nb.yaml", 3, 5, "text X is never spoken"))
ERROR = Finding("V10", Severity.ERROR, Complaint("centres.csv", 0, 0, "100 % of it\nis wrong"))


def test_text_says_where_why_and_how_to_mend() -> None:
    lines = as_text([WARNING, ERROR]).splitlines()
    assert lines[0] == "nb.yaml:3:5: warning V28: text X is never spoken"
    assert lines[1].startswith("    why: ")
    assert lines[2].startswith("    mend: ")
    assert lines[-1] == "no rule proved: 1 error, 1 warning"


def test_text_says_once_why_a_rule_is_there() -> None:
    lines = as_text([WARNING, ERROR, replace(WARNING, complaint=Complaint("en.yaml", 4, 5, "text X is never spoken"))])
    assert [line for line in lines.splitlines() if line.startswith(("    why: ", "en.yaml"))] == [
        *(f"    why: {BY_ID[rule].why}" for rule in ("V28", "V10")),
        "en.yaml:4:5: warning V28: text X is never spoken",
    ]


def test_text_says_at_how_many_moments_was_proved() -> None:
    told = as_text([], moments=3, changes=2194)
    assert told.endswith("rules proved at 3 moments and 2194 changes of duty: 0 errors, 0 warnings")
    assert "proved at 1 moment and 1 change of duty" in as_text([], moments=1, changes=1)


def test_json_has_every_field() -> None:
    first = json.loads(FORMATS["json"]([WARNING]))[0]
    assert (first["rule"], first["file"], first["line"], first["docs"]) == ("V28", "nb.yaml", 3, "docs/checks.md#v28")


def test_github_escapes_what_would_end_the_remark() -> None:
    assert FORMATS["github"]([ERROR]) == "::error file=centres.csv,line=1,col=1,title=V10::100 %25 of it%0Ais wrong"


def test_sarif_names_every_rule_and_places_every_finding() -> None:
    run = json.loads(FORMATS["sarif"]([WARNING]))["runs"][0]
    assert len(run["tool"]["driver"]["rules"]) == len(RULES)
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 5}


SUPPRESSIONS = {
    "- {rule: V28, where: nb.yaml, reason: spoken from June on}": {"V10"},
    "- {rule: V28, where: nb.yaml, reason: ' '}": {"V10", "V28", "S01"},
    "- {rule: V28, where: nb.yaml}": {"V10", "V28", "S01"},
    "- {rule: V28, where: en.yaml, reason: it is so}": {"V10", "V28", "S01"},
    "rule: V28": {"V10", "V28", "S01"},
    "- V28": {"V10", "V28", "S01"},
}


@pytest.mark.parametrize("text", SUPPRESSIONS)
def test_a_suppression_needs_a_reason_and_something_to_suppress(text: str, tmp_path: Path) -> None:
    file = tmp_path / "suppressions.yaml"
    file.write_text(text, "utf-8")
    assert {each.rule for each in suppress([WARNING, ERROR], file)} == SUPPRESSIONS[text]


def test_a_file_of_suppressions_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "suppressions.yaml"
    file.write_text("- [", "utf-8")
    with pytest.raises(DefinitionError):
        suppress([], file)


def test_the_bundled_flow_is_exit_code_0() -> None:
    result = CliRunner().invoke(check, [])
    assert (result.exit_code, result.stdout.splitlines()[-1][-22:]) == (0, ": 0 errors, 0 warnings")


def test_an_error_is_exit_code_1_and_nothing_is_printed_without_one(tmp_path: Path) -> None:
    path = damaged(tmp_path, [(FLOW, "next: caller", "next: calle")])
    result = CliRunner().invoke(check, [str(path), "--format", "github"])
    assert (result.exit_code, result.stdout.count("::error")) == (1, 1)
    (path.parent / "suppressions.yaml").write_text("- {rule: L01, where: calle, reason: for this test}", "utf-8")
    result = CliRunner().invoke(check, [str(path), "--format", "github"])
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_directory_that_cannot_be_loaded_is_exit_code_1(tmp_path: Path) -> None:
    result = CliRunner().invoke(check, ["--directory", str(tmp_path)])
    assert result.exit_code == 1
    assert "L02" in result.stdout


def test_a_flow_that_is_not_there_is_exit_code_2(tmp_path: Path) -> None:
    assert CliRunner().invoke(check, [str(tmp_path / "none.yaml")]).exit_code == 2


def test_the_figures_are_those_of_the_docs() -> None:
    result = CliRunner().invoke(check, [str(bundled("call_flows") / FLOW), "--format", "figures"])
    docs = (Path(__file__).parents[2] / "docs" / "checks.md").read_text("utf-8")
    assert result.exit_code == 0
    for line in result.stdout.splitlines():
        assert line in docs, line


def test_a_flow_that_no_call_can_enter_has_figures_too(tmp_path: Path) -> None:
    path = damaged(tmp_path, [(FLOW, "next: language", "next: open")])
    result = CliRunner().invoke(check, [str(path), "--format", "figures"])
    told = [line.split()[-1] for line in result.stdout.splitlines() if line.startswith("first 113 instruction said")]
    assert (result.exit_code, told) == (0, ["never", "never"])


def test_every_rule_is_in_the_docs() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "checks.md").read_text("utf-8")
    for rule in RULES:
        assert f"### {rule.id}" in docs, rule.id
        assert rule.title in docs, rule.id
