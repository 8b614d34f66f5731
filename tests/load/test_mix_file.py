"""Mix files: what is wrong with one is said with file, line and column, all at once."""

from pathlib import Path

import pytest

from ivr.base.errors import DefinitionError
from ivr.simulator.load import DEFAULT_MIX, load_mix
from ivr.simulator.load.chance import Exponential, Fixed, Uniform
from ivr.simulator.load.mix import CallerKind, FarEndKind, KeySlot, Mix

WHOLE = """
callers:
  - name: plain
    weight: 3
    keys: "1 {postcode}#"
    values: {postcode: ["0150", "5003"]}
    think: {uniform: [1, 4]}
    slip: 0.1
    hang_up: {chance: 0.2, after: {exponential: 30}}
    from: "+479xxxxxxx"
    to: ["+4739000000"]
  - name: silent
far_ends:
  - {end: answer, weight: 8, rings: 4, talk: {exponential: 60}, keys: "", machine: true}
  - {end: busy}
"""


def read(folder: Path, text: str) -> Mix:
    file = folder / "mix.yaml"
    file.write_text(text, encoding="utf-8")
    return load_mix(file)


def test_every_key_of_the_schema_is_read(tmp_path: Path) -> None:
    callers = read(tmp_path, WHOLE)
    plain, silent = callers.kinds.items
    assert plain == CallerKind(
        name="plain",
        keys=(("1",), (KeySlot("postcode"), "#")),
        values={"postcode": ("0150", "5003")},
        think=Uniform(1, 4),
        slip=0.1,
        leaves=0.2,
        leaves_after=Exponential(30),
        from_=("+479xxxxxxx",),
        to=("+4739000000",),
    )
    assert silent == CallerKind("silent")
    assert callers.kinds.bounds == (3.0, 4.0)
    assert callers.far_ends.items == (
        FarEndKind("answer", Fixed(4), Exponential(60), "", machine=True),
        FarEndKind("busy"),
    )


def test_without_far_ends_everybody_answers(tmp_path: Path) -> None:
    assert read(tmp_path, "callers: [{name: silent}]").far_ends.items == (FarEndKind("answer"),)


def test_the_default_mix_is_right() -> None:
    assert len(load_mix(DEFAULT_MIX).kinds.items) >= 8


def test_values_may_come_from_a_csv_column(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("# where from\ncode,place\n0150,OSLO\n5003,BERGEN\n")
    callers = read(tmp_path, 'callers: [{name: a, keys: "{c}", values: {c: {csv: codes.csv, column: code}}}]')
    assert callers.kinds.items[0].values == {"c": ("0150", "5003")}


WRONG = {
    "far_ends: []": ["1:1: 'callers' is missing", "1:11: expected at least one"],
    "callers: []": ["1:10: expected at least one"],
    "callers: [{keys: '1'}]": ["1:11: 'name' is missing"],
    "callers: plain": ["1:10: expected a list"],
    "callers:\n  - name: a\n    wieght: 2": ["3:5: unknown key 'wieght' in caller; expected name, weight"],
    "callers:\n  - name: a\n    weight: 0": ["3:13: expected a weight"],
    "callers:\n  - name: a\n    weight: many": ["3:13: expected a weight"],
    "callers:\n  - name: a\n    weight: nan": ["3:13: expected a weight"],
    "callers:\n  - name: a\n    keys: '1 A'": ["3:11: 'A': expected keys 0-9, * and #"],
    "callers:\n  - name: a\n    keys: '1 {code}'": ["3:11: {code} has no values"],
    "callers:\n  - name: a\n    values: {code: ['1']}": ["3:14: no {code} in keys"],
    "callers:\n  - name: a\n    keys: '{c}'\n    values: {c: ['12a']}": ["4:18: expected keys 0-9, * and #, not '12a'"],
    "callers:\n  - name: a\n    keys: '{c}'\n    values: {c: []}": ["4:17: expected at least one value"],
    "callers:\n  - name: a\n    keys: '{c}'\n    values: {c: {csv: none.csv, column: x}}": [
        "4:23: none.csv cannot be read"
    ],
    "callers:\n  - name: a\n    keys: '{c}'\n    values: {c: {csv: none.csv}}": [
        "4:17: expected a list, or {csv: FILE"
    ],
    "callers:\n  - name: a\n    think: fast": ["3:12: expected seconds"],
    "callers:\n  - name: a\n    think: -1": ["3:12: expected seconds"],
    "callers:\n  - name: a\n    think: {uniform: [4, 1]}": ["3:22: the first is larger"],
    "callers:\n  - name: a\n    think: {normal: 3}": ["3:12: expected seconds: 2, {uniform: [1, 4]}"],
    "callers:\n  - name: a\n    think: {exponential: 0}": ["3:26: expected a mean above 0"],
    "callers:\n  - name: a\n    slip: 2": ["3:11: expected a chance from 0 to 1"],
    "callers:\n  - name: a\n    hang_up: {chance: 0.5}": ["3:14: 'after' is missing"],
    "callers:\n  - name: a\n    hang_up: soon": ["3:14: expected a mapping (hang_up: chance, after)"],
    "callers:\n  - name: a\n    from: 91234567-": ["3:11: expected a number in E.164"],
    "callers:\n  - name: a\n    from: []": ["3:11: expected at least one number"],
    "callers: [{name: a}]\nfar_ends:\n  - {end: engaged}": ["3:11: expected end: answer, busy, no-answer, failed"],
    "callers: [{name: a}]\nfar_ends:\n  - {weight: 2}": ["3:5: expected end"],
    "callers: [{name: a}]\nfar_ends:\n  - {end: busy, talk: 3}": ["3:23: talk has no meaning for an end that is busy"],
    "callers: [{name: a}]\nfar_ends:\n  - {end: answer, machine: maybe}": ["3:28: expected true or false"],
    "callers: [{name: a}]\nfar_ends:\n  - {end: answer, keys: x}": ["3:25: expected keys 0-9"],
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(DefinitionError) as wrong:
        read(tmp_path, text)
    said = str(wrong.value).splitlines()
    assert len(said) == len(WRONG[text])
    for line, expected in zip(said, WRONG[text], strict=True):
        assert line.startswith(f"mix.yaml:{expected}")


def test_all_complaints_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as wrong:
        read(tmp_path, "callers:\n  - name: a\n    slip: 2\n  - name: b\n    think: x\nfar_ends: [{end: x}]")
    assert [complaint.line for complaint in wrong.value.complaints] == [3, 5, 6]


@pytest.mark.parametrize(
    ("text", "complaint"), [("name\n1\n", "has no column 'code'"), ("code\n1\nx\n", "row 2 of code holds no keys")]
)
def test_a_wrong_csv_is_said_at_its_mention(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "codes.csv").write_text(text)
    with pytest.raises(DefinitionError, match=complaint) as wrong:
        read(tmp_path, "callers:\n - name: a\n   keys: '{c}'\n   values: {c: {csv: codes.csv, column: code}}")
    assert wrong.value.complaints[0].line == 4
