"""YAML where nothing is guessed: B75-B87."""

import re
from pathlib import Path

import pytest

from ivr.base.errors import DefinitionError
from ivr.base.strict_yaml import MAX_BYTES, Mapping, Sequence, Text, load, load_file


def test_every_scalar_is_the_text_that_was_typed() -> None:
    value = load("no: 0301\nhours: [22:00, 08:00]\nphone: +4755568700\nempty:\n", "f.yaml")
    assert value == {"no": "0301", "hours": ["22:00", "08:00"], "phone": "+4755568700", "empty": ""}


def test_every_value_knows_its_line_and_column() -> None:
    value = load("a: 1\nb:\n  - x\n  - {c: y}\n", "f.yaml")
    assert isinstance(value, Mapping)
    items = value[Text("b")]
    assert isinstance(items, Sequence)
    assert [(item.line, item.column) for item in items] == [(3, 5), (4, 5)]
    key = value.key("b")
    assert key is not None
    assert (key.line, key.column) == (2, 1)
    assert value.key("none") is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: 1\na: 2\n", "f.yaml:2:1: key 'a' again (first on line 1)"),
        ("*: 1\n", "(a lone * must be quoted: '*')"),
        (
            "keys:\n  1: a\n  #: b\n",
            "f.yaml:3:3: a line that begins with #: is a comment; the key # must be quoted: '#'",
        ),
        ("a: &x 1\n", "f.yaml:1:4: anchors (&) and aliases (*) are not allowed"),
        ("a: !!python/object/apply:os.system [x]\n", "f.yaml:1:4: tags (!) are not allowed"),
        ("a: 1\n---\nb: 2\n", "a second document (---) begins here"),
        ("", "f.yaml: is empty"),
        ("# only a comment\n", "f.yaml: is empty"),
        ("\ta: 1\n", "(quote the text, or indent with spaces instead of tabs)"),
        ("a: b: c\n", "(quote a text that holds ': ')"),
        ("[" * 100, "is nested deeper than 32 levels"),
        ("? [a]\n: b\n", "a key must be text"),
        ("a: \x00\n", "f.yaml"),
        ("a: [1\n", "f.yaml:2:1"),
        ("x: " + "[1," * 1 + "1," * 200_001 + "1]", "holds more than 200000 items"),
    ],
    ids=[
        "B80 a key twice",
        "B79 a lone star",
        "B78 a hash as a key",
        "B82 an anchor",
        "B83 a tag",
        "B85 two documents",
        "B86 nothing",
        "B86 only a comment",
        "B81 a tab",
        "a colon in a text",
        "B87 a hundred levels",
        "a list as a key",
        "NUL",
        "an open bracket",
        "B87 too many items",
    ],
)
def test_what_could_be_misread_is_refused_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(complaint)):
        load(text, "f.yaml")


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"a: \xe6\n", "f.yaml:1: is not UTF-8"),
        ("a: 1\n".encode("utf-16"), "is not UTF-8"),
        (b"a" * (MAX_BYTES + 1), "is larger than"),
    ],
    ids=["B84 Latin-1", "B84 UTF-16", "B87 too large"],
)
def test_a_file_in_another_encoding_or_of_absurd_size_is_refused(tmp_path: Path, raw: bytes, complaint: str) -> None:
    (tmp_path / "f.yaml").write_bytes(raw)
    with pytest.raises(DefinitionError, match=complaint):
        load_file(tmp_path / "f.yaml")


def test_a_comment_that_is_no_key_is_a_comment() -> None:
    assert load("# note: this\n#\na: 1  #: b\n", "f.yaml") == {"a": "1"}


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert load_file(tmp_path / "f.yaml") == {"a": "1"}


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be read"):
        load_file(tmp_path / "none.yaml")


def test_a_file_is_parsed_again_when_it_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("one: 1\n", "utf-8")
    first = load_file(file)
    assert load_file(file) is first
    file.write_text("one: 2\n", "utf-8")
    assert load_file(file) == {"one": "2"}
    assert first == {"one": "1"}
