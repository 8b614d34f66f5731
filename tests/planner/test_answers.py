"""Answers: intervals, words, the page and its map, in a browser where there is one."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from markupsafe import escape

from ivr.base.errors import DefinitionError
from ivr.cli import group
from ivr.line.directory import load_directory
from ivr.planner import answer_text
from ivr.planner.answer import answer, interval
from ivr.planner.assumptions import sources
from ivr.planner.build import Builder
from ivr.planner.map import tile_map
from ivr.planner.operators import by_hour, lines
from ivr.planner.page import page
from ivr.planner.plan import Plan
from ivr.planner.scene import play
from tests.browser import NARROW, WIDE, Opener, browser, open_tab
from tests.planner.conftest import SMALL, Reader, changed
from tests.planner.sample import PLANNED, answered, made

__all__ = ["browser", "open_tab"]


@pytest.fixture(scope="module")
def found(builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> answer_text.Answer:
    return made(builder, tmp_path_factory.mktemp("plan"))


def test_the_sample_that_other_tests_show_is_what_is_answered(found: answer_text.Answer) -> None:
    """The same callers, the same answer, on every machine and in every version of the libraries."""
    assert json.loads(json.dumps(found)) == json.loads(PLANNED.read_text("utf-8"))


def test_the_interval_is_students_over_the_runs() -> None:
    """1, 2, 3: mean 2, standard deviation 1, and 4.303 for two degrees of freedom."""
    told = interval([1.0, 2.0, 3.0])
    assert told
    assert told["mean"] == 2.0
    assert told["high"] - 2.0 == pytest.approx(4.303 / 3**0.5, rel=1e-3)
    assert interval([5.0]) == {"mean": 5.0}


def test_no_interval_of_shares_is_wider_than_shares_are() -> None:
    assert interval([0.1, 0.9], 0, 1) == {"mean": 0.5, "low": 0, "high": 1}


def test_where_nobody_is_answered_no_seconds_are_told(builder: Builder, today: Plan, read: Reader) -> None:
    centres = sorted({each.id for each in builder.service(today).directory.centres.values()})
    closed = "".join(f"  - {{centre: {each}, closed: '00:00-24:00'}}\n" for each in centres)
    none = changed(today, read(f"name: none\nchanges:\n{closed}"))
    found = answered(builder, none)
    for name in ("median_wait", "red_median", "red_nine_in_ten"):
        assert found["figures"][name]["base"]["mean"] > 0
        assert (found["figures"][name]["plan"], found["figures"][name]["difference"]) == (None, None)
    assert found["figures"]["within_two_minutes"]["plan"]["mean"] == 0
    text = "\n".join(answer_text.lines(found))
    assert "In a run no caller with signs of danger to life talks to a person. Without the plan half of them do" in text
    assert '"plan": null' in json.dumps(found, allow_nan=False)
    assert "None" not in page(found)


def test_where_nobody_calls_no_share_is_told(builder: Builder, today: Plan, read: Reader) -> None:
    nobody = changed(today, read("name: nobody\nchanges:\n  - {demand: {factor: 0}}\n"))
    found = answered(builder, nobody)
    assert found["figures"]["within_two_minutes"]["plan"] is None
    assert "In a run no call rings a centre with the plan" in answer_text.sentences(found)[0]


def test_a_menu_is_not_shorter_than_the_words_of_113(builder: Builder, today: Plan) -> None:
    with pytest.raises(DefinitionError, match=r"menu: -60 would let a centre ring .* words of 113 are heard first"):
        builder.scene(replace(today, menu=-60))


def test_a_flow_that_rings_soon_is_planned_as_it_is(
    builder: Builder, today: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No plan has made its menu shorter."""
    monkeypatch.setattr("ivr.planner.player._SOONEST", 1e6)
    assert builder.scene(replace(today, calls=1234.0)).centres


def test_the_answer_is_json_and_says_every_assumption_with_its_source(found: answer_text.Answer) -> None:
    read = json.loads(json.dumps(found))
    assert {each["name"] for each in read["assumptions"]} == set(sources())
    assert all(each["source"] for each in read["assumptions"])


def test_an_assumption_that_the_file_changes_names_the_file(builder: Builder, read: Reader) -> None:
    plan = read("name: x\nassumptions: {patience: 300}\n").plan
    assert plan.assumed.patience == 300
    assert plan.stated == {"patience": "plan.yaml:2"}


def test_fewer_operators_are_told_from_chance_where_they_are(found: answer_text.Answer) -> None:
    bergen = next(each for each in found["centres"] if each["id"] == "bergen")
    assert answer_text.is_told_from_chance(bergen["difference"])
    assert bergen["difference"]["mean"] < 0
    text = " ".join(answer_text.sentences(found))
    assert "In Bergen" in text
    assert "with 95 % confidence" in text


def test_the_text_has_the_changes_the_figures_and_the_assumptions(found: answer_text.Answer) -> None:
    text = "\n".join(answer_text.lines(found))
    assert "Voss legevakt is closed from 22:00 to 08:00" in text
    assert "Bergen legevakt has 1 operator" in text
    for name in sources():
        assert f"\n{name}" in text
    assert "None" not in text


