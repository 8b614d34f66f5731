from pathlib import Path

import pytest

from ivr.line.directory import load_directory
from ivr.line.flow.engine import Engine
from ivr.line.flow.loader import load_flow
from ivr.line.languages import Catalogue


@pytest.fixture
def practice_engine(flow_file: Path, catalogue: Catalogue) -> Engine:
    """A practice line that may ring nobody."""
    return Engine(load_flow(flow_file, catalogue, practice=True), load_directory(dial="none"), catalogue)
