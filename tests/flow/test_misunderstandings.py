"""Silence, a wrong key, and what was keyed and not found are three facts, wherever they happen."""

from datetime import timedelta

import pytest

from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Keys, Outage, OutageKind
from ivr.line.flow.facts import Misunderstanding, Misunderstood
from tests.conftest import EVENING
from tests.flow.played import Played

SILENCE, WRONG_KEY, NOT_FOUND = Misunderstanding
NAME = "1 1 * 3"  # where a name is spelled


def _misunderstood(call: Played) -> list[Misunderstood]:
    return [fact for fact in call.facts if isinstance(fact, Misunderstood)]


@pytest.mark.parametrize(
    ("keys", "node"),
    [
        ("1 1 0000", "ask_postcode"),
        ("1 1 50", "ask_postcode"),
        ("1 1 500#", "ask_postcode"),
        ("1 2 2 9999", "ask_municipality"),
        (f"{NAME} 99999", "ask_name"),
        (f"{NAME} 7", "ask_name"),
        ("1 2 3 82000000", "ask_number"),
        ("1 2 3 113", "ask_number"),
    ],
    ids=["postcode", "too short", "a hash in it", "municipality", "name", "too many names", "number", "113"],
)
def test_what_was_keyed_and_names_nothing_is_not_found(engine: Engine, keys: str, node: str) -> None:
    call = Played(engine).press(*keys.split())
    assert _misunderstood(call) == [Misunderstood(node, NOT_FOUND)]


@pytest.mark.parametrize("keys", ["1 1", "1 2 2", NAME, "1 2 3", "1", "1 2", "1 3 1"])
def test_nothing_pressed_is_silence(engine: Engine, keys: str) -> None:
    call = Played(engine).press(*keys.split())
    node = call.node
    assert _misunderstood(call.silence()) == [Misunderstood(node, SILENCE)]


@pytest.mark.parametrize("keys", ["5", "1 7", "1 2 7", "1 1 5003 7", f"{NAME} 82537 3", "1 9 7", "1 3 7"])
def test_a_key_that_means_nothing_is_a_wrong_key(engine: Engine, keys: str) -> None:
    *before, last = keys.split()
    call = Played(engine).press(*before)
    node = call.node
    assert _misunderstood(call.press(last)) == [Misunderstood(node, WRONG_KEY)]


@pytest.mark.parametrize(("keys", "node"), [("1 1", "ask_postcode"), (NAME, "ask_name"), ("1 2 3", "ask_number")])
@pytest.mark.parametrize("pressed", ["#", "##", "?"])
def test_keys_that_are_no_entry_are_wrong_keys(engine: Engine, keys: str, node: str, pressed: str) -> None:
    call = Played(engine).press(*keys.split()).happen(Keys(pressed))
    assert _misunderstood(call) == [Misunderstood(node, WRONG_KEY)]


@pytest.mark.parametrize(
    "keys",
    [
        "1 1 *",
        "1 1 50*",
        f"{NAME} *",
        f"{NAME} 82*",
        "1 2 3 *",
        f"{NAME} 82537",
        "1 2 2 5012",
        "1 1 5003",
        "1 *",
        "1 #",
    ],
)
def test_an_entry_that_is_left_or_that_finds_one_or_several_places_is_none_of_them(engine: Engine, keys: str) -> None:
    assert _misunderstood(Played(engine).press(*keys.split())) == []


def test_each_kind_is_told_of_one_call_in_its_order(engine: Engine) -> None:
    call = Played(engine).press("1", "7", "1", "0000").silence()
    assert _misunderstood(call) == [
        Misunderstood("main", WRONG_KEY),
        Misunderstood("ask_postcode", NOT_FOUND),
        Misunderstood("ask_postcode_again", SILENCE),
    ]


def test_at_the_menu_behind_an_outage_message_a_wrong_key_and_silence_are_told_apart(engine: Engine) -> None:
    out = (Outage("bergen", OutageKind.FAULT, EVENING + timedelta(hours=1)),)
    call = Played(engine, outages=out).press("1", "2", "4", "1", "5003", "1")
    assert (call.said[0], call.node) == ("OUTAGE", "read")
    call.press("7").silence()
    assert _misunderstood(call) == [Misunderstood("read", WRONG_KEY), Misunderstood("read", SILENCE)]


def test_what_is_not_found_still_counts_towards_a_person(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "0000", "0000", "1", "0000", "0000", "1", "0000")
    assert call.node == "person"
    assert call.dialled
