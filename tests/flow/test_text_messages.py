"""The offer of a text message: to whom it is made, when one is sent, and what is left where they are off."""

from pathlib import Path

import pytest

from ivr.line.directory import Directory, load_directory
from ivr.line.flow.actions import TextMessage
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Caller, Outage, OutageKind
from ivr.line.flow.loader import load_flow
from ivr.line.languages import Catalogue
from tests.conftest import EVENING
from tests.flow.played import Played

MOBILE = Caller(area="91", textable=True)
READ = ("2", "2", "4", "1", "5003", "1")


@pytest.fixture
def texting(flow_file: Path, directory: Directory, catalogue: Catalogue) -> Engine:
    return Engine(load_flow(flow_file, catalogue, texting=True), directory, catalogue)


def test_the_key_after_the_last_choice_sends_the_number_and_leads_on(texting: Engine) -> None:
    call = Played(texting, MOBILE).press(*READ, "4")
    assert call.node == "send_number"
    assert call.step.message == TextMessage(
        "bergen",
        "If life is in danger, dial 113 in Norway; in other countries the emergency number there, in Europe 112. "
        "Bergen legevakt: +47 55 56 87 00",
    )
    assert call.press("1").dialled == "bergen"
    assert call.step.message is None


def test_only_the_key_sends(texting: Engine) -> None:
    call = Played(texting, MOBILE).press(*READ)
    assert (call.said, call.step.message) == (["READ_NUM", "READ_MENU", "READ_TEXT"], None)
    for key in ("1", "#", "8"):
        assert call.press(key).step.message is None
        assert call.node == "read"


@pytest.mark.parametrize("keys", [("#",), ("8",), ("9",), ("9", "2"), ("*",)])
def test_what_is_told_again_is_not_sent_again(keys: tuple[str, ...], texting: Engine) -> None:
    call = Played(texting, MOBILE).press(*READ, "4")
    for key in keys:
        assert call.press(key).step.message is None


def test_silence_where_it_is_confirmed_tells_the_choices_and_then_rings(texting: Engine) -> None:
    call = Played(texting, MOBILE).press(*READ, "4").silence()
    assert (call.node, call.step.message) == ("send_number", None)
    assert call.silence().dialled == "bergen"


def test_who_cannot_get_one_is_offered_none_and_the_key_means_nothing(texting: Engine, engine: Engine) -> None:
    for caller in (Caller(), Caller(area="55")):
        on, off = (Played(each, caller).press(*READ) for each in (texting, engine))
        assert on.actions == off.actions
        assert on.press("4").actions == off.press("4").actions
        assert (on.node, on.step.message) == ("read", None)


def test_where_they_are_off_a_mobile_is_offered_none_either(engine: Engine) -> None:
    call = Played(engine, MOBILE).press(*READ, "4")
    assert (call.node, call.step.message) == ("read", None)
    assert "send_number" not in engine.flow.nodes


def test_on_or_off_the_version_of_the_flow_is_the_same(texting: Engine, engine: Engine) -> None:
    assert texting.edition == engine.edition


def test_a_practice_line_sends_the_banner_too(flow_file: Path, catalogue: Catalogue) -> None:
    flow = load_flow(flow_file, catalogue, practice=True, texting=True)
    call = Played(Engine(flow, load_directory(dial="none"), catalogue), MOBILE).press(
        "1", "2", "4", "1", "5003", "1", "4"
    )
    assert call.step.message is not None
    assert call.step.message.text == (
        "Står det om liv, ring 113 i Norge; i andre land nødnummeret der, i Europa 112. "
        "Dette er fra en øvingslinje. Trenger du lege, ring 116 117. Bergen legevakt: +47 55 56 87 00"
    )


def test_of_a_centre_out_of_service_the_number_of_its_stand_in_is_sent(texting: Engine) -> None:
    outage = Outage("bergen", OutageKind.FAULT, EVENING.replace(hour=23))
    message = Played(texting, MOBILE, outages=(outage,)).press(*READ, "4").step.message
    assert message is not None
    assert message.centre != "bergen"
    assert message.text.endswith(
        f"{texting.directory.centres[message.centre].spoken}: "
        f"+47 {' '.join(texting.directory.centres[message.centre].number.pairs)}"
    )
