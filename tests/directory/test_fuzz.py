"""Directory files damaged at random: each loads or is refused with its place; never a traceback, never a hang."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.base.errors import Complaint
from ivr.line.directory import load_directory
from ivr.line.directory.schema import FILES
from tests.fuzz import damaged, read_or_refused

SMALL = Path(__file__).parent / "small"
MOST_SECONDS = 5.0  # of processor time for one folder; the bundled directory takes about one
PIECES = (",", '"', "\n", "\r", ";", "#", "\x00", "\ufeff", "0", "-", "+47", "113", "²", "１", "9" * 5000, "2026-02-30")


def _complaints(folder: Path) -> tuple[Complaint, ...]:
    """What loading it says; every complaint names a file of the directory."""
    complaints = read_or_refused(lambda: load_directory(folder, today=date(2026, 3, 1)), MOST_SECONDS)
    assert {each.file for each in complaints} <= FILES.keys()
    return complaints


@settings(max_examples=300, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(sorted(FILES)))
def test_a_damaged_file_is_read_or_refused_with_its_place(
    seed: int, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = shutil.copytree(SMALL, tmp_path_factory.mktemp("directory") / "small")
    (folder / name).write_bytes(damaged((SMALL / name).read_text("utf-8"), seed, PIECES).encode())
    _complaints(folder)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(raw=st.binary(max_size=300), name=st.sampled_from(sorted(FILES)))
def test_any_bytes_at_all_are_refused(raw: bytes, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = shutil.copytree(SMALL, tmp_path_factory.mktemp("directory") / "small")
    (folder / name).write_bytes(raw)
    assert _complaints(folder)


@pytest.mark.parametrize(
    "text",
    [
        '"' + "a" * 1_000_000,
        "a," * 100_000,
        "\n" * 1_000_000,
        "a\n" * 100_000,
        "#" * 1_000_000,
        "# what: a\n" * 100_000,
    ],
    ids=["open quote", "cells", "empty lines", "rows", "one comment", "comments"],
)
def test_what_is_made_to_hang_a_reader_is_refused_soon(text: str, tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "small")
    header = (SMALL / "areas.csv").read_text("utf-8")
    (folder / "areas.csv").write_text(header + text, "utf-8")
    _complaints(folder)
    (folder / "areas.csv").write_text(text, "utf-8")
    assert _complaints(folder)
