"""Plan files: what is wrong is said with file, line and column, and nothing is half done."""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from ivr.base.errors import DefinitionError
from ivr.line.directory import load_directory
from ivr.planner.build import Builder
from ivr.planner.counted_calls import MOST_BYTES, read_counted
from ivr.planner.plan import Closed, DemandChange, Operators, OutOfService
from ivr.planner.plan_file import Lines, read_sweep
from ivr.planner.template import TEXT
from tests.planner.conftest import SMALL, Reader

CHANGES = "name: x\nyear: 2027\nchanges:\n"
OPERATORS = "  - {centre: bergen, operators: +2"
WRONG = {
    "an unknown centre": (
        CHANGES + "  - {centre: bergn, operators: +2}\n",
        "4:14: there is no centre 'bergn'; did you",
    ),
    "a centre that is missing": (CHANGES + "  - {operators: +2}\n", "4:5: 'centre' is missing"),
    "an unknown county": (CHANGES + "  - {demand: {county: '99', factor: 2}}\n", "4:23: there is no county '99'"),
    "an unknown key": (
        CHANGES + OPERATORS + ", hour: x}\n",
        "4:37: unknown key 'hour' in change; expected",
    ),
    "no kind of change": (CHANGES + "  - {centre: bergen}\n", "4:5: expected a change with one of operators"),
    "two kinds of change": (CHANGES + OPERATORS + ", closed: '01:00-02:00'}\n", "4:5: expected a change with one of"),
    "negative staff": (CHANGES + "  - {centre: bergen, operators: -2.5}\n", "4:33: expected a whole number"),
    "too many operators": (CHANGES + "  - {centre: bergen, operators: 501}\n", "4:33: 501 is outside 0 to 500"),
    "the year 1900": ("name: x\nyear: 1900\n", "2:7: 1900 is outside 2020 to 2100"),
    "a day of 1900": ("name: x\nfrom: 1900-01-01\nto: 2027-01-01\n", "2:7: 1900 is outside 2020 to 2100"),
    "the thirtieth of February": ("name: x\nfrom: 2027-02-30\nto: 2027-03-01\n", "2:7: expected a day of the calendar"),
    "an end before the beginning": ("name: x\nfrom: 2027-02-02\nto: 2027-02-01\n", "3:5: expected a day on or after"),
    "ten years": ("name: x\nfrom: 2027-01-01\nto: 2036-12-31\n", "3:5: expected a day on or after"),
    "a beginning without an end": ("name: x\nfrom: 2027-01-01\n", "1:1: 'to' is missing"),
    "no name": ("year: 2027\n", "1:1: 'name' is missing"),
    "half hours": (CHANGES + OPERATORS + ", hours: '20:30-22:00'}\n", "4:44: expected whole hours"),
    "no hours at all": (CHANGES + OPERATORS + ", hours: '20:00-20:00'}\n", "4:44: expected whole hours"),
    "an unknown day": (CHANGES + OPERATORS + ", days: [friday]}\n", "4:43: expected a list of mon"),
    "calls below nought": ("name: x\ncalls: -5\n", "2:8: -5 is outside"),
    "calls that are not a number": ("name: x\ncalls: 1e9\n", "2:8: expected a number"),
    "a file that is not there": ("name: x\ncalls: counted.csv\n", "2:8: there is no"),
    "a base that is not there": ("name: x\nbase: other.yaml\n", "2:7: there is no"),
    "a base that is the plan itself": ("name: x\nbase: plan.yaml\n", "2:7: more than 5 plans"),
    "an unknown assumption": ("name: x\nassumptions: {patiens: 3}\n", "2:15: unknown key 'patiens' in assumptions"),
    "an assumption out of range": ("name: x\nassumptions: {redial_share: 2}\n", "2:29: 2 is outside 0 to 0.99"),
    "a list that is too short": ("name: x\nassumptions: {months: [1, 2]}\n", "2:23: expected a list of 12 numbers"),
    "an aim of an unknown centre": ("name: x\nassumptions: {aims: {os: 0.5}}\n", "2:22: there is no centre 'os'"),
    "an outage that ends first": (
        CHANGES + '  - {outage: {centre: voss, from: "2027-05-16 18:00", to: "2027-05-16 17:00"}}\n',
        "4:59: an outage ends after it begins",
    ),
    "an outage of another year": (
        CHANGES + '  - {outage: {centre: voss, from: "2028-05-16 18:00", to: "2028-05-16 19:00"}}\n',
        "4:5: changes no hour of the plan's days",
    ),
    "an outage from an hour that is left out": (
        "name: x\nfrom: 2027-03-27\nto: 2027-03-29\nchanges:\n"
        '  - {outage: {centre: voss, from: "2027-03-28 02:30", to: "2027-03-28 03:30"}}\n',
        "5:35: there is no 2027-03-28 02:30: the clocks are put forward that night",
    ),
    "weights of nothing": (
        "name: x\nassumptions:\n  weekday: [" + "0, " * 23 + "0]\n",
        "3:12: the numbers are shares of one another",
    ),
    "two longer menus": (CHANGES + "  - {menu: 15}\n  - {menu: 20}\n", "5:5: menu again (first on line 4)"),
    "overlapping operators": (
        CHANGES
        + OPERATORS
        + ", hours: '20:00-02:00', days: [fri]}\n"
        + OPERATORS
        + ", hours: '01:00-03:00', days: [sat]}\n",
        "5:5: overlaps the operators of bergen on line 4",
    ),
    "a closing within an outage": (
        CHANGES
        + '  - {outage: {centre: voss, from: "2027-05-16 18:00", to: "2027-05-16 23:00"}}\n'
        + '  - {centre: voss, closed: "22:00-08:00"}\n',
        "5:5: overlaps the closing of voss on line 4",
    ),
    "two demands of a county": (
        CHANGES + "  - {demand: {county: '46', factor: 2}}\n  - {demand: {county: '46', factor: 3}}\n",
        "5:5: overlaps the demand of 46 on line 4",
    ),
    "a sweep that is not asked for": ("name: x\nsweep: {a: [1, 2]}\n", "1:1: has a sweep: run it with --sweep"),
    "a sweep of no values": ("name: x\nsweep: {a: 3}\n", "2:12: expected a list of values"),
    "YAML that is cut off": ("name: [x\n", "2:1: "),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_line_and_column(what: str, read: Reader) -> None:
    text, complaint = WRONG[what]
    with pytest.raises(DefinitionError) as error:
        read(text)
    assert f"plan.yaml:{complaint}" in str(error.value)


def test_everything_that_is_wrong_is_said_at_once(read: Reader) -> None:
    with pytest.raises(DefinitionError) as error:
        read(CHANGES + "  - {centre: bergn, operators: +2}\n  - {centre: vos, closed: '9-10'}\nseed: x\n")
    assert [(each.line, each.column) for each in error.value.complaints] == [(4, 14), (5, 14), (5, 27), (6, 7)]


def test_operators_at_hours_that_do_not_meet_do_not_overlap(read: Reader) -> None:
    text = CHANGES + OPERATORS + ", hours: '20:00-02:00', days: [fri]}\n" + OPERATORS + ", hours: '02:00-03:00'}\n"
    assert len(read(text).plan.changes) == 2


def test_every_kind_of_change_is_read(read: Reader) -> None:
    text = (
        CHANGES
        + "  - {centre: bergen, operators: -1, hours: '20:00-02:00', days: [fri, sat]}\n"
        + "  - {centre: kvam, operators: 2}\n"
        + "  - {centre: voss, closed: '22:00-08:00', from: 2027-06-01, to: 2027-08-31}\n"
        + "  - {demand: {county: '46', factor: 1.4, from: 2027-02-01, to: 2027-03-15}}\n"
        + '  - {outage: {centre: bergen, from: "2027-05-16 18:00", to: "2027-05-16 23:00"}}\n'
        + "  - {menu: 15}\n"
    )
    plan = read(text).plan
    assert [type(each) for each in plan.changes] == [Operators, Operators, Closed, DemandChange, OutOfService]
    fewer, exactly = (each for each in plan.changes if isinstance(each, Operators))
    assert (fewer.number, fewer.exactly, exactly.number, exactly.exactly) == (-1, False, 2, True)
    assert plan.menu == 15


def test_the_template_is_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEXT, "utf-8")
    (found,) = read_sweep(path, Lines(lambda _: load_directory()), 2027)
    assert not found.plan.is_today
    assert found.base.is_today


