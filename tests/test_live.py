"""The gate of a live line: what a first start is refused for, and what never takes a running line away."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from ivr.base.clock import ManualClock
from ivr.base.errors import DefinitionError, SettingsError
from ivr.line.service.bootstrap import load_edition
from ivr.line.service.checklist import Checklist, read_checklist
from ivr.line.service.settings import Profile, Settings
from tests.conftest import EVENING, SMALL

TODAY = EVENING.date()
SIGNED = """\
clinical_owner: A. Doctor
directory_verified_on: 2026-02-01
fallback_tested_on: 2026-02-02
signed_by: B. Operator
signed_on: 2026-02-03
directory_version: {directory}
flow_version: {flow}
"""


def verified(folder: Path, verified: date) -> Path:
    """The little directory with every number sourced, and verified on this day."""
    shutil.copytree(SMALL, folder, dirs_exist_ok=True)
    file = folder / "centres.csv"
    lines = file.read_text("utf-8").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("id,"))
    names = lines[start].split(",")
    for place in range(start + 1, len(lines)):
        cells = dict(zip(names, lines[place].split(","), strict=True))
        if cells["status"] != "sourced":
            area = "7902" if cells["id"] == "svalbard" else "5556"
            cells |= {"number": f"{area}88{place:02}", "status": "sourced", "number_source": "own page"}
            cells |= {"number_date": "2024", "number_confidence": "high"}
            cells["svalbard_number"] = "yes" if cells["id"] == "svalbard" else ""
        lines[place] = ",".join((cells | {"last_verified": str(verified), "verified_by": "me"}).values())
    file.write_text("\n".join([*lines, ""]), "utf-8")
    return folder


@pytest.fixture
def live(tmp_path: Path) -> Settings:
    """A live line that may start: verified ten days ago, signed for what is loaded."""
    folder = verified(tmp_path / "directory", TODAY - timedelta(days=10))
    versions = _versions(folder)
    dates = {"directory_verified_on": date(2026, 2, 1), "fallback_tested_on": date(2026, 2, 2)}
    checklist = Checklist(tuple({**dates, "signed_on": date(2026, 2, 3)}.items()), *versions)
    return replace(Settings(), profile=Profile.LIVE, directory=folder, checklist=checklist, state=tmp_path / "state")


def _versions(folder: Path) -> tuple[str, str]:
    engine = load_edition(replace(Settings(), directory=folder), ManualClock(EVENING)).engine
    return engine.directory.version, engine.flow.version


def _start(settings: Settings, days: int = 0) -> None:
    load_edition(settings, ManualClock(EVENING + timedelta(days=days)))


def _refused(settings: Settings, days: int = 0) -> str:
    with pytest.raises(SettingsError) as caught:
        _start(settings, days)
    return str(caught.value)


def test_a_line_that_is_verified_and_signed_may_start(live: Settings) -> None:
    _start(live)


# The checklist, as a file


def _read(folder: Path, text: str) -> list[str]:
    (folder / "checklist.yaml").write_text(text, "utf-8")
    return read_checklist(folder / "checklist.yaml")[1]


def test_the_documented_checklist_pasted_unchanged_is_refused(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "settings.md").read_text("utf-8")
    problems = _read(tmp_path, page.partition("```yaml\n")[2].partition("```")[0])
    assert len([each for each in problems if "a placeholder: write the person's name" in each]) == 2


@pytest.mark.parametrize(
    "name",
    [
        "TODO",
        "tbd",
        "...",
        "-",
        "x",
        "xxx",
        "<name>",
        "[name]",
        "Name of the operator",
        "N/A",
        "your name",
        "?",
        "Test",
        "YOUR NAME",
        "clinical owner",
        "the responsible clinician",
        "ansvarlig lege",
        "Overlege",
        "Name",
        "Navn Navnesen",
        "Fornavn Etternavn",
        "N.N.",
        "nn",
        "x y",
        "who",
        "ikke avklart",
        "not decided",
        "Ola Nordmann",
        "Kari  Nordmann",
        "Jane Doe",
    ],
)
def test_a_placeholder_is_no_name(name: str, tmp_path: Path) -> None:
    assert any("signed_by" in each for each in _read(tmp_path, SIGNED.replace("B. Operator", f'"{name}"')))


@pytest.mark.parametrize(
    "name",
    [
        "Todor Fillmore",
        "Ås",
        "Nanna Test",
        "Xenia",
        "Yousra Example-Hansen",
        "Per Lege",
        "Seline Notto",
        "Nina Nordmann",
        "Kari M. Nordmann",
        "Nn Li",
        "Leder Berg",
    ],
)
def test_a_name_that_looks_like_a_placeholder_is_a_name(name: str, tmp_path: Path) -> None:
    assert _read(tmp_path, SIGNED.replace("B. Operator", name)) == []


@pytest.mark.parametrize("name", ["directory_verified_on", "fallback_tested_on"])
def test_what_is_signed_was_done_before(name: str, tmp_path: Path) -> None:
    text = "\n".join(f"{name}: 2026-02-04" if line.startswith(name) else line for line in SIGNED.splitlines())
    assert _read(tmp_path, text) == [
        f"signed_on is 2026-02-03, before {name} (2026-02-04): sign after the work is done",
    ]


@pytest.mark.parametrize("day", ["20260203", "2026-W06-2", "2026-2-3", "3.2.2026", "٢٠٢٦-٠٢-٠٣"])
def test_a_date_has_one_form(day: str, tmp_path: Path) -> None:
    assert any("must be a date such as" in each for each in _read(tmp_path, SIGNED.replace("2026-02-03", day)))


# The gate of a first start


def dated(live: Settings, **dates: date) -> Settings:
    assert live.checklist
    return replace(live, checklist=replace(live.checklist, dates=tuple((dict(live.checklist.dates) | dates).items())))


@pytest.mark.parametrize("name", ["directory_verified_on", "fallback_tested_on", "signed_on"])
@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2030, 1, 1), "which is after 2026-03-03"),
        (TODAY + timedelta(days=1), "which is after"),
        (date(2020, 1, 1), "more than 12 months ago"),
        (TODAY - timedelta(days=366), "more than 12 months ago"),
    ],
)
def test_a_date_ahead_or_more_than_a_year_back_is_refused(live: Settings, name: str, day: date, words: str) -> None:
    assert f"IVR_CHECKLIST: {name} is {day}, {words}" in _refused(dated(live, **{name: day}))


def test_a_checklist_is_about_the_files_that_are_loaded(live: Settings) -> None:
    assert live.checklist
    other = replace(live, checklist=replace(live.checklist, directory="another", flow=""))
    reasons = _refused(other)
    assert f"directory_version is another, and {live.checklist.directory} is loaded" in reasons
    assert f"flow_version is not filled in, and {live.checklist.flow} is loaded" in reasons
    assert "there is none" in _refused(replace(live, checklist=None))


def test_a_first_start_is_refused_for_a_number_verified_366_days_ago(live: Settings) -> None:
    signed_today = dated(live, directory_verified_on=TODAY, fallback_tested_on=TODAY, signed_on=TODAY)
    _start(replace(signed_today, state=None), days=355)
    assert "was verified on 2026-02-21, not within a year" in _refused(signed_today, days=356)


# A line that has been live


def test_a_line_that_has_been_live_is_never_refused_for_a_date_that_passed(
    live: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    _start(live)
    _start(live, days=2000)
    assert (
        "goes on; a first start with this checklist would be refused: IVR_CHECKLIST: signed_on is 2026-02-03"
        in caplog.text
    )


def _with(folder: Path | None, on: date) -> None:
    assert folder
    verified(folder, on)


def test_what_was_never_in_force_is_judged_as_at_a_first_start_on_a_live_line_too(live: Settings) -> None:
    _start(live)
    _with(live.directory, TODAY - timedelta(days=400))
    assert "not within a year" in _refused(live)
    with pytest.raises(SettingsError, match="not within a year"):
        load_edition(live, ManualClock(EVENING), running=True)
    _with(live.directory, TODAY - timedelta(days=10))
    _start(live)
    assert "more than 12 months ago" in _refused(dated(live, fallback_tested_on=date(2020, 1, 1)))


def test_a_live_line_takes_a_directory_in_which_only_some_numbers_were_verified_anew(
    live: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    _start(live)
    assert live.directory
    file = live.directory / "centres.csv"
    day, later = str(TODAY - timedelta(days=10)), str(TODAY + timedelta(days=350))
    file.write_text(file.read_text("utf-8").replace(day, later, 1), "utf-8")
    caplog.clear()
    _start(live, days=360)
    assert "5 numbers were verified over 12 months ago" in caplog.text
    assert f"directory_version is {live.checklist.directory if live.checklist else ''}" in caplog.text


def test_another_line_on_the_same_host_and_one_without_memory_start_for_the_first_time(live: Settings) -> None:
    _start(live)
    assert "not within a year" in _refused(replace(live, base_url="https://other.example"), days=356)
    assert "not within a year" in _refused(replace(live, state=None), days=356)


def test_a_reload_of_a_running_line_is_not_refused_either(live: Settings) -> None:
    forgetful = replace(live, state=None)
    load_edition(forgetful, ManualClock(EVENING + timedelta(days=356)), running=True)


def test_what_is_no_matter_of_time_is_refused_at_every_start(live: Settings) -> None:
    _start(live)
    assert live.directory
    file = live.directory / "centres.csv"
    file.write_text(file.read_text("utf-8").replace(",sourced,", ",synthetic,", 1), "utf-8")
    with pytest.raises((SettingsError, DefinitionError), match="synthetic"):
        _start(live)
    verified(live.directory, TODAY - timedelta(days=10))
    assert "signed_on is 2030-01-01, which is after 2026-03-03" in _refused(dated(live, signed_on=date(2030, 1, 1)))


def test_a_state_folder_that_cannot_be_written_is_told_and_no_reason_not_to_start(
    live: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    _start(replace(live, state=tmp_path / "file" / "state"))
    assert "the next start counts as the first" in caplog.text
