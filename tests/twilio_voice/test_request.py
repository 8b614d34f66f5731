"""Voice parameters: what each value means, B25-B48 and B61-B66."""

import pytest

from ivr.base.errors import RequestError
from ivr.line.flow.events import Caller, Event, Keys, LegEnded, LegOutcome, Silence, SpokenWords
from ivr.line.twilio import read_request
from ivr.line.twilio.request import VoiceRequest

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
    ("fields", "reason"),
    [
        ({"CallSid": ""}, "CallSid missing or malformed"),
        ({"CallSid": "../../etc"}, "CallSid missing or malformed"),
        ({"CallSid": SID + "\n"}, "CallSid missing or malformed"),
        ({"AccountSid": ""}, "AccountSid missing, malformed or not ours"),
        ({"AccountSid": "AC" + "1" * 32}, "AccountSid missing, malformed or not ours"),
        ({"AccountSid": "nonsense"}, "AccountSid missing, malformed or not ours"),
        ({"Digit": "s1"}, "a re-split Digits"),
        ({"Digits1": ""}, "a re-split Digits"),
        ({"Digits*#": "3"}, "a re-split Digits"),
        ({"SpeechResul": "tBergen"}, "a re-split SpeechResult"),
        ({"SpeechResultBergen": ""}, "a re-split SpeechResult"),
        ({"Confidence0.9": ""}, "a re-split Confidence"),
        ({"DialCallStatu": "scompleted"}, "a re-split DialCallStatus"),
        ({"DialCallStatusbusy": ""}, "a re-split DialCallStatus"),
        ({"DialCallDuration9": ""}, "a re-split DialCallDuration"),
        ({"DialBridgedtrue": ""}, "a re-split DialBridged"),
    ],
)
def test_a_field_that_is_empty_malformed_foreign_or_resplit_is_refused(fields: dict[str, str], reason: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_request(FIELDS | fields, ACCOUNT, 3)
    assert (caught.value.status, caught.value.reason) == (403, reason)


@pytest.mark.parametrize("name", ["CallSid", "AccountSid"])
@pytest.mark.parametrize("ours", [ACCOUNT, ""])
def test_a_request_without_its_ids_is_refused(name: str, ours: str) -> None:
    fields = {other: value for other, value in FIELDS.items() if other != name}
    with pytest.raises(RequestError, match=f"^403 {name} missing"):
        read_request(fields, ours, 3)


def test_a_request_of_nothing_but_its_ids_tells_of_nothing_else() -> None:
    read = read_request({"CallSid": SID, "AccountSid": ACCOUNT}, ACCOUNT, 3)
    assert read == VoiceRequest((SID,), Caller(), Silence(), "", "", "", "", "")


def test_a_request_of_any_account_is_read_where_none_is_configured() -> None:
    assert read_request(FIELDS, "", 3).call_sids == (SID,)


def test_fields_that_twilio_may_add_are_ignored() -> None:
    assert _event(StirVerstat="TN-Validation-Passed-A", DigitsSource="new", D="", Dial="x") == Silence()


def test_twilios_error_is_read_and_bounded() -> None:
    assert read_request(FIELDS | {"ErrorCode": "112001234"}, ACCOUNT, 3).error_code == "11200"


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
        ("", "#", Keys("#")),
        ("", "*", Keys("", star=True)),
        ("50", "*", Keys("50", star=True)),
        ("12345678901234567890", "", Keys("12345678901234567890")),
        ("1" * 32, "", Keys("1" * 32)),
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


SPELLED = ("2562533", "8656696", "266696687", "7378742833", "86282452253")  # BLOCKED, UNKNOWN, ANONYMOUS and so on


@pytest.mark.parametrize("code", ["", "+", "+1", "+47"])
@pytest.mark.parametrize("digits", [*SPELLED, "464"])
def test_a_placeholder_is_withheld_with_and_without_a_country_code(code: str, digits: str) -> None:
    read = read_request(FIELDS | {"From": code + digits}, ACCOUNT, 3)
    assert (read.caller, read.phone) == (Caller(), "")


@pytest.mark.parametrize("text", ["anonymous", "Anonymous", "ANONYMOUS", "unknown", "Restricted", "blocked", "private"])
def test_a_word_in_place_of_a_number_is_withheld(text: str) -> None:
    read = read_request(FIELDS | {"From": text}, ACCOUNT, 3)
    assert (read.caller, read.phone) == (Caller(), "")


@pytest.mark.parametrize(
    "number",
    [
        "+73787428331",  # eleven digits of Russia that begin with RESTRICTED
        "+862824522534",  # China, with UNAVAILABLE
        "+26669668712",  # Lesotho, with ANONYMOUS
        "+256253312345",  # Uganda, with BLOCKED
        "+3548656696",  # a mobile phone in Iceland that ends in UNKNOWN
        "+447378742833",  # a mobile phone in Britain that ends in RESTRICTED
        "+17378742834",
        "+12662533000",
    ],
)
def test_a_number_that_only_holds_the_digits_of_a_placeholder_is_a_foreign_number(number: str) -> None:
    read = read_request(FIELDS | {"From": number}, ACCOUNT, 3)
    assert (read.caller, read.phone) == (Caller(abroad=True), number)


def test_a_norwegian_number_that_begins_like_a_placeholder_keeps_its_area() -> None:
    assert _caller("+4725625330") == Caller(area="25")


@pytest.mark.parametrize("number", ["+4791234567", "+4740000000", "+46701234567", "+12025550123"])
def test_a_text_message_may_reach_a_norwegian_mobile_and_a_foreign_number(number: str) -> None:
    assert read_request(FIELDS | {"From": number}, ACCOUNT, 3).phone == number


@pytest.mark.parametrize(
    "number",
    [
        "",
        "anonymous",
        "+266696687",
        "+86282452253",
        "client:Anna",
        "+4755123456",
        "+4781512345",
        "+47912345678",
        "116117",
        "+8816123456789",
        "+8823412345678",
        "+870773112345",
        "+80012345678",
        "+979123456789",
        "+1" * 250,
    ],
)
def test_a_withheld_fixed_satellite_or_premium_number_gets_no_text_message(number: str) -> None:
    assert read_request(FIELDS | {"From": number}, ACCOUNT, 3).phone == ""


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
    ids=[
        "B61 busy",
        "B62 no answer",
        "B63 failed",
        "B64 canceled",
        "an empty status",
        "an unknown status",
        "answered",
        "no duration",
        "B65 no second",
        "two seconds",
        "three seconds",
        "B66 a duration that is no number",
        "bridged",
        "not bridged",
    ],
)
def test_the_end_of_a_leg_is_a_talk_or_a_reason_to_go_on(fields: dict[str, str], outcome: LegOutcome) -> None:
    assert _event(**fields) == LegEnded(outcome)


