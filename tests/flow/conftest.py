from pathlib import Path

import pytest

from ivr.directory import load_directory
from ivr.flow.engine import Engine
from ivr.flow.loader import load_flow
from ivr.prompts import Catalogue


@pytest.fixture
def practice_engine(flow_file: Path, catalogue: Catalogue) -> Engine:
    """A practice line that may ring nobody."""
    return Engine(load_flow(flow_file, catalogue, practice=True), load_directory(dial="none"), catalogue)
