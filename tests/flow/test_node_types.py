"""Each node type has a case file that is played, a row in docs/flow.md, and every way of it in the picture."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml

from ivr.line.directory import Directory
from ivr.line.flow import nodes
from ivr.line.flow.describe import Description
from ivr.line.flow.events import OutageKind
from ivr.line.flow.model import Flow
from ivr.line.flow.nodes import NODE_TYPES, Fields
from ivr.line.flow.nodes.by_caller import ByCaller
from ivr.line.languages import Catalogue
from tests.flow.case_files import DOCS, EXPECTED, FOLDER, GIVEN, HAPPENINGS, Case, CaseFile, lacking, outcome, play


def _cases() -> Iterator[tuple[CaseFile, Case]]:
    for path in sorted(FOLDER.glob("*.yaml")):
        file = CaseFile(path)
        yield from ((file, case) for case in file.cases)


CASES = {f"{file.path.stem}: {case['name']}": (file, case) for file, case in _cases()}


@pytest.mark.parametrize("name", CASES)
def test_a_node_says_and_does_what_its_case_file_has(
    name: str, directory: Directory, mute: Directory, catalogue: Catalogue, tmp_path: Path
) -> None:
    file, case = CASES[name]
    flow = file.flow(tmp_path, catalogue, practice=case.get("practice", False))
    step = play(file, case, flow, mute if case.get("mute") else directory, catalogue)
    assert outcome(step, case) == {field: case[field] for field in EXPECTED if field in case}


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_one_happening_and_known_fields_and_expects_something(name: str) -> None:
    case = CASES[name][1]
    assert set(case) <= {*GIVEN, *HAPPENINGS, *EXPECTED}
    assert len(set(case) & set(HAPPENINGS)) == 1
    assert set(case) & set(EXPECTED)


@pytest.mark.parametrize("name", NODE_TYPES)
def test_a_node_type_has_cases_a_row_in_the_docs_and_is_drawn(name: str, catalogue: Catalogue, tmp_path: Path) -> None:
    assert lacking(name, FOLDER, DOCS.read_text("utf-8"), tmp_path, catalogue) == []


def test_a_case_file_belongs_to_a_node_type() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(NODE_TYPES)


def test_every_file_in_the_folder_of_node_types_is_one_but_the_reader_of_fields() -> None:
    folder = Path(nodes.__file__).parent
    assert list(NODE_TYPES) == sorted({path.stem for path in folder.glob("[!_]*.py")} - {"fields"})


def test_the_key_of_a_mistake_is_said_to_lead_back(flow: Flow) -> None:
    """The checker plays such a key anew for each node that the call may have come from."""
    assert {name: each.returns for name, each in flow.described.items() if each.returns} == {flow.red_flag: {"2"}}


def test_a_node_says_what_is_spoken_of_an_outage_and_how_many_centres_it_counts(flow: Flow) -> None:
    described = flow.described
    assert described["connect"].outages[OutageKind.CLOSED] == ("OUTAGE_CLOSED", "STAND_IN")
    assert described["confirm"].outages[OutageKind.FAULT] == ("OUTAGE",)
    assert (described["fail"].most_centres, described["main"].most_centres) == (3, 0)


@dataclass(frozen=True)
class Silent(ByCaller):
    """A node type that does not say that it leads to `abroad`."""

    @classmethod
    def parse(cls, node_id: str, fields: Fields) -> "Silent":
        return cls(node_id, fields.node("abroad"), fields.node("otherwise"))

    def describe(self) -> Description:
        described = super().describe()
        return replace(described, edges=described.edges[1:])


class TestANewNodeTypeIsRefused:
    """`Silent` stands for a type that somebody adds."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """Case files, with one of the new type."""
        node = {"type": "silent", "abroad": "abroad", "otherwise": "main"}
        content = {"node": node, "cases": [{"name": "a case", "enters": True, "goes": ["main"]}]}
        (tmp_path / "silent.yaml").write_text(yaml.safe_dump(content), "utf-8")
        return tmp_path

    @pytest.fixture(autouse=True)
    def _added(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(NODE_TYPES, "silent", Silent.parse)

    def test_without_a_case_file(self, catalogue: Catalogue, tmp_path: Path) -> None:
        found = lacking("silent", FOLDER, "", tmp_path, catalogue)
        assert found == ["silent: no case file silent.yaml"]

    def test_without_a_case_in_it(self, folder: Path, catalogue: Catalogue, tmp_path: Path) -> None:
        content = yaml.safe_load((folder / "silent.yaml").read_text("utf-8"))
        (folder / "silent.yaml").write_text(yaml.safe_dump({**content, "cases": []}), "utf-8")
        found = lacking("silent", folder, "", tmp_path, catalogue)
        assert found == ["silent: silent.yaml plays no case"]

    def test_without_its_fields_in_the_docs(self, folder: Path, catalogue: Catalogue, tmp_path: Path) -> None:
        docs = "| `silent` | says nothing | `otherwise` |"
        found = lacking("silent", folder, docs, tmp_path, catalogue)
        assert "silent: docs/flow.md has no `abroad`" in found
        assert "silent: docs/flow.md has no `otherwise`" not in found

    def test_without_each_of_its_ways_in_the_picture(self, folder: Path, catalogue: Catalogue, tmp_path: Path) -> None:
        docs = "| `silent` | says nothing | `abroad`, `otherwise` |"
        found = lacking("silent", folder, docs, tmp_path, catalogue)
        assert found == ["silent: its field names 'abroad', and it does not say that it leads there"]