def test_a_plan_on_another_plan_has_its_changes_and_is_compared_with_it(read: Reader, tmp_path: Path) -> None:
    (tmp_path / "first.yaml").write_text(CHANGES + OPERATORS + "}\n", "utf-8")
    found = read("name: y\nbase: first.yaml\nchanges:\n  - {menu: 10}\n")
    assert (len(found.plan.changes), found.plan.menu) == (1, 10)
    assert (found.base.name, len(found.base.changes), found.base.menu) == ("x", 1, 0)


def test_a_sweep_is_a_plan_for_each_cell_of_its_grid(tmp_path: Path) -> None:
    path = tmp_path / "sweep.yaml"
    path.write_text(
        "name: more\nsweep: {more: [0, 2], factor: [1, 2, 3]}\nchanges:\n"
        "  - {centre: bergen, operators: $more}\n  - {demand: {factor: $factor}}\n",
        "utf-8",
    )
    found = read_sweep(path, Lines(lambda _: load_directory(SMALL)), 2027)
    assert [each.plan.name for each in found][:2] == ["more: more 0, factor 1", "more: more 0, factor 2"]
    numbers = [next(each.number for each in one.plan.changes if isinstance(each, Operators)) for one in found]
    assert numbers == [0, 0, 0, 2, 2, 2]


