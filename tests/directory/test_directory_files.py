"""What is wrong with a folder of files, and what is put right in silence. The broken ones are in broken.yaml."""

import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.base.errors import Complaint, DefinitionError
from ivr.line.directory import Place, load_directory
from ivr.line.directory.files import MAX_BYTES
from ivr.line.directory.schema import FILES
from tests.damage import replace_in

CASES = yaml.safe_load((Path(__file__).parent / "broken.yaml").read_text("utf-8"))


def damage(folder: Path, case: dict[str, Any]) -> None:
    path = folder / case["file"]
    if "delete" in case:
        path.unlink()
        return
    text = case.get("write") or path.read_text("utf-8")
    assert case.get("find", "") in text, "the case does not fit the small directory any more"
    text = text.replace(case.get("find", ""), case.get("replace", ""), 1)
    path.write_bytes(text.encode(case.get("encoding", "utf-8")))


@pytest.mark.parametrize("case", CASES, ids=[case["rule"] for case in CASES])
def test_a_broken_directory_is_refused_with_file_and_line(case: dict[str, Any], small: Path) -> None:
    damage(small, case)
    with pytest.raises(DefinitionError) as caught:
        load_directory(small, today=date(2026, 3, 1))
    assert [str(complaint) for complaint in caught.value.complaints] == case["complaints"]
    assert all(type(number) is int for c in caught.value.complaints for number in (c.line, c.column))


def test_all_complaints_come_together(small: Path) -> None:
    for case in CASES:
        if case["rule"] in (
            "a mobile is no centre's",
            "two centres do not share a number",
            "a kind of border is one of three",
        ):
            damage(small, case)
    with pytest.raises(DefinitionError) as caught:
        load_directory(small)
    assert {c.file for c in caught.value.complaints} == {"centres.csv", "neighbours.csv"}
    assert len(caught.value.complaints) == 3


def test_the_small_directory_is_sound(small: Path) -> None:
    assert load_directory(small, today=date(2026, 3, 1)).place_name is not None


def test_a_directory_of_one_region_is_enough(small: Path) -> None:
    for name in ("areas.csv", "treatment.csv", "merged_codes.csv", "superseded.csv", "neighbours.csv"):
        lines = (small / name).read_text("utf-8").splitlines(keepends=True)
        (small / name).write_text("".join(lines[:6]), "utf-8")
    for name in ("postcodes.csv", "coverage.csv", "centres.csv", "area_codes.csv"):
        lines = (small / name).read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if ("2100" not in line and "valbard," not in line) or line.startswith("id,")]
        (small / name).write_text("".join(kept), "utf-8")
    region = load_directory(small)
    assert [b.id for b in region.backups(region.centres["bergen"])] == ["voss", "sogn"]


@pytest.mark.parametrize(
    "harmless",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace(",", "\u00a0, "),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text + "\n\n",
    ],
    ids=["byte order mark", "CRLF", "CR", "no-break spaces", "decomposed letters", "empty lines at the end"],
)
@pytest.mark.parametrize("name", ["areas.csv", "coverage.csv", "municipalities.csv"])
def test_what_spreadsheets_do_is_put_right(harmless: Any, name: str, small: Path) -> None:
    path = small / name
    path.write_bytes(harmless(path.read_text("utf-8").replace("Voss", "Våss")).encode())
    mended = load_directory(small)
    assert mended.municipalities["4601"].name == "Bergen"
    if name == "municipalities.csv":
        assert mended.municipalities["4621"].name == "Våss"


def test_no_break_spaces_within_a_name_become_spaces(small: Path) -> None:
    replace_in(small / "municipalities.csv", "Voss", "Voss\u00a0og\u202fmer")
    assert load_directory(small).municipalities["4621"].name == "Voss og mer"


def test_a_file_may_be_as_large_as_the_limit(small: Path) -> None:
    path = small / "areas.csv"
    text = path.read_text("utf-8")
    path.write_text("#" * (MAX_BYTES - len(text) - 1) + "\n" + text, "utf-8")
    assert path.stat().st_size == MAX_BYTES
    assert set(load_directory(small).areas) == {"2100"}


