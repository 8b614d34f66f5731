"""What is made while a directory is loaded. Each of these tests loads it, so that it is known to run through that."""

import pytest

from ivr.line.directory import Directory, load_directory


@pytest.fixture
def directory() -> Directory:
    return load_directory()
