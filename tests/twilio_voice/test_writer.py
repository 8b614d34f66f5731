"""TwiML: well-formed, with Twilio's own names, and never markup from a text."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ivr.line.directory import Directory
from ivr.line.flow.actions import DialAction, HangUpAction, ListenAction, PauseAction, Prompt, SayAction
from ivr.line.languages import Catalogue, load_prompts
from ivr.line.twilio import TwimlWriter

PATIENCE = "#ct=2000&rt=4000&tt=8000"  # at most four seconds for an answer, eight in all: then the fallback plays
BERGEN = (("centre", "Bergen legevakt"), ("municipality", "Bergen"))


@pytest.fixture
def writer(catalogue: Catalogue) -> TwimlWriter:
    return TwimlWriter(catalogue, "https://line.example/prefix", "+4739000000")


def _read(document: bytes) -> ET.Element:
    assert document.startswith(b'<?xml version="1.0" encoding="UTF-8"?><Response>')
    root = ET.fromstring(document)  # noqa: S314 - our own bytes
    assert [root.text, *(child.tail for child in root)] == [None] * (len(root) + 1)  # nothing between the verbs
    return root


def _speaking(folder: Path, text: str) -> TwimlWriter:
    """For a single prompt, BYE, in both languages."""
    for code, tag, voice in (("nb", "nb-NO", "Polly.Liv\ncentres: true"), ("en", "en-GB", "Polly.Amy")):
        head = f"language: {tag}\ncalled: {code}\nvoice: {voice}\ndigits: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
        (folder / f"{code}.yaml").write_text(f"{head}texts:\n  BYE: '{text}'\n", "utf-8")
    return TwimlWriter(load_prompts(folder), "https://line.example", "+4739000000")


def test_what_is_said_outside_a_gather_cannot_be_cut(writer: TwimlWriter) -> None:
    (say,) = _read(writer.write((SayAction(Prompt("OPEN_113", "nb")),), "n", "t"))
    assert (say.tag, say.get("language"), say.get("voice")) == ("Say", "nb-NO", "Polly.Ida-Neural")


def test_listening_is_a_gather_and_a_redirect_to_the_same_place(writer: TwimlWriter) -> None:
    listen = ListenAction((SayAction(Prompt("LANG", "nb")), PauseAction(4)), digits=1, finish_on="", seconds=7)
    gather, redirect = _read(writer.write((listen,), "main", "tok"))
    assert gather.attrib == {
        "input": "dtmf",
        "numDigits": "1",
        "finishOnKey": "",
        "timeout": "7",
        "actionOnEmptyResult": "true",
        "action": f"/prefix/voice/main?t=tok{PATIENCE}",
        "method": "POST",
    }
    assert [child.tag for child in gather] == ["Say", "Pause"]
    assert gather[1].get("length") == "4"
    assert redirect.tag == "Redirect"
    assert (redirect.text, redirect.get("method")) == (f"/prefix/voice/main?t=tok{PATIENCE}", "POST")


def test_listening_to_speech_names_the_language_and_what_to_expect_and_bounds_it(catalogue: Catalogue) -> None:
    writer = TwimlWriter(catalogue, "https://line.example", "+4739000000", hints=("Bergen", "Bø i Vesterålen"))
    says = (SayAction(Prompt("ASK_POST_SPOKEN", "nb")),)
    listens = [ListenAction(says, digits=4, finish_on="*", seconds=7, speech=code) for code in ("nb", "en", "")]
    gathers = [_read(writer.write((listen,), "n", "t"))[0].attrib for listen in listens]
    assert [gather["input"] for gather in gathers] == ["dtmf speech", "dtmf speech", "dtmf"]
    assert [gather.get("language") for gather in gathers] == ["nb-NO", "en-GB", None]
    assert gathers[0] | {"action": ""} == gathers[2] | {
        "action": "",
        "input": "dtmf speech",
        "language": "nb-NO",
        "hints": "Bergen, Bø i Vesterålen",
        "maxSpeechTime": "6",
        "speechTimeout": "2",
    }


def test_a_dial_has_action_timeout_limit_caller_id_and_whisper(writer: TwimlWriter, directory: Directory) -> None:
    target = directory.centres["bergen"].target
    assert target is not None
    (dial,) = _read(writer.write((DialAction(target, 25, 7200),), "connect", "tok"))
    assert dial.attrib == {
        "action": f"/prefix/voice/connect?t=tok{PATIENCE}",
        "method": "POST",
        "timeout": "25",
        "timeLimit": "7200",
        "callerId": "+4739000000",
        "answerOnBridge": "true",
        "hangupOnStar": "false",
    }
    (number,) = dial
    assert number.text == "+4755568700"
    assert number.attrib == {"url": f"/prefix/voice/whisper?t=tok{PATIENCE}", "method": "POST"}


def test_a_leg_that_is_followed_tells_when_it_rings_is_answered_and_ends(
    catalogue: Catalogue, directory: Directory
) -> None:
    target = directory.centres["bergen"].target
    assert target is not None
    following = TwimlWriter(catalogue, "https://line.example/prefix", "+4739000000", follow_legs=True)
    (dial,) = _read(following.write((DialAction(target, 25, 7200),), "connect", "tok"))
    assert dial[0].attrib == {
        "url": f"/prefix/voice/whisper?t=tok{PATIENCE}",
        "method": "POST",
        "statusCallback": "/prefix/voice/status?t=tok",
        "statusCallbackEvent": "ringing answered completed",
    }


def test_two_shapes_of_listening_and_of_dialling_are_kept_apart(writer: TwimlWriter, directory: Directory) -> None:
    target = directory.centres["bergen"].target
    assert target is not None
    say = (SayAction(Prompt("LANG", "nb")),)
    gathers = [
        _read(writer.write((ListenAction(say, n, key, n),), "n", "t"))[0].attrib for n, key in ((1, ""), (4, "*"))
    ]
    assert [(each["numDigits"], each["finishOnKey"], each["timeout"]) for each in gathers] == [
        ("1", "", "1"),
        ("4", "*", "4"),
    ]
    dials = [_read(writer.write((DialAction(target, n, n * 100),), "n", "t"))[0].attrib for n in (10, 20)]
    assert [(each["timeout"], each["timeLimit"]) for each in dials] == [("10", "1000"), ("20", "2000")]


def test_a_static_document_rings_asks_nothing_and_then_tries_the_line_again(
    writer: TwimlWriter, directory: Directory
) -> None:
    target = directory.centres["bergen"].target
    assert target is not None
    say, pause, dial, redirect = _read(
        writer.write_static((SayAction(Prompt("ERROR", "nb")), PauseAction(2), DialAction(target, 25, 7200)))
    )
    assert (say.tag, pause.get("length")) == ("Say", "2")
    assert dial.attrib == {
        "timeout": "25",
        "timeLimit": "7200",
        "callerId": "+4739000000",
        "answerOnBridge": "true",
        "hangupOnStar": "false",
    }
    assert [(number.text, number.attrib) for number in dial] == [("+4755568700", {})]
    assert (redirect.text, redirect.attrib) == (f"https://line.example/prefix/voice{PATIENCE}", {"method": "POST"})


def test_the_same_document_twice_is_the_same_bytes(writer: TwimlWriter, directory: Directory) -> None:
    target = directory.centres["bergen"].target
    assert target is not None
    actions = (ListenAction((SayAction(Prompt("LANG", "nb")),), 1, "", 7), DialAction(target, 25, 7200))
    assert writer.write(actions, "n", "t") == writer.write(actions, "n", "t")


@pytest.mark.parametrize("token", ["tok-1_A.b", '"><Dial>&\ue000url\ue001'])
def test_the_same_document_of_another_call_differs_in_its_token_alone(writer: TwimlWriter, token: str) -> None:
    actions = (ListenAction((SayAction(Prompt("PLACE", "nb", BERGEN)),), 1, "", 6),)
    gathers = [_read(writer.write(actions, "main", each))[0] for each in ("first", token, "first")]
    assert [each.get("action") for each in gathers] == [
        f"/prefix/voice/main?t={each}#ct=2000&rt=4000&tt=8000" for each in ("first", token, "first")
    ]
    assert [ET.tostring(each[0]) for each in gathers[1:]] == [ET.tostring(gathers[0][0])] * 2


def test_a_norwegian_name_in_an_english_sentence_is_spoken_by_the_norwegian_voice(writer: TwimlWriter) -> None:
    says = list(_read(writer.write((SayAction(Prompt("PLACE", "en", BERGEN)),), "n", "t")))
    assert [(say.get("language"), say.text) for say in says] == [
        ("nb-NO", "Bergen legevakt,"),
        ("en-GB", "covering"),
        ("nb-NO", "Bergen."),
    ]


def test_a_norwegian_sentence_with_a_name_is_one_say(writer: TwimlWriter) -> None:
    (say,) = _read(writer.write((SayAction(Prompt("PLACE", "nb", BERGEN)),), "n", "t"))
    assert say.text == "Bergen legevakt, for Bergen."


@pytest.mark.parametrize(("code", "tag"), [("nb", "nb-NO"), ("en", "en-GB")])
def test_a_number_is_read_slowly_with_a_pause_between_the_pairs(writer: TwimlWriter, code: str, tag: str) -> None:
    slots = (("centre", "Bergen legevakt"), *((f"d{n}", f"pair{n}") for n in (1, 2, 3, 4)))
    says = list(_read(writer.write((SayAction(Prompt("READ_NUM", code, slots)),), "n", "t")))
    (prosody,) = says[-1]
    assert (says[-1].get("language"), prosody.tag, prosody.get("rate")) == (tag, "prosody", "85%")
    assert [each.get("time") for each in prosody] == ["500ms"] * 7
    spoken = " ".join("".join("".join(say.itertext()) for say in says).split())
    assert spoken.startswith({"nb": "Nummeret til Bergen legevakt er:", "en": "The number of"}[code])
    assert str(says[0][0].text).startswith({"nb": "Nummeret til", "en": "The number of"}[code])
    assert spoken.count("pair1. pair2. pair3. pair4.") == 2


def test_a_stop_between_two_names_is_spoken_with_the_first(tmp_path: Path) -> None:
    writer = _speaking(tmp_path, "{centre}, {municipality}. Bye.")
    says = _read(writer.write((SayAction(Prompt("BYE", "en", BERGEN)),), "n", "t"))
    assert [(say.get("language"), say.text) for say in says] == [
        ("nb-NO", "Bergen legevakt, Bergen."),
        ("en-GB", "Bye."),
    ]


def test_a_slash_at_the_end_of_the_base_url_is_no_part_of_any_url(catalogue: Catalogue) -> None:
    writer = TwimlWriter(catalogue, "https://line.example/prefix/", "+4739000000")
    listen = ListenAction((SayAction(Prompt("LANG", "nb")),), digits=1, finish_on="", seconds=7)
    gather, _ = _read(writer.write((listen,), "main", "tok"))
    assert gather.get("action") == f"/prefix/voice/main?t=tok{PATIENCE}"
    assert _read(writer.write_static(()))[-1].text == f"https://line.example/prefix/voice{PATIENCE}"
    assert _read(writer.write_and_begin_again())[-1].text == f"/prefix/voice{PATIENCE}"


def test_text_can_never_become_markup(writer: TwimlWriter) -> None:
    slots = (("centre", '</Say><Dial>113</Dial> & "'), ("municipality", "Bergen"))
    document = _read(writer.write((SayAction(Prompt("PLACE", "nb", slots)),), "n", "t"))
    assert [child.tag for child in document] == ["Say"]
    assert '</Say><Dial>113</Dial> & "' in str(document[0].text)


def test_hanging_up_and_saying_nothing_are_documents_too(writer: TwimlWriter) -> None:
    assert [child.tag for child in _read(writer.write((HangUpAction(),), "n", "t"))] == ["Hangup"]
    assert list(_read(writer.write((), "n", "t"))) == []


def test_b88_markup_in_a_prompt_is_spoken_and_never_obeyed(tmp_path: Path) -> None:
    writer = _speaking(tmp_path, "</Say><Hangup/>&amp;" + "a" * 2000)
    (say,) = _read(writer.write((SayAction(Prompt("BYE", "en")),), "n", "t"))
    assert (list(say), str(say.text)[:20]) == ([], "</Say><Hangup/>&amp;")


def test_a_fresh_start_is_a_redirect_to_the_beginning(writer: TwimlWriter) -> None:
    say, redirect = _read(writer.write_and_begin_again((SayAction(Prompt("ERROR", "nb")),)))
    assert (say.tag, redirect.tag, redirect.text) == ("Say", "Redirect", f"/prefix/voice{PATIENCE}")


def test_every_prompt_of_both_languages_is_well_formed_without_a_hole(
    writer: TwimlWriter, catalogue: Catalogue
) -> None:
    for code, language in catalogue.languages.items():
        for key in language.texts:
            slots = tuple((name, "Ås & Å") for name in sorted(catalogue.slots(key)))
            for say in _read(writer.write((SayAction(Prompt(key, code, slots)),), "n", "t")):
                text = "".join(say.itertext())
                assert text.strip(), key
                assert not set(text) & set("{}[]\ue000\ue001"), key
