"""`ivr golive`: what is missing for live is counted, and what it signs is what the gate of live takes."""

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.base.bundled import bundled
from ivr.base.clock import SystemClock
from ivr.cli import group
from ivr.line.directory import load_directory
from ivr.line.service.bootstrap import load_edition
from ivr.line.service.settings import read_settings
from ivr.operations.golive import readiness
from ivr.proof.check.checked_flow import Ground
from ivr.proof.check.run import Proof, prove
from tests.conftest import SMALL
from tests.test_live import verified

TODAY = SystemClock().now().date()
DONE = "clinical_owner: A. Doctor\ndirectory_verified_on: {verified}\nfallback_tested_on: {tested}\n"
SETTINGS = """\
PUBLIC_BASE_URL=https://line.legevakt.no
TWILIO_AUTH_TOKEN=0123456789abcdef0123456789abcdef
TWILIO_ACCOUNT_SID=AC00000000000000000000000000000001
TWILIO_PHONE_NUMBER=+4739000000
"""

Golive = Callable[..., Result]
_PROOFS: dict[bytes, Proof] = {}


def _proved_once(flow: Path, ground: Ground) -> Proof:
    """The proof of a flow takes seconds, and no test here gives a flow another directory that matters to it."""
    text = flow.read_bytes()
    if text not in _PROOFS:
        _PROOFS[text] = prove(flow, ground)
    return _PROOFS[text]


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """A line of one's own with which all is well, but that nobody has signed."""
    folder = tmp_path / "line"
    shutil.copytree(bundled("call_flows"), folder / "flow")
    verified(folder / "directory", TODAY - timedelta(days=10))
    _done(folder)
    (folder / "environment").write_text(SETTINGS, "utf-8")
    return folder


def _done(folder: Path, *, when: object = None, tested: object = None) -> None:
    day = TODAY - timedelta(days=3)
    (folder / "checklist.yaml").write_text(DONE.format(verified=when or day, tested=tested or day), "utf-8")


@pytest.fixture
def golive(line: Path, monkeypatch: pytest.MonkeyPatch) -> Golive:
    monkeypatch.setattr(readiness, "prove", _proved_once)
    for name in ("IVR_TEXT_SENDER", "TWILIO_AUTH_TOKEN", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(group, ["golive", str(line), *arguments])

    return run


def _missing(result: Result) -> dict[str, list[str]]:
    parts = json.loads(result.stdout)["parts"]
    return {part: found["reasons"] for part, found in parts.items() if found["missing"]}


def test_a_sound_line_lacks_the_signature_alone_and_is_ready_with_it(golive: Golive) -> None:
    before = golive("--json")
    assert before.exit_code == 1
    assert _missing(before) == {"checklist": ["signed_by is not filled in", "signed_on is not filled in"]}
    assert json.loads(before.stdout)["unread"] == ["English", "bokmål", "nynorsk"]
    signed = golive("--sign", "B. Operator")
    assert signed.exit_code == 0, signed.output
    assert "may serve people" in signed.stdout
    assert "not read by a native speaker: English, bokmål, nynorsk" in signed.stdout
    assert golive().exit_code == 0


def test_the_gate_of_live_takes_what_was_signed_and_nothing_before(golive: Golive, line: Path, tmp_path: Path) -> None:
    pairs = [each.split("=", 1) for each in SETTINGS.splitlines()]
    names = {"FLOW": line / "flow" / "legevakt.yaml", "DIRECTORY": line / "directory"}
    files = {f"IVR_{name}": str(file) for name, file in names.items()}
    files |= {"IVR_CHECKLIST": str(line / "checklist.yaml"), "XDG_STATE_HOME": str(tmp_path / "state")}
    environment = {**dict(pairs), **files, "IVR_PROFILE": "live", "DATABASE_URL": "off"}
    golive("--sign", "B. Operator")
    load_edition(read_settings(environment), SystemClock())
    _done(line)
    with pytest.raises(Exception, match="signed_by is not filled in"):
        load_edition(read_settings(environment), SystemClock())


def test_the_signed_checklist_names_who_when_which_versions_and_what_was_found(golive: Golive, line: Path) -> None:
    golive("--sign", 'Kari "K" Nordmann')
    text = (line / "checklist.yaml").read_text("utf-8")
    assert 'signed_by: "Kari \\"K\\" Nordmann"' in text
    assert f'signed_on: "{TODAY}"' in text
    assert load_directory(line / "directory").version in text
    centres = len(load_directory(line / "directory").centres)
    day = TODAY - timedelta(days=10)
    assert f"{centres} centres, verified from {day} to {day}" in text


def _bundled(line: Path) -> None:
    shutil.rmtree(line / "directory")
    shutil.copytree(SMALL, line / "directory")


def test_every_number_that_is_not_verified_is_counted_and_nothing_is_signed(golive: Golive, line: Path) -> None:
    _bundled(line)
    before = (line / "checklist.yaml").read_bytes()
    result = golive("--json", "--sign", "B. Operator")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    directory = load_directory(line / "directory")
    assert answer["parts"]["numbers"]["missing"] == len(directory.centres)
    kinds = {kind: row["centres"] for kind, row in answer["numbers"].items() if row["centres"]}
    assert sum(kinds.values()) == len(directory.centres)
    assert set(kinds) == {"never_verified", "no_number", "no_centre"}
    assert answer["not_signed"] == ["nothing was signed: directory, numbers and flow come first"]
    assert (line / "checklist.yaml").read_bytes() == before
    assert f"{len(directory.centres)} numbers" in golive().stdout


@pytest.mark.parametrize(
    ("filled_in", "words"),
    [
        ({"when": TODAY + timedelta(days=1)}, "sign after the work is done"),
        ({"tested": date(2030, 1, 1)}, "sign after the work is done"),
        ({"tested": TODAY - timedelta(days=366)}, "more than 12 months ago"),
        ({"when": "2026-02-30"}, "must be a date such as"),
        ({"when": "TODO"}, "must be a date such as"),
    ],
)
def test_what_is_signed_was_done_in_time(filled_in: dict[str, object], words: str, golive: Golive, line: Path) -> None:
    _done(line, **filled_in)
    before = (line / "checklist.yaml").read_bytes()
    result = golive("--sign", "B. Operator")
    assert result.exit_code == 1
    assert words in result.stderr
    assert (line / "checklist.yaml").read_bytes() == before
    assert [file.name for file in line.glob(".*")] == []


def test_dates_that_cannot_be_are_counted_before_anybody_signs(golive: Golive, line: Path) -> None:
    _done(line, when=TODAY + timedelta(days=1), tested=TODAY - timedelta(days=366))
    reasons = json.loads(golive("--json").stdout)["parts"]["checklist"]["reasons"]
    assert reasons == [
        "signed_by is not filled in",
        "signed_on is not filled in",
        f"directory_verified_on is {TODAY + timedelta(days=1)}, which is after {TODAY}",
        f"fallback_tested_on is {TODAY - timedelta(days=366)}, more than 12 months ago",
    ]


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("https://line.example", True),
        ("https://ivr.example.org/line", True),
        ("https://example.com", True),
        ("https://ivr.example-kommune.no", False),
        ("https://legevakt.no/x.example", False),
    ],
)
def test_the_address_of_a_sample_is_missing_and_no_other(url: str, refused: bool, golive: Golive, line: Path) -> None:
    settings = (line / "environment").read_text("utf-8")
    lines = [f"PUBLIC_BASE_URL={url}" if each.startswith("PUBLIC_BASE_URL") else each for each in settings.splitlines()]
    (line / "environment").write_text("\n".join(lines), "utf-8")
    reasons = json.loads(golive("--json").stdout)["parts"]["settings"]["reasons"]
    assert any("the one of the sample" in each for each in reasons) == refused


