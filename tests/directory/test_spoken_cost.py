"""The index of spoken names is small. What a look-up costs is printed by `python -m benchmarks.spoken_names`."""

import pytest

from benchmarks.spoken_names import MOST_MEGABYTES, megabytes
from ivr.line.directory import Directory


@pytest.mark.longest  # once other tests have run: it looks through all that they keep
def test_the_index_of_spoken_names_is_small(directory: Directory) -> None:
    assert 0.1 < megabytes(directory) <= MOST_MEGABYTES
