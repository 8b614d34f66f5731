"""Who may import whom: docs/architecture.md as a test."""

import ast
from collections.abc import Iterator
from pathlib import Path

import ivr

PACKAGE = Path(ivr.__file__).parent

LEAVES = {"checklist", "credentials", "errors", "clock", "test_account", "bundled", "phone", "spreadsheet"}
LEAVES |= {"folder_lock", "strict_yaml", "settings"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "clock": set(),
    "test_account": set(),
    "bundled": set(),
    "credentials": {"test_account"},
    "phone": {"errors"},
    "spreadsheet": set(),
    "folder_lock": set(),
    "strict_yaml": {"errors"},
    "checklist": {"errors", "strict_yaml"},
    "live": LEAVES | {"directory"},
    "settings": {"checklist", "credentials", "errors", "phone", "strict_yaml", "test_account"},
    "prompts": LEAVES,
    "directory": LEAVES,
    "upkeep": LEAVES | {"directory"},
    "flow": LEAVES | {"prompts", "directory"},
    "records": LEAVES | {"calls", "flow"},
    "report": {"clock", "records"},
    "calls": LEAVES | {"flow", "directory"},
    "twilio_voice": LEAVES | {"calls", "flow", "prompts"},
    "logs": set(),
    "metrics": set(),
    "server": {"errors", "web"},
    "web": {"errors", "calls", "twilio_voice", "flow", "metrics", "__version__"},
    "text_messages": {"errors", "calls", "flow"},
    "web/console": LEAVES | {"__version__", "directory", "flow", "prompts", "records", "report", "web"},
    "bootstrap": LEAVES
    | {"prompts", "directory", "flow", "calls", "twilio_voice", "web", "metrics", "records", "__version__"}
    | {"text_messages", "twilio_account", "live"},
    "reload": LEAVES | {"bootstrap", "check"},
    "check": LEAVES | {"prompts", "directory", "flow", "twilio_voice"},
    "twilio_account": {"errors"},
    "probe": {"errors", "settings", "directory", "simulator"},
    "explore": LEAVES | {"bootstrap", "calls", "flow", "directory", "simulator"},
    "simulator": {"errors", "clock", "strict_yaml", "phone", "test_account"},
    "phone_page": LEAVES | {"simulator", "bootstrap", "check"},
    "__init__": set(),
    "__main__": {"cli"},
}
PURE = {"flow", "calls", "directory", "prompts"}
EFFECTS = {"socket", "logging", "random", "time", "requests", "flask", "twilio", "sqlalchemy", "threading", "os"}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = str(node.module)
            yield from ([f"ivr.{alias.name}" for alias in node.names] if module == "ivr" else [module])


def _files() -> Iterator[tuple[str, Path]]:
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).parts
        yield ("web/console" if parts[:2] == ("web", "console") else parts[0].removesuffix(".py")), path


def test_each_part_imports_only_what_its_row_allows() -> None:
    wrong = []
    for part, path in _files():
        if part == "cli":
            continue
        for name in _imports(path):
            other = [*name.split("."), "__init__"][1]
            if name.startswith("ivr.operations.console") and part == "web":
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
            if name.split(".")[0] == "ivr" and other not in MAY_IMPORT[part] | {part}:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert not wrong


def test_only_the_web_and_the_bootstrap_know_flask_and_only_two_parts_know_twilio() -> None:
    for part, path in _files():
        roots = {name.split(".")[0] for name in _imports(path)}
        assert "flask" not in roots or part in ("web", "web/console", "bootstrap"), path
        assert "twilio" not in roots or part in ("twilio_voice", "twilio_account"), path


def test_only_one_module_of_the_phone_page_knows_the_service() -> None:
    for path in (PACKAGE / "phone_page").glob("*.py"):
        ours = {name.split(".")[1] for name in _imports(path) if name.startswith("ivr.")}
        assert path.name == "line.py" or not ours & {"bootstrap", "check", "settings"}, path


def test_the_pure_parts_have_no_clock_socket_log_or_chance() -> None:
    for part, path in _files():
        if part in PURE:
            assert not EFFECTS & {name.split(".")[0] for name in _imports(path)}, path


def test_a_command_imports_its_parts_only_when_it_runs() -> None:
    for part, path in _files():
        if part == "cli":
            top = [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.ImportFrom)]
            ours = {str(node.module) for node in top if str(node.module).partition(".")[0] == "ivr"}
            own = {name for name in ours if name.startswith("ivr.cli.")}
            assert ours - own <= {"ivr", "ivr.base.errors"}, path


def test_importing_the_package_loads_nothing_else() -> None:
    assert not list(_imports(PACKAGE / "__init__.py"))