@pytest.mark.parametrize("name", ["TODO", "name of the operator", "x", "  "])
def test_nobody_signs_with_a_placeholder(name: str, golive: Golive, line: Path) -> None:
    result = golive("--sign", name)
    assert result.exit_code == 1
    assert "signed_by is" in result.stderr
    assert "signed_by" not in (line / "checklist.yaml").read_text("utf-8")


def test_a_change_after_the_signature_needs_another_one(golive: Golive, line: Path) -> None:
    golive("--sign", "B. Operator")
    verified(line / "directory", TODAY - timedelta(days=9))
    result = golive("--json")
    (reason,) = _missing(result)["checklist"]
    assert reason.startswith("directory_version is ")
    assert golive("--sign", "B. Operator").exit_code == 0


def test_settings_that_live_refuses_or_that_name_other_files_are_missing(golive: Golive, line: Path) -> None:
    golive("--sign", "B. Operator")
    wrong = SETTINGS.replace("line.legevakt.no", "line.example") + "IVR_FLOW=/elsewhere/legevakt.yaml\n"
    (line / "environment").write_text(wrong.replace("TWILIO_ACCOUNT_SID", "X"), "utf-8")
    result = golive("--json")
    (other, sample, account) = _missing(result)["settings"]
    assert other == f"IVR_FLOW names /elsewhere/legevakt.yaml, and this folder has {line}/flow/legevakt.yaml"
    assert sample.startswith("PUBLIC_BASE_URL is the one of the sample")
    assert account.startswith("TWILIO_ACCOUNT_SID must be set")
    assert result.exit_code == 1


def test_a_flow_in_which_callers_get_stuck_is_missing_something_and_is_not_signed(golive: Golive, line: Path) -> None:
    flow = line / "flow" / "legevakt.yaml"
    flow.write_text(flow.read_text("utf-8").replace("silence: [again, person]", "silence: [again]", 1), "utf-8")
    result = golive("--json", "--sign", "B. Operator")
    assert _missing(result)["flow"]
    assert json.loads(result.stdout)["not_signed"]


def test_a_directory_that_does_not_load_is_said_with_its_lines(golive: Golive, line: Path) -> None:
    (line / "directory" / "centres.csv").unlink()
    result = golive("--json")
    assert result.exit_code == 1
    assert any("centres.csv" in reason for reason in _missing(result)["directory"])


def test_no_secret_is_printed(golive: Golive) -> None:
    for result in (golive(), golive("--json"), golive("--all")):
        assert "0123456789abcdef" not in result.output
