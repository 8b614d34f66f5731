"""`ivr --environment FILE`: a command with the settings of a file, as `ivr init` makes one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli import group, settings_file
from ivr.cli.settings_file import read_settings_file

ROOT = Path(__file__).parents[1]


def test_a_file_is_read_as_systemd_does(tmp_path: Path) -> None:
    file = tmp_path / "environment"
    file.write_text('# about\n;NO=1\n\nA=1\n B = "two words" \nEMPTY=\nURL=https://x/?a=b\n', "utf-8")
    assert read_settings_file(file) == {"A": "1", "B": "two words", "URL": "https://x/?a=b"}


def test_every_setting_that_is_documented_may_stand_in_a_file(tmp_path: Path) -> None:
    names: set[str] = set()
    for source in ("docs/settings.md", "deploy/Caddyfile"):
        names |= set(re.findall(r"\bIVR_[A-Z_]+", (ROOT / source).read_text("utf-8")))
    file = tmp_path / "environment"
    file.write_text("".join(f"{name}=x\n" for name in sorted(names)), "utf-8")
    assert read_settings_file(file).keys() == names == settings_file._NAMES


def test_the_settings_of_the_file_count_before_those_of_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "environment"
    file.write_text("DATABASE_URL=nonsense\nLOG_LEVEL=\n", "utf-8")
    command = [sys.executable, "-m", "ivr", "--environment", str(file), "report"]
    found = subprocess.run(
        command, env={**os.environ, "DATABASE_URL": "off"}, capture_output=True, text=True, check=False
    )
    assert found.returncode == 2
    assert "DATABASE_URL" in found.stderr


def test_a_file_that_is_not_there_is_said() -> None:
    found = CliRunner().invoke(group, ["--environment", "/no/such/file", "report"])
    assert found.exit_code == 2
    assert "does not exist" in found.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"A=1\nB=\xe6\n", "environment:2: is not UTF-8"),
        (b"A=1\nPORT 5000\n=2\n", "environment:2:1: is no setting; write NAME=VALUE"),
        (b"A=1\0\n", "environment:1:1: is no setting"),
        (b"A=1\nB=2\nA=3\n", "environment:3:1: A again (first on line 1)"),
        (
            b"IVR_RETENTION_DAY=7\n",
            "environment:1:1: IVR_RETENTION_DAY is no setting (did you mean 'IVR_RETENTION_",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "environment"
    file.write_bytes(content)
    found = CliRunner().invoke(group, ["--environment", str(file), "report"])
    assert found.exit_code == 2
    assert said in found.output
