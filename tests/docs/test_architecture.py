"""docs/architecture.md names files and functions that exist."""

import re
from importlib import import_module

import pytest

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
ANSWERS = re.findall(r"^\| (Where .+\?) \| (.+) \|$", PAGE, re.MULTILINE)


def test_a_newcomer_finds_the_first_questions() -> None:
    asked = " ".join(question for question, _ in ANSWERS)
    for word in ("postcode", "<Dial>", "silence", "Danish", "113 sentence proved"):
        assert word in asked, word


@pytest.mark.parametrize(("question", "answer"), ANSWERS, ids=[question for question, _ in ANSWERS])
def test_an_answer_names_a_place_that_exists(question: str, answer: str) -> None:
    paths = re.findall(r"`([a-z_]+/[\w/.]*)`", answer)
    assert paths or "](" in answer, question
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_a_method_that_an_answer_names_is_in_a_file_that_it_names() -> None:
    named = [(answer, *found) for _, answer in ANSWERS for found in re.findall(r"`([A-Z]\w+)\.(\w+)`", answer)]
    assert named
    for answer, owner, method in named:
        modules = [*re.findall(r"`(ivr/[\w/]+)\.py`", answer), "ivr/line/directory/lookup"]
        classes = [getattr(import_module(module.replace("/", ".")), owner, None) for module in modules]
        assert any(hasattr(each, method) for each in classes), f"{owner}.{method}"


def test_every_folder_and_file_in_the_tree_exists() -> None:
    tree = PAGE.partition("## The tree")[2].partition("```\n")[2].partition("```")[0]
    names = re.findall(r"(?<![\w/])([a-z_]+(?:/|\.py|\.yaml))(?!\w)", tree)
    assert len(names) > 40
    assert [name for name in names if not any(ROOT.glob(f"[!.]*/**/{name}")) and not (ROOT / name).exists()] == []
