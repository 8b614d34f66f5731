"""What every test may use: the bundled directory, prompts and flow, loaded once."""

from datetime import datetime
from pathlib import Path

import pytest

from ivr.bundled import bundled
from ivr.clock import OSLO, ManualClock
from ivr.directory import Directory, load_directory
from ivr.flow.engine import Engine
from ivr.flow.loader import load_flow
from ivr.flow.model import Flow
from ivr.prompts import Catalogue, load_prompts

# A Tuesday evening: no daytime rule of the directory is about to change.
EVENING = datetime(2026, 3, 3, 20, 0, tzinfo=OSLO)


@pytest.fixture(scope="session")
def flow_file() -> Path:
    return bundled("call_flows") / "legevakt.yaml"


@pytest.fixture(scope="session")
def catalogue(flow_file: Path) -> Catalogue:
    return load_prompts(flow_file.parent / "prompts")


@pytest.fixture(scope="session")
def directory() -> Directory:
    return load_directory()


@pytest.fixture(scope="session")
def flow(flow_file: Path, catalogue: Catalogue) -> Flow:
    return load_flow(flow_file, catalogue)


@pytest.fixture(scope="session")
def engine(flow: Flow, directory: Directory, catalogue: Catalogue) -> Engine:
    return Engine(flow, directory, catalogue)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EVENING)