def test_a_talk_of_any_length_counts_where_no_shortest_talk_is_asked_for() -> None:
    fields = FIELDS | {"DialCallStatus": "completed", "DialCallDuration": "abc"}
    assert read_request(fields, ACCOUNT, 1).event == LegEnded(LegOutcome.FAILED)
    assert read_request(fields, ACCOUNT, 0).event == LegEnded(LegOutcome.TALKED)


@pytest.mark.parametrize(
    ("name", "value"),
    [("FinishedOnKey*", ""), ("FinishedOnKe", "y*"), ("DialCallDuration2", "0"), ("DialCallStatusbus", "y")],
)
def test_a_resplit_of_any_field_that_steers_is_refused(name: str, value: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_request(FIELDS | {name: value}, ACCOUNT, 3)
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"SpeechResult": "Geilo", "Confidence": "0.72"}, SpokenWords("Geilo", 0.72)),
        ({"SpeechResult": "Geilo"}, SpokenWords("Geilo", 1.0)),
        ({"SpeechResult": "Geilo", "Confidence": "nan"}, SpokenWords("Geilo", 1.0)),
        ({"SpeechResult": "å" * 900, "Confidence": "0.0"}, SpokenWords("å" * 200, 0.0)),
        ({"SpeechResult": " ", "Confidence": "0.9"}, Silence()),
        ({"SpeechResult": "Geilo", "Digits": "9"}, Keys("9")),
    ],
)
def test_what_a_recogniser_made_of_speech_is_read_and_keys_go_before_it(fields: dict[str, str], event: Event) -> None:
    assert _event(**fields) == event
