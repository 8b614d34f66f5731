import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from ivr.line.service.settings import Settings
from ivr.proof.explore import ExplorationResult, ExploredService, explore
from tests.check.damage import FLOW, replace
from tests.conftest import EVENING

SHORT = 60  # states: enough for the language question, the main menu, 0 and 9
Explored = Callable[..., ExplorationResult]


@pytest.fixture(autouse=True)
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
        return explore(ExploredService(Settings(flow=folder / FLOW), EVENING), bound)

    return explored


def small_flow(folder: Path, nodes: str) -> Path:
    """A copy of the bundled flow that has these nodes and no others."""
    file = shutil.copytree(bundled("call_flows"), folder / "call_flows") / FLOW
    top, rest = file.read_text("utf-8").split("\nnodes:\n")
    file.write_text(f"{top}\n{nodes}\nwhisper:{rest.split('whisper:')[1]}", "utf-8")
    return file


@pytest.fixture(scope="module")
def short() -> ExplorationResult:
    """The beginning of the bundled flow."""
    return explore(ExploredService(Settings(), EVENING), SHORT)
