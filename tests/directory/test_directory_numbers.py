"""Which numbers there are and what may be dialled. `phonenumbers` is the oracle we did not write."""

import dataclasses
import re
from datetime import date
from pathlib import Path

import phonenumbers
import pytest

from ivr.base.phone_number import PhoneNumber
from ivr.line.directory import DialTarget, Directory, NumberStatus, live_complaints, load_directory, without_targets
from ivr.line.directory.numbers import Prefix, parse_number, parse_ranges, refusal

PRACTICE = PhoneNumber("+4722222222")


def test_every_sourced_number_is_a_fixed_line_by_libphonenumber_too(directory: Directory) -> None:
    sourced = [c for c in directory.centres.values() if c.status is NumberStatus.SOURCED]
    assert len(sourced) == 28
    for centre in sourced:
        parsed = phonenumbers.parse(centre.number.e164)
        assert phonenumbers.is_valid_number(parsed), centre.id
        assert phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE, centre.id


def test_no_stand_in_can_be_anybodys_number(directory: Directory) -> None:
    for centre in directory.centres.values():
        if centre.status is not NumberStatus.SOURCED:
            assert centre.number.is_synthetic, centre.id
            assert not phonenumbers.is_valid_number(phonenumbers.parse(centre.number.e164)), centre.id


def test_libphonenumber_agrees_on_every_prefix_of_a_fixed_line() -> None:
    for prefix in range(20, 80):
        number = PhoneNumber(f"+47{prefix}345678")
        parsed = phonenumbers.parse(number.e164)
        fixed = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE
        assert fixed == (number.is_fixed_line or number.is_svalbard), prefix


def test_every_number_has_a_source_or_is_a_stand_in(directory: Directory) -> None:
    for centre in directory.centres.values():
        number = centre.number_provenance
        if centre.status is NumberStatus.SOURCED:
            assert "://" in number.source, centre.id
            assert number.date, centre.id
            assert number.confidence in ("high", "medium", "low"), centre.id
        assert number.last_verified is None, "nobody has dialled it"


def test_no_number_in_use_is_superseded(directory: Directory) -> None:
    for digits in ("22932293", "53416300", "77093600", "78991110"):
        assert directory.by_number(digits) is None


def test_a_target_is_the_centres_own_number() -> None:
    for centre in load_directory(dial="directory").centres.values():
        assert centre.target is not None
        assert (centre.target.number, centre.target.status) == (centre.number, centre.status)


def test_in_practice_every_target_is_the_practice_number() -> None:
    practice = load_directory(dial="practice", practice_number=PRACTICE)
    targets = {centre.target for centre in practice.centres.values()}
    assert [(t.number, t.status) for t in targets if t] == [(PRACTICE, NumberStatus.SYNTHETIC)]
    assert practice.centres["bergen"].number.national == "55568700"  # still read out, never dialled


def test_without_dialling_no_centre_has_a_target() -> None:
    assert {centre.target for centre in load_directory(dial="none").centres.values()} == {None}


def test_taking_the_targets_away_gives_what_loading_without_them_gives() -> None:
    taken, loaded = without_targets(load_directory()), load_directory(dial="none")
    names = [field.name for field in dataclasses.fields(Directory) if field.name != "tables"]
    assert [getattr(taken, name) for name in names] == [getattr(loaded, name) for name in names]
    assert taken.tables == loaded.tables


@pytest.mark.parametrize(
    "arguments", [{"dial": "practice"}, {"dial": "directory", "practice_number": PRACTICE}], ids=str
)
def test_a_practice_number_goes_with_practice_alone(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="practice"):
        load_directory(**arguments)  # type: ignore[arg-type]


def test_nobody_but_the_loader_makes_a_target(directory: Directory) -> None:
    with pytest.raises(TypeError, match="load_directory"):
        DialTarget(PRACTICE, NumberStatus.SOURCED, object())
    target = directory.centres["oslo"].target
    assert target is not None
    with pytest.raises(TypeError, match="load_directory"):
        dataclasses.replace(target, number=PRACTICE, made_by=None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        target.number = PRACTICE  # type: ignore[misc]


def test_nothing_in_the_directory_can_be_changed(directory: Directory) -> None:
    with pytest.raises(TypeError):
        directory.centres["oslo"] = directory.centres["bergen"]  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        directory.version = "x"  # type: ignore[misc]


# --- numbers as written in a file


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("004755568700", "without +47"),
        ("+47 55 56 87 00", "without +47"),
        ("004655568700", "foreign"),
        ("0 046 555 687 00", "foreign"),
        ("55 56 87 00", "not eight digits"),
        ("5556870x", "not eight digits"),
        ("٥٥٥٦٨٧٠٠", "not eight digits"),
        ("555687", "short number"),
        ("5556870", "has 7 digits"),
        ("555687000", "has 9 digits"),
    ],
)
def test_a_number_that_is_not_eight_digits_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        parse_number(written)


@pytest.mark.parametrize("text", ["", "4x", "40-4x", "4x-49", "40-499", "-49", "٤٠-49", "40-٤٩", "40;", "40-x9"])
def test_what_is_no_range_of_prefixes_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a prefix"):
        parse_ranges(text)


def test_a_mobile_is_refused_even_if_the_file_of_prefixes_allows_it() -> None:
    allowed = [Prefix("40-49", "mobile", "Norway", "allow", "", parse_ranges("40-49"))]
    reason = refusal(PhoneNumber("+4745568700"), NumberStatus.SOURCED, allowed, svalbard=False)
    assert reason == "45568700 is not a Norwegian fixed-line number (40-49: mobile)"


# --- fit to serve people?


def test_the_bundled_directory_is_not_fit_to_serve_people(directory: Directory) -> None:
    complaints = live_complaints(directory, date(2026, 3, 1))
    assert len(complaints) == len(directory.centres)
    assert "bergen: its number 55568700 was never verified" in complaints
    assert "voss: its number 39004619 is synthetic, not sourced" in complaints


@pytest.mark.parametrize(("verified", "fits"), [("2025-03-01", True), ("2025-02-28", False), ("2026-03-01", True)])
def test_a_number_is_verified_for_a_year(verified: str, fits: bool, small: Path) -> None:
    centres = small / "centres.csv"
    line = "own page,2020,high,,,own page"
    centres.write_text(centres.read_text("utf-8").replace(line, line.replace(",,,", f",{verified},me,")), "utf-8")
    complaints = live_complaints(load_directory(small), date(2026, 3, 1))
    assert any(c.startswith("bergen:") for c in complaints) != fits


def test_a_svalbard_number_is_taken_with_the_switch(small: Path) -> None:
    centres = small / "centres.csv"
    before = "39002100,,assumed,none,,none,,,own page,2022,medium,,,,,"
    after = "79021000,,sourced,own page,2022,low,,,own page,2022,medium,,,,yes,"
    text = centres.read_text("utf-8")
    assert before in text
    centres.write_text(text.replace(before, after), "utf-8")
    assert load_directory(small).by_number("79021000") is not None


def test_a_further_number_finds_its_centre(small: Path) -> None:
    centres = small / "centres.csv"
    centres.write_text(centres.read_text("utf-8").replace("55568700,,", "55568700,55123456,"), "utf-8")
    found = load_directory(small).by_number("55123456")
    assert found is not None
    assert found.id == "bergen"
