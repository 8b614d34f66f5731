"""The exact content of single steps: what is listened for, what the state remembers, what is said in which order."""

from dataclasses import replace

import pytest

from ivr.line.directory import Directory
from ivr.line.flow.actions import DialAction, ListenAction, PauseAction, SayAction
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Keys, LegOutcome, Lost, Moment, Silence
from ivr.line.flow.facts import CentreDialled, Misunderstanding, Misunderstood, Reason
from ivr.line.flow.state import CallState
from tests.conftest import EVENING
from tests.flow.played import BUSY, Played

ENTRIES = {
    "1 1": (4, "*", 7),
    "1 2 2": (4, "*", 7),
    "1 1 * 3": (5, "#", 7),
    "1 2 3": (8, "*", 7),
    "1": (1, "", 7),
    "1 1 5003": (1, "", 1),
    "1 1 5003 7": (1, "", 7),
    "1 9": (1, "", 7),
}


def _listen(engine: Engine, keys: str) -> ListenAction:
    listening = Played(engine).press(*keys.split()).listening
    assert listening is not None
    return listening


@pytest.mark.parametrize("keys", ENTRIES)
def test_each_wait_is_for_so_many_keys_ended_by_that_key_for_so_long(engine: Engine, keys: str) -> None:
    listening = _listen(engine, keys)
    assert (listening.digits, listening.finish_on, listening.seconds) == ENTRIES[keys]


def test_the_whisper_listens_for_one_key_and_is_said_twice(engine: Engine) -> None:
    state = CallState("connect", language="en", place="4601-5003", centre="bergen", red_flag=True)
    (listening,) = engine.whisper(state, Moment(EVENING))
    assert isinstance(listening, ListenAction)
    assert (listening.digits, listening.finish_on, listening.seconds) == (1, "", 8)
    keys = [each.prompt.key for each in listening.prompts if isinstance(each, SayAction)]
    assert keys == ["WHISPER_RED_FLAG", "WHISPER_PLACE", "WHISPER_LANGUAGE", "WHISPER_ACCEPT"] * 2


def test_the_choice_of_language_is_offered_in_all_of_them_whatever_was_chosen(engine: Engine) -> None:
    step = engine.step(Keys("2"), CallState("red", language="en", back="language"), Moment(EVENING))
    (listening,) = step.actions
    assert isinstance(listening, ListenAction)
    assert [each.prompt.language for each in listening.prompts if isinstance(each, SayAction)] == ["nb", "en", "nn"]


def test_the_113_words_are_said_to_all_whatever_was_chosen(engine: Engine) -> None:
    anew = Engine(replace(engine.flow, resume=engine.flow.start), engine.directory, engine._catalogue)
    step = anew.step(Lost(), CallState("main", language="en"), Moment(EVENING))
    assert [each.prompt.language for each in step.actions if isinstance(each, SayAction)] == ["nb", "en"]


def test_each_silence_is_counted_once_in_the_node_and_once_in_the_call(engine: Engine) -> None:
    call = Played(engine).press("1").silence()
    assert (call.step.state.attempt, call.step.state.errors) == (1, 1)
    assert call.step.facts[0] == Misunderstood("main", Misunderstanding.SILENCE)
    call.happen(Keys("7"))
    assert call.step.state.errors == 2
    assert call.step.facts[0] == Misunderstood("main", Misunderstanding.WRONG_KEY)


def test_the_first_silence_repeats_the_second_takes_the_next_step_of_the_ladder(engine: Engine) -> None:
    call = Played(engine).press("1", "2").silence()
    assert (call.node, call.said) == ("other", ["OTHER"])
    assert call.silence().node == "person"


