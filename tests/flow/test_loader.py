"""A wrong flow is refused as a whole, with the place and the way out."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.base.errors import Complaint, DefinitionError
from ivr.line.flow.loader import load_flow
from ivr.line.languages import Catalogue, load_prompts
from tests.damage import damaged

CASES: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "broken" / "cases.yaml").read_text("utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_a_broken_flow_gets_its_complaint_at_its_line(
    name: str, flow_file: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    case = CASES[name]
    path = damaged(flow_file, tmp_path, case["replace"], case["with"])
    with pytest.raises(DefinitionError) as caught:
        load_flow(path, catalogue)
    matching = [each for each in caught.value.complaints if case["complaint"] in each.message]
    assert matching, caught.value
    text = path.read_text("utf-8").splitlines()[matching[0].line - 1]
    assert case["line"] in text
    assert 1 <= matching[0].column <= len(text) + 1


BOUNDS = [
    ("{key: 7,", "{{key: {},", 3, 30),
    ("digits: 7}", "digits: {}}}", 3, 30),
    ("errors: 4", "errors: {}", 1, 9),
    ("{seconds: 25,", "{{seconds: {},", 5, 60),
    ("longest_call: 7200", "longest_call: {}", 60, 14400),
    ("shortest_talk: 3}", "shortest_talk: {}}}", 0, 10),
    ("wait: 8", "wait: {}", 3, 30),
]


@pytest.mark.parametrize("bounds", BOUNDS, ids=[bound[0] for bound in BOUNDS])
def test_a_number_may_be_the_lowest_and_the_highest_and_no_other(
    bounds: tuple[str, str, int, int], flow_file: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    old, new, lowest, highest = bounds
    for value in (lowest, highest):
        load_flow(damaged(flow_file, tmp_path, old, new.format(value)), catalogue)
    for value in (lowest - 1, highest + 1):
        with pytest.raises(DefinitionError, match=f"must be a whole number from {lowest} to {highest}"):
            load_flow(damaged(flow_file, tmp_path, old, new.format(value)), catalogue)


def test_what_is_wrong_with_one_node_hides_no_other(flow_file: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_flow(damaged(flow_file, tmp_path, "nodes:\n", "nodes:\n  loose: end\n"), catalogue)
    assert [each.message for each in caught.value.complaints] == ["flow: node 'loose' must be a mapping"]


def test_all_complaints_come_together(flow_file: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    path = damaged(flow_file, tmp_path, "say: [OTHER]", "say: [OTHR]")
    path = damaged(path, tmp_path, "silence: nb", "silence: se")
    with pytest.raises(DefinitionError) as caught:
        load_flow(path, catalogue)
    assert len(caught.value.complaints) == 2


def test_a_flow_that_is_a_list_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "flow.yaml"
    path.write_text("- a\n", "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_flow(path, catalogue)
    message = "a flow is a mapping with the keys name, start, nodes ..."
    assert caught.value.complaints == (Complaint("flow.yaml", 1, 1, message),)


def test_prompts_without_the_retry_text_are_refused(flow_file: Path, tmp_path: Path) -> None:
    languages = shutil.copytree(flow_file.parent / "languages", tmp_path / "languages")
    for source in languages.glob("*/prompts.yaml"):
        damaged(source, source.parent, "  RETRY_PREFIX:", "  RETRY_OTHERWISE:")
    with pytest.raises(DefinitionError, match="lack RETRY_PREFIX"):
        load_flow(flow_file, load_prompts(languages))


def test_the_version_changes_with_the_flow_and_with_the_prompts(
    flow_file: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    version = load_flow(flow_file, catalogue).version
    changed_flow = damaged(flow_file, tmp_path, "errors: 4", "errors: 5")
    languages = shutil.copytree(flow_file.parent / "languages", tmp_path / "languages")
    for source in languages.glob("*/prompts.yaml"):
        damaged(source, source.parent, "RED_1: ", "RED_1: Oh! ")
    changed_prompts: Any = load_prompts(languages)
    versions = {version, load_flow(changed_flow, catalogue).version, load_flow(flow_file, changed_prompts).version}
    assert len(versions) == 3


def test_titles_may_be_left_out_of_a_flow_and_of_a_language(
    flow_file: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    text = flow_file.read_text("utf-8")
    start, end = text.index("\ntitles:"), text.index("\nwhisper:")
    without, half = tmp_path / "without.yaml", tmp_path / "half.yaml"
    without.write_text(text[:start] + text[end:], "utf-8")
    half.write_text(f"{text[:start]}\ntitles:\n  main: {{nb: Hovedmeny}}\n{text[end:]}", "utf-8")
    assert load_flow(without, catalogue).titles == {}
    assert load_flow(half, catalogue).titles == {"nb": {"main": "Hovedmeny"}, "en": {}, "nn": {}}
