"""A caller who waits in vain hangs up, and a transcript shows what repeats itself once."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.call import call as call_command
from ivr.cli.simulate import simulate
from ivr.simulator import CallPlan, Hear, Leg, Outcome, Press, Wait, WsgiTransport, play
from ivr.simulator.expectations import failures
from ivr.simulator.folding import Repeated, repeats
from ivr.simulator.plan import Step
from ivr.simulator.report import transcript
from ivr.simulator.rounds import MOST_ROUNDS
from tests.account.scenario_files import failures as failures_of
from tests.account.scenario_files import played, prepared
from tests.library.apps import Documents
from tests.simulator.server import served
from tests.simulator.webhook import webhook

LOOP = '<Gather numDigits="1" action="/next"><Say>Press 1</Say></Gather><Redirect>/voice</Redirect>'
URL = "http://127.0.0.1:5000/voice"


def _play(*steps: Step, stay: float | None = None, **documents: str) -> Outcome:
    app = Documents(**{"voice": LOOP, "next": "<Say>Goodbye</Say>"} | documents)
    return play(CallPlan(url=URL, steps=steps, stay=stay, legs={"*": Leg.busy()}), WsgiTransport(app))


def test_a_hear_that_can_no_longer_come_ends_the_call_after_some_rounds_alike() -> None:
    outcome = _play(Hear("a unicorn"))
    asked = [event for event in outcome.trace if event["event"] == "request"]
    assert len(asked) == MOST_ROUNDS + 2  # the first one comes by itself, not by the Redirect
    assert outcome.seconds < 200
    assert failures(outcome) == [
        f'step hear: "a unicorn": it can no longer come: the call repeats itself ({MOST_ROUNDS} times alike);'
        " the last prompt was 'Press 1'"
    ]


def test_two_documents_in_turn_are_a_round_too() -> None:
    outcome = _play(Hear("a unicorn"), voice="<Say>One</Say><Redirect>/b</Redirect>", b="<Redirect>/voice</Redirect>")
    assert "repeats itself" in failures(outcome)[0]


def test_a_key_begins_the_count_anew() -> None:
    again = "<Redirect>/voice</Redirect>"
    steps = (*[Wait(90), Press("1")] * 3, Hear("a unicorn"))
    outcome = _play(*steps, next=again)
    assert [event["digit"] for event in outcome.trace if event["event"] == "key"] == ["1", "1", "1"]


def test_rounds_that_differ_are_not_given_up() -> None:
    """An application that counts ends its loop by itself, however often it repeats itself."""

    class Counts(Documents):
        def __call__(self, environ: object, start_response: object) -> object:
            self._documents["/voice"] = f"<Response><Say>{len(self.asked)}</Say><Redirect>/voice</Redirect></Response>"
            return super().__call__(environ, start_response)  # type: ignore[arg-type]

    outcome = play(CallPlan(url=URL, steps=(Hear("43"),)), WsgiTransport(Counts(voice="")))
    assert outcome.undone == ()


def test_the_caller_stays_as_long_as_it_is_told() -> None:
    assert _play(stay=60).seconds == 60
    assert _play(Press("1"), voice=LOOP, next='<Pause length="600"/>', stay=30).seconds == pytest.approx(30, abs=1)
    assert _play(Wait(100), stay=10).seconds == 110


def test_a_step_that_has_not_come_by_then_fails() -> None:
    outcome = _play(Hear("a unicorn"), stay=20)
    assert outcome.seconds == 20
    assert failures(outcome)[0].startswith('step hear: "a unicorn": the caller has waited 20 s;')


def test_the_option_is_there_for_a_call_and_for_scenarios(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    with served(webhook(voice=LOOP, next="<Hangup/>")) as base:
        ran = CliRunner().invoke(call_command, [f"{base}/voice", "--keys", "", "--stay", "45"])
        assert "completed after 45 s" in ran.stdout
        assert len(ran.stdout.splitlines()) < 12
        file.write_text(f"call: {{url: '{base}/voice'}}\nstay: 30\n", "utf-8")
        assert "case  30 s" in CliRunner().invoke(simulate, [str(file)]).stdout
        assert "case  15 s" in CliRunner().invoke(simulate, [str(file), "--stay", "15"]).stdout


def test_people_of_an_account_stay_as_long_as_they_are_told(tmp_path: Path) -> None:
    text = """
        numbers: {"+4721000000": {voice_url: "http://127.0.0.1:5000/voice"}}
        stay: 40
        calls:
          - {name: anna, from: "+4791111111", to: "+4721000000"}
          - {name: bo, from: "+4792222222", to: "+4721000000", at: 5, steps: [{hear: "a unicorn"}]}
    """
    result = played(prepared(tmp_path, text), Documents(voice=LOOP))
    assert result.outcome.seconds == 45
    assert [line.partition(";")[0] for line in failures_of(result)] == [
        'bo: step hear: "a unicorn": the call ended first'
    ]


def test_what_repeats_itself_stands_once_in_a_transcript() -> None:
    lines = [str(line) for line in transcript(_play(Hear("a unicorn")).trace)]
    assert len(lines) == 8
    (folded,) = [line for line in lines if "times more" in line]
    assert folded == "00:05.8  ...     the 3 lines above 20 times more, the last at 02:01.8"


@pytest.mark.parametrize(
    ("texts", "blocks"),
    [
        ("abcabcabcabcd", [(0, 3, 4), (12, 13, 1)]),
        ("aaab", [(0, 1, 1), (1, 2, 1), (2, 3, 1), (3, 4, 1)]),
        ("aaaab", [(0, 1, 4), (4, 5, 1)]),
        ("", []),
    ],
)
def test_the_shortest_block_is_folded(texts: str, blocks: list[tuple[int, int, int]]) -> None:
    assert list(repeats(list(texts))) == [Repeated(*block) for block in blocks]