def test_a_number_of_a_centre_forgets_the_place_and_all_that_hung_on_it(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(BUSY, BUSY).press("*", "*", "2", "3", "23487200")
    state = call.step.state
    assert (state.place, state.other, state.tried, state.candidates) == ("", "", (), ())
    assert (call.node, state.centre) == ("confirm", "oslo")


def test_a_new_place_forgets_which_centres_were_tried_and_which_names_were_offered(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(BUSY, BUSY).press("*", "1", "0150")
    assert (call.step.state.tried, call.step.state.candidates) == ((), ())


def test_without_a_place_the_ring_is_remembered_without_a_municipality(engine: Engine) -> None:
    call = Played(engine).press("1", "0")
    assert CentreDialled("oslo", "", red_flag=False, reason=Reason.DEFAULT) in call.step.facts


def test_of_several_stars_in_a_spelled_name_the_last_one_counts(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "*", "3", "2*3*9").node == "red"
    assert Played(engine).press("1", "1", "*", "3", "2*95").node == "red"
    assert Played(engine).press("1", "1", "*", "3", "2*59").node == "place_help"


def test_the_key_hash_hears_the_choices_without_an_error(engine: Engine) -> None:
    call = Played(engine).press("1", "#")
    assert (call.node, call.said, call.step.state.errors) == ("main", ["MAIN_SHORT"], 0)


def test_four_pairs_of_a_number_are_spelled_in_their_order(engine: Engine) -> None:
    call = Played(engine).press("1", "2", "3", "55568700", "1").leg(BUSY, BUSY).press("3")
    spelled = {name: call.slot(name) for name in ("d1", "d2", "d3", "d4")}
    assert spelled == {"d1": "fem fem", "d2": "fem seks", "d3": "åtte sju", "d4": "null null"}


def test_after_all_centres_failed_the_ladder_begins_anew(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(BUSY, BUSY).press("1").leg(BUSY)
    assert call.node == "all_fail"
    assert call.step.state.tried == ()
    assert call.press("2").step.state.dialled == "bergen"


def test_9_before_a_language_leaves_a_breath_in_which_to_hang_up(engine: Engine) -> None:
    assert Played(engine).press("9").pauses() == [4]


def test_wrong_keys_are_remembered_as_such_wherever_they_are_pressed(engine: Engine) -> None:
    for keys in ("", "1 1 5003", "1 9"):
        call = Played(engine).press(*keys.split(), "7")
        fact = next(each for each in call.step.facts if isinstance(each, Misunderstood))
        assert fact.misunderstanding is Misunderstanding.WRONG_KEY


def test_the_other_centre_on_duty_can_be_chosen_and_chosen_back(engine: Engine, directory: Directory) -> None:
    state = CallState("confirm", language="nb", place="4601-5003", centre="bergen", other="oslo", heard=True)
    chosen = engine.step(Keys("2"), state, Moment(EVENING)).state
    assert (chosen.centre, chosen.other) == ("oslo", "bergen")


def test_one_place_is_confirmed_and_not_picked_from_a_list_of_one(engine: Engine) -> None:
    assert Played(engine).press("1", "2", "2", "0301").node == "confirm"


def test_what_another_host_plays_says_113_in_both_languages_before_and_after_each_ring(
    engine: Engine, directory: Directory
) -> None:
    default = directory.default_centre
    behind = directory.backups(default)[0]
    shown = [
        action.target if isinstance(action, DialAction) else (action.prompt.key, action.prompt.language)
        for action in engine.fallback()
        if isinstance(action, DialAction | SayAction)
    ]
    after = [("FALLBACK_RUNG", "nb"), ("FALLBACK_RUNG", "en")]
    before = [("ERROR", "nb"), ("ERROR", "en"), ("TO_PERSON", "nb"), ("TO_PERSON", "en")]
    assert shown == [*before, default.target, *after, behind.target, *after]
    dial = next(action for action in engine.fallback() if isinstance(action, DialAction))
    assert (dial.ring_seconds, dial.longest_seconds) == (25, 7200)


def test_a_lost_call_says_113_and_then_the_first_menu(engine: Engine) -> None:
    step = engine.step(Lost(), CallState("gone", language="nb"), Moment(EVENING))
    assert step.state == CallState("main", language="nb")
    assert isinstance(step.actions[0], SayAction)
    assert not any(isinstance(action, PauseAction) for action in step.actions)


def test_a_ringing_that_ended_without_a_word_is_as_good_as_failed(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").happen(Silence())
    assert call.node == "go_on"
    assert call.step.state.tried == ("bergen",)
    assert LegOutcome.FAILED in [getattr(fact, "outcome", None) for fact in call.step.facts]
