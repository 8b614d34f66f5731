from pathlib import Path

import pytest

from ivr.line.directory import Directory, load_directory
from ivr.line.flow.engine import Engine
from ivr.line.flow.loader import load_flow
from ivr.line.languages import Catalogue


@pytest.fixture(scope="session")
def mute() -> Directory:
    """The bundled directory of a line that may ring nobody."""
    return load_directory(dial="none")


@pytest.fixture
def practice_engine(flow_file: Path, catalogue: Catalogue, mute: Directory) -> Engine:
    """A practice line that may ring nobody."""
    return Engine(load_flow(flow_file, catalogue, practice=True), mute, catalogue)
