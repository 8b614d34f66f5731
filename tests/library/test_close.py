"""What a call does at its end: a test that asserts nothing of a call that went wrong is not green."""

import pytest

from ivr.base.errors import SimulatorError
from ivr.simulator import Fault
from ivr.simulator.library import Call
from tests.library.apps import Documents, library


def _failing(*, allow_errors: bool = False) -> Call:
    return Call(Documents(), path="/nowhere", allow_errors=allow_errors)


def test_closing_hangs_up_a_call_that_is_under_way() -> None:
    call = Call(library())
    call.close()
    assert call.ended == "completed"


def test_a_call_that_went_wrong_is_an_error_at_its_end_with_the_transcript() -> None:
    with pytest.raises(SimulatorError, match=r"(?s)unexpected error 11217.*unexpected end.*hears .*application error"):
        _failing().close()


def test_so_it_is_at_the_end_of_its_block() -> None:
    with pytest.raises(SimulatorError, match="11217"), _failing():
        pass


def test_an_error_that_the_fallback_made_good_is_one_too() -> None:
    app = Documents(sorry="<Say>Sorry.</Say>")
    with pytest.raises(SimulatorError, match="11217"), Call(app, path="/broken", fallback_url="/sorry") as call:
        assert call.heard("sorry")


def test_a_verb_that_is_not_simulated_is_one_too() -> None:
    with pytest.raises(SimulatorError, match="<Pay> is not simulated"):
        Call(Documents(voice="<Pay/>")).close()


def test_a_server_that_is_not_there_is_one_too() -> None:
    with pytest.raises(SimulatorError, match=r"no reply: .*127\.0\.0\.1"):
        Call("http://127.0.0.1:1/voice").close()


def test_errors_can_be_allowed() -> None:
    with _failing(allow_errors=True):
        pass


def test_a_test_that_reads_the_codes_has_looked() -> None:
    with _failing() as call:
        assert call.warnings == [11217]


def test_a_test_that_reads_what_failed_has_looked() -> None:
    with _failing() as call:
        assert [line.partition(":")[0] for line in call.failures] == ["unexpected error 11217", "unexpected end"]


def test_a_test_that_finds_the_call_failed_has_looked() -> None:
    with _failing() as call:
        assert call.ended == "failed"


@pytest.mark.parametrize(
    "look", ["bool(call.ended)", "call.ended is not None", "call.ended == 'completed'", "str(call)"]
)
def test_a_test_that_asks_something_else_has_not_looked(look: str) -> None:
    call = _failing()
    eval(look, {"call": call})  # noqa: S307 - the texts above
    with pytest.raises(SimulatorError):
        call.close()


def test_an_error_that_an_injected_fault_causes_needs_no_look() -> None:
    app = Documents(voice="<Say>Hello.</Say>", sorry="<Say>Sorry.</Say>")
    with Call(app, fallback_url="/sorry", faults=[Fault(1, "status", 500)]) as call:
        assert call.heard("sorry")


def test_a_call_that_a_fault_fails_needs_one() -> None:
    with pytest.raises(SimulatorError, match="unexpected end"), Call(library(), faults=[Fault(1, "status", 500)]):
        pass


def test_what_fails_inside_the_block_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError), _failing():
        raise ZeroDivisionError


def test_what_is_not_simulated_is_no_failure_and_is_named() -> None:
    with Call(Documents(voice='<Dial><Number byoc="BY1">+4755568700</Number></Dial>')) as call:
        assert call.not_simulated == ["attribute byoc of <Number>"]
        assert call.warnings == []


def test_nothing_has_failed_while_a_good_call_is_under_way() -> None:
    assert Call(library()).failures == []
