"""`ivr records` and `ivr report` over a database of a few calls."""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from ivr.base.clock import SystemClock
from ivr.cli import group
from ivr.line.directory import load_directory
from ivr.line.flow.facts import CallStarted, CentreDialled, PlaceFound, Reason, RedFlag
from ivr.operations.records.database import newest_revision
from ivr.operations.records.tables import calls
from tests.directory.duty.conftest import write_roster
from tests.directory.duty.test_duty_by_day import BY_DAYS
from tests.records.recorded_calls import note
from tests.records.test_figures import call
from tests.records.test_writing import put, rows

NOW = SystemClock().now()
Run = Callable[..., Result]


@pytest.fixture
def run(database: str) -> Run:
    def run(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(group, arguments, env={"DATABASE_URL": database, "IVR_PROFILE": ""} | environment)

    return run


@pytest.fixture
def filled(engine_of_records: Engine) -> Engine:
    for number in range(7):
        put(engine_of_records, *call(f"c{number}", answer=20 * number, start=NOW - timedelta(hours=2)))
    put(engine_of_records, *call("old", answer=None, start=NOW - timedelta(days=35)))
    return engine_of_records


def test_the_newest_calls_are_listed(run: Run, filled: Engine) -> None:
    shown = run("records", "list")
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert len(lines) == 8
    assert "Bergen legevakt" in lines[1]
    as_json = json.loads(run("records", "list", "--limit", "3", "--json").stdout)
    assert len(as_json) == 3
    assert "fingerprint" not in as_json[0]


def test_a_list_of_nothing_exits_with_1(run: Run, engine_of_records: Engine) -> None:
    assert run("records", "list").exit_code == 1


def test_a_call_is_shown_by_the_beginning_of_its_id(run: Run, filled: Engine) -> None:
    call_id = rows(filled, calls)[0]["id"]
    shown = run("records", "show", call_id[:10])
    assert "Bergen legevakt was rung because a postcode was keyed in Bergen, and it answers there." in shown.output
    assert json.loads(run("records", "show", call_id, "--json").stdout)["legs"][0]["outcome"] == "talked"
    assert "fingerprint" not in run("records", "show", call_id, "--json").output
    assert run("records", "show", "no such id").exit_code == 1
    assert "several calls have an id that begins like this" in run("records", "show", "").output


@pytest.mark.parametrize("same", [True, False], ids=["the same directory", "another directory"])
def test_the_duty_row_that_chose_the_centre_is_named_from_the_same_directory_alone(
    same: bool, run: Run, engine_of_records: Engine, small: Path
) -> None:
    write_roster(small, *BY_DAYS)
    version = load_directory(small).version if same else "d2d2d2d2"
    found = note(PlaceFound("postcode", "4640", "sogn"), step=1, after=9)
    dialled = note(CentreDialled("sogn", "4640", red_flag=False, reason=Reason.FOUND), step=2, after=20)
    noted = [note(CallStarted(abroad=False)), found, dialled]
    put(engine_of_records, *(each._replace(edition=f"f1f1f1f1-{version}") for each in noted))
    call_id = rows(engine_of_records, calls)[0]["id"]
    shown = run("records", "show", call_id, IVR_DIRECTORY=str(small)).output
    row = ": mon-fri 15:00–08:00, duty of Tuesday 2026-03-03 (coverage.csv, line 14)" if same else ""
    assert f"because a postcode was keyed in Sogndal, and it answers there{row}." in shown


def test_calls_and_figures_are_exported(run: Run, filled: Engine, tmp_path: Path) -> None:
    head, *lines = run("records", "export").stdout.splitlines()
    assert (head.split(",")[0], len(lines)) == ("hour", 7)
    (figures,) = json.loads(run("records", "export", "--by", "centre", "--format", "json").stdout)
    assert (figures["centre"], figures["calls"], figures["legs_answered"]) == ("bergen", 7, 7)
    file = tmp_path / "calls.csv"
    assert run("records", "export", "--output", str(file)).exit_code == 0
    assert len(file.read_text("utf-8").splitlines()) == 8
    assert run("records", "export", "--output", str(tmp_path / "no" / "calls.csv")).exit_code == 2


def test_a_purge_says_what_it_would_remove_then_removes_it_and_says_what_is_left(run: Run, filled: Engine) -> None:
    dry = json.loads(run("records", "purge", "--dry-run", "--json").stdout)
    assert (dry["removed"]["calls"], dry["left"], len(rows(filled, calls))) == (1, 1 + 1 + dry["removed"]["facts"], 8)
    done = json.loads(run("records", "purge", "--json").stdout)
    assert (done["removed"], done["left"]) == (dry["removed"], 0)
    assert len(rows(filled, calls)) == 7
    assert "removed: 7 calls" in run("records", "purge", "--days", "0").output
    assert rows(filled, calls) == []


def test_the_retention_that_is_set_is_the_purges_default(run: Run, filled: Engine) -> None:
    assert json.loads(run("records", "purge", "--json", IVR_RETENTION_DAYS="36").stdout)["removed"]["calls"] == 0


def test_the_tables_are_made_by_command(run: Run, database: str) -> None:
    assert (
        "no records in that database yet" in run("records", "list").output or "unable to open" in run("report").output
    )
    assert f"the tables are at {newest_revision()}, they were at -" in run("records", "upgrade").output
    assert run("records", "upgrade").output == f"the tables are at {newest_revision()}\n"


def test_a_report_on_the_terminal_and_as_json(run: Run, filled: Engine) -> None:
    text = run("report", "--by", "centre").output
    assert "answered within two minutes (goal 80 %)        100.0 %  goal reached" in text
    assert "Bergen legevakt" in text
    report = json.loads(run("report", "--by", "hour", "--json").stdout)
    assert report["total"]["seconds_to_human"]["median"] == 29 + 60 + 5
    assert len(report["groups"]) >= 1


def test_a_report_of_nothing_is_a_report(run: Run, engine_of_records: Engine, tmp_path: Path) -> None:
    assert "0 calls" in run("report").output
    assert run("report", "--by", "hour", "--html", str(tmp_path / "empty.html")).exit_code == 0


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href", "xlink:href", "action")]


@pytest.mark.parametrize("by", [(), ("--by", "centre"), ("--by", "hour"), ("--by", "county"), ("--by", "language")])
def test_a_page_stands_for_itself(run: Run, filled: Engine, tmp_path: Path, by: tuple[str, ...]) -> None:
    put(
        filled,
        note(CallStarted(abroad=False), call="<script>", start=NOW),
        note(RedFlag("<b>"), call="<script>", start=NOW),
    )
    file = tmp_path / "report.html"
    assert run("report", *by, "--html", str(file)).exit_code == 0
    text = file.read_text("utf-8")
    page = _Page()
    page.feed(text)
    assert page.links == []
    assert "script" not in page.tags
    assert "url(" not in text
    assert "@media print" in text
    assert "<b>" in text  # ours, around the goal
    assert "&lt;b&gt;" in text  # a node of that name is text
    drawings = text.split("<svg")[1:]
    assert len(drawings) == page.tags.count("svg") >= 3
    for drawing in drawings:
        ET.fromstring(f"<svg{drawing.partition('</svg>')[0]}</svg>")  # noqa: S314 - our own


def test_a_report_without_jinja_says_what_to_install(run: Run, filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("ivr.base.templates", "ivr.operations.report.page"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    shown = run("report", "--html", "report.html")
    assert shown.exit_code == 2
    assert "jinja2 is not installed; it comes with: pip install 'ivr-116117[line]'" in shown.output


def test_what_is_wrong_is_said_in_a_line(run: Run, engine_of_records: Engine, tmp_path: Path) -> None:
    nowhere = run("report", DATABASE_URL=f"sqlite:///{tmp_path}/nowhere.sqlite3")
    assert (nowhere.exit_code, nowhere.output.count("\n")) == (1, 1)
    assert list(tmp_path.glob("nowhere*")) == []
    assert run("report", "--from", "2026-03-02", "--to", "2026-03-01").exit_code == 2
    assert run("report", "--html", str(tmp_path / "no" / "report.html")).exit_code == 2
    assert "DATABASE_URL" in run("report", DATABASE_URL="").output
