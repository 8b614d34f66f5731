"""`ivr directory`: what it prints and how it exits."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.directory import directory as command


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_counts_say_what_is_sourced_synthetic_and_assumed() -> None:
    counts = json.loads(run("counts", "--json").stdout)
    by_status = {status: (row["centres"], row["municipalities"]) for status, row in counts["by_status"].items()}
    assert by_status == {"sourced": (28, 81), "synthetic": (80, 186), "assumed": (92, 90)}
    assert [row["share_of_population"] for row in counts["by_status"].values()] == [0.4362, 0.4937, 0.0701]
    assert counts["verified"] == 0


def test_counts_for_people_hold_the_same_figures() -> None:
    output = run("counts").stdout
    assert "not verified" in output
    assert "5122 postcodes" in output
    assert [line.split()[:3] for line in output.splitlines()[2:5]] == [
        ["sourced", "28", "81"],
        ["synthetic", "80", "186"],
        ["assumed", "92", "90"],
    ]


def test_the_documentation_prints_the_same_counts() -> None:
    document = Path(__file__).parents[2] / "docs" / "directory.md"
    printed = run("counts").stdout.splitlines()[1:]  # the first line names the version, which any edit changes
    assert "\n".join(printed) in document.read_text("utf-8")


def test_a_number_is_never_shown_as_current() -> None:
    output = run("show", "4601").output
    assert "55 56 87 00  sourced: copied from a page dated 2020 or later, not verified" in output
    assert "if life is in danger, 113" in output


def test_show_answers_for_a_moment() -> None:
    night = json.loads(run("show", "4622", "--at", "2026-03-01T02:30", "--json").stdout)
    day = json.loads(run("show", "4622", "--at", "2026-03-01T12:30", "--json").stdout)
    assert [p["places"][0]["answering"]["id"] for p in (night, day)] == ["voss", "kvam"]
    assert day["places"][0]["alternative"] == "voss"


def test_four_digits_that_mean_two_things_show_both() -> None:
    places = json.loads(run("show", "5501", "--json").stdout)["places"]
    assert [(p["asked_as"], p["name"]) for p in places] == [
        ("municipality number", "Tromsø"),
        ("postcode", "Haugesund"),
    ]


def test_an_old_number_shows_its_successors() -> None:
    places = json.loads(run("show", "1850", "--json").stdout)["places"]
    names = [p["name"] for p in places if p["asked_as"] == "old municipality number"]
    assert names == ["Narvik", "Hamarøy"]


@pytest.mark.parametrize("digits", ["55568700", "55 56 87 00", "+4755568700"])
def test_eight_digits_show_their_centre(digits: str) -> None:
    assert "Bergen legevakt [bergen]" in run("show", digits).output


def test_show_names_the_place_of_treatment() -> None:
    assert "treated at: Skjervøy legevakt" in run("show", "5542").output


def test_what_is_found_nowhere_exits_with_1() -> None:
    result = run("show", "9999")
    assert result.exit_code == 1
    assert "9999" in result.output
    assert "search" not in result.output


def test_who_shows_a_name_is_led_to_the_search() -> None:
    result = run("show", "Nord-Fron")
    assert result.exit_code == 1
    assert "names are found by `ivr directory search`" in result.output


def test_a_moment_that_is_none_exits_with_2() -> None:
    assert run("show", "4601", "--at", "tomorrow").exit_code == 2


def test_check_finds_the_bundled_directory_sound() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "357 municipalities, 200 centres" in result.output


def test_check_prints_one_complaint_a_line_and_exits_with_1(small: Path) -> None:
    path = small / "centres.csv"
    path.write_text(path.read_text("utf-8").replace("55568700", "113").replace("39004621", "820"), "utf-8")
    result = run("check", "--directory", str(small))
    assert result.exit_code == 1
    assert [line.split(":")[:2] for line in result.stdout.splitlines()] == [
        ["centres.csv", "7"],
        ["centres.csv", "8"],
    ]


def test_list_shows_every_centre_with_its_status() -> None:
    lines = run("list").stdout.splitlines()[:-1]
    assert len(lines) == 200
    assert all(line.split()[2] in ("sourced", "synthetic", "assumed") for line in lines)
    assert len(json.loads(run("list", "--json").stdout)) == 200


def test_no_colour_where_nobody_looks() -> None:
    assert "\x1b" not in run("list").output + run("counts").output
