"""The wheel in an environment that holds the simulator's own needs and pytest, and nothing else."""

import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import distribution
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest

from ivr.cli import _COMMANDS as COMMANDS

ROOT = Path(__file__).parents[2]
NEEDS = {"click", "pyyaml", "tzdata"}
OF_PYTEST = {"pytest", "pluggy", "iniconfig", "packaging", "pygments"}
MENU = '<Response><Gather numDigits="1" action="/order"><Say>Press 1 for pizza.</Say></Gather></Response>'
ORDER = "<Response><Say>A pizza is on its way.</Say></Response>"
PIZZA_LINE = f"""
def app(environ, start_response):
    body = {ORDER!r} if environ["PATH_INFO"] == "/order" else {MENU!r}
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [body.encode()]


def test_a_pizza_is_ordered(ivr_call):
    call = ivr_call(app)
    call.press("1")
    assert call.heard("on its way")
"""
SCENARIO = """
call: {url: "http://127.0.0.1/voice", from: "+4791234567", to: "+4721000000"}
steps: [{press: "1"}]
expect: {heard: [on its way], ended: completed}
"""


class Plain(NamedTuple):
    """`metadata`: of the wheel."""

    python: Path
    metadata: Message

    def run(self, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [str(self.python), "-m", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Plain:
    folder = tmp_path_factory.mktemp("plain")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=300)
    venv.create(folder / "env")
    (packages,) = (folder / "env").glob("lib/python*/site-packages")
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(packages)
        (name,) = (name for name in content.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(content.read(name).decode("utf-8"))
    for each in NEEDS | OF_PYTEST:
        _copy(each, packages)
    return Plain(folder / "env" / "bin" / "python", metadata)


def _copy(name: str, to: Path) -> None:
    """An installed package, as it is here."""
    for file in distribution(name).files or ():
        if not file.is_absolute() and ".." not in file.parts and file.suffix != ".pyc":
            (to / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.locate(), to / file)


@pytest.fixture
def pizza_line() -> Iterator[str]:
    class Line(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = (ORDER if self.path == "/order" else MENU).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Line) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/voice"
        server.shutdown()


def test_the_plain_install_needs_three_packages(plain: Plain) -> None:
    needs = [each.partition(";")[0] for each in plain.metadata.get_all("Requires-Dist", []) if "extra ==" not in each]
    assert {each.partition(">")[0].strip() for each in needs} == NEEDS


def test_the_pytest_plugin_runs_in_a_plain_install(plain: Plain, tmp_path: Path) -> None:
    (tmp_path / "test_pizza.py").write_text(PIZZA_LINE, "utf-8")
    done = plain.run("pytest", "-q", "-p", "no:cacheprovider", folder=tmp_path)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_webhook_is_called_from_a_plain_install(plain: Plain, pizza_line: str) -> None:
    done = plain.run("ivr", "call", pizza_line, "--keys", "1")
    assert done.returncode == 0, done.stderr
    assert "A pizza is on its way." in done.stdout


def test_a_scenario_is_played_from_a_plain_install(plain: Plain, pizza_line: str, tmp_path: Path) -> None:
    (tmp_path / "pizza.yaml").write_text(SCENARIO, "utf-8")
    done = plain.run("ivr", "simulate", str(tmp_path), "--url", pizza_line)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 scenarios held" in done.stdout


def test_a_line_of_ones_own_is_made_from_the_wheel(plain: Plain, tmp_path: Path) -> None:
    done = plain.run("ivr", "init", "my-line", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    made = tmp_path / "my-line"
    for name, source in (("flow", "call_flows"), ("directory", "municipalities"), ("scenarios", "scenarios")):
        files = {file.relative_to(ROOT / source) for file in (ROOT / source).rglob("*.*")}
        assert {file.relative_to(made / name) for file in (made / name).rglob("*.*")} == files


def test_every_template_is_in_the_wheel(plain: Plain) -> None:
    (packages,) = plain.python.parents[1].glob("lib/python*/site-packages")
    here, there = ({file.relative_to(each) for file in (each / "ivr").rglob("*.html")} for each in (ROOT, packages))
    assert len(here) > 20
    assert here == there


@pytest.mark.parametrize("command", ["serve", "check", "explore", "records list", "report"])
def test_what_is_missing_is_one_sentence_with_the_command_that_mends_it(command: str, plain: Plain) -> None:
    done = plain.run("ivr", *command.split())
    assert done.returncode == 2
    assert "is not installed; it comes with: pip install 'ivr-116117[line]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_help_page_is_there_in_a_plain_install(plain: Plain) -> None:
    program = (
        "import sys; from ivr.cli import group\n"
        "for name in sys.argv[1:]: group([name, '--help'], standalone_mode=False)"
    )
    done = subprocess.run([plain.python, "-c", program, *COMMANDS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
