import shutil
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from tests.recordings.voices import record

FLOW = "legevakt.yaml"


@pytest.fixture(scope="session")
def recorded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled flow, recorded whole in the language of the centres; nobody changes it."""
    folder = Path(shutil.copytree(bundled("call_flows"), tmp_path_factory.mktemp("recorded") / "call_flows"))
    record(folder / FLOW, "nb")
    return folder / FLOW


@pytest.fixture
def recorded(recorded_once: Path, tmp_path: Path) -> Path:
    """A copy, to change."""
    return Path(shutil.copytree(recorded_once.parent, tmp_path / "call_flows")) / FLOW


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the bundled flow, spoken by voices."""
    return Path(shutil.copytree(bundled("call_flows"), tmp_path / "call_flows")) / FLOW
