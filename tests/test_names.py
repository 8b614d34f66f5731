"""One class name, one meaning: no two public classes of the package have the same name."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

IVR = Path(__file__).parents[1] / "ivr"
LONGEST_FILE = 400  # lines


def _public_classes(sources: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """The files of each class at the top level of a module, by the class's name."""
    files = defaultdict(set)
    for name, text in sources:
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                files[node.name].add(name)
    return files


def _shared(sources: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    return {name: files for name, files in _public_classes(sources).items() if len(files) > 1}


def test_a_class_name_has_one_meaning() -> None:
    sources = ((str(path.relative_to(IVR)), path.read_text("utf-8")) for path in IVR.rglob("*.py"))
    assert _shared(sources) == {}


def test_a_name_that_two_files_give_a_class_is_found() -> None:
    one, other = ("a.py", "class Leg: ...\nclass _Own: ...\n"), ("b.py", "class Leg: ...\nclass _Own: ...\n")
    assert _shared([one, other]) == {"Leg": {"a.py", "b.py"}}


def test_no_file_is_longer_than_a_reader_takes_in() -> None:
    lengths = {str(path.relative_to(IVR)): len(path.read_text("utf-8").splitlines()) for path in IVR.rglob("*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}
