"""Each example is tested as its author would: with the built package, in a folder of its own, without our checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/pyproject.toml"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the package as a wheel brings it, and nothing else."""
    built, installed = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("installed")
    build = ["pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    _run([*build, "--wheel-dir", str(built), str(ROOT)], cwd=built)
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(installed)
    return installed


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda example: str(example.name))
def example(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    return folder


@pytest.fixture(scope="module")
def told(example: Path, installed: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says in a copy of the example."""
    project = tmp_path_factory.mktemp("elsewhere") / "project"
    shutil.copytree(example, project, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return _run(["pytest", "-v", "--trace-config", "-p", "no:cacheprovider"], cwd=project, path=installed)


def _run(arguments: list[str], *, cwd: Path, path: Path | None = None) -> str:
    others = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TWILIO", "COV_"))}
    environment = {**others, "PYTHONPATH": str(path or "")}
    ran = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_tests_of_the_example_pass(example: Path, told: str) -> None:
    tests = sum(file.read_text("utf-8").count("\ndef test_") for file in (example / "tests").glob("test_*.py"))
    assert f"{tests} passed" in told


def test_the_fixture_comes_from_the_wheel(told: str, installed: Path) -> None:
    assert str(installed / "ivr" / "simulator" / "pytest_plugin.py") in told
    assert str(ROOT) not in told.replace(sys.prefix, "")


def test_the_wheel_holds_the_schemas(installed: Path) -> None:
    schemas = installed / "ivr" / "simulator" / "schemas"
    assert sorted(file.name for file in schemas.glob("*.json")) == ["scenario.schema.json", "trace.schema.json"]


def test_the_example_uses_nothing_of_ours_but_the_fixture(example: Path) -> None:
    for file in example.rglob("*.py"):
        assert "ivr." not in file.read_text("utf-8"), file
