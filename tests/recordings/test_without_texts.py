"""The bundled folder of Northern Sámi: no text, a sheet with the meaning, and a line that plays what was recorded."""

import csv
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from ivr.base.clock import ManualClock
from ivr.base.errors import DefinitionError
from ivr.base.ids import LanguageCode
from ivr.cli.prompts import prompts
from ivr.line.flow.loader import load_flow
from ivr.line.languages import languages_beside, load_prompts
from ivr.operations.recordings.sound import RATE
from ivr.proof.check.run import check_flow, lay_ground
from ivr.proof.check.speech import spoken_seconds
from ivr.simulator import CallPlan, WsgiTransport, keys_to_steps, play
from tests.conftest import EVENING
from tests.recordings.test_played import line_of
from tests.recordings.voices import PACE, between_silences, save, tone

SAMI = LanguageCode("se")


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(prompts, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


def _sheet(flow: Path, folder: Path) -> list[dict[str, str]]:
    out = folder / "sheet.csv"
    _run("script", str(flow), "--language", SAMI, "-o", str(out))
    with out.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _with_rests(seconds: float) -> NDArray[np.float64]:
    """A made-up voice that takes breath every other second."""
    sound = tone(seconds)
    sound[np.arange(len(sound)) % (2 * RATE) > 1.5 * RATE] *= 0.001
    return between_silences(sound)


def _recorded(flow: Path, folder: Path) -> Path:
    """The flow with made-up sounds for every row of the sheet, imported by the command."""
    sounds, rows = folder / "sounds", _sheet(flow, folder)
    sounds.mkdir()
    for row in rows:
        length = 1.6 if row["file"] == "LANG" else spoken_seconds(row["meaning, in bokmål"], PACE)
        save(sounds / f"{row['file']}.wav", _with_rests(max(length, 0.3)))
    assert f"{len(rows)} clips taken over" in _run("import", str(sounds), str(flow), "--language", SAMI)
    return flow


def _offer(flow: Path) -> Path:
    text = flow.read_text("utf-8").replace("languages: [nb, en, nn]", "languages: [nb, en, nn, se]", 1)
    flow.write_text(text.replace('"3": nn}', '"3": nn, "4": se}', 1), "utf-8")
    return flow


def test_the_sheet_has_the_meaning_beside_an_empty_column(own: Path, tmp_path: Path) -> None:
    rows = _sheet(own, tmp_path)
    assert list(rows[0])[:3] == ["file", "meaning, in bokmål", "what is said"]
    assert {row["what is said"] for row in rows} == {""}
    meanings = {row["file"]: row["meaning, in bokmål"] for row in rows}
    assert meanings["OPEN_113"] == "Står det om liv, legg på og ring en, en, tre."
    assert meanings["LANG"] == "Nordsamisk, trykk 4."
    assert "<th>meaning, in bokmål</th><th>what is said</th><th>" in _run("script", str(own), "--language", SAMI)


def test_no_line_offers_it_before_it_is_recorded_whole(own: Path) -> None:
    catalogue = load_prompts(languages_beside(own))
    assert SAMI not in catalogue.languages
    (line,) = (each for each in _run("check", str(own)).splitlines() if each.startswith("se: 0 of "))
    assert line.endswith(" clips are recorded; no caller is offered it")
    with pytest.raises(DefinitionError, match=r"'se': this language has no voice, and \d+ of its clips are not rec"):
        load_flow(_offer(own), catalogue)


def test_one_clip_that_is_missing_keeps_it_from_callers(own: Path, tmp_path: Path) -> None:
    _recorded(own, tmp_path)
    index = languages_beside(own) / SAMI / "recordings.yaml"
    lines = index.read_text("utf-8").splitlines(keepends=True)
    at = lines.index("  MAIN:\n")
    index.write_text("".join(lines[:at] + lines[at + 3 :]), "utf-8")
    with pytest.raises(DefinitionError, match="1 of its clips are not recorded, the first is MAIN"):
        load_flow(_offer(own), load_prompts(languages_beside(own)))


def test_what_was_imported_is_played_whole_and_is_proved(own: Path, tmp_path: Path, clock: ManualClock) -> None:
    flow = _offer(_recorded(own, tmp_path))
    assert [str(each) for each in check_flow(flow, lay_ground(None, EVENING))] == []
    steps = keys_to_steps("4 1 5003")
    call = play(CallPlan(url="http://127.0.0.1:5000/voice", steps=steps), WsgiTransport(line_of(flow, clock).app))
    heard = [event for event in call.trace if event["event"] in ("say", "play") and "leg" not in event]
    first = line_of(flow, clock).post("/voice").data
    assert (b"/recordings/se/LANG-" in first, b"/recordings/se/OPEN_113-" in first) == (True, False)
    chosen = next(index for index, event in enumerate(heard) if "/se/MAIN-" in event.get("url", ""))
    assert {event["text"] for event in heard[chosen:] if event["event"] == "say"} <= {"Bergen legevakt", "Bergen"}
    assert any("/se/AFTER_TALK-" in event.get("url", "") for event in heard)


@pytest.mark.parametrize("meaning", ["fi", "se"])
def test_a_meaning_that_nobody_has_is_refused_at_its_line(own: Path, meaning: str) -> None:
    file = languages_beside(own) / SAMI / "language.yaml"
    file.write_text(file.read_text("utf-8").replace("meaning: nb", f"meaning: {meaning}"), "utf-8")
    with pytest.raises(DefinitionError, match=rf"se/language\.yaml:9:1: meaning names '{meaning}', which is no lang"):
        load_prompts(languages_beside(own))
