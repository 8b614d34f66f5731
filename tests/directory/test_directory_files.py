"""What is wrong with a folder of files, and what is put right in silence. The broken ones are in broken.yaml."""

import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.directory import load_directory
from ivr.directory.files import MAX_BYTES
from ivr.directory.load import FILES
from ivr.errors import DefinitionError

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
        lambda text: text.replace(",", "\u00a0, "),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text + "\n\n",
    ],
    ids=["byte order mark", "CRLF", "no-break spaces", "decomposed letters", "empty lines at the end"],
)
@pytest.mark.parametrize("name", ["areas.csv", "coverage.csv", "municipalities.csv"])
def test_what_spreadsheets_do_is_put_right(harmless: Any, name: str, small: Path) -> None:
    path = small / name
    path.write_bytes(harmless(path.read_text("utf-8").replace("Voss", "Våss")).encode())
    mended = load_directory(small)
    assert mended.municipalities["4601"].name == "Bergen"
    if name == "municipalities.csv":
        assert mended.municipalities["4621"].name == "Våss"


def test_a_file_beyond_all_reason_is_not_read(small: Path) -> None:
    (small / "areas.csv").write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(DefinitionError, match="larger than"):
        load_directory(small)


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
