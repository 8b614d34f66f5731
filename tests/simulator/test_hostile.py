"""Whatever an application answers, a call ends: broken XML, nonsense in attributes, verbs in the wrong places."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivr.base.errors import SimulatorError
from ivr.simulator import HangUp, Leg, PressNow, Wait
from ivr.simulator.twiml import read_document
from tests.simulator.webhook import Page, Webhook, call

NAMES = [
    "Say",
    "Play",
    "Pause",
    "Gather",
    "Dial",
    "Number",
    "Redirect",
    "Hangup",
    "Reject",
    "Record",
    "Sip",
    "break",
    "x",
]
ATTRIBUTES = [
    *("action", "method", "timeout", "finishOnKey", "numDigits", "input", "loop", "digits", "length", "reason"),
    *("url", "callerId", "timeLimit", "hangupOnStar", "statusCallback", "statusCallbackEvent", "sendDigits", "time"),
    *("maxLength", "playBeep", "language", "speechTimeout", "actionOnEmptyResult", "answerOnBridge", "rate", "no"),
]
VALUES = [
    *("", "0", "1", "-1", "5", "9" * 5000, "true", "GET", "PUT", "dtmf speech", "#", "12*", "²", "/voice", "/next"),
    *("http://127.0.0.1:5000/next", "http://[", "file:///x", "+4755568700", "initiated ringing", "500ms", "w1"),
]
TEXTS = ["", "Hello", "+4755568700", "113", "/voice", "http://127.0.0.1:5000/next", "å" * 50]


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = st.dictionaries(st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES), max_size=3)
    inside = st.lists(st.one_of(st.sampled_from(TEXTS), children), max_size=3).map("".join)
    return st.builds(_written, st.sampled_from(NAMES), attributes, inside)


def _written(name: str, attributes: dict[str, str], inside: str) -> str:
    return f"<{name}" + "".join(f' {key}="{value}"' for key, value in attributes.items()) + f">{inside}</{name}>"


_bodies = st.lists(st.recursive(st.sampled_from(TEXTS), _element, max_leaves=5), min_size=1, max_size=4).map("".join)


@settings(max_examples=200, deadline=None)
@given(_bodies, _bodies)
@example("<Redirect/>", "")
@example("<Redirect>http://[</Redirect>", "")
@example('<Gather actionOnEmptyResult="true" timeout="1"/>', "")
@example('<Record maxLength="1" timeout="0"/>', "")
def test_every_call_ends(voice: str, following: str) -> None:
    pages = {
        "/voice": Page(f"<Response>{voice}</Response>".encode()),
        "/next": Page(f"<Response>{following}</Response>".encode()),
    }
    steps = (PressNow("1"), Wait(1), PressNow("2#"), Wait(2), PressNow("3"), Wait(100), HangUp())
    outcome = call(Webhook(pages), steps=steps, legs={"*": Leg.answer(1, 3)})
    assert outcome.trace[-1]["event"] == "ended"
    times = [event["t"] for event in outcome.trace]
    assert times == sorted(times)
    assert times[-1] <= 120


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@example(b"\xff\xfe<")
@example(b'<?xml version="1.0" encoding="no-such"?><Response/>')
@example(b"<Response>" + b"<Say>" * 30 + b"</Say>" * 30 + b"</Response>")
@example(b"<Response>" + b"<Pause/>" * 501 + b"</Response>")
def test_any_bytes_are_a_document_or_an_error_with_a_code(body: bytes) -> None:
    codes = set()
    try:
        read_document(body)
    except SimulatorError as error:
        codes.add(error.code)
    assert codes <= {12100, 12102}
