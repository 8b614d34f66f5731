"""The bundled directory, loaded once, and a small one to damage."""

import shutil
from pathlib import Path

import pytest

from ivr.directory import Directory, load_directory

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def directory() -> Directory:
    return load_directory()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of a sound little directory."""
    return shutil.copytree(HERE / "small", tmp_path / "small")
