"""The announcement for the whole line: switched on and off in the console, heard in every process until its time."""

import pytest

from ivr.base.clock import ManualClock
from tests.web.console.conftest import Maker
from tests.web.console.operator import Operator, words
from tests.web.signed import SignedLine, heard

WAITING = "Det er lengre ventetid enn vanlig"
DISTURBANCE = "Det er en teknisk forstyrrelse"
UNTIL = "2026-03-03T23:00"


def _menu(operator: Operator) -> str:
    return heard(SignedLine(operator.app).press("1"))


def _announce(operator: Operator, **fields: str) -> int:
    page = operator.get("/announcement")
    return operator.send(page, "/announcement", **({"name": "waiting", "until": UNTIL} | fields)).status_code


def test_the_page_shows_each_text_in_each_language(operator: Operator) -> None:
    page = words(operator.get("/announcement"))
    for text in (WAITING, DISTURBANCE, "taking longer than usual", "technical disturbance", "None is on"):
        assert text in page


def test_callers_hear_the_one_that_is_switched_on_until_its_time(operator: Operator, clock: ManualClock) -> None:
    assert WAITING not in _menu(operator)
    assert _announce(operator, note="flu") == 303
    assert _menu(operator).index(WAITING) < _menu(operator).index("I alle menyer")
    for path in ("/", "/announcement"):
        assert "Long wait" in words(operator.get(path)), path
        assert "until Tue 3 Mar 2026 23:00" in words(operator.get(path)), path
    assert _announce(operator, name="disturbance") == 303
    assert (DISTURBANCE in _menu(operator), WAITING in _menu(operator)) == (True, False)
    clock.advance(3 * 3600)
    assert DISTURBANCE not in _menu(operator)
    assert "None is on" in words(operator.get("/announcement"))


def test_it_is_switched_off_and_each_change_is_in_the_trail_and_taken_back(operator: Operator) -> None:
    _announce(operator, note="flu")
    operator.send(operator.get("/announcement"), "/announcement/off")
    assert WAITING not in _menu(operator)
    trail = words(operator.get("/changes"))
    assert "The whole line No announcement Long wait until Tue 3 Mar 2026 23:00 flu" in trail
    assert "The whole line Long wait until Tue 3 Mar 2026 23:00 flu No announcement" in trail
    operator.send(operator.get("/changes"), "/undo")
    assert WAITING in _menu(operator)


def test_another_process_knows_within_a_second_or_two(operator: Operator, make_app: Maker, database: str) -> None:
    other = make_app(database_url=database)
    _announce(operator)
    other.extensions["ivr"].watch.look_now()
    assert WAITING in heard(SignedLine(other).press("1"))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "storm"}, "Choose what callers hear"),
        ({"name": ""}, "Choose what callers hear"),
        ({"until": ""}, "hour of the end"),
        ({"until": "2026-03-05T23:00"}, "within 1 days"),
        ({"until": "2026-03-03T19:00"}, "must be in the future"),
        ({"note": "x" * 201}, "longer than 200"),
        ({"seen": "x"}, "Reload the page"),
        ({"seen": "9"}, "Somebody else has changed"),
    ],
)
def test_a_form_that_does_not_say_what_to_do_changes_nothing(
    operator: Operator, fields: dict[str, str], says: str
) -> None:
    page = operator.get("/announcement")
    answer = operator.send(page, "/announcement", **({"name": "waiting", "until": UNTIL} | fields))
    assert (answer.status_code in (400, 409), says in words(answer)) == (True, True), words(answer)
    assert WAITING not in _menu(operator)


def test_an_outage_and_an_announcement_are_told_apart_in_the_trail(operator: Operator) -> None:
    operator.take_out("bergen", kind="fault", until=UNTIL)
    _announce(operator)
    assert "Bergen legevakt In service Fault on the line" in words(operator.get("/changes"))
    assert operator.send(operator.get("/changes"), "/undo").status_code == 303
    assert "Fault on the line" in words(operator.get("/centres/bergen"))
