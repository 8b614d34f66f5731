"""Voice parameters: what each value means, B25-B48 and B61-B66."""

import pytest

from ivr.errors import RequestError
from ivr.flow.events import Caller, Event, Keys, LegEnded, LegOutcome, Silence
from ivr.twilio_voice import read_request

SID = "CA" + "a" * 32
ACCOUNT = "AC" + "0" * 32
FIELDS = {
    "CallSid": SID,
    "AccountSid": ACCOUNT,
    "From": "+4791234567",
    "To": "+4739000000",
    "CallStatus": "in-progress",
}


def _event(**fields: str) -> Event:
    return read_request(FIELDS | fields, ACCOUNT, 3).event


def _caller(number: str) -> Caller:
    return read_request(FIELDS | {"From": number}, ACCOUNT, 3).caller


@pytest.mark.parametrize(
    "fields",
    [
        {"CallSid": ""},
        {"CallSid": "../../etc"},
        {"CallSid": SID + "\n"},
        {"AccountSid": ""},
        {"AccountSid": "AC" + "1" * 32},
        {"AccountSid": "nonsense"},
        {"Digit": "s1"},
        {"Digits1": ""},
        {"Digits*#": "3"},
        {"DialCallStatu": "scompleted"},
        {"DialCallStatusbusy": ""},
        {"DialCallDuration9": ""},
        {"DialBridgedtrue": ""},
    ],
)
def test_a_field_that_is_missing_malformed_foreign_or_resplit_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(RequestError) as caught:
        read_request(FIELDS | fields, ACCOUNT, 3)
    assert caught.value.status == 403


def test_a_request_of_any_account_is_read_where_none_is_configured() -> None:
    assert read_request(FIELDS, "", 3).call_sids == (SID,)


def test_fields_that_twilio_may_add_are_ignored() -> None:
    assert _event(StirVerstat="TN-Validation-Passed-A", DigitsSource="new", D="", Dial="x") == Silence()


def test_more_than_200_fields_are_refused() -> None:
    with pytest.raises(RequestError) as caught:
        read_request(FIELDS | {f"F{n}": "" for n in range(200)}, ACCOUNT, 3)
    assert caught.value.status == 413


def test_the_leg_that_we_dialled_names_its_parent() -> None:
    parent = "CA" + "b" * 32
    assert read_request(FIELDS | {"ParentCallSid": parent}, ACCOUNT, 3).call_sids == (SID, parent)
    assert read_request(FIELDS | {"ParentCallSid": "x"}, ACCOUNT, 3).call_sids == (SID,)


@pytest.mark.parametrize(
    ("digits", "finished_on", "event"),
    [
        ("1", "", Keys("1")),
        ("5003", "", Keys("5003")),
        ("*", "", Keys("*")),
        ("#", "", Keys("#")),
        ("*1", "", Keys("*1")),
        ("", "", Silence()),
        ("", "#", Silence()),
        ("", "*", Keys("", star=True)),
        ("50", "*", Keys("50", star=True)),
        ("12345678901234567890", "", Keys("12345678901234567890")),
        ("1" * 33, "", Keys("?")),
        ("１", "", Keys("?")),
        ("²", "", Keys("?")),
        ("١", "", Keys("?")),
        ("1\n", "", Keys("?")),
        ("A", "", Keys("?")),
        ("'; DROP TABLE--", "", Keys("?")),
    ],
)
def test_digits_are_keys_silence_or_no_key_at_all(digits: str, finished_on: str, event: Event) -> None:
    assert _event(Digits=digits, FinishedOnKey=finished_on) == event


def test_no_digits_at_all_are_silence() -> None:
    assert _event() == Silence()


@pytest.mark.parametrize(
    ("number", "caller"),
    [
        ("+4791234567", Caller(area="91")),
        ("+4755123456", Caller(area="55")),
        ("+46701234567", Caller(abroad=True)),
        ("+12025550123", Caller(abroad=True)),
        ("", Caller()),
        ("anonymous", Caller()),
        ("+266696687", Caller()),
        ("client:Anna", Caller()),
        ("sip:x@y;<script>", Caller()),
        ("+1" * 250, Caller()),
        ("+0123456789", Caller()),
        ("116117", Caller()),
    ],
)
def test_a_number_tells_abroad_or_area_and_nothing_else(number: str, caller: Caller) -> None:
    assert _caller(number) == caller


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"DialCallStatus": "busy"}, LegOutcome.BUSY),
        ({"DialCallStatus": "no-answer"}, LegOutcome.NO_ANSWER),
        ({"DialCallStatus": "failed"}, LegOutcome.FAILED),
        ({"DialCallStatus": "canceled"}, LegOutcome.FAILED),
        ({"DialCallStatus": ""}, LegOutcome.FAILED),
        ({"DialCallStatus": "foo"}, LegOutcome.FAILED),
        ({"DialCallStatus": "answered", "DialCallDuration": "20"}, LegOutcome.TALKED),
        ({"DialCallStatus": "completed"}, LegOutcome.FAILED),
        ({"DialCallStatus": "completed", "DialCallDuration": "0"}, LegOutcome.FAILED),
        ({"DialCallStatus": "completed", "DialCallDuration": "2"}, LegOutcome.FAILED),
        ({"DialCallStatus": "completed", "DialCallDuration": "3"}, LegOutcome.TALKED),
        ({"DialCallStatus": "completed", "DialCallDuration": "abc"}, LegOutcome.FAILED),
        ({"DialCallStatus": "completed", "DialCallDuration": "20", "DialBridged": "true"}, LegOutcome.TALKED),
        ({"DialCallStatus": "completed", "DialCallDuration": "20", "DialBridged": "false"}, LegOutcome.NO_ANSWER),
    ],
)
def test_the_end_of_a_leg_is_a_talk_or_a_reason_to_go_on(fields: dict[str, str], outcome: LegOutcome) -> None:
    assert _event(**fields) == LegEnded(outcome)
