"""The whole of the bundled flow, and that `ivr check`, by other code, comes to the same.

One test, for the exploration takes a minute of one core and every worker of a parallel run would make its own.
"""

import json

import pytest

from ivr.base.bundled import bundled
from ivr.cli.explore import known_to_check
from ivr.line.service.settings import Settings
from ivr.proof.check.checked_flow import Ground, Subject
from ivr.proof.check.routes import plain_route, silent_route
from ivr.proof.check.rules.danger import seconds_to_danger
from ivr.proof.check.run import check_flow
from ivr.proof.explore import ExplorationResult, ExploredService, explore
from ivr.proof.explore.report import as_json, as_text
from ivr.proof.explore.states import StateKind
from ivr.proof.explore.verdict import problems
from tests.check.conftest import ground, subject
from tests.check.damage import FLOW
from tests.conftest import EVENING
from tests.explore.replayed import random_calls, replayed

__all__ = ["ground", "subject"]
ROUNDING = 0.2  # seconds: the names of places are paced by their own language here, and rounded times add up


@pytest.mark.longest
def test_every_call_of_the_bundled_flow_holds_and_the_checker_agrees(
    ground: Ground, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = bundled("call_flows") / FLOW
    result = explore(ExploredService(Settings(), EVENING), known=known_to_check(flow, None, EVENING))
    _holds(result)
    assert check_flow(flow, ground) == []
    _covers_what_is_known_to_the_checker(result)
    _the_seconds_are_the_same(result, subject)
    _whole_calls_hear_the_same(result)
    _random_calls_meet_nothing_new(result)
    _its_report_says_so(result)
    _narrower_bounds_are_broken(result, monkeypatch)


def _holds(result: ExplorationResult) -> None:
    assert result.problems == []
    assert result.walk.is_complete
    assert result.walk.unlike == []
    assert result.walk.samples > 50
    assert result.unreached == ["practice_centre"]
    assert result.holds


def _covers_what_is_known_to_the_checker(result: ExplorationResult) -> None:
    assert len(result.known) > 400
    assert result.missed == []


def _the_seconds_are_the_same(result: ExplorationResult, subject: Subject) -> None:
    home, abroad, area = (silent_route(subject, start) for start in subject.walk.starts.values())
    mobile, foreign, fixed = result.silent.values()
    for route, way in ((home, mobile), (abroad, foreign)):
        assert route
        assert way
        assert way.heard == pytest.approx(route.seconds, abs=ROUNDING)
    assert area
    assert fixed
    assert fixed.heard <= area.seconds + ROUNDING  # the desk of the area counts as the default one: a shorter name
    for code, measured in result.measured.items():
        first = subject.told(next(iter(subject.walk.starts.values())), code)
        assert measured.to_danger
        assert measured.plain
        assert (measured.first_words is not None) == (code in subject.said_to_all)
        if measured.first_words:
            assert measured.first_words.worst.seconds == pytest.approx(first, abs=ROUNDING)
        nines = [
            seconds_to_danger(subject, each, code) or 0
            for each in subject.walk.situations
            if each.listen and code in subject.languages(each)
        ]
        assert measured.to_danger.worst.seconds == pytest.approx(max(nines), abs=ROUNDING)
        plain = plain_route(subject, code)
        assert plain
        assert plain.pressed == measured.plain.pressed
        assert measured.plain.heard == pytest.approx(plain.seconds, abs=ROUNDING)
        assert measured.plain.quick == pytest.approx(plain.quick, abs=ROUNDING)


def _whole_calls_hear_the_same(result: ExplorationResult) -> None:
    """A state that was taken up from its document is the one that a whole call comes to, keys and all."""
    walk = result.walk
    real = [state for state in walk.states if not any(deed.last_slip for deed in state.deeds())]
    for state in real[:: len(real) // 60]:
        assert replayed(walk.service, state) == state.reply.body


def _random_calls_meet_nothing_new(result: ExplorationResult) -> None:
    met = [state for trail in random_calls(result.walk, calls=60) for state in trail]
    assert None not in met
    assert {state.kind for state in met if state} >= {StateKind.LISTENS, StateKind.RINGS}


def _its_report_says_so(result: ExplorationResult) -> None:
    text = as_text(result)
    assert text.endswith("\nholds")
    assert "of which no call came to 0" in text
    assert "nothing pressed, every centre busy: after " in text
    content = json.loads(as_json(result))
    assert (content["holds"], content["complete"]) == (True, True)
    assert content["languages"]["nb"]["plain"]["choices"] == 3


def _narrower_bounds_are_broken(result: ExplorationResult, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_SECONDS", "DANGER_SECONDS", "SILENT_SECONDS", "MOST_CHOICES"):
        monkeypatch.setattr(f"ivr.proof.explore.verdict.{name}", 1)
    told = " | ".join(problems(result.walk))
    for words in (
        "the first 113 words are over",
        "113 is said",
        "silence takes",
        "the plain case in 'nb' takes 3 choices",
    ):
        assert words in told
