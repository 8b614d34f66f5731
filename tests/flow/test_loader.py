"""A wrong flow is refused as a whole, with the place and the way out."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.errors import DefinitionError
from ivr.flow.loader import load_flow
from ivr.prompts import Catalogue, load_prompts
from tests.flow.damage import damaged

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


def test_all_complaints_come_together(flow_file: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    path = damaged(flow_file, tmp_path, "say: [OTHER]", "say: [OTHR]")
    path = damaged(path, tmp_path, "silence: nb", "silence: se")
    with pytest.raises(DefinitionError) as caught:
        load_flow(path, catalogue)
    assert len(caught.value.complaints) == 2


def test_a_flow_that_is_a_list_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "flow.yaml"
    path.write_text("- a\n", "utf-8")
    with pytest.raises(DefinitionError, match="a flow is a mapping"):
        load_flow(path, catalogue)


def test_prompts_without_the_retry_text_are_refused(flow_file: Path, tmp_path: Path) -> None:
    for source in (flow_file.parent / "prompts").glob("*.yaml"):
        damaged(source, tmp_path, "  RETRY_PREFIX:", "  RETRY_OTHERWISE:")
    with pytest.raises(DefinitionError, match="lack RETRY_PREFIX"):
        load_flow(flow_file, load_prompts(tmp_path))


def test_the_version_changes_with_the_flow_and_with_the_prompts(
    flow_file: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    version = load_flow(flow_file, catalogue).version
    changed_flow = damaged(flow_file, tmp_path, "errors: 4", "errors: 5")
    for source in (flow_file.parent / "prompts").glob("*.yaml"):
        damaged(source, tmp_path / "prompts", "RED_1: ", "RED_1: Oh! ")
    changed_prompts: Any = load_prompts(tmp_path / "prompts")
    versions = {version, load_flow(changed_flow, catalogue).version, load_flow(flow_file, changed_prompts).version}
    assert len(versions) == 3
