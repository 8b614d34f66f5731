"""One request of one call: what is done with tokens that are old, foreign or about things that are gone."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ivr.base.clock import ManualClock
from ivr.base.errors import RequestError
from ivr.line.calls import CallService, Tokens
from ivr.line.directory import Directory
from ivr.line.flow.actions import HangUpAction, ListenAction
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Caller, Keys, Outage, OutageKind, Silence
from ivr.line.flow.facts import CallOver, CentrePickedUp, CentreScreened, FallbackAsked, LegStatus, LegTold, StateLost
from ivr.line.flow.loader import load_flow
from ivr.line.flow.model import Flow
from ivr.line.flow.state import CallState
from ivr.line.languages import Catalogue

TOKENS = Tokens("secret")
CALL = TOKENS.call_id("CA" + "1" * 32)
LEG = TOKENS.call_id("CA" + "2" * 32)


@pytest.fixture
def calls(engine: Engine, clock: ManualClock) -> CallService:
    return CallService([engine], TOKENS, clock)


def _token(calls: CallService, state: CallState, version: str | None = None) -> str:
    return TOKENS.seal(state, CALL, version or calls.engine.edition)


def test_the_next_request_goes_on_where_the_last_one_stopped(calls: CallService) -> None:
    reply = calls.arrive(CALL, Caller())
    heard_out = Silence()
    way = ((Keys("1"), "main"), (Keys("1"), "ask_postcode"), (Keys("5003"), "confirm"), (heard_out, "confirm"))
    for event, node in (*way, (Keys("1"), "connect")):
        reply = calls.answer(event, reply.token, CALL, Caller())
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
    state = CallState("confirm", language="nb", place="4601", centre="bergen", heard=True)
    assert calls.answer(Keys("1"), _token(calls, state), CALL, Caller()).node == "connect"


def test_a_token_of_another_call_is_refused(calls: CallService) -> None:
    with pytest.raises(RequestError):
        calls.answer(Keys("1"), _token(calls, CallState("main")), LEG, Caller())


def test_the_whisper_opens_the_callers_token_on_the_centres_leg(calls: CallService) -> None:
    state = CallState("connect", language="nb", place="4601-5003", centre="bergen", red_flag=True)
    reply = calls.whisper(_token(calls, state), (LEG, CALL))
    (listen,) = reply.actions
    assert isinstance(listen, ListenAction)
    assert listen.prompts[0].prompt.key == "WHISPER_RED_FLAG"
    assert reply.node == "whisper/taken"


def test_the_whisper_without_a_readable_token_says_that_the_place_is_not_known(calls: CallService) -> None:
    (listen,) = calls.whisper("rubbish", (LEG, CALL)).actions
    assert listen.prompts[0].prompt.key == "WHISPER_NO_PLACE"


def test_after_the_whisper_1_takes_the_call_and_silence_does_not(calls: CallService) -> None:
    token = _token(calls, CallState("connect", language="nb"))
    assert calls.after_whisper(Keys("1"), token, (LEG, CALL)).actions == ()
    assert calls.after_whisper(Silence(), token, (LEG, CALL)).actions == (HangUpAction(),)


def test_a_reply_does_not_change_when_the_clock_does_not_matter(calls: CallService, clock: ManualClock) -> None:
    first = calls.arrive(CALL, Caller())
    clock.advance(3600)
    assert first == calls.arrive(CALL, Caller())._replace(at=first.at)


@pytest.fixture
def former(flow: Flow, directory: Directory, catalogue: Catalogue) -> Engine:
    """The edition before: the same line, but its main menu was called otherwise."""
    nodes = {**flow.nodes, "former_main": replace(flow.nodes["main"], id="former_main")}
    return Engine(replace(flow, version="former00", nodes=nodes), directory, catalogue)


def test_a_call_finishes_on_the_edition_that_it_began_with(engine: Engine, former: Engine, clock: ManualClock) -> None:
    both = CallService([engine, former], TOKENS, clock)
    token = TOKENS.seal(CallState("former_main", language="en"), CALL, former.edition)
    reply = both.answer(Keys("3"), token, CALL, Caller())
    assert (reply.node, reply.edition) == ("info", former.edition)
    opened = TOKENS.open(reply.token, (CALL,))
    assert opened is not None
    assert opened.edition == former.edition


def test_an_edition_that_is_not_loaded_is_looked_for_and_only_then_the_newest_one_goes_on(
    engine: Engine, former: Engine, clock: ManualClock
) -> None:
    calls = CallService([engine], TOKENS, clock, former={former.edition: former}.get)
    state = CallState("former_main", language="en")
    found = calls.answer(Keys("3"), TOKENS.seal(state, CALL, former.edition), CALL, Caller())
    assert (found.node, found.edition) == ("info", former.edition)
    whispered = calls.whisper(TOKENS.seal(RINGING, CALL, former.edition), (CALL,))
    assert whispered.edition == former.edition
    lost = calls.answer(Keys("3"), TOKENS.seal(state, CALL, "00000000-00000000"), CALL, Caller())
    assert lost.edition == engine.edition


def test_a_new_call_is_taken_by_the_newest_edition(engine: Engine, former: Engine, clock: ManualClock) -> None:
    assert CallService([engine, former], TOKENS, clock).arrive(CALL, Caller()).edition == engine.edition


def test_the_whisper_of_a_former_edition_is_spoken_in_its_words(
    engine: Engine, former: Engine, clock: ManualClock
) -> None:
    both = CallService([engine, former], TOKENS, clock)
    token = TOKENS.seal(CallState("connect", language="nb", centre="bergen"), CALL, former.edition)
    reply = both.whisper(token, (LEG, CALL))
    assert (reply.edition, reply.token, reply.node) == (former.edition, token, "whisper/taken")


def test_the_whisper_of_an_edition_that_is_gone_is_spoken_in_the_newest_words(calls: CallService) -> None:
    token = _token(calls, CallState("connect", language="nb", centre="bergen"), "00000000")
    reply = calls.whisper(token, (LEG, CALL))
    assert (reply.edition, reply.facts) == (calls.engine.edition, (CentrePickedUp(""),))


def test_the_reply_after_a_whisper_leads_nowhere_else(calls: CallService) -> None:
    token = _token(calls, CallState("connect", language="nb"))
    reply = calls.after_whisper(Keys("1"), token, (LEG, CALL))
    assert (reply.node, reply.token, reply.edition) == ("whisper/taken", token, calls.engine.edition)


def test_what_the_caller_is_and_what_time_it_is_reach_the_flow(calls: CallService) -> None:
    begun = calls.answer(Keys("1"), calls.arrive(CALL, Caller(abroad=True)).token, CALL, Caller(abroad=True))
    assert begun.node == "abroad"
    stavanger = calls.answer(Keys("0"), _token(calls, CallState("main", language="nb")), CALL, Caller(area="51"))
    assert (
        stavanger.actions[-1]
        != calls.answer(Keys("0"), _token(calls, CallState("main", language="nb")), CALL, Caller()).actions[-1]
    )


def test_a_call_that_lost_its_token_keeps_its_id(calls: CallService) -> None:
    reply = calls.answer(Keys("1"), "rubbish", CALL, Caller())
    assert calls.answer(Keys("1"), reply.token, CALL, Caller()).node == "main"


def test_an_outage_known_now_is_heard_in_the_next_step_and_not_after_its_time(
    engine: Engine, clock: ManualClock
) -> None:
    known: list[Outage] = []
    calls = CallService([engine], TOKENS, clock, lambda: tuple(known))
    token = _token(calls, CallState("confirm", language="nb", place="4601-5003", centre="bergen", heard=True))
    usual = calls.answer(Keys("1"), token, CALL, Caller())
    known.append(Outage("bergen", OutageKind.FAULT, clock.now() + timedelta(minutes=5)))
    assert calls.answer(Keys("1"), token, CALL, Caller()).actions[0].prompt.key == "OUTAGE"
    clock.advance(300)
    assert calls.answer(Keys("1"), token, CALL, Caller()).actions == usual.actions


def test_a_text_message_that_the_flow_sends_is_in_the_reply_and_in_no_other(
    flow_file: Path, directory: Directory, catalogue: Catalogue, clock: ManualClock
) -> None:
    engine = Engine(load_flow(flow_file, catalogue, texting=True), directory, catalogue)
    calls, mobile = CallService([engine], TOKENS, clock), Caller(area="91", textable=True)
    token = _token(calls, CallState("read", language="en", place="4601-5003", centre="bergen"))
    sent = calls.answer(Keys("4"), token, CALL, mobile)
    assert sent.message is not None
    assert (sent.message.centre, sent.node) == ("bergen", "send_number")
    assert calls.answer(Keys("1"), token, CALL, mobile).message is None


# What is noted


def test_every_step_of_a_call_has_its_number_and_a_repeated_request_the_same(calls: CallService) -> None:
    first = calls.arrive(CALL, Caller())
    second = calls.answer(Keys("1"), first.token, CALL, Caller())
    assert [reply.noted(CALL).step for reply in (first, second)] == [0, 1]
    assert calls.answer(Keys("1"), first.token, CALL, Caller()).noted(CALL) == second.noted(CALL)
    assert calls.answer(Keys("1"), second.token, CALL, Caller()).step == 2


def test_what_is_noted_has_the_moment_the_edition_and_the_facts(calls: CallService, clock: ManualClock) -> None:
    noted = calls.arrive(CALL, Caller()).noted(CALL)
    assert (noted.call, noted.at, noted.edition) == (CALL, clock.now(), calls.engine.edition)
    assert len(noted.facts) == 3


def test_a_state_of_another_edition_keeps_its_place_in_the_count(calls: CallService) -> None:
    token = TOKENS.seal(CallState("info", language="en"), CALL, "00000000", 7)
    assert calls.answer(Keys("1"), token, CALL, Caller()).step == 7


RINGING = CallState("connect", language="nb", centre="bergen", dialled="bergen")


def test_the_whisper_notes_that_the_centre_picked_up_and_whether_a_person_took_the_call(
    calls: CallService, clock: ManualClock
) -> None:
    token = TOKENS.seal(RINGING, CALL, calls.engine.edition, 5)
    heard = calls.whisper(token, (LEG, CALL))
    assert (heard.step, heard.at, heard.facts) == (5, clock.now(), (CentrePickedUp("bergen"),))
    assert calls.after_whisper(Keys("1"), token, (LEG, CALL)).step == 5
    assert calls.whisper("rubbish", (LEG, CALL)).step == 0
    assert calls.after_whisper(Keys("1"), token, (LEG, CALL)).facts == (CentreScreened("bergen", accepted=True),)
    assert calls.after_whisper(Silence(), token, (LEG, CALL)).facts == (CentreScreened("bergen", accepted=False),)
    assert calls.after_whisper(Silence(), "rubbish", (LEG, CALL)).facts == (CentreScreened("", accepted=False),)


def test_a_legs_callback_is_noted_of_the_callers_call_at_the_legs_step(calls: CallService, clock: ManualClock) -> None:
    token = TOKENS.seal(RINGING, CALL, calls.engine.edition, 5)
    noted = calls.leg_told(LegStatus.RINGING, None, token, (LEG, CALL))
    assert (noted.call, noted.step, noted.at) == (CALL, 5, clock.now())
    assert noted.facts == (LegTold("bergen", LegStatus.RINGING),)
    unread = calls.leg_told(LegStatus.RINGING, None, "rubbish", (LEG, CALL))
    assert (unread.call, unread.step, unread.facts) == (CALL, 0, ())


def test_a_callback_with_the_token_of_another_call_is_refused(calls: CallService) -> None:
    with pytest.raises(RequestError):
        calls.leg_told(LegStatus.RINGING, None, TOKENS.seal(RINGING, CALL, "e"), (LEG,))


def test_of_the_callers_own_leg_only_the_end_is_noted(calls: CallService) -> None:
    assert calls.call_told(LegStatus.RINGING, None, 0, CALL).facts == ()
    assert calls.call_told(LegStatus.COMPLETED, None, 60, CALL).facts == (CallOver(LegStatus.COMPLETED, 60),)
    assert calls.seen(FallbackAsked("11200"), CALL).facts == (FallbackAsked("11200"),)
    for noted in (calls.call_told(LegStatus.COMPLETED, None, 60, CALL), calls.seen(FallbackAsked("11200"), CALL)):
        assert (noted.call, noted.step, noted.edition) == (CALL, 0, calls.engine.edition)


@pytest.mark.parametrize(
    ("minutes", "trusted"), [(0, True), (-1, True), (-60, True), (-61, False), (1, False), (-60 * 24 * 365, False)]
)
def test_a_callbacks_own_time_counts_if_it_is_of_the_last_hour(
    calls: CallService, clock: ManualClock, minutes: int, trusted: bool
) -> None:
    told: datetime = clock.now() + timedelta(minutes=minutes)
    assert calls.call_told(LegStatus.COMPLETED, told, 9, CALL).at == (told if trusted else clock.now())
