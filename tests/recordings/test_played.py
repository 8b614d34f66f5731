"""What a caller hears of a recorded language."""

import hashlib
import shutil
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from ivr.base.clock import ManualClock
from ivr.base.errors import DefinitionError
from ivr.line.flow.loader import load_flow
from ivr.line.languages import languages_beside, load_prompts
from ivr.line.service.bootstrap import failsafe_reply, load_edition
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, WsgiTransport, keys_to_steps, play
from tests.recordings.voices import record
from tests.web.signed import SignedLine, signed_line

PLACE = ("1", "1", "5003")


def line_of(flow: Path, clock: ManualClock, **settings: str) -> SignedLine:
    return signed_line(clock, Settings(flow=flow, **settings))  # type: ignore[arg-type]


def sounds(document: bytes) -> list[str]:
    """The files that are played and the words that are spoken, in their order."""
    verbs = ET.fromstring(document).iter()  # noqa: S314 - our own bytes
    return [_shown(verb) for verb in verbs if verb.tag in ("Play", "Say")]


def _shown(verb: ET.Element) -> str:
    text = "".join(verb.itertext())
    return urlsplit(text).path.rpartition("-")[0] if verb.tag == "Play" else text


def test_a_text_is_one_file_and_a_name_in_it_is_another(recorded_once: Path, clock: ManualClock) -> None:
    line = line_of(recorded_once, clock)
    assert sounds(line.press("1").data)[0] == "/recordings/nb/MAIN"
    heard = sounds(line.press(*PLACE).data)
    assert [each.rpartition("/")[2].rpartition("-")[0] or each for each in heard] == [
        "name-bergen-legevakt", "/recordings/nb/PLACE", "name-bergen"
    ]  # fmt: skip


def test_without_the_name_the_voice_speaks_the_whole_sentence(own: Path, clock: ManualClock) -> None:
    record(own, "nb", without=("name:Bergen",))
    assert sounds(line_of(own, clock).press(*PLACE).data) == ["Bergen legevakt, for Bergen."]


def test_beside_another_language_a_name_may_be_spoken(own: Path, clock: ManualClock) -> None:
    record(own, "en")
    heard = sounds(line_of(own, clock).press("2", "1", "5003", "1").data)
    assert heard[0] == "/recordings/en/CONNECT.1"
    assert heard[1] == "Bergen legevakt"
    assert heard[2] == "/recordings/en/CONNECT.2"


def test_digits_and_pauses_are_files_too(recorded_once: Path, clock: ManualClock) -> None:
    catalogue = load_prompts(languages_beside(recorded_once))
    slots = {"centre": "Bergen legevakt", "d1": "fem fem", "d2": "fem seks", "d3": "åtte sju", "d4": "null null"}
    parts = catalogue.recorded.parts("READ_NUM", "nb", slots)  # type: ignore[arg-type]
    assert parts is not None
    spoken = [getattr(part, "text", "[pause]").strip() for part in parts]
    assert spoken[:7] == ["Nummeret til", "Bergen legevakt", "er:", "fem", "fem", "[pause]", "fem"]


def test_files_are_served_to_be_kept_for_ever(recorded_once: Path, clock: ManualClock) -> None:
    line = line_of(recorded_once, clock)
    client = line.app.test_client()
    file = next((languages_beside(recorded_once) / "nb" / "sound").glob("MAIN-*.wav"))
    answer = client.get(f"/recordings/nb/{file.name}")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "audio/wav", file.read_bytes())
    assert hashlib.sha256(answer.data).hexdigest()[:12] in file.name
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/recordings/nb/pause.wav").status_code == 200


@pytest.mark.parametrize("path", ["nb/MAIN.wav", "nb/..%2Fprompts.yaml", "en/pause.wav", "nb/MAIN-0123456789ab.wav"])
def test_nothing_else_is_served(recorded_once: Path, clock: ManualClock, path: str) -> None:
    assert line_of(recorded_once, clock).app.test_client().get(f"/recordings/{path}").status_code == 404


def test_another_host_may_have_them(recorded_once: Path, clock: ManualClock) -> None:
    line = line_of(recorded_once, clock, sound_url="https://sounds.example/line/")
    assert b"<Play>https://sounds.example/line/nb/OPEN_113-" in line.post("/voice").data


def test_what_is_said_when_something_breaks_needs_no_file(recorded_once: Path, clock: ManualClock) -> None:
    edition = load_edition(Settings(flow=recorded_once), clock)
    assert b"<Play>" not in failsafe_reply(edition)
    assert b"<Play>" not in edition.writer.write_static(edition.engine.fallback())


