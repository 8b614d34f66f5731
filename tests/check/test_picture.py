"""The picture shows every node, goes down, and draws nothing over anything else."""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from ivr.cli.graph import graph
from ivr.line.flow.model import Flow
from ivr.proof.check.picture import Overlay, as_mermaid, as_svg, outline
from ivr.proof.check.picture.layout import lay_out, upward
from tests.check.damage import FLOW, damaged

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def svg(flow: Flow) -> ElementTree.Element:
    return ElementTree.fromstring(as_svg(flow))  # noqa: S314


def _boxes(svg: ElementTree.Element) -> dict[str, tuple[float, float, float, float]]:
    found = {}
    for group in svg.iter(f"{SVG}g"):
        rect = next(group.iter(f"{SVG}rect"))
        x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        found[group.attrib["id"]] = (x, y, x + width, y + height)
    return found


def test_every_node_has_one_box_and_no_two_overlap(svg: ElementTree.Element, flow: Flow) -> None:
    boxes = _boxes(svg)
    assert set(boxes) == set(flow.nodes)
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (one, other)


def test_everything_lies_on_the_page(svg: ElementTree.Element) -> None:
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    assert width < 2000
    for left, top, right, bottom in _boxes(svg).values():
        assert left >= 0
        assert top >= 0
        assert right <= width
        assert bottom <= height


def test_lines_run_down_and_failures_are_dashed(svg: ElementTree.Element) -> None:
    lines = [path for path in svg.iter(f"{SVG}path") if "marker-end" in path.attrib]
    assert len(lines) > 30
    assert any("stroke-dasharray" in path.attrib for path in lines)
    for path in lines:
        way = path.attrib["d"].replace("M", " ").replace("C", " ").split()
        assert float(way[1]) < float(way[-1])


def test_keys_stand_at_the_lines_and_ways_back_in_the_boxes(svg: ElementTree.Element) -> None:
    texts = {text.text for text in svg.iter(f"{SVG}text")}
    assert {"1, 2, 3 or silence", "from abroad", "no answer", "found"} <= texts
    assert {"3: info", "silence 2×: person", "key 9, from everywhere"} <= texts


def test_the_global_keys_are_no_lines(flow: Flow) -> None:
    to_person = [line for line in outline(flow).lines if line.end == flow.person]
    assert to_person == []


def test_mermaid_names_every_node_and_dashes_failures(flow: Flow) -> None:
    text = as_mermaid(flow)
    assert text.startswith("flowchart TD\n")
    assert all(f"  n_{node}" in text for node in flow.nodes)
    assert 'n_go_on -.->|"no answer"| n_fail' in text


def test_a_circle_is_turned_round_for_placing() -> None:
    sizes = dict.fromkeys("abcd", (50.0, 20.0))
    lines = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]
    assert upward("abcd", lines, "a") == {("c", "a")}
    layout = lay_out(sizes, [*lines, ("d", "d")], "a")
    assert not any(one.overlaps(other) for one, other in combinations(layout.places.values(), 2))
    assert len(layout.bends[("c", "a")]) == 1


def test_an_empty_picture_is_no_fault() -> None:
    assert lay_out({}, [], "a").places == {}


def test_the_command_draws_to_the_screen_or_into_a_file(tmp_path: Path) -> None:
    screen = CliRunner().invoke(graph, ["--format", "mermaid"])
    assert screen.stdout.startswith("flowchart TD")
    target = tmp_path / "flow.svg"
    assert CliRunner().invoke(graph, ["-o", str(target)]).exit_code == 0
    assert target.read_text("utf-8").startswith("<svg")


def test_another_flow_is_drawn_by_its_path(tmp_path: Path) -> None:
    path = damaged(
        tmp_path, [(FLOW, "  caller:\n", "  island: {type: say, say: [TO_PERSON], next: main}\n\n  caller:\n")]
    )
    assert "n_island" in CliRunner().invoke(graph, [str(path), "--format", "mermaid"]).output


def test_the_picture_in_the_docs_is_that_of_the_bundled_flow(flow: Flow) -> None:
    drawn = (Path(__file__).parents[2] / "docs" / "images" / "flow.svg").read_text("utf-8")
    assert drawn == as_svg(flow), "draw it anew: ivr graph -o docs/images/flow.svg"


def test_no_label_of_the_bundled_flow_covers_another_or_a_box(flow: Flow) -> None:
    found = re.findall(r'<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"', as_svg(flow))
    drawn = [tuple(map(float, each)) for each in found][1:]  # without the ground
    for index, (x, y, width, height) in enumerate(drawn):
        for left, top, wide, high in drawn[index + 1 :]:
            apart = left >= x + width or x >= left + wide or top >= y + height or y >= top + high
            assert apart, ((x, y), (left, top))


def test_the_way_of_a_call_is_drawn_thick_and_steps_have_their_counts(flow: Flow) -> None:
    taken = Overlay.of_way(("open", "language", "practice_banner"))
    assert as_svg(flow, overlay=taken).count('stroke-width="4"') == len(taken.nodes) + len(taken.way)
    assert ">41</text>" in as_svg(flow, overlay=Overlay(counts={("open", "language"): 41}))
