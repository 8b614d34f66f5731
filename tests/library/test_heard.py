"""What counts as heard: whole prompts, prompts in a row, digits however they are said."""

import pytest

from ivr.simulator import CallPlan, Hear, Press, WsgiTransport, play
from ivr.simulator.expectations import check
from ivr.simulator.library import Call
from ivr.simulator.scenario_expect import Expectations
from tests.library.apps import Documents, library


def _call(*prompts: str, language: str = "en-GB") -> Call:
    return Call(Documents(voice="".join(f'<Say language="{language}">{prompt}</Say>' for prompt in prompts)))


def test_case_and_blanks_do_not_count() -> None:
    assert _call("Welcome  to\n the Library").heard("welcome TO the library")


def test_prompts_that_follow_each_other_are_one_text() -> None:
    assert _call("You are calling", "Bergen").heard("calling Bergen")


def test_prompts_of_two_documents_are_not_one_text() -> None:
    call = Call(Documents(voice="<Say>You are calling</Say><Redirect>/on</Redirect>", on="<Say>Bergen</Say>"))
    assert call.heard("Bergen")
    assert not call.heard("calling Bergen")


def test_what_was_not_said_was_not_heard() -> None:
    assert not _call("Welcome").heard("Goodbye")


@pytest.mark.parametrize("said", ["Dial one, one, three now.", "Dial One one three.", "Dial 1 1 3.", "Dial 1-1-3."])
def test_a_number_is_heard_however_it_is_said(said: str) -> None:
    assert _call(said).heard("113")
    assert _call(said).heard("dial 113")


def test_a_number_said_in_norwegian_is_heard() -> None:
    assert _call("Ring en, en, tre nå.", language="nb-NO").heard("ring 113 nå")
    assert _call("Ring ein, ein, seks, én, én, syv.", language="nn-NO").heard("116117")


def test_words_are_digits_only_in_their_own_language() -> None:
    assert not _call("In case of fire, leave.").heard("4")
    assert _call("Trykk fire.", language="nb-NO").heard("trykk 4")


def test_words_can_be_matched_as_words() -> None:
    assert _call("Dial one, one, three.").heard("one, one, three")


def test_numbers_of_several_digits_are_not_joined() -> None:
    assert not _call("Open 10 18").heard("1018")


SPELLED = [
    ("116 117", "Ring 1 1 6 1 1 7.", "nb-NO"),
    ("116 117", "Call 116117.", "en-GB"),
    ("116117", "Call 116 117.", "en-GB"),
    ("116 117", "Call one one six, one one seven.", "en-GB"),
    ("116 117", "Call one, one, six, one, one, seven.", "en-GB"),
    ("116 117", "Ring en en seks, en en sju.", "nb-NO"),
    ("116 117", "Ring en, en, seks, en, en, syv.", "nb-NO"),
    ("call 116 117 now", "Please call one one six one one seven now.", "en-GB"),
    ("5003", "Your postcode is five oh oh three.", "en-GB"),
    ("0301", "Your postcode is oh three oh one.", "en-GB"),
    ("5003", "Postnummeret er fem null null tre.", "nb-NO"),
    ("55568700", "Ring 55 56 87 00.", "nb-NO"),
    ("55 56 87 00", "Ring 55568700.", "nb-NO"),
    ("+47 55 56 87 00", "Ring +4755568700.", "nb-NO"),
    ("113", "Dial one one three, or one one six one one seven.", "en-GB"),
]
OTHERS = [
    ("116 117", "Call 1161170.", "en-GB"),
    ("116 117", "Call 1 1 6 1 1 7 0.", "en-GB"),
    ("116 117", "Call 9116117.", "en-GB"),
    ("116 117", "Call 116 1170.", "en-GB"),
    ("113", "Call 5113.", "en-GB"),
    ("113", "Call +4755113000.", "en-GB"),
    ("113", "Call one one three five.", "en-GB"),
    ("press 1", "Press 12.", "en-GB"),
    ("5003", "Your number is 50031.", "en-GB"),
]


@pytest.mark.parametrize(("text", "said", "language"), SPELLED)
def test_a_long_number_is_heard_however_it_is_grouped_or_spelled(text: str, said: str, language: str) -> None:
    assert _call(said, language=language).heard(text)


@pytest.mark.parametrize(("text", "said", "language"), OTHERS)
def test_a_number_is_not_heard_within_a_longer_one(text: str, said: str, language: str) -> None:
    assert not _call(said, language=language).heard(text)


def test_a_number_that_two_prompts_share_is_heard() -> None:
    assert _call("Call 116", "117 now").heard("116 117")


def test_one_choice_of_several_is_heard() -> None:
    assert _call("Press 1, 2 or 3.").heard("press 1")


def test_scenarios_hear_numbers_by_the_same_rule() -> None:
    app = Documents(voice='<Say>one one six, one one seven</Say><Gather numDigits="1" action="/on"/>', on="<Hangup/>")
    plan = CallPlan("http://127.0.0.1:5000/voice", steps=(Hear("116 117"), Press("1")))
    outcome = play(plan, WsgiTransport(app))
    assert outcome.undone == ()
    found = check(outcome, Expectations(heard=("116117",), never_heard=("1161170", "113")))
    assert [finding.held for finding in found] == [True, True, True]
    assert [f.held for f in check(outcome, Expectations(never_heard=("116 117",)))] == [False]


def test_only_what_is_new_since_the_last_key_can_be_asked_for() -> None:
    call = Call(library())
    call.press("1")
    assert call.heard("Welcome")
    assert not call.heard("Welcome", new=True)
    assert call.heard("ten to six", new=True)


def test_what_the_far_end_hears_is_not_what_the_caller_hears() -> None:
    app = Documents(
        voice='<Dial><Number url="/whisper">+4755568700</Number></Dial>', whisper="<Say>A call for you.</Say>"
    )
    assert not Call(app).heard("A call for you")


def test_what_was_heard_says_when_and_in_which_prompt() -> None:
    assert repr(_call("Welcome", "Press one").heard("press 1")) == "<heard 'press 1' at 0.4 s: 'Press one'>"


def test_what_was_not_heard_says_what_was_last() -> None:
    assert repr(_call("A", "B", "C").heard("D")) == "<never heard 'D': of 3 prompts the last were 'B / C'>"
    assert repr(Call(Documents(voice="<Hangup/>")).heard("D")) == "<never heard 'D': nothing was heard at all>"