def test_a_recording_lasts_in_the_simulator_as_long_as_it_is(own: Path, clock: ManualClock) -> None:
    record(own, "nb", seconds={"OPEN_113": 3.5})
    line = line_of(own, clock)
    call = play(CallPlan(url="http://127.0.0.1:5000/voice"), WsgiTransport(line.app))
    first = next(event for event in call.trace if event["event"] == "play")
    assert first["until"] - first["t"] == pytest.approx(3.5, abs=0.01)
    assert not [event for event in call.trace if event["event"] == "error"]


def test_another_recording_is_another_edition(recorded: Path) -> None:
    before = load_flow(recorded, load_prompts(languages_beside(recorded))).version
    record(recorded, "nb", seconds={"MAIN": 9.0})
    assert load_flow(recorded, load_prompts(languages_beside(recorded))).version != before


def test_the_text_chat_reads_and_plays_nothing(recorded_once: Path, clock: ManualClock) -> None:
    edition = load_edition(Settings(flow=recorded_once), clock, written=True)
    assert edition.catalogue.recorded.is_empty


def voiceless(flow: Path) -> None:
    """A fourth language that no voice speaks, recorded whole: English by its texts."""
    languages = languages_beside(flow)
    shutil.copytree(languages / "en", languages / "smj")
    record(flow, "smj")
    file = languages / "smj" / "language.yaml"
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith(("voice:", "language:"))]
    file.write_text("\n".join([*lines, "language: smj-NO", ""]), "utf-8")
    text = flow.read_text("utf-8").replace("languages: [nb, en, nn]", "languages: [nb, en, nn, smj]", 1)
    flow.write_text(text.replace('"3": nn}', '"3": nn, "4": smj}', 1), "utf-8")


def test_a_language_without_a_voice_is_played_whole(own: Path, clock: ManualClock) -> None:
    voiceless(own)
    line = line_of(own, clock)
    plan = CallPlan(url="http://127.0.0.1:5000/voice", steps=keys_to_steps("4 1 5003"))
    call = play(plan, WsgiTransport(line.app))
    chosen = [event for event in call.trace if event["event"] in ("say", "play") and "leg" not in event]
    first = next(index for index, event in enumerate(chosen) if "/smj/MAIN-" in event.get("url", ""))
    spoken = [event["text"] for event in chosen[first:] if event["event"] == "say"]
    assert set(spoken) <= {"Bergen legevakt", "Bergen"}
    assert any("/smj/AFTER_TALK-" in event.get("url", "") for event in chosen)
    assert call.ended == "completed"


def test_a_language_without_a_voice_lacks_no_clip(own: Path) -> None:
    voiceless(own)
    index = languages_beside(own) / "smj" / "recordings.yaml"
    lines = index.read_text("utf-8").splitlines(keepends=True)
    at = lines.index("  MAIN:\n")
    index.write_text("".join(lines[:at] + lines[at + 3 :]), "utf-8")
    with pytest.raises(DefinitionError, match="has no voice, and 1 of its clips are not recorded, the first is MAIN"):
        load_prompts(languages_beside(own))


@pytest.mark.parametrize(
    ("code", "entry", "complaint"),
    [
        ("nb", "  NOTHING: {file: N-0123456789ab.wav, seconds: 2}", "no text has the clip NOTHING"),
        ("nb", "  READ_NUM.9: {file: N-0123456789ab.wav, seconds: 2}", "no text has the clip READ_NUM.9"),
        ("nb", "  MAIN: {file: ../N-0123456789ab.wav, seconds: 2}", "clip MAIN needs the file of an import"),
        ("nb", "  MAIN: {file: N-0123456789ab.wav, seconds: 200}", "clip MAIN needs the file of an import"),
        ("nb", "  MAIN: N.wav", "clip MAIN needs the file of an import"),
        ("en", "  'name:Bergen': {file: N-0123456789ab.wav, seconds: 2}", "names are recorded in the language with"),
    ],
)
def test_a_wrong_index_is_a_complaint_with_its_line(own: Path, code: str, entry: str, complaint: str) -> None:
    (languages_beside(own) / code / "recordings.yaml").write_text(f"recordings:\n{entry}\n", "utf-8")
    with pytest.raises(DefinitionError) as raised:
        load_prompts(languages_beside(own))
    assert complaint in str(raised.value)
    assert f"{code}/recordings.yaml:2:3" in str(raised.value)
