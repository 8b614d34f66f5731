"""What every test may use, and what every test is held to.

The bundled directory, prompts and flow never change, and are loaded once. Under mutation testing prompts and flow are
loaded for each test, so that every test that stands on them is known to run through their loading.
"""

import gc
import logging
import os
import shutil
from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import settings

from ivr.base.bundled import bundled
from ivr.base.clock import OSLO, ManualClock
from ivr.line.directory import Directory, load_directory
from ivr.line.flow.engine import Engine
from ivr.line.flow.loader import load_flow
from ivr.line.flow.model import Flow
from ivr.line.languages import Catalogue, load_prompts
from tests import privacy
from tests.measured import MEASURED, REST

pytest_plugins = ["tests.databases"]

# A Tuesday evening: no daytime rule of the directory is about to change.
EVENING = datetime(2026, 3, 3, 20, 0, tzinfo=OSLO)
SMALL = Path(__file__).parent / "directory" / "small"


# No test is about speed, and a busy machine is no failure.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


HERE = Path(__file__).parent
LOADED: Literal["function", "session"] = "function" if "MUTANT_UNDER_TEST" in os.environ else "session"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: no worker is left alone with it at the end of a run."""
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Coverage rests during a test that is not measured, and while its fixtures are made."""
    folder = item.path.parent.relative_to(HERE).as_posix()
    if folder in MEASURED and not item.get_closest_marker("unmeasured"):
        REST.end()
    else:
        REST.begin()
    try:
        return (yield)
    finally:
        if nextitem is None:
            REST.end()


def pytest_collection_finish() -> None:
    """All tests and modules stay to the end: no collection of garbage need look at them, which took a seventh of the
    time of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session")
def flow_file() -> Path:
    return bundled("call_flows") / "legevakt.yaml"


@pytest.fixture(scope=LOADED)
def catalogue(flow_file: Path) -> Catalogue:
    return load_prompts(flow_file.parent / "languages")


@pytest.fixture(scope="session")
def directory() -> Directory:
    return load_directory()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of a sound little directory, to damage."""
    return shutil.copytree(SMALL, tmp_path / "small")


@pytest.fixture(scope=LOADED)
def flow(flow_file: Path, catalogue: Catalogue) -> Flow:
    return load_flow(flow_file, catalogue)


@pytest.fixture(scope=LOADED)
def engine(flow: Flow, directory: Directory, catalogue: Catalogue) -> Engine:
    return Engine(flow, directory, catalogue)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EVENING)


@pytest.fixture(scope="session")
def watcher() -> Iterator[privacy.Watcher]:
    """Hears every line that the service logs, at every level."""
    watcher = privacy.Watcher()
    logging.getLogger("ivr").setLevel(logging.DEBUG)
    for name in privacy.LOGGERS:
        logging.getLogger(name).addHandler(watcher)
    yield watcher
    for name in privacy.LOGGERS:
        logging.getLogger(name).removeHandler(watcher)


@pytest.fixture(autouse=True)
def _no_number_in_any_log_line(watcher: privacy.Watcher) -> Iterator[None]:
    yield
    found, watcher.found = watcher.found, []
    assert not found, f"logged what may be a number: {found}"
