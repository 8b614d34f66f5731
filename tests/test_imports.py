"""Who may import whom: docs/architecture.md as a test."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import ivr

PACKAGE = Path(ivr.__file__).parent

LEAVES = {f"base/{name}" for name in ("errors", "clock", "test_account", "bundled", "phone_number", "spreadsheet")}
LEAVES |= {
    "base/complaints",
    "base/folder_lock",
    "base/ids",
    "base/short_list",
    "base/strict_yaml",
    "base/templates",
    "base/whole_file",
    "base/yaml_reader",
    *(f"line/service/{name}" for name in ("checklist", "console_accounts", "credentials", "records_state")),
}
LEAVES |= {"line/service/settings"}
MAY_IMPORT: dict[str, set[str]] = {
    "base": set(),
    "base/errors": set(),
    "base/clock": set(),
    "base/ids": set(),
    "base/test_account": set(),
    "base/bundled": set(),
    "base/phone_number": {"base/errors", "base/ids"},
    "base/spreadsheet": set(),
    "base/folder_lock": set(),
    "base/templates": set(),
    "base/short_list": set(),
    "base/whole_file": set(),
    "base/complaints": {"base/errors"},
    "base/strict_yaml": {"base/errors", "base/utf8"},
    "base/utf8": {"base/errors"},
    "base/background_worker": set(),
    "base/yaml_reader": {"base/complaints", "base/strict_yaml"},
    "line": {"line/service/bootstrap"},
    "line/languages": LEAVES,
    "line/directory": LEAVES,
    "line/flow": LEAVES | {"line/languages", "line/directory"},
    "line/calls": LEAVES | {"line/flow", "line/directory"},
    "line/twilio": LEAVES | {"line/calls", "line/flow", "line/languages"},
    "line/web": {"base/errors", "line/calls", "line/twilio", "line/flow", "line/service/metrics", "__version__"}
    | {"line/languages"},
    "line/service": set(),
    "line/service/checklist": {"base/errors", "base/strict_yaml"},
    "line/service/credentials": {"base/test_account"},
    "line/service/console_accounts": {"base/errors", "base/whole_file"},
    "line/service/records_state": set(),
    "line/service/settings": LEAVES,
    "line/service/live_gate": LEAVES | {"line/directory"},
    "line/service/expiries": LEAVES | {"line/directory"},
    "line/service/logs": {"base/background_worker"},
    "line/service/switched": LEAVES | {"line/calls", "line/flow"},
    "line/service/metrics": {"line/service/connections", "line/service/switched"},
    "line/service/connections": set(),
    "line/service/gateway": {"line/web"},
    "line/service/server": {"base/errors", "line/web", "line/service/connections"},
    "line/service/text_messages": {"base/errors", "base/background_worker", "line/calls", "line/flow"},
    "line/service/bootstrap": LEAVES
    | {"line/languages", "line/directory", "line/flow", "line/calls", "line/twilio", "line/web", "__version__"}
    | {"line/service/logs", "line/service/metrics", "line/service/text_messages", "line/service/live_gate"}
    | {"line/service/expiries", "line/service/switched"}
    | {"operations/console", "operations/records", "operations/twilio_account"},
    "line/service/reload": LEAVES
    | {"line/languages", "line/service/apart", "line/service/bootstrap", "line/service/shelf"}
    | {"proof", "proof/check", "__init__"},
    "line/service/apart": set(),
    "line/service/shelf": {"base/errors"},
    "line/service/master": set(),
    "simulator": {f"base/{name}" for name in ("errors", "clock", "phone_number", "test_account")}
    | {f"base/{name}" for name in ("complaints", "strict_yaml", "yaml_reader")},
    "simulator/web_phone": LEAVES
    | {"simulator", "line/flow", "line/languages", "line/service/bootstrap", "line/service/switched", "proof/check"},
    "planner/answer_text": set(),
    "planner/map": {"planner/answer_text"},
    "planner/page": {"base/templates", "planner/answer_text", "planner/map"},
    "planner": LEAVES
    | {
        "__init__",
        "planner/answer_text",
        "planner/map",
        "line/calls",
        "line/directory",
        "line/flow",
        "line/service/bootstrap",
        "simulator",
    },
    "proof": set(),
    "proof/place_classes": {"line/directory"},
    "proof/check": LEAVES
    | {"proof", "proof/place_classes", "line/languages", "line/directory", "line/flow", "line/twilio"},
    "proof/explore": LEAVES
    | {"proof/place_classes", "line/service/bootstrap", "line/calls", "line/flow", "line/directory", "simulator"}
    | {"line/languages"},
    "proof/probe": {
        "base/errors",
        "base/ids",
        "base/test_account",
        "line/service/settings",
        "line/directory",
        "simulator",
    },
    "operations": set(),
    "operations/languages": LEAVES,
    "operations/records": LEAVES
    | {"operations/languages"}
    | {"base/background_worker", "line/calls", "line/directory", "line/flow"},
    "operations/report": {"base/clock", "base/templates", "operations/languages", "operations/records"},
    "operations/directory_import": LEAVES | {"line/directory"},
    "operations/twilio_account": {"base/errors"},
    "operations/alarms": {"base/errors", "base/whole_file", "line/flow", "operations/records"},
    "operations/golive": LEAVES
    | {"line/service/expiries"}
    | {"line/directory", "line/flow", "line/languages", "proof/check"},
    "operations/recordings": LEAVES | {"line/directory", "line/flow", "line/languages"},
    "operations/console": LEAVES
    | {"__version__", "line/directory", "line/flow", "line/languages", "line/web"}
    | {
        "base/background_worker",
        "operations/languages",
        "operations/records",
        "operations/recordings",
        "operations/report",
        "planner/page",
        "proof/check",
    },
    "__init__": set(),
    "__main__": {"cli"},
}
PURE = {"line/flow", "line/calls", "line/directory", "line/languages"}
FLASK = ("line", "line/web", "line/service/bootstrap", "operations/console")
EFFECTS = {"socket", "logging", "random", "time", "requests", "flask", "twilio", "sqlalchemy", "threading", "os"}


def _imports(path: Path, *, top: bool = False) -> Iterator[str]:
    """`top`: only what is imported with the module itself, not by its functions or for types alone."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body if top else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = str(node.module)
            yield from (f"{module}.{alias.name}" if _is_module(module, alias.name) else module for alias in node.names)