def test_a_share_of_few_calls_is_not_told(builder: Builder, today: Plan) -> None:
    few = replace(today, calls=3000.0, replications=1)
    scene = builder.scene(few)
    runs = [play(scene, 1, 0)]
    told = answer(few, few, (scene, scene), (runs, runs), builder.service(few).directory)
    kvam = next(each for each in told["municipalities"] if each["name"] == "Kvam")
    assert kvam["plan"] is None
    assert answer_text.NOTHING in answer_text.place_rows([kvam])[0]
    assert "none" in {each.css for each in tile_map(told["municipalities"], "plan", "x").squares}


def test_the_page_says_the_same_as_the_text_and_asks_for_nothing(found: answer_text.Answer) -> None:
    text = page(found)
    assert "Voss &lt;closed&gt; &amp; fewer in Bergen" in text
    assert "<script" not in text
    assert not re.search(r"(?:src|href|url)\s*[=(]", text)
    for row in answer_text.figure_rows(found):
        assert all(escape(cell) in text for cell in row)


def _maps(text: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(each) for each in re.findall("<svg.*?</svg>", text, re.DOTALL)]  # noqa: S314 - ours


def test_every_municipality_is_in_the_maps_once_and_in_the_list(found: answer_text.Answer) -> None:
    for drawn in _maps(page(found)):
        squares = [(each.get("x"), each.get("y")) for each in drawn.iter("rect")]
        assert len(set(squares)) == len(squares) == len(found["municipalities"])
    assert all(f'<th scope="row">{each["name"]}</th>' in page(found) for each in found["municipalities"])


def test_a_map_of_the_whole_country_has_a_square_for_each_municipality() -> None:
    directory = load_directory()
    places = [
        {"name": each.name, "latitude": each.latitude, "longitude": each.longitude, "plan": {"mean": 0.95}}
        for each in directory.municipalities.values()
    ]
    drawn = tile_map(places, "plan", "x")
    assert len({(each.x, each.y) for each in drawn.squares}) == len(places)
    assert drawn.width <= 40 * 16  # so that a square is ten points wide on the narrowest screen


def test_no_meaning_of_the_map_lies_in_colour_alone(found: answer_text.Answer) -> None:
    """Squares of another colour have another sign."""
    maps = _maps(page(found))
    assert len(maps) == 2  # of the plan, of the difference
    for drawn in maps:
        signs: dict[str, set[str]] = {}
        for square in drawn.iter("g"):
            rect, text = square.find("rect"), square.find("text")
            assert rect is not None
            signs.setdefault(str(rect.get("class")), set()).add(str(text.text) if text is not None else "")
        several = list(signs.values())
        assert not any(one & other for number, one in enumerate(several) for other in several[:number])


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_page_is_accessible_and_fits_the_screen(
    found: answer_text.Answer, tmp_path: Path, open_tab: Opener, size: tuple[int, int]
) -> None:
    path = tmp_path / "page.html"
    path.write_text(page(found), "utf-8")
    tab = open_tab(path.as_uri(), size)
    tab.assert_accessible()
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    tab.page.emulate_media(media="print")
    assert tab.page.locator("svg.map").first.is_visible()


def test_operators_are_told_hour_by_hour(builder: Builder, today: Plan) -> None:
    scene = builder.scene(today)
    told = by_hour(scene, builder.service(today).directory)
    assert len(told["needs"]) == len(told["lacks"]) == 168
    assert all(len(each["needs"]) == 168 for each in told["centres"])
    assert any("lack operators in some hour" in line for line in lines(told))


@pytest.mark.parametrize(
    ("arguments", "words_"),
    [(["nowhere.yaml"], "cannot be read"), (["--page", "x.html", "a.yaml", "b.yaml"], "")],
)
def test_a_command_line_that_is_wrong_is_exit_code_2(arguments: list[str], words_: str) -> None:
    result = CliRunner().invoke(group, ["plan", *arguments])
    assert result.exit_code == 2
    assert words_ in result.output


def test_a_bad_plan_writes_no_page(tmp_path: Path) -> None:
    plan, written = tmp_path / "plan.yaml", tmp_path / "page.html"
    plan.write_text("name: x\nyear: 1900\n", "utf-8")
    result = CliRunner().invoke(group, ["plan", str(plan), "--page", str(written)])
    assert (result.exit_code, written.exists()) == (2, False)
    assert f"{plan}:2:7: 1900 is outside 2020 to 2100" in result.output


def test_the_command_answers_a_plan_as_json_page_and_text(tmp_path: Path) -> None:
    plan, written = tmp_path / "plan.yaml", tmp_path / "page.html"
    plan.write_text(
        "name: x\nfrom: 2027-05-10\nto: 2027-05-12\nchanges:\n  - {centre: bergen, operators: +1}\n", "utf-8"
    )
    environment = {"IVR_DIRECTORY": str(SMALL), "XDG_CACHE_HOME": str(tmp_path)}
    more = ["--replications", "2", "--processes", "1", "--page", str(written), "--json"]
    result = CliRunner(env=environment).invoke(group, ["plan", str(plan), *more])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["name"], told["replications"]) == ("x", 2)
    assert "<h1>x</h1>" in written.read_text("utf-8")
    again = CliRunner(env=environment).invoke(group, ["plan", str(plan), "--replications", "1", "--sweep"])
    assert again.exit_code == 0, again.output
    assert "operators" in again.stdout


def test_the_template_is_printed() -> None:
    result = CliRunner().invoke(group, ["plan", "template"])
    assert result.exit_code == 0
    assert result.output.startswith("# A plan:")
