"""A flow with speech on is proved like any other: everything that may be spoken is played where it is listened to."""

from pathlib import Path

import pytest

from ivr.line.flow.events import SpokenWords
from ivr.line.flow.nodes import ask_place
from ivr.proof.check.checked_flow import Ground, Subject
from ivr.proof.check.rules import danger, ways
from ivr.proof.check.rules.documents import complaints
from ivr.proof.check.run import check_flow
from ivr.proof.check.stimuli import Did
from tests.explore.test_spoken import small_flow_with_speech
from tests.speech_on import flow_with_speech


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return flow_with_speech(tmp_path_factory.mktemp("speech"))


@pytest.fixture(scope="module")
def speaking(flow: Path, ground: Ground) -> Subject:
    return Subject(flow, ground)


def test_the_bundled_flow_with_speech_on_is_proved(flow: Path, ground: Ground) -> None:
    assert check_flow(flow, ground) == []


def test_every_outcome_is_spoken_wherever_speech_is_listened_to(speaking: Subject) -> None:
    listening = [each for each in speaking.states if each.listen and each.listen.speech]
    assert {each.node for each in listening} == {"ask_postcode", "ask_postcode_again"}
    for each in listening:
        found = list(each.on(Did.SPOKEN))
        assert {move.to.node for move in found} == {"confirm", "pick_name"}
        assert {len(move.to.state.candidates) for move in found} == {0, 2, 3}
        missed = [move.doing.event for move in each.on(Did.MISHEARD)]
        assert [event.confidence for event in missed if isinstance(event, SpokenWords)] == [1.0, 0.0]


def test_nothing_is_spoken_where_keys_alone_are_listened_to(speaking: Subject, subject: Subject) -> None:
    for each in (*speaking.states, *subject.states):
        if not (each.listen and each.listen.speech):
            assert not [move for move in each.moves if move.doing.did in (Did.SPOKEN, Did.MISHEARD)]
    assert not any(each.listen and each.listen.speech for each in subject.states)


def test_a_line_that_never_stops_listening_to_noise_is_refused(
    tmp_path: Path, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small flow in which a name that is not understood leads back to the same question."""
    flow = small_flow_with_speech(tmp_path)
    assert list(ways.misheard(Subject(flow, ground))) == []
    monkeypatch.setattr(ask_place, "MOST_MISHEARD", 4)
    flow.write_text(flow.read_text("utf-8") + "# other content, so that it is walked anew\n", "utf-8")
    found = [each.message for each in ways.misheard(Subject(flow, ground))]
    assert any("after 2 names that are not understood speech is still listened to" in message for message in found)


def test_speech_that_keeps_key_9_from_acting_for_too_long_is_refused(
    speaking: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(danger.one_key_away(speaking)) == []
    monkeypatch.setattr(danger, "LONGEST_SPEECH", 12)
    messages = [each.message for each in danger.one_key_away(speaking)]
    assert any("key 9 in 'ask_postcode': 113 is said after" in message for message in messages)


@pytest.mark.parametrize("hints", [",".join(["Os"] * 501), "B" + "ø" * 100])
def test_more_or_longer_hints_than_twilio_takes_are_refused(hints: str) -> None:
    gather = f'<Gather action="/a" timeout="7" numDigits="4" hints="{hints}"/><Redirect>/a</Redirect>'
    (complaint,) = complaints(f"<Response>{gather}</Response>".encode())
    assert complaint == "<Gather>: more than 500 hints, or one of more than 100 characters"
