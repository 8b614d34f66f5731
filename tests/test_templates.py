"""Templates write HTML, and escape what fills them. No Python of the operator's tools and of the planner writes it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

IVR = Path(__file__).parents[1] / "ivr"
MODULES = sorted(path for room in ("operations", "planner") for path in (IVR / room).rglob("*.py"))
TAG = re.compile(r"</?(?:[a-z]+|h[1-6])(?:[\s/>]|$)|<!(?:(?i:doctype)|--)")
# Each with its reason.
EXCEPTIONS = {
    "operations/console/wording.py": ["<code>\\1</code>"],  # `words in backquotes` of a text, which is escaped before
}
ESCAPING = {"html", "xml.sax.saxutils"}  # who needs these, writes HTML


def _literals(tree: ast.Module) -> Iterator[str]:
    """Also the pieces of f-strings; not docstrings."""
    stated = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in stated:
            yield node.value


def _html(source: str) -> list[str]:
    return [each for each in _literals(ast.parse(source)) if TAG.search(each)]


def test_no_module_writes_html() -> None:
    found = {str(path.relative_to(IVR)): _html(path.read_text("utf-8")) for path in MODULES}
    assert {name: literals for name, literals in found.items() if literals} == EXCEPTIONS


def test_no_module_escapes_by_hand() -> None:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.module in ESCAPING), path


@pytest.mark.parametrize(
    "source",
    [
        'x = "<p>"',
        "x = f'<td class={css}>{cell}</td>'",
        'x = """<!DOCTYPE html>"""',
        "x = f'<rect x={x}/>'",
        'x = "<h2"',
        'x = "".join(["a", "</li>"])',
    ],
)
def test_html_in_a_literal_is_found(source: str) -> None:
    assert _html(source)


def test_other_angle_brackets_are_no_html() -> None:
    assert not _html('"""Of a <p>."""\nx = "a < b"\ny = "<i2"\nz = "(?<!a)"\nw = "writes <Gather> and <Dial>"')
