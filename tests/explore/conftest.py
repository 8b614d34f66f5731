import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from ivr.line.flow.moments import moment_classes
from ivr.line.service.settings import Settings
from ivr.proof.explore import ExplorationResult, ExploredService, explore
from ivr.proof.explore.entries import Entries
from ivr.proof.explore.walk import Exploration
from tests.check.damage import FLOW, replace
from tests.conftest import EVENING, SMALL

SHORT = 90  # states: enough for the language question, the main menu, 0 and 9
Explored = Callable[..., ExplorationResult]
# The nodes that every small flow has beside its own.
_EVERYWHERE = """\
  person:
    type: connect
    to: person
    name: [ENTERED]
    say_named: [CONNECT]
    say: [TO_PERSON, CONNECT]
    say_outage: {fault: [OUTAGE, STAND_IN], closed: [OUTAGE_CLOSED, STAND_IN]}
    failed: person
    ended: after_talk
    no_line: HOME
  after_talk: {type: end, say: [AFTER_TALK]}
  resume: {type: say, say: [OPEN_113], next: RESUME}
  red: {type: red_flag, first: RED_1, signs: RED_2, stay: RED_STAY, silence: person}
"""


def small_service(flow: Path | None = None) -> ExploredService:
    """The bundled flow, or another one, with the little directory: the classes of its places are soon found."""
    return ExploredService(Settings(flow=flow, directory=SMALL), EVENING)


def walked(service: ExploredService, bound: int) -> Exploration:
    """An exploration's walk alone: nothing is measured, and no key bounces."""
    moments, *_ = moment_classes((), service.directory.duty_changes, service.now)
    return Exploration(service, Entries(service.directory, moments), bound).run()


@pytest.fixture(autouse=True, scope="module")
def _without_log_lines() -> Iterator[None]:
    """An exploration asks the service a hundred thousand times; nobody reads what it logs meanwhile."""
    logging.disable(logging.INFO)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def explored(tmp_path: Path) -> Explored:
    """Explore the bundled flow with some texts of it replaced, up to a bound."""

    def explored(*edits: tuple[str, str], bound: int = SHORT) -> ExplorationResult:
        folder = shutil.copytree(bundled("call_flows"), tmp_path / "call_flows", dirs_exist_ok=True)
        replace(folder, [(FLOW, old, new) for old, new in edits])
        return explore(small_service(folder / FLOW), bound)

    return explored


def small_flow(folder: Path, nodes: str, *, home: str, resume: str = "") -> Path:
    """A copy of the bundled flow that has these nodes, and of others only those that no flow can do without. `home`:
    the node to which a call goes whose person cannot be rung, and one that is resumed, unless `resume` names another.
    """
    file = shutil.copytree(bundled("call_flows"), folder / "call_flows") / FLOW
    top, rest = file.read_text("utf-8").split("\nnodes:\n")
    nodes += _EVERYWHERE.replace("HOME", home).replace("RESUME", resume or home)
    file.write_text(f"{top}\n{nodes}\nwhisper:{rest.split('whisper:')[1]}", "utf-8")
    return file


@pytest.fixture(scope="module")
def short() -> ExplorationResult:
    """The beginning of the bundled flow."""
    return explore(small_service(), SHORT)
