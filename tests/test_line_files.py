"""IVR_FLOW and IVR_DIRECTORY count the same for every command, and each says which files of the line it reads."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine

from ivr.base.bundled import bundled
from ivr.base.clock import SystemClock
from ivr.cli import group
from ivr.cli.twilio import _voices
from ivr.line.service.settings import Settings
from ivr.operations.records.tables import calls
from tests.records.test_figures import call
from tests.records.test_writing import put, rows
from tests.serve.server import free_port
from tests.test_command_line import COMMANDS

FLOW, DIRECTORY = "flow", "directory"
# Every command, as it is run here, and which files of the line it reads. `{sheet}`, `{old}`, `{new}`: see `Line`.
RUN: dict[str, tuple[list[str], set[str]]] = {
    "ivr call": (["call", "--keys", "1"], {FLOW, DIRECTORY}),
    "ivr phone": (["phone", "--no-browser"], {FLOW, DIRECTORY}),
    "ivr demo": (["demo", "--no-browser"], {FLOW, DIRECTORY}),
    "ivr simulate": (["simulate", "{scenario}"], set()),
    "ivr emulate": (["emulate", "--port", "0"], set()),
    "ivr env": (["env"], set()),
    "ivr load": (["load", "--calls", "1"], {FLOW, DIRECTORY}),
    "ivr serve": (["serve"], {FLOW, DIRECTORY}),
    "ivr probe": (["probe", "4601"], {DIRECTORY}),
    "ivr twilio configure": (["twilio", "configure"], set()),
    "ivr twilio doctor": (["twilio", "doctor"], set()),  # reads the flow after the account was asked
    "ivr records list": (["records", "list"], {DIRECTORY}),
    "ivr records show": (["records", "show", "{call}"], {DIRECTORY}),
    "ivr records export": (["records", "export"], set()),
    "ivr records purge": (["records", "purge"], set()),
    "ivr records upgrade": (["records", "upgrade"], set()),
    "ivr alarm check": (["alarm", "check"], {DIRECTORY}),
    "ivr report": (["report", "--by", "centre"], {DIRECTORY}),
    "ivr fallback export": (["fallback", "export", "--simulator"], {FLOW, DIRECTORY}),
    "ivr check": (["check", "--format", "figures"], {FLOW, DIRECTORY}),
    "ivr explore": (["explore", "--bound", "1"], {FLOW, DIRECTORY}),
    "ivr graph": (["graph"], {FLOW}),
    "ivr plan": (["plan", "{plan}"], {FLOW, DIRECTORY}),
    "ivr console password": (["console", "password"], set()),
    "ivr console accounts": (["console", "accounts", "--accounts", "none"], set()),
    "ivr console add": (["console", "add", "Kari", "--role", "reader", "--accounts", "accounts"], set()),
    "ivr console change": (["console", "change", "Kari", "--role", "reader", "--accounts", "none"], set()),
    "ivr console remove": (["console", "remove", "Kari", "--accounts", "none"], set()),
    "ivr prompts script": (["prompts", "script", "--language", "nb"], {FLOW, DIRECTORY}),
    "ivr prompts import": (["prompts", "import", "{own}", "--language", "nb"], {FLOW, DIRECTORY}),
    "ivr prompts check": (["prompts", "check"], {FLOW, DIRECTORY}),
    "ivr directory todo": (["directory", "todo"], {DIRECTORY}),
    "ivr directory template": (["directory", "template"], {DIRECTORY}),
    "ivr directory extract": (["directory", "extract", "bergen", "--output", "part"], {DIRECTORY}),
    "ivr directory calendar": (["directory", "calendar", "2027"], {DIRECTORY}),
    "ivr directory import": (["directory", "import", "{sheet}", "--dry-run"], {DIRECTORY}),
    "ivr directory diff": (["directory", "diff", "{own}", "{own}"], {DIRECTORY}),
    "ivr directory verify": (["directory", "verify", "nobody", "--by", "KN", "--number", "1"], {DIRECTORY}),
    "ivr directory confirmed": (["directory", "confirmed", "--dry-run"], {DIRECTORY}),
    "ivr directory search": (["directory", "search", "bergen"], {DIRECTORY}),
    "ivr directory counts": (["directory", "counts"], {DIRECTORY}),
    "ivr directory show": (["directory", "show", "4601"], {DIRECTORY}),
    "ivr directory check": (["directory", "check"], {DIRECTORY}),
    "ivr directory list": (["directory", "list"], {DIRECTORY}),
}
# A folder of one's own: tests/test_init.py, tests/golive
OF_A_FOLDER = {"ivr init", "ivr golive"}

# In every process that the command starts: which files of a line were opened.
_WATCH = """
import os, sys
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].endswith((".csv", ".yaml")):
        log = os.open(os.environ["OPENED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, (os.path.abspath(arguments[0]) + "\\n").encode())
        os.close(log)
sys.addaudithook(watch)
"""


class Line:
    """A flow and a directory of one's own, and an environment in which a command is watched."""

    def __init__(self, folder: Path, small: Path) -> None:
        self.folder = folder
        self.directory = small
        self.flow = shutil.copytree(bundled("call_flows"), folder / "own") / "legevakt.yaml"
        (folder / "watch").mkdir()
        (folder / "watch" / "sitecustomize.py").write_text(_WATCH, "utf-8")
        (folder / "sheet.csv").write_text("id;note\nbergen;new\n", "utf-8")
        scenario = "url: http://127.0.0.1:9/\nsteps: []\nlegs: {}\n"
        (folder / "scenario.yml").write_text(scenario, "utf-8")
        plan = "name: a day\nfrom: 2027-01-04\nto: 2027-01-04\ncalls: 10_000\nreplications: 1\n"
        (folder / "plan.yml").write_text(plan, "utf-8")
        self.opened = folder / "opened"
        self.database = f"sqlite:///{folder}/records.db"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH",)}
        return kept | {
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join((str(self.folder / "watch"), str(Path(__file__).parents[1]))),
            "PYTHONUNBUFFERED": "1",
            "OPENED": str(self.opened),
            "IVR_FLOW": str(self.flow),
            "IVR_DIRECTORY": str(self.directory),
            "DATABASE_URL": self.database,
            "PORT": str(free_port()),
        }

    def run(self, arguments: list[str]) -> tuple[str, str]:
        """Standard output and error; a command that serves is ended when it has said what it does."""
        places = {"{sheet}": "sheet.csv", "{scenario}": "scenario.yml", "{own}": "small", "{plan}": "plan.yml"}
        named = [str(self.folder / places[each]) if each in places else each for each in arguments]
        if "{call}" in named:
            named[named.index("{call}")] = self.recorded()
        command = [sys.executable, "-m", "ivr", *named]
        with subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
        ) as process:
            told = _until_it_serves(process, arguments[0])
            out, err = process.communicate(timeout=240)
        return out, told + err

    def read(self) -> set[str]:
        """Which kinds of its own files were opened. Fails if a bundled one was."""
        opened = set(map(Path, self.opened.read_text("utf-8").splitlines())) if self.opened.exists() else set()
        for each in opened:
            assert not each.is_relative_to(bundled("municipalities")), each
            assert not each.is_relative_to(bundled("call_flows")), each
        kinds = {DIRECTORY: self.directory, FLOW: self.flow.parent}
        return {kind for kind, folder in kinds.items() if any(each.is_relative_to(folder) for each in opened)}

    def recorded(self) -> str:
        """The id of a call in the records."""
        engine = create_engine(self.database)
        put(engine, *call("c1", answer=20, start=SystemClock().now() - timedelta(hours=1)))
        found = str(rows(engine, calls)[0]["id"])
        engine.dispose()
        return found


def _until_it_serves(process: "subprocess.Popen[str]", name: str) -> str:
    """What a command that serves says until it does; it is then ended. Empty for any other."""
    said = ""
    serving = {
        "serve": (process.stderr, "listening on"),
        "phone": (process.stdout, "Ctrl-C"),
        "demo": (process.stdout, "Ctrl-C"),
        "emulate": (process.stdout, "Ctrl-C"),
    }
    stream, last = serving.get(name, (None, ""))
    for line in stream or ():
        said += line
        if last in line:
            process.send_signal(signal.SIGTERM)
            break
    return said


@pytest.fixture
def line(tmp_path: Path, small: Path) -> Line:
    made = Line(tmp_path, small)
    CliRunner().invoke(group, ["records", "upgrade"], env={"DATABASE_URL": made.database}, catch_exceptions=False)
    return made


def test_every_command_is_run_here() -> None:
    assert set(RUN) | OF_A_FOLDER == set(COMMANDS)


@pytest.mark.parametrize("name", RUN)
def test_the_environment_names_the_files_of_the_line_for_every_command_and_each_says_what_it_reads(
    name: str, line: Line
) -> None:
    arguments, reads = RUN[name]
    if name == "ivr records list":
        line.recorded()
    _, said = line.run(arguments)
    assert line.read() == reads
    names = {FLOW: f"flow: {line.flow}", DIRECTORY: f"directory: {line.directory}"}
    assert {kind for kind, words in names.items() if words in said} == reads, said


@pytest.mark.parametrize(
    "name", sorted(name for name, (words, reads) in RUN.items() if DIRECTORY in reads and "diff" not in words)
)
def test_a_directory_that_is_not_there_is_refused_by_every_command_that_reads_one(name: str, line: Line) -> None:
    result = CliRunner().invoke(group, _named(name, line), env=line.environment | {"IVR_DIRECTORY": "/no/such"})
    assert result.exit_code == 2
    assert "/no/such" in result.output


def _named(name: str, line: Line) -> list[str]:
    places = {"{sheet}": "sheet.csv", "{own}": "small", "{call}": "c1"}
    return [str(line.folder / places[each]) if each in places else each for each in RUN[name][0]]


def test_what_is_read_is_not_said_among_the_results(line: Line) -> None:
    for arguments in (
        ["directory", "counts", "--json"],
        ["check", "--format", "json"],
        ["directory", "list", "--json"],
    ):
        result = CliRunner().invoke(group, arguments, env=line.environment)
        json.loads(result.stdout)
        assert f"directory: {line.directory}" in result.stderr
        assert "directory: " not in result.stdout


def test_what_the_command_line_names_counts_more_than_the_environment(line: Line, tmp_path: Path) -> None:
    other = shutil.copytree(line.directory, tmp_path / "other")
    arguments = ["directory", "counts", "--directory", str(other)]
    result = CliRunner().invoke(group, arguments, env=line.environment)
    assert result.stderr == f"directory: {other}\n"


def test_the_bundled_files_are_named_where_nothing_else_is() -> None:
    result = CliRunner().invoke(group, ["graph"], env={"IVR_FLOW": ""})
    assert result.stderr == f"flow: {bundled('call_flows') / 'legevakt.yaml'}\n"


def test_the_voices_of_the_doctor_are_those_of_the_flow_that_is_named(
    line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    _voices(Settings(flow=line.flow))
    assert capsys.readouterr().err == f"flow: {line.flow}\n"
