"""Flows that are broken: the explorer sees it by itself, with the keys that lead there; so does the checker."""

import pytest

from ivr.proof.check.checked_flow import Ground
from ivr.proof.check.findings import Severity
from ivr.proof.check.run import check_flow, lay_ground
from tests.conftest import EVENING, SMALL
from tests.explore.conftest import Explored

# What is damaged, what the explorer must say, and how many states it needs to see it.
BROKEN: dict[str, tuple[str, str, str, int]] = {
    "a call does not begin with 113": (
        "say: [OPEN_113]\n    in_every",
        "say: [RETRY_PREFIX]\n    in_every",
        "a call does not begin with the 113 words in 'nb', before a key is heard",
        3,
    ),
    "key 9 rings a person": (
        "red_flag: red ",
        "red_flag: person ",
        "language (after the call arrives): no 113 words in 'nb' within 1 key",
        70,
    ),
    "silence goes round": (
        "silence: [again, person]\n    back: main\n\n  other",
        "silence: [main]\n    back: main\n\n  other",
        "main (after silence): silence never leads to a ringing centre",
        60,
    ),
    "a centre is rung without a warning": (
        "say: [TO_PERSON, CONNECT]",
        "say: [TO_PERSON]",
        "person (after 0): a centre is rung without the 113 words in 'nb'",
        90,
    ),
    "the flow is closed outside its hours": (
        "    otherwise: main\n",
        '    otherwise: hours\n\n  hours: {type: by_hours, open: {from: "08:00", until: "16:00"}, inside: main, '
        "outside: language}\n",
        "language (after silence): silence never leads to a ringing centre (at 20:00, Tuesday 3 March 2026)",
        60,
    ),
    "a step that the service cannot take": (
        "otherwise: main",
        "otherwise: caller",
        "fail-safe reply (after silence): the service meets a fault of its own",
        20,
    ),
}


@pytest.fixture(scope="module")
def small_ground() -> Ground:
    return lay_ground(SMALL, EVENING)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_flow_is_refused_by_the_explorer_and_by_the_checker(
    name: str, explored: Explored, small_ground: Ground
) -> None:
    old, new, problem, bound = BROKEN[name]
    result = explored((old, new), bound=bound)
    flow = result.walk.service.settings.flow
    assert any(each.startswith(problem) for each in result.problems), result.problems
    assert not result.holds
    assert flow
    found = check_flow(flow, small_ground)
    assert any(finding.severity is Severity.ERROR for finding in found)