def test_an_unknown_name_of_a_sweep_is_said_where_it_stands(read: Reader) -> None:
    with pytest.raises(DefinitionError, match=re.escape("plan.yaml:3:33: expected a whole number")):
        read("name: x\nchanges:\n  - {centre: bergen, operators: $more}\n")


ROWS = {
    "a wrong head": ("a,b\n", "counted.csv:1:1: the first line must be place,date,hour,calls"),
    "an unknown place": (
        "place,date,hour,calls\nnowhere,2027-01-01,1,2\n",
        "counted.csv:2:1: 'nowhere' is no municipality",
    ),
    "a wrong day": ("place,date,hour,calls\nall,2027-02-30,1,2\n", "counted.csv:2:5: '2027-02-30' is not a date"),
    "an hour that is left out": (
        "place,date,hour,calls\nall,2027-03-28,2,9\n",
        "counted.csv:2:16: there is no hour 2 on 2027-03-28",
    ),
    "hour 24": ("place,date,hour,calls\nall,2027-01-01,24,2\n", "counted.csv:2:16: '24' is not an hour"),
    "calls below nought": (
        "place,date,hour,calls\nall,2027-01-01,1,-2\n",
        "counted.csv:2:18: '-2' is not a number of calls",
    ),
    "a cell too few": ("place,date,hour,calls\nall,2027-01-01,1\n", "counted.csv:2:1: has 3 cells"),
    "an hour twice": (
        "place,date,hour,calls\nall,2027-01-01,1,2\nall,2027-01-01,1,2\n",
        "counted.csv:3:16: this place",
    ),
    "other days": ("place,date,hour,calls\nall,2026-01-01,1,2\n", "counted.csv: has no calls between 2027-01-01 and"),
    "not UTF-8": (b"place,date,hour,calls\n\xff,2027-01-01,1,2\n", "counted.csv: is no CSV file in UTF-8"),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_wrong_file_of_counted_calls_is_refused(what: str, tmp_path: Path) -> None:
    text, complaint = ROWS[what]
    path = tmp_path / "counted.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DefinitionError) as error:
        read_counted(path, {"bergen"}, date(2027, 1, 1), date(2027, 12, 31))
    assert str(error.value).startswith(complaint)


def test_a_file_of_counted_calls_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "counted.csv"
    path.touch()
    os.truncate(path, 2_000_000_000)  # sparse: it takes no room
    with pytest.raises(DefinitionError, match=f"larger than {MOST_BYTES // 1_000_000} MB"):
        read_counted(path, set(), date(2027, 1, 1), date(2027, 12, 31))


def test_counted_calls_take_the_place_of_the_estimate(read: Reader, tmp_path: Path, builder: Builder) -> None:
    (tmp_path / "counted.csv").write_text(
        "place,date,hour,calls\nbergen,2027-05-10,20,70\nvoss,2027-05-10,,24\n", "utf-8"
    )
    found = read("name: x\nfrom: 2027-05-10\nto: 2027-05-10\ncalls: counted.csv\n")
    scene = builder.scene(found.plan)
    rates = scene.demand.rates()
    by_municipality = {each.municipality: rates[:, number] for number, each in enumerate(scene.origins)}
    assert (by_municipality["4601"][20], by_municipality["4601"].sum()) == (70, 70)
    assert by_municipality["4621"][20] > by_municipality["4621"][4]
    voss = {"4621": range(24), "4622": (*range(9), 23)}  # Kvam's nights are answered by Voss
    served = sum(by_municipality[number][list(hours)].sum() for number, hours in voss.items())
    served += sum(rates[:, number].sum() for number, each in enumerate(scene.origins) if each.postcode == "6899")
    assert served == pytest.approx(24)


def test_rows_of_centres_and_municipalities_are_not_mixed(tmp_path: Path) -> None:
    path = tmp_path / "counted.csv"
    path.write_text("place,date,hour,calls\nbergen,2027-01-01,1,2\n4601,2027-01-01,1,2\n", "utf-8")
    with pytest.raises(DefinitionError, match="count in one way"):
        read_counted(path, {"bergen", "4601"}, date(2027, 1, 1), date(2027, 12, 31))