def _is_module(package: str, name: str) -> bool:
    folder = PACKAGE.parent.joinpath(*package.split("."), name)
    return folder.is_dir() or folder.with_suffix(".py").is_file() or package == "ivr"


def _part(parts: tuple[str, ...]) -> str:
    """The longest row of the table that these names lie under; the first name where none does."""
    names = ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((name for name in names if name in MAY_IMPORT), parts[0])


def _files() -> Iterator[tuple[str, Path]]:
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield _part(parts if parts[-1] != "__init__" else parts[:-1] or parts), path


def test_each_part_imports_only_what_its_row_allows() -> None:
    wrong = []
    for part, path in _files():
        if part == "cli":
            continue
        for name in _imports(path):
            top, *below = name.split(".")
            other = _part(tuple(below) or ("__init__",))
            if top == "ivr" and other not in MAY_IMPORT[part] | {part}:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert not wrong


def test_only_the_web_and_the_bootstrap_know_flask_one_module_jinja_and_two_parts_twilio() -> None:
    for part, path in _files():
        roots = {name.split(".")[0] for name in _imports(path)}
        assert "flask" not in roots or part in FLASK, path
        assert "jinja2" not in roots or part == "base/templates", path
        assert "twilio" not in roots or part in ("line/twilio", "operations/twilio_account"), path


def test_only_one_module_of_the_phone_page_knows_the_service() -> None:
    for path in (PACKAGE / "simulator" / "web_phone").glob("*.py"):
        rooms = {name.split(".")[1] for name in _imports(path) if name.startswith("ivr.")}
        assert path.name == "line.py" or rooms <= {"base", "simulator"}, path


def test_nobody_outside_the_folder_of_node_types_names_one() -> None:
    """What a tool knows of a node, the node says in its description."""
    folder = PACKAGE / "line" / "flow" / "nodes"
    types = {f"ivr.line.flow.nodes.{path.stem}" for path in folder.glob("[!_]*.py")} - {"ivr.line.flow.nodes.fields"}
    assert len(types) >= 15
    named = {path: types & set(_imports(path)) for _, path in _files() if path.parent != folder}
    assert not {path.name: found for path, found in named.items() if found}


def test_only_one_module_of_the_planner_knows_the_service_and_the_queues_know_nothing_of_the_line() -> None:
    for path in (PACKAGE / "planner").glob("*.py"):
        names = set(_imports(path))
        rooms = {name.split(".")[1] for name in names if name.startswith("ivr.") and name.count(".")}
        assert path.name == "service.py" or not any("bootstrap" in name or ".calls" in name for name in names), path
        assert path.name not in ("centre_queues.py", "erlang.py", "tally.py") or rooms <= {"planner"}, path


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


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def test_no_module_is_in_an_import_circle() -> None:
    """Of what is imported when a module is; graphlib names the circle, if there is one."""
    modules = {_dotted(path): path for _, path in _files()}
    needs = {
        name: {other for other in _imports(path, top=True) if other in modules} - {name}
        for name, path in modules.items()
    }
    tuple(TopologicalSorter(needs).static_order())


def test_importing_the_package_loads_nothing_else() -> None:
    assert not list(_imports(PACKAGE / "__init__.py"))
