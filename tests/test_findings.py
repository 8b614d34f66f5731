"""The table of `findings/` is what lies there. The scripts themselves are run by hand: they install packages."""

import os
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))
ROWS = re.findall(
    r"^\| \[([a-z0-9-]+)\]\(\1\.sh\) \| ([^|]+) \|", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE
)


def test_the_table_has_a_row_for_each_script() -> None:
    assert [name for name, _ in ROWS] == [script.stem for script in SCRIPTS]
    assert len(ROWS) > 0


@pytest.mark.parametrize("name", [name for name, _ in ROWS])
def test_a_script_runs_by_itself_and_cleans_up(name: str) -> None:
    script = FOLDER / f"{name}.sh"
    text = script.read_text("utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert os.access(script, os.X_OK)
    assert "trap 'rm -rf \"$folder\"' EXIT" in text
    assert "ivr" not in text


@pytest.mark.parametrize(("name", "packages"), ROWS)
def test_a_script_pins_the_versions_that_the_table_names(name: str, packages: str) -> None:
    text = (FOLDER / f"{name}.sh").read_text("utf-8")
    for package, version in re.findall(r"([\w-]+) (\d[\d.]*)", packages):
        assert f"{package}=={version}" in text or f"{package}@{version}" in text, package