def test_a_change_that_was_cut_off_is_said_before_anything_else(small: Path) -> None:
    (small / "areas.csv").unlink()
    (small / "before-change").mkdir()
    (small / "before-change" / "centres.csv").write_text("another", "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_directory(small)
    message = (
        "a change of several files was interrupted here: run `ivr directory import --restore` to restore the old files"
    )
    assert caught.value.complaints == (Complaint("before-change", 0, 0, message),)


def test_a_file_beyond_all_reason_is_not_read(small: Path) -> None:
    (small / "areas.csv").write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(DefinitionError) as caught:
        load_directory(small)
    assert caught.value.complaints == (Complaint("areas.csv", 0, 0, f"is larger than {MAX_BYTES} bytes"),)


@pytest.mark.parametrize("point", ["57.1,5.38", "81.9,5.38", "60.39,-9.9", "60.39,34.9"])
def test_a_place_may_lie_anywhere_in_norway(point: str, small: Path) -> None:
    move_bergen(small, point)
    latitude, longitude = map(float, point.split(","))
    bergen = load_directory(small).municipalities["4601"]
    assert (bergen.latitude, bergen.longitude) == (latitude, longitude)


@pytest.mark.parametrize("point", ["57,5.38", "82,5.38", "60.39,-10", "60.39,35", "nan,5.38", "60.39,nan", "inf,5.38"])
def test_a_place_outside_norway_is_refused(point: str, small: Path) -> None:
    move_bergen(small, point)
    with pytest.raises(DefinitionError, match="is not in Norway"):
        load_directory(small)


def move_bergen(folder: Path, point: str) -> None:
    replace_in(folder / "municipalities.csv", "60.39,5.38", point)


def test_days_of_a_centre_its_rows_and_its_postcodes_may_meet_exactly(small: Path) -> None:
    replace_in(
        small / "centres.csv", "own page,,medium,voss,,,,,,,", "own page,,medium,voss,,,,,2026-02-01,2026-12-31,"
    )
    rows = """\
4622,,08:30,23:00,kvam,own page,,medium,2026-02-01,2026-12-31,
4622,,23:00,08:30,voss,own page,,medium,2026-02-01,2026-12-31,
4622,,,,sogn,own page,,medium,2027-01-01,2027-01-01,
4622,,,,voss,own page,,medium,2027-01-02,,
"""
    old = """\
4622,,08:30,23:00,kvam,own page,,medium,,,
4622,,23:00,08:30,voss,own page,,medium,,,
"""
    replace_in(small / "coverage.csv", old, rows)
    replace_in(
        small / "coverage.csv",
        "4640,6899,,,voss,made up for the tests,,low,,,",
        "4640,6899,,,voss,made up too,,low,2027-01-01,,",
    )
    replace_in(small / "centres.csv", "own page,2020,high,,,own page", "own page,2020,high,2026-02-01,me,own page")
    first_day = load_directory(small, today=date(2026, 2, 1))
    assert first_day.by_number("39004622") is first_day.centres["kvam"]
    assert load_directory(small).by_number("39004622") is None  # of no day in particular, it does not last
    assert load_directory(small, today=date(2027, 1, 1)).by_number("39004622") is None


def test_a_municipality_may_have_several_places_of_treatment(small: Path) -> None:
    row = "4622,Norheimsund legesenter,,own page,,medium,\n"
    replace_in(
        small / "treatment.csv", row, row + row.replace("Norheimsund", "Ålvik") + row.replace(",,own", ",at night,own")
    )
    found = load_directory(small).treatments(Place("4622"))
    assert [(t.clinic, t.when) for t in found] == [
        ("Norheimsund legesenter", ""),
        ("Ålvik legesenter", ""),
        ("Norheimsund legesenter", "at night"),
    ]


def test_a_folder_that_is_not_there_names_every_file(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_directory(tmp_path / "nowhere")
    assert {complaint.file for complaint in caught.value.complaints} == set(FILES)


def test_the_version_changes_with_any_file(small: Path) -> None:
    before = load_directory(small).version
    assert len(before) == 8
    path = small / "treatment.csv"
    path.write_text(path.read_text("utf-8").replace("Norheimsund", "Øystese"), "utf-8")
    assert load_directory(small).version not in ("", before)


@pytest.mark.parametrize("name", FILES)
def test_rubbish_is_a_complaint_and_never_a_traceback(name: str, small: Path) -> None:
    for rubbish in (b"\x00\xff", b'"', b"a,b\n1,2,3\n", b"\n" * 50, b",,,,,,\n" * 50, b"# what\n"):
        (small / name).write_bytes(rubbish)
        with pytest.raises(DefinitionError):
            load_directory(small)
