"""Flows and prompts damaged at random: each loads or is refused with its place; never a traceback, never a hang."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.base import strict_yaml
from ivr.base.bundled import bundled
from ivr.line.flow.loader import load_flow
from ivr.line.languages import load_prompts
from tests.fuzz import damaged, read_or_refused

FLOW = (bundled("call_flows") / "legevakt.yaml").read_text("utf-8")
LANGUAGES = bundled("call_flows") / "languages"
FILES = {str(path.relative_to(LANGUAGES)): path.read_text("utf-8") for path in sorted(LANGUAGES.glob("*/*.yaml"))}
CATALOGUE = load_prompts(LANGUAGES)
MOST_SECONDS = 20.0  # of processor time for one file; a sound one takes a tenth of a second
PIECES = (
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "&a ",
    "*a",
    "!!x ",
    "#",
    "'",
    '"',
    "\t",
    "\n",
    "  ",
    "\x00",
    "æ",
    "\u202e",
    "0",
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_flow_loads_or_is_refused_with_its_place(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("flow") / "f.yaml"
    path.write_text(damaged(FLOW, seed, PIECES), "utf-8")
    read_or_refused(lambda: load_flow(path, CATALOGUE), MOST_SECONDS)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(sorted(FILES)))
def test_damaged_prompts_load_or_are_refused_with_their_place(
    seed: int, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("languages")
    for each, text in FILES.items():
        (folder / each).parent.mkdir(exist_ok=True)
        (folder / each).write_text(damaged(text, seed, PIECES) if each == name else text, "utf-8")
    read_or_refused(lambda: load_prompts(folder), MOST_SECONDS)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(raw=st.binary(max_size=300))
def test_any_bytes_at_all_load_or_are_refused(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path: Path = tmp_path_factory.mktemp("bytes") / "f.yaml"
    path.write_bytes(raw)
    read_or_refused(lambda: strict_yaml.load_file(path), MOST_SECONDS)


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 50_000,
        "a: " + "{b: " * 50_000,
        "- " * 50_000,
        "a: &x [" + "1," * 1000 + "]\n" + "".join(f"b{n}: *x\n" for n in range(1000)),
        "'" + "a" * 1_000_000,
        "a: |\n" + "  x\n" * 300_000,
        "? " * 20_000,
        "%YAML 9.9\n---\na: 1\n",
        "\ufeff" * 1000,
    ],
    ids=["brackets", "braces", "dashes", "aliases", "open quote", "long block", "questions", "directive", "marks"],
)
def test_what_is_made_to_hang_a_reader_is_refused_or_read_soon(text: str) -> None:
    read_or_refused(lambda: strict_yaml.load(text, "f.yaml"), MOST_SECONDS)
