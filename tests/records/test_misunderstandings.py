"""A call through the real service: silence, a wrong key and an unknown code, from the keypad to records and reports."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client import generate_latest
from sqlalchemy import Engine

from ivr.base.clock import ManualClock
from ivr.cli import group
from ivr.line.calls import Noted
from ivr.line.service.bootstrap import create_app
from ivr.line.service.metrics import Meters
from ivr.line.service.settings import Settings
from ivr.operations.records.tables import calls
from ivr.simulator import CallPlan, WsgiTransport, keys_to_steps, play
from tests.conftest import EVENING
from tests.records.test_writing import put, rows


def recorded(engine: Engine, keys: str) -> Meters:
    """A caller who presses these keys and then hangs up in silence; what was counted meanwhile."""
    noted: list[Noted] = []
    meters = Meters()
    app = create_app(Settings(), clock=ManualClock(EVENING), sink=noted.append, meters=meters)
    plan = CallPlan(url="http://127.0.0.1:5000/voice", steps=keys_to_steps(keys), from_="+4791234567", to="+4739000000")
    play(plan, WsgiTransport(app))
    put(engine, *noted)
    return meters


@pytest.fixture
def run(database: str) -> CliRunner:
    return CliRunner(env={"DATABASE_URL": database, "IVR_PROFILE": ""})


def test_an_unknown_postcode_is_shown_as_not_found(engine_of_records: Engine, run: CliRunner) -> None:
    recorded(engine_of_records, "1 7 1 0000 5003 1")
    (call,) = rows(engine_of_records, calls)
    assert (call["silences"], call["wrong_keys"], call["not_found"]) == (0, 1, 1)
    shown = run.invoke(group, ["records", "show", call["id"]]).output
    assert "a key without meaning there at main" in shown
    assert "what was keyed or spoken was not found at ask_postcode" in shown
    assert "silence" not in shown
    assert "0000" not in shown


def test_a_report_counts_silence_wrong_keys_and_what_was_not_found_apart(
    engine_of_records: Engine, run: CliRunner, tmp_path: Path
) -> None:
    recorded(engine_of_records, "1 1 0000 0000 3 99999 3 # 2 9999")
    since = ["--from", "2026-03-01", "--to", "2026-03-04"]
    funnel = {
        each["node"]: each for each in json.loads(run.invoke(group, ["report", *since, "--json"]).stdout)["funnel"]
    }
    told = {node: (each["silences"], each["wrong_keys"], each["not_found"]) for node, each in funnel.items()}
    assert (told["ask_postcode"], told["ask_postcode_again"], told["ask_name"]) == ((0, 0, 1), (0, 0, 1), (0, 1, 1))
    assert funnel["ask_postcode"]["went_on"] == 0
    lines = run.invoke(group, ["report", *since]).stdout.splitlines()
    head = next(line for line in lines if line.split()[:2] == ["node", "came"])
    assert "silence  wrong key  not found  hung up" in head
    row = next(line for line in lines if line.split()[:1] == ["ask_postcode"])
    assert row.split() == ["ask_postcode", "1", "0", "0", "0", "1", "0", "0"]
    page = tmp_path / "report.html"
    run.invoke(group, ["report", *since, "--html", str(page)])
    html = page.read_text("utf-8")
    assert '<th scope="col">not found</th>' in html
    assert "<td>ask_postcode</td><td>1</td><td>0</td><td>0</td><td>0</td><td>1</td><td>0</td><td>0</td>" in html


def test_an_export_has_a_column_for_what_was_not_found(engine_of_records: Engine, run: CliRunner) -> None:
    recorded(engine_of_records, "1 1 0000 5003 1")
    exported = run.invoke(
        group, ["records", "export", "--from", "2026-03-01", "--to", "2026-03-04", "--format", "json"]
    )
    (call,) = json.loads(exported.stdout)
    assert (call["silences"], call["wrong_keys"], call["not_found"]) == (0, 0, 1)


def test_the_counters_tell_the_three_apart(engine_of_records: Engine) -> None:
    meters = recorded(engine_of_records, "1 7 1 0000 0000")
    counted = Counter[str]()
    for line in generate_latest(meters.registry).decode().splitlines():
        if line.startswith("ivr_misunderstood_total{"):
            kind, value = line.split('"')[1], float(line.split()[-1])
            counted[kind] = int(value)
    assert counted["wrong_key"] == 1
    assert counted["not_found"] == 2
    assert counted["silence"] >= 1
