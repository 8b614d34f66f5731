"""What a change means in words, and that every new fact brings its origin."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ivr.base.errors import DefinitionError
from ivr.line.directory import load_directory
from ivr.line.directory.load import assemble, read_tables
from ivr.operations.directory_import import Verification, compare, merge, read_sheets, verified

Write = Callable[..., Path]
TODAY = date(2026, 3, 1)
NUMBER = "id;number;number_source;number_date;number_confidence\n"
COVER = "municipality;centre;source;date;confidence\n"
NOTES = "# what: w\n# source: s\n# date: 2026\n# licence: NLOD\n# attribution: Bring\n"


def _words(small: Path, *sheets: Path) -> list[str]:
    old = read_tables(small)
    new = merge(old, [found for sheet in sheets for found in read_sheets(sheet)])
    changes = compare(assemble(old, "", today=TODAY), assemble(new, "", today=TODAY))
    return [change.words for change in changes]


def _complaints(small: Path, *sheets: Path) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        _words(small, *sheets)
    return [str(complaint) for complaint in caught.value.complaints]


def test_a_new_number_is_told_with_both_numbers_and_its_origin(small: Path, sheet: Write) -> None:
    path = sheet(NUMBER + "bergen;55 56 87 11;https://bergen.example;2026-02;high\n")
    assert _words(small, path) == [
        "Bergen legevakt [bergen]: number changed from 55 56 87 00 (sourced) to 55 56 87 11 "
        "(sourced; https://bergen.example, 2026-02, confidence high)"
    ]


def test_a_stand_in_that_gets_a_number_with_a_source_is_sourced(small: Path, sheet: Write) -> None:
    (words,) = _words(small, sheet(NUMBER + "voss;55520000;https://voss.example;2026;high\n"))
    assert "from 39 00 46 21 (synthetic) to 55 52 00 00 (sourced;" in words


def test_municipalities_that_move_the_same_way_are_told_together_with_their_people(small: Path, sheet: Write) -> None:
    path = sheet(COVER + "4621;bergen;side;2026;high\n4640;sogn;own page;2020;medium\n", "coverage.csv")
    assert _words(small, path) == [
        "1 municipality moved (16347 people) from Voss legevakt [voss] to Bergen legevakt [bergen]: Voss",
        "others stand in, or in another order, for 3 centres: voss, sogn, svalbard",
    ]


def test_a_centre_that_has_nothing_to_do_any_more_is_taken_out_in_the_same_change(small: Path, sheet: Write) -> None:
    path = sheet("municipality;from;until;centre;source;date;confidence\n4622;08:30;23:00;bergen;s;2026;low\n")
    assert "kvam answers for no place" in _complaints(small, path)[0]
    old = read_tables(small)
    new = assemble(merge(old, read_sheets(path), remove=["kvam"]), "")
    assert "Kvam legevakt [kvam] is gone" in [each.words for each in compare(assemble(old, ""), new)]
    with pytest.raises(DefinitionError, match="no centre has the id 'kvm'"):
        merge(old, [], remove=["kvm"])


def test_other_hours_are_told(small: Path, sheet: Write) -> None:
    head = "municipality;from;until;centre;source;date;confidence\n"
    path = sheet(head + "4622;08:30;23:00;bergen;side;2026;high\n")
    path2 = sheet("id;no_coverage_reason\nkvam;closed\n", "centres.csv")
    assert _words(small, path, path2) == [
        "Kvam: answered by Kvam legevakt 08:30–23:00, by Voss legevakt 23:00–08:30 before, "
        "by Bergen legevakt 08:30–23:00, by Voss legevakt 23:00–08:30 now",
        "others stand in, or in another order, for 2 centres: voss, kvam",
    ]


ROSTER = "municipality;from;until;days;centre;source;date;confidence;valid_from;valid_to\n"
FROM_2027 = (
    "4640;;;;sogn;own page;2020;medium;;2026-12-31\n"
    "4640;08:00;15:00;mon-fri;kvam;side;2026;high;2027-01-01;\n"
    "4640;;;otherwise;sogn;side;2026;high;2027-01-01;\n"
)


def test_a_roster_of_weekdays_comes_in_by_a_sheet_from_a_date_on(small: Path, sheet: Write) -> None:
    assert _words(small, sheet(ROSTER + FROM_2027)) == [
        "Sogndal: answered by Sogn legevaktsentral before, by Kvam legevakt mon-fri 08:00–15:00 from 2027-01-01, "
        "by Sogn legevaktsentral until 2026-12-31, by Sogn legevaktsentral otherwise from 2027-01-01 now",
    ]


def test_a_row_is_found_again_by_its_days(small: Path, sheet: Write) -> None:
    old = merge(read_tables(small), read_sheets(sheet(ROSTER + FROM_2027)))
    new = merge(old, read_sheets(sheet(ROSTER + FROM_2027.replace("mon-fri;kvam", "mon-fri;voss"), "b.csv")))
    assert len(new["coverage.csv"].rows) == len(old["coverage.csv"].rows)
    words = [each.words for each in compare(assemble(old, "", today=TODAY), assemble(new, "", today=TODAY))]
    assert "by Voss legevakt mon-fri 08:00–15:00 from 2027-01-01" in words[0]


def test_a_roster_with_a_gap_on_a_public_holiday_is_refused_at_the_row_of_the_sheet(small: Path, sheet: Write) -> None:
    gap = FROM_2027.replace("4640;;;otherwise;", "4640;15:00;08:00;mon-fri;")
    gap += "4640;08:00;08:00;sat,sun;sogn;side;2026;high;2027-01-01;\n"
    complaints = _complaints(small, sheet(ROSTER + gap))
    assert any(each.startswith("sheet.csv:5: 4640: no centre answers") and "2027-05-17" in each for each in complaints)


def test_a_new_centre_and_what_it_answers_for_come_as_one_change(small: Path, sheet: Write) -> None:
    head = "id;name;spoken;number;status;number_source;number_confidence;structure_source;structure_confidence\n"
    centre = sheet(head + "balestrand;Balestrand;Balestrand legevakt;39004647;synthetic;none;none;side;low\n")
    cover = sheet("municipality;postcodes;centre;source;date;confidence\n4640;6899;balestrand;side;2026;low\n", "c.csv")
    assert "no such centre" in _complaints(small, cover)[0]
    assert "answers for no place" in _complaints(small, centre)[0]
    assert _words(small, centre, cover) == [
        "new centre Balestrand legevakt [balestrand]: 39 00 46 47, synthetic (none, confidence none)",
        "1 place moved from Voss legevakt [voss] to Balestrand legevakt [balestrand]: Sogndal (6899)",
        "others stand in, or in another order, for 5 centres: bergen, voss, kvam, sogn, svalbard",
    ]


def test_a_register_is_replaced_as_a_whole_and_counted(small: Path, sheet: Write) -> None:
    rows = "5003,BERGEN,4601,G\n5004,BERGEN,4601,G\n5700,VOSS,4640,G\n6851,SOGN,4640,P\n6899,BALESTRAND,4640,G\n"
    content = f"postcode,place,municipality,category\n{rows}9170,LONGYEARBYEN,2100,G\n"
    assert _words(small, sheet(NOTES + content)) == [
        "postcodes: 1 new, 1 gone, 1 in another municipality, 1 with another postal place: 5700 moved"
    ]
    assert "it lacks # what:, # source:" in "".join(_complaints(small, sheet(content)))
    short = sheet(NOTES + "postcode,municipality\n5003,4601\n")
    assert "column 'place' is missing: postcodes.csv is replaced" in "".join(_complaints(small, short))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (
            "id;number\nbergen;55568711\n",
            "sheet.csv:2:8: a new number comes with its origin: number_source,",
        ),
        (NUMBER + "bergen;55568711;side;;high\n", "sheet.csv:2:8: a new number comes with its origin: number_date not"),
        ("municipality;centre\n4621;bergen\n", "sheet.csv:2:6: a new centre comes with its origin: source, date"),
        ("municipality;clinic\n4621;Voss\n", "sheet.csv:2:6: a new clinic comes with its origin: source, date"),
        ("id;note\nvoss;a\nvoss;b\n", "sheet.csv:3: voss is already on line 2"),
    ],
    ids=["number", "no date", "centre", "clinic", "twice"],
)
def test_a_fact_without_its_origin_is_refused_with_its_place(
    content: str, complaint: str, small: Path, sheet: Write
) -> None:
    assert _complaints(small, sheet(content))[0].startswith(complaint)


def test_what_the_loader_refuses_is_said_at_its_place_in_the_sheet(small: Path, sheet: Write) -> None:
    complaints = _complaints(small, sheet(NUMBER + "bergen;41234567;side;2026;high\n"))
    assert complaints[0].startswith("sheet.csv:2:8: 41234567 is not a Norwegian fixed-line number")


def test_the_same_facts_are_no_change(small: Path, sheet: Write) -> None:
    old = read_tables(small)
    path = sheet("id;number\nbergen;55 56 87 00\n")
    assert merge(old, read_sheets(path)) == old


def test_a_verification_is_lost_with_the_number_it_was_for(small: Path, sheet: Write) -> None:
    tables = verified(read_tables(small), Verification("bergen", "55 56 87 00", "KN", TODAY))
    centre = assemble(tables, "", today=TODAY).centres["bergen"]
    assert (centre.number_provenance.last_verified, centre.number_provenance.verified_by) == (TODAY, "KN")
    path = sheet(NUMBER + "bergen;55568711;side;2026;high\n")
    again = assemble(merge(tables, read_sheets(path)), "", today=TODAY).centres["bergen"]
    assert (again.number_provenance.last_verified, again.number_provenance.verified_by) == (None, "")


@pytest.mark.parametrize(
    ("centre", "number", "complaint"),
    [
        ("bergn", "55568700", "no centre has the id 'bergn'"),
        ("bergen", "55568701", "not the one that was dialled"),
        ("voss", "39004621", "a stand-in that reaches nobody"),
    ],
)
def test_only_the_number_that_was_dialled_is_verified(centre: str, number: str, complaint: str, small: Path) -> None:
    with pytest.raises(DefinitionError, match=complaint):
        verified(read_tables(small), Verification(centre, number, "KN", TODAY))


def test_a_source_comes_with_the_day_of_the_call(small: Path) -> None:
    tables = verified(read_tables(small), Verification("bergen", "+4755568700", "KN", TODAY, "https://b.example"))
    origin = assemble(tables, "").centres["bergen"].number_provenance
    assert (origin.source, origin.date) == ("https://b.example", "2026-03-01")


def test_a_border_that_changes_who_stands_in_is_told(small: Path) -> None:
    old = load_directory(small)
    lines = (small / "neighbours.csv").read_text("utf-8").splitlines(keepends=True)
    (small / "neighbours.csv").write_text("".join(line for line in lines if "4621" not in line), "utf-8")
    changes = compare(old, load_directory(small))
    assert [change.kind for change in changes] == ["backups"]
    assert "voss" in changes[0].words


def test_a_place_that_is_gone_is_told_with_its_successor(small: Path) -> None:
    old = load_directory(small)
    for name, line in (("municipalities.csv", "4621,"), ("coverage.csv", "4621,"), ("postcodes.csv", "5700,")):
        text = (small / name).read_text("utf-8").splitlines(keepends=True)
        (small / name).write_text("".join(each for each in text if not each.startswith(line)), "utf-8")
    for name in ("neighbours.csv", "treatment.csv"):
        text = (small / name).read_text("utf-8").splitlines(keepends=True)
        (small / name).write_text("".join(each for each in text if "4621" not in each), "utf-8")
    with (small / "merged_codes.csv").open("a", encoding="utf-8") as file:
        file.write("4621,Voss,4622,2026-01-01\n")
    words = [change.words for change in compare(old, load_directory(small))]
    assert "municipality Voss (4621) is gone, now Kvam" in words
    assert "postcodes: 1 gone" in words
    assert "old municipality numbers: 1 changed: 4621" in words
