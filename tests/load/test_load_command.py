"""`ivr load` as a user runs it: what it prints, its exit codes, its complaints."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ivr.base.errors import DefinitionError
from ivr.cli.load import load

MENU = ("--wsgi", "tests.load.apps:menu_app")
FAULTY = ("--wsgi", "tests.load.apps:faulty_app")


def ivr_load(*arguments: str) -> Result:
    return CliRunner().invoke(load, arguments)


def result_of(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ivr_load(*arguments, "--json").stdout)
    return found


@pytest.fixture(scope="module")
def bundled() -> dict[str, Any]:
    return result_of("--calls", "25", "--seed", "4")


def test_the_bundled_line_answers_every_call(bundled: dict[str, Any]) -> None:
    assert bundled["calls"]["completed"] == 25
    assert bundled["calls"]["with_errors"] == 0
    assert bundled["errors"] == {}
    assert set(bundled["requests"]["results"]) == {"200", "204"}
    assert bundled["latency_ms"]["nodes"]["voice /voice"]["count"] == 25
    assert bundled["latency_ms"]["nodes"]["status /voice/status"]["count"] == 25


def test_the_schema_is_the_documented_one(bundled: dict[str, Any]) -> None:
    documented = Path("docs/load.md").read_text("utf-8")
    for part, fields in bundled.items():
        assert f"`{part}`" in documented
        if part in ("run", "calls", "speed"):
            assert [name for name in fields if f"`{name}`" not in documented] == []


def test_every_option_is_documented() -> None:
    documented = Path("docs/load.md").read_text("utf-8")
    options = [name for parameter in load.params for name in parameter.opts if name.startswith("--")]
    assert [name for name in options if f"`{name}" not in documented] == []


def test_the_table_tells_the_same() -> None:
    result = ivr_load("--calls", "3", *MENU)
    assert result.exit_code == 0
    assert "planned 3; started 3; completed 3" in result.stdout
    assert "voice /voice" in result.stdout
    assert "p99_9" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("how", [("--arrivals", "even"), ("--arrivals", "burst", "--burst", "4"), ()])
def test_a_rate_and_a_time_give_planned_calls(how: tuple[str, ...]) -> None:
    result = result_of("--rate", "2", "--for", "10s", *how, *MENU)
    assert result["run"]["seconds"] == 10
    assert 8 <= result["calls"]["planned"] == result["calls"]["completed"] <= 32


def test_a_recorded_file(tmp_path: Path) -> None:
    (tmp_path / "hour.txt").write_text("3\n0\n4\n")
    result = result_of("--recorded", str(tmp_path / "hour.txt"), *MENU)
    assert result["run"]["arrivals"] == {"kind": "recorded", "minutes": 3, "calls": 7}
    assert result["calls"]["completed"] == 7


def test_the_limit_that_holds_calls_back_is_told() -> None:
    result = ivr_load("--rate", "100", "--calls", "10", "--concurrent", "2", *MENU)
    assert "started late" in result.stdout
    assert "--concurrent 2 held them back" in result.stdout


def test_a_mix_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mix.yaml").write_text("callers: [{name: presses one, keys: '1'}]")
    result = result_of("--calls", "2", "--mix", str(tmp_path / "mix.yaml"), *MENU)
    assert result["calls"]["kinds"] == {"presses one": 2}
    assert result["calls"]["reached_person"] == 2


def test_the_result_can_be_written_to_a_file(tmp_path: Path) -> None:
    result = ivr_load("--calls", "2", "--output", str(tmp_path / "result.json"), *MENU)
    assert "planned 2" in result.stdout
    assert json.loads((tmp_path / "result.json").read_text())["calls"]["planned"] == 2


def test_a_call_that_the_application_failed_is_exit_code_1() -> None:
    result = ivr_load("--calls", "2", *FAULTY)
    assert result.exit_code == 1
    assert "errors        11217 2" in result.stdout


def test_errors_can_be_allowed() -> None:
    assert ivr_load("--calls", "2", "--allow-errors", *FAULTY).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name the number of calls: --calls 1000, --rate 5 --for 10m, or --recorded FILE"),
        (("--rate", "5"), "--rate needs an end"),
        (("--calls", "5", "--for", "10"), "--for needs --rate or --recorded"),
        (("--rate", "5", "--calls", "3", "--recorded", "x"), "leave out --rate"),
        (("--calls", "5", "--for", "soon"), "is no time above 0"),
        (("--rate", "0", "--calls", "5"), "not in the range"),
        (("ftp://127.0.0.1/", "--calls", "5"), "not an http or https URL"),
        (("--calls", "5", "--wsgi", "nothing"), "expected MODULE:FACTORY"),
        (("--calls", "5", "--wsgi", "tests.load.apps:nothing"), "has no attribute 'nothing'"),
        (("--calls", "5", "--wsgi", "no.such.module:app"), "No module named"),
        (("--calls", "5", "--wsgi", "tests.load.apps:Weighted.of"), "has no attribute"),
        (("--calls", "1", "--output", "/no/such/folder/x.json", *MENU), "cannot be written"),
    ],
)
def test_a_wrong_command_line_is_exit_code_2(arguments: tuple[str, ...], said: str) -> None:
    result = ivr_load(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_wrong_mix_is_said_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "mix.yaml").write_text("callers: [{name: a, slip: 3}]")
    result = ivr_load("--calls", "2", "--mix", str(tmp_path / "mix.yaml"))
    assert isinstance(result.exception, DefinitionError)  # `ivr` prints it and exits with 2
    assert str(result.exception).startswith(f"{tmp_path}/mix.yaml:1:27: expected a chance")


def test_keys_take_the_place_of_a_mix() -> None:
    found = result_of("--calls", "3", "--keys", "1 1 5003 1")
    assert found["calls"]["completed"] == 3
    assert found["latency_ms"]["nodes"]["action /voice/confirm"]["count"] == 3 * 3


def test_wrong_keys_and_keys_beside_a_mix_are_refused() -> None:
    assert ivr_load("--calls", "1", "--keys", "1 x").exit_code == 2
    assert ivr_load("--calls", "1", "--keys", "1", "--mix", "mix.yaml").exit_code == 2


def test_a_server_that_is_not_there_is_exit_code_1_even_if_errors_are_allowed() -> None:
    result = ivr_load("http://127.0.0.1:1/voice", "--calls", "2", "--allow-errors")
    assert result.exit_code == 1
    assert "FAILED  no request was answered: start the application at http://127.0.0.1:1/voice first" in result.stderr


def test_a_run_without_a_call_is_exit_code_1() -> None:
    result = ivr_load("--rate", "0.001", "--for", "1", *MENU)
    assert result.exit_code == 1
    assert "no call ended" in result.stderr


def test_keys_that_were_never_pressed_are_exit_code_1() -> None:
    assert ivr_load("--calls", "2", "--keys", "1", *MENU).exit_code == 0
    result = ivr_load("--calls", "2", "--keys", "1 2", *MENU)
    assert result.exit_code == 1
    assert "2 ended before all their keys were pressed" in result.stdout
    assert "FAILED  2 of 2 calls ended before all of --keys were pressed" in result.stderr


def test_callers_of_a_mix_may_have_keys_left_and_are_counted(tmp_path: Path) -> None:
    (tmp_path / "mix.yaml").write_text("callers: [{name: presses too much, keys: '1 2'}]")
    result = ivr_load("--calls", "2", "--mix", str(tmp_path / "mix.yaml"), "--json", *MENU)
    assert (result.exit_code, json.loads(result.stdout)["calls"]["keys_left"]) == (0, 2)


def test_a_verb_that_is_not_simulated_is_exit_code_1_and_an_attribute_is_not() -> None:
    assert ivr_load("--calls", "1", "--wsgi", "tests.load.apps:unsimulated_verb").exit_code == 1
    result = ivr_load("--calls", "1", "--json", "--wsgi", "tests.load.apps:unsimulated_attribute")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["warnings"], found["not_simulated"]) == (0, {}, 1)


def test_progress_is_shown_elsewhere_than_on_a_terminal_when_it_is_asked_for() -> None:
    assert ivr_load("--calls", "3", "--progress", *MENU).stderr == "3 of 3 calls\n"
    assert ivr_load("--calls", "3", *MENU).stderr == ""


def test_ctrl_c_is_exit_code_130_and_shows_what_was_counted() -> None:
    result = ivr_load("--calls", "5", "--wsgi", "tests.load.apps:interrupted_app")
    assert result.exit_code == 130
    assert "INTERRUPTED" in result.stdout


def test_help_has_an_example_and_every_exit_code() -> None:
    told = ivr_load("--help").stdout
    assert "Examples:" in told
    assert [code for code in ("  0  ", "  1  ", "  2  ", "  130  ") if code not in told] == []
