"""The simulator and the service share no code: what shares its faults cannot find them."""

import ast
from pathlib import Path

import pytest

SIMULATOR = Path(__file__).parents[2] / "ivr" / "simulator"
BUNDLED_LINE = SIMULATOR / "web_phone" / "line.py"  # starts the line of this package, for whoever names no other
BASE = ("errors", "clock", "complaints", "strict_yaml", "yaml_reader", "phone_number", "test_account")
ALLOWED = ("ivr.simulator", *(f"ivr.base.{name}" for name in BASE))
FILES = sorted(set(SIMULATOR.rglob("*.py")) - {BUNDLED_LINE})


def _imports(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SIMULATOR)))
def test_it_imports_nothing_of_the_service(file: Path) -> None:
    for name in _imports(file):
        assert not name.startswith(("twilio", "flask", "werkzeug", "sqlalchemy")), name
        assert not name.startswith("ivr") or name.startswith(ALLOWED), name


@pytest.mark.parametrize("folder", ["engine", "twiml"])
def test_the_interpreter_touches_nothing_outside(folder: str) -> None:
    for file in (SIMULATOR / folder).glob("*.py"):
        outside = {"socket", "time", "os", "pathlib", "http.client", "requests", "threading", "sys"} & _imports(file)
        assert not outside, f"{file.name}: {outside}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SIMULATOR)))
def test_every_module_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
