"""TwiML: well-formed, with Twilio's own names, and never markup from a text."""

from xml.etree import ElementTree as ET

import pytest

from ivr.directory import Directory
from ivr.flow.actions import Dial, HangUp, Listen, Pause, Prompt, Say
from ivr.prompts import Catalogue
from ivr.twilio_voice import TwimlWriter

BERGEN = (("centre", "Bergen legevakt"), ("municipality", "Bergen"))


@pytest.fixture(scope="module")
def writer(catalogue: Catalogue) -> TwimlWriter:
    return TwimlWriter(catalogue, "https://line.example/prefix", "+4739000000")


def _read(document: bytes) -> ET.Element:
    assert document.startswith(b'<?xml version="1.0" encoding="UTF-8"?><Response>')
    return ET.fromstring(document)  # noqa: S314 - our own bytes


def test_what_is_said_outside_a_gather_cannot_be_cut(writer: TwimlWriter) -> None:
    (say,) = _read(writer.write((Say(Prompt("OPEN_113", "nb")),), "n", "t"))
    assert (say.tag, say.get("language"), say.get("voice")) == ("Say", "nb-NO", "Polly.Ida-Neural")


def test_listening_is_a_gather_and_a_redirect_to_the_same_place(writer: TwimlWriter) -> None:
    listen = Listen((Say(Prompt("LANG", "nb")), Pause(4)), digits=1, finish_on="", seconds=7)
    gather, redirect = _read(writer.write((listen,), "main", "tok"))
    assert gather.attrib == {
        "input": "dtmf",
        "numDigits": "1",
        "finishOnKey": "",
        "timeout": "7",
        "actionOnEmptyResult": "true",
        "action": "/prefix/voice/main?t=tok",
        "method": "POST",
    }
    assert [child.tag for child in gather] == ["Say", "Pause"]
    assert gather[1].get("length") == "4"
    assert (redirect.tag, redirect.text, redirect.get("method")) == ("Redirect", "/prefix/voice/main?t=tok", "POST")


def test_a_dial_has_action_timeout_limit_caller_id_and_whisper(writer: TwimlWriter, directory: Directory) -> None:
    target = directory.centres["bergen"].target
    assert target is not None
    (dial,) = _read(writer.write((Dial(target, 25, 7200),), "connect", "tok"))
    assert dial.attrib == {
        "action": "/prefix/voice/connect?t=tok",
        "method": "POST",
        "timeout": "25",
        "timeLimit": "7200",
        "callerId": "+4739000000",
        "answerOnBridge": "true",
        "hangupOnStar": "false",
    }
    (number,) = dial
    assert (number.text, number.get("url")) == ("+4755568700", "/prefix/voice/whisper?t=tok")


def test_the_same_document_twice_is_the_same_bytes(writer: TwimlWriter, directory: Directory) -> None:
    target = directory.centres["bergen"].target
    assert target is not None
    actions = (Listen((Say(Prompt("LANG", "nb")),), 1, "", 7), Dial(target, 25, 7200))
    assert writer.write(actions, "n", "t") == writer.write(actions, "n", "t")


def test_a_norwegian_name_in_an_english_sentence_is_spoken_by_the_norwegian_voice(writer: TwimlWriter) -> None:
    says = list(_read(writer.write((Say(Prompt("CONFIRM", "en", BERGEN)),), "n", "t")))
    assert [(say.get("language"), say.text) for say in says] == [
        ("nb-NO", "Bergen legevakt,"),
        ("en-GB", "for"),
        ("nb-NO", "Bergen."),
        ("en-GB", "To be connected, press 1, or just wait. For a different place, press 2."),
    ]


def test_a_norwegian_sentence_with_a_name_is_one_say(writer: TwimlWriter) -> None:
    (say,) = _read(writer.write((Say(Prompt("CONFIRM", "nb", BERGEN)),), "n", "t"))
    assert str(say.text).startswith("Bergen legevakt, for Bergen. For å bli koblet til")


@pytest.mark.parametrize(("code", "tag"), [("nb", "nb-NO"), ("en", "en-GB")])
def test_a_number_is_read_slowly_with_a_pause_between_the_pairs(writer: TwimlWriter, code: str, tag: str) -> None:
    slots = (("centre", "Bergen legevakt"), *((f"d{n}", f"pair{n}") for n in (1, 2, 3, 4)))
    says = list(_read(writer.write((Say(Prompt("READ_NUM", code, slots)),), "n", "t")))
    (prosody,) = says[-1]
    assert (says[-1].get("language"), prosody.tag, prosody.get("rate")) == (tag, "prosody", "85%")
    assert [each.get("time") for each in prosody] == ["500ms"] * 7
    spoken = " ".join("".join("".join(say.itertext()) for say in says).split())
    assert spoken.count("pair1. pair2. pair3. pair4.") == 2


def test_text_can_never_become_markup(writer: TwimlWriter) -> None:
    slots = (("centre", '</Say><Dial>113</Dial> & "'), ("municipality", "Bergen"))
    document = _read(writer.write((Say(Prompt("CONFIRM", "nb", slots)),), "n", "t"))
    assert [child.tag for child in document] == ["Say"]
    assert '</Say><Dial>113</Dial> & "' in str(document[0].text)


def test_hanging_up_and_saying_nothing_are_documents_too(writer: TwimlWriter) -> None:
    assert [child.tag for child in _read(writer.write((HangUp(),), "n", "t"))] == ["Hangup"]
    assert list(_read(writer.write((), "n", "t"))) == []


def test_a_fresh_start_is_a_redirect_to_the_beginning(writer: TwimlWriter) -> None:
    say, redirect = _read(writer.write_and_begin_again((Say(Prompt("ERROR", "nb")),)))
    assert (say.tag, redirect.tag, redirect.text) == ("Say", "Redirect", "/prefix/voice")


def test_every_prompt_of_both_languages_is_well_formed_without_a_hole(
    writer: TwimlWriter, catalogue: Catalogue
) -> None:
    for code, language in catalogue.languages.items():
        for key in language.texts:
            slots = tuple((name, "Ås & Å") for name in sorted(catalogue.slots(key)))
            for say in _read(writer.write((Say(Prompt(key, code, slots)),), "n", "t")):
                text = "".join(say.itertext())
                assert text.strip(), key
                assert not set(text) & set("{}[]\ue000\ue001"), key
