"""The gate of a live line: what a first start is refused for, and what never takes a running line away."""

import logging
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ivr.base.clock import OSLO, ManualClock
from ivr.base.errors import DefinitionError, SettingsError
from ivr.line.service.bootstrap import create_app, load_edition
from ivr.line.service.checklist import Checklist, read_checklist
from ivr.line.service.metrics import Meters
from ivr.line.service.settings import Profile, Settings
from tests.conftest import EVENING, SMALL
from tests.web.console.operator import PASSWORD_HASH, SECRET, Operator, words

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
    ],
)
def test_a_placeholder_is_no_name(name: str, tmp_path: Path) -> None:
    assert any("signed_by" in each for each in _read(tmp_path, SIGNED.replace("B. Operator", f'"{name}"')))


@pytest.mark.parametrize("name", ["Todor Fillmore", "Ås", "Nanna Test", "Xenia", "Yousra Example-Hansen"])
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


def _dated(live: Settings, **dates: date) -> Settings:
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
    assert f"IVR_CHECKLIST: {name} is {day}, {words}" in _refused(_dated(live, **{name: day}))


def test_a_checklist_is_about_the_files_that_are_loaded(live: Settings) -> None:
    assert live.checklist
    other = replace(live, checklist=replace(live.checklist, directory="another", flow=""))
    reasons = _refused(other)
    assert f"directory_version is another, and {live.checklist.directory} is loaded" in reasons
    assert f"flow_version is not filled in, and {live.checklist.flow} is loaded" in reasons
    assert "there is none" in _refused(replace(live, checklist=None))


def test_a_first_start_is_refused_for_a_number_verified_366_days_ago(live: Settings) -> None:
    signed_today = _dated(live, directory_verified_on=TODAY, fallback_tested_on=TODAY, signed_on=TODAY)
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
    assert "signed_on is 2030-01-01, which is after 2026-03-03" in _refused(_dated(live, signed_on=date(2030, 1, 1)))


def test_a_state_folder_that_cannot_be_written_is_told_and_no_reason_not_to_start(
    live: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    _start(replace(live, state=tmp_path / "file" / "state"))
    assert "the next start counts as the first" in caplog.text


# Reminders


@pytest.mark.parametrize(
    ("days", "counted"),
    [
        (295, {"within_60_days": 0, "within_30_days": 0, "within_7_days": 0, "passed": 0}),
        (296, {"within_60_days": 6, "within_30_days": 0, "within_7_days": 0, "passed": 0}),
        (326, {"within_60_days": 6, "within_30_days": 6, "within_7_days": 0, "passed": 0}),
        (349, {"within_60_days": 6, "within_30_days": 6, "within_7_days": 6, "passed": 0}),
        (356, {"within_60_days": 6, "within_30_days": 6, "within_7_days": 6, "passed": 6}),
    ],
)
def test_health_counts_the_numbers_whose_verification_ends_within_60_30_and_7_days(
    live: Settings, days: int, counted: dict[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    _start(live)
    clock = ManualClock(EVENING + timedelta(days=days))
    app = create_app(live, clock=clock, sink=lambda _: None)
    caplog.clear()
    found = app.test_client().get("/health/ready").json
    assert found
    assert found["verification"] == {"first": "2027-02-22", **counted}
    assert not caplog.records, "it was said at the start, and is said once a day"
    clock.advance(86_400)
    app.test_client().get("/health/ready")
    levels = [record.levelno for record in caplog.records if record.name == "ivr.live"]
    expected = logging.ERROR if days >= 348 else logging.WARNING
    assert levels == [expected]


def test_the_metric_is_the_moment_at_which_the_first_verification_ends(live: Settings) -> None:
    _start(live)
    meters = Meters()
    create_app(live, clock=ManualClock(EVENING), sink=lambda _: None, meters=meters)
    moment = datetime(2027, 2, 22, tzinfo=OSLO).timestamp()
    assert meters.registry.get_sample_value("ivr_verification_ends_timestamp_seconds") == moment


def test_the_console_shows_what_must_be_verified_again(live: Settings) -> None:
    _start(live)
    with_console = replace(live, secret_key=SECRET, console_password_hash=PASSWORD_HASH)
    clock = ManualClock(EVENING + timedelta(days=330))
    operator = Operator(create_app(with_console, clock=clock, sink=lambda _: None))
    assert operator.log_in().status_code == 303
    assert "Numbers to verify again 6 within 60 days; 6 within 30, 0 within 7; 0 overdue" in words(operator.get("/"))


def test_a_line_that_is_not_live_has_no_verification_to_tell() -> None:
    app = create_app(Settings(), clock=ManualClock(EVENING), sink=lambda _: None)
    assert "verification" not in (app.test_client().get("/health/ready").json or {})
