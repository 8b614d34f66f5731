"""One request of one call: what is done with tokens that are old, foreign or about things that are gone."""

from dataclasses import replace

import pytest

from ivr.calls import CallService, Tokens
from ivr.clock import ManualClock
from ivr.errors import RequestError
from ivr.flow.actions import HangUp, Listen
from ivr.flow.engine import Engine
from ivr.flow.events import Caller, Keys, Silence
from ivr.flow.facts import StateLost
from ivr.flow.state import CallState

TOKENS = Tokens("secret")
CALL = TOKENS.call_id("CA" + "1" * 32)
LEG = TOKENS.call_id("CA" + "2" * 32)


@pytest.fixture
def calls(engine: Engine, clock: ManualClock) -> CallService:
    return CallService(engine, TOKENS, clock)


def _token(calls: CallService, state: CallState, version: str | None = None) -> str:
    return TOKENS.seal(state, CALL, version or calls.engine.flow.version)


def test_the_next_request_goes_on_where_the_last_one_stopped(calls: CallService) -> None:
    reply = calls.arrive(CALL, Caller())
    for keys, node in (("1", "main"), ("1", "ask_postcode"), ("5003", "confirm"), ("1", "connect")):
        reply = calls.answer(Keys(keys), reply.token, CALL, Caller())
        assert reply.node == node


def test_the_same_request_twice_gives_the_same_reply(calls: CallService) -> None:
    token = _token(calls, CallState("ask_postcode", language="nb"))
    assert calls.answer(Keys("5003"), token, CALL, Caller()) == calls.answer(Keys("5003"), token, CALL, Caller())


def test_a_token_that_cannot_be_read_begins_at_the_113_words(calls: CallService) -> None:
    reply = calls.answer(Keys("1"), "rubbish", CALL, Caller())
    assert reply.node == "language"
    assert StateLost() in reply.facts


@pytest.mark.parametrize(
    "state",
    [
        CallState("gone", language="en"),
        CallState("main", language="en", back="gone"),
        CallState("main", language="en", centre="gone"),
        CallState("main", language="en", tried=("gone",)),
        CallState("main", language="en", place="9999"),
        CallState("main", language="en", candidates=("301",)),
        CallState("main", language="en", place="301"),
    ],
)
def test_a_state_about_what_is_gone_resumes_in_the_same_language(calls: CallService, state: CallState) -> None:
    reply = calls.answer(Keys("1"), _token(calls, state), CALL, Caller())
    assert reply.node == "main"
    assert reply.actions[0].prompt.language == "en"
    assert StateLost() in reply.facts


def test_a_state_of_another_version_of_the_flow_resumes(calls: CallService) -> None:
    reply = calls.answer(Keys("1"), _token(calls, CallState("info", language="en"), "00000000"), CALL, Caller())
    assert reply.node == "main"


@pytest.mark.parametrize("language", ["xx", "no"])
def test_an_unknown_language_is_as_good_as_none_chosen(calls: CallService, language: str) -> None:
    reply = calls.answer(Silence(), _token(calls, CallState("main", language=language)), CALL, Caller())
    assert {each.prompt.language for each in reply.actions[-1].prompts} == {"nb", "en"}


def test_a_place_without_a_postcode_is_known_by_its_municipality(calls: CallService) -> None:
    state = CallState("confirm", language="nb", place="4601", centre="bergen")
    assert calls.answer(Keys("1"), _token(calls, state), CALL, Caller()).node == "connect"


def test_a_token_of_another_call_is_refused(calls: CallService) -> None:
    with pytest.raises(RequestError):
        calls.answer(Keys("1"), _token(calls, CallState("main")), LEG, Caller())


def test_the_whisper_opens_the_callers_token_on_the_centres_leg(calls: CallService) -> None:
    state = CallState("connect", language="nb", place="4601-5003", centre="bergen", red_flag=True)
    reply = calls.whisper(_token(calls, state), (LEG, CALL))
    (listen,) = reply.actions
    assert isinstance(listen, Listen)
    assert listen.prompts[0].prompt.key == "WHISPER_RED_FLAG"
    assert reply.node == "whisper/taken"


def test_the_whisper_without_a_readable_token_says_that_the_place_is_not_known(calls: CallService) -> None:
    (listen,) = calls.whisper("rubbish", (LEG, CALL)).actions
    assert listen.prompts[0].prompt.key == "WHISPER_NO_PLACE"


def test_after_the_whisper_1_takes_the_call_and_silence_does_not(calls: CallService) -> None:
    token = _token(calls, CallState("connect", language="nb"))
    assert calls.after_whisper(Keys("1"), token, (LEG, CALL)).actions == ()
    assert calls.after_whisper(Silence(), token, (LEG, CALL)).actions == (HangUp(),)


def test_a_reply_does_not_change_when_the_clock_does_not_matter(calls: CallService, clock: ManualClock) -> None:
    first = calls.arrive(CALL, Caller())
    clock.advance(3600)
    assert replace(first) == calls.arrive(CALL, Caller())
