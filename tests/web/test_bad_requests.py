"""B01-B60 and B67-B74 over the whole service: what is refused, what is answered, and never a 5xx."""

import sys
from dataclasses import replace
from typing import Any

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.base.clock import ManualClock
from ivr.base.test_account import AUTH_TOKEN
from ivr.line.calls.token import Tokens
from ivr.line.flow.state import CallState
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Profile, Settings
from ivr.line.twilio.request import whole_seconds
from tests.web.signed import BASE, SID, SignedLine, heard, next_url, signed_line

OPENING = "Står det om liv, legg på og ring en, en, tre."


def _sign(url: str, fields: dict[str, Any], token: str = AUTH_TOKEN, algorithm: str | None = None) -> str:
    return str(RequestValidator(token).compute_signature(url, fields, algorithm))


REFUSED_SIGNATURES = {
    "B02 empty header": "",
    "B03 random base64": "mJXBVpkMGbmWcfhlcz3jQbvGqSA=",
    "B19 two headers": "mJXBVpkMGbmWcfhlcz3jQbvGqSA=,mJXBVpkMGbmWcfhlcz3jQbvGqSA=",
    "B20 bytes outside ASCII": "\xe6\xf8\xe5" * 9,
    "B21 10 kB": "x" * 10_000,
}


@pytest.mark.parametrize("name", REFUSED_SIGNATURES)
def test_a_made_up_signature_is_refused(line: SignedLine, name: str) -> None:
    assert line.post("/voice", signature=REFUSED_SIGNATURES[name]).status_code == 403


def test_b01_no_signature_is_refused(line: SignedLine) -> None:
    assert line.app.test_client().post("/voice", data=line.fields()).status_code == 403


def test_b04_the_right_signature_for_another_scheme_is_refused(line: SignedLine) -> None:
    signature = _sign("https://127.0.0.1:5000/voice", line.fields())
    assert line.post("/voice", signature=signature).status_code == 403


def test_b05_a_signature_for_another_path_is_refused(line: SignedLine) -> None:
    assert line.post("/voice", signature=_sign(f"{BASE}/voice/status", line.fields())).status_code == 403


@pytest.mark.parametrize(
    ("name", "signed", "sent"),
    [
        ("B06 a field more", {}, {"Extra": "1"}),
        ("B07 a field less", {"Digits": "1"}, {}),
        ("B08 a value trimmed", {"Digits": "1 "}, {"Digits": "1"}),
        ("B09 an empty field dropped", {"Empty": ""}, {}),
    ],
)
def test_other_fields_than_were_signed_are_refused(
    line: SignedLine, name: str, signed: dict[str, str], sent: dict[str, str]
) -> None:
    signature = _sign(f"{BASE}/voice", line.fields(**signed))
    assert line.post("/voice", line.fields(**sent), signature=signature).status_code == 403, name


def test_b10_an_empty_field_that_was_signed_is_accepted(line: SignedLine) -> None:
    assert line.post("/voice", line.fields(Empty="")).status_code == 200


def test_b11_a_repeated_field_signed_by_twilios_rule_is_accepted(line: SignedLine) -> None:
    fields = MultiDict([*line.fields().items(), ("Digits", "2"), ("Digits", "1")])
    url = next_url(line.post("/voice"))
    response = line.post(url, fields, signature=_sign(BASE + url, fields))
    assert response.status_code == 200


@pytest.mark.parametrize(("name", "value"), [("Digit", "s1"), ("Digits1", "")])
def test_b12_a_resplit_field_is_refused_though_its_signature_holds(line: SignedLine, name: str, value: str) -> None:
    url = next_url(line.post("/voice"))
    signature = _sign(BASE + url, line.fields(Digits="1"))
    assert signature == _sign(BASE + url, line.fields() | {name: value})
    assert line.post(url, line.fields() | {name: value}, signature=signature).status_code == 403


def test_b13_all_fields_folded_into_one_are_refused(line: SignedLine) -> None:
    folded = "".join(name + value for name, value in sorted(line.fields().items()))
    fields = {folded[:10]: folded[10:]}
    assert _sign(f"{BASE}/voice", fields) == _sign(f"{BASE}/voice", line.fields())
    assert line.post("/voice", fields).status_code == 403


def test_b14_the_query_moved_into_the_body_is_refused(line: SignedLine) -> None:
    url = next_url(line.post("/voice"))
    path, _, query = url.partition("?")
    fields = {f"?{query}": ""} | line.fields(Digits="1")
    signature = _sign(BASE + url, line.fields(Digits="1"))
    assert line.post(path, fields, signature=signature).status_code == 403


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("B15 a strange host", {"Host": "evil.example"}),
        ("B16 a host that is none", {"Host": "x:abc"}),
        ("B17 an impossible port", {"Host": "127.0.0.1:99999"}),
        ("B18 a forwarded host", {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}),
    ],
)
def test_what_the_request_says_of_its_host_does_not_matter(
    line: SignedLine, name: str, headers: dict[str, str]
) -> None:
    assert line.post("/voice", headers=headers).status_code in (200, 400), name


@pytest.mark.parametrize("algorithm", ["HMAC_SHA256", "none"])
def test_b22_b23_a_signature_of_another_kind_is_refused(line: SignedLine, algorithm: str) -> None:
    signature = _sign(f"{BASE}/voice", line.fields(), algorithm="HMAC_SHA256" if algorithm != "none" else None)
    headers = {"X-Twilio-Webhooks-Signature-Settings": f"key=unknown,algorithm={algorithm}"}
    if algorithm == "none":
        signature = ""
    assert line.post("/voice", signature=signature, headers=headers).status_code == 403


def test_b24_a_request_replayed_a_day_later_gets_the_same_answer(line: SignedLine, clock: Any) -> None:
    url = next_url(line.post("/voice"))
    first = line.post(url, line.fields(Digits="1"))
    clock.advance(86_400)
    assert line.post(url, line.fields(Digits="1")).data == first.data


PARAMETERS: dict[str, tuple[dict[str, str], int]] = {
    "B25 no CallSid": ({"CallSid": ""}, 403),
    "B26 CallSid is a path": ({"CallSid": "../../etc"}, 403),
    "B28 no digits": ({"Digits": ""}, 200),
    "B29 twenty digits": ({"Digits": "12345678901234567890"}, 200),
    "B30 full-width digit": ({"Digits": "１"}, 200),
    "B31 superscript": ({"Digits": "²"}, 200),
    "B32 Arabic digit": ({"Digits": "١"}, 200),
    "B33 newline": ({"Digits": "1\n"}, 200),
    "B34 star one": ({"Digits": "*1"}, 200),
    "B35 hash": ({"Digits": "#"}, 200),
    "B36 letter": ({"Digits": "A"}, 200),
    "B37 SQL": ({"Digits": "'; DROP TABLE--"}, 200),
    "B38 NUL": ({"Digits": "\x00", "FromCity": "a\x00b"}, 200),
    "B40 From empty": ({"From": ""}, 200),
    "B41 anonymous": ({"From": "anonymous"}, 200),
    "B42 placeholder": ({"From": "+266696687"}, 200),
    "B43 client": ({"From": "client:Anna"}, 200),
    "B44 sip": ({"From": "sip:x@y;<script>"}, 200),
    "B45 long From": ({"From": "+4" * 250}, 200),
    "B46 strange status": ({"CallStatus": "foo"}, 200),
    "B47 unknown fields": ({"StirVerstat": "x", "NewThing": "y"}, 200),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_voice_parameter_is_refused_or_answered(line: SignedLine, name: str) -> None:
    fields, status = PARAMETERS[name]
    assert line.post(next_url(line.press("1")), line.fields(**fields)).status_code == status


def test_b27_another_account_is_refused(clock: Any) -> None:
    line = signed_line(clock, replace(Settings(), account_sid="AC" + "1" * 32))
    assert line.post("/voice").status_code == 403


def test_b39_bytes_that_are_not_utf8_are_no_5xx(line: SignedLine) -> None:
    response = line.post(
        "/voice", data=b"CallSid=%ff%fe", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert response.status_code == 403


def test_b48_500_fields_are_refused(line: SignedLine) -> None:
    assert line.post("/voice", line.fields() | {f"F{n}": "1" for n in range(500)}).status_code == 413


TOKENS = Tokens(Settings().token_secret)
CALL = TOKENS.call_id(SID)


def _target(line: SignedLine, state: CallState, *, call: str = SID, version: str | None = None) -> str:
    if version is None:
        ready = line.app.test_client().get("/health/ready").json
        assert ready is not None
        version = f"{ready['flow']}-{ready['directory']}"
    return f"/voice/{state.node}?t={TOKENS.seal(state, TOKENS.call_id(call), version)}"


STATES: dict[str, CallState] = {
    "B49 unknown node": CallState("nowhere", language="en"),
    "B52 negative attempt": CallState("main", language="en", attempt=-1),
    "B53 huge attempt": CallState("main", language="en", attempt=10**9),
    "B55 unknown language": CallState("main", language="xx"),
    "B56 no is not a language": CallState("main", language="no"),
    "B57 unknown municipality": CallState("confirm", language="en", place="9999", centre="bergen"),
    "B58 lost zero": CallState("confirm", language="en", place="301", centre="oslo"),
}


@pytest.mark.parametrize("name", STATES)
def test_a_state_that_cannot_be_is_answered_and_the_call_goes_on(line: SignedLine, name: str) -> None:
    response = line.post(_target(line, STATES[name]), line.fields(Digits="1"))
    assert response.status_code == 200
    assert next_url(response)


@pytest.mark.parametrize("target", ["/voice/main?t=rubbish", "/voice/main?t=", "/voice/no_such_node?t=rubbish"])
def test_b50_a_token_of_nobody_begins_at_the_113_words(line: SignedLine, target: str) -> None:
    assert heard(line.post(target, line.fields(Digits="1"))).startswith(OPENING)


def test_b51_an_unknown_flow_resumes_in_the_same_language(line: SignedLine) -> None:
    response = line.post(_target(line, CallState("info", language="en"), version="deadbeef"), line.fields(Digits="1"))
    assert heard(response).startswith("If life is in danger, hang up and dial one, one, three.")


def test_b54_a_counter_that_is_no_number_begins_anew(line: SignedLine) -> None:
    state = CallState("main", language="en", attempt="1e3")  # type: ignore[arg-type]
    assert heard(line.post(_target(line, state), line.fields(Digits="1"))).startswith(OPENING)


def test_b59_an_old_token_of_the_same_call_is_answered_as_then(line: SignedLine) -> None:
    old = next_url(line.press("1"))
    line.press("1", "1", "5003")
    assert "postnummeret" in heard(line.post(old, line.fields(Digits="1")))


def test_b60_a_token_of_another_call_is_refused(line: SignedLine) -> None:
    target = _target(line, CallState("main", language="en"), call="CA" + "f" * 32)
    assert line.post(target, line.fields(Digits="1")).status_code == 403


def test_a_node_without_a_token_is_refused(line: SignedLine) -> None:
    assert line.post("/voice/main", line.fields(Digits="1")).status_code == 403


def test_b68_asking_for_the_options_plays_no_call(line: SignedLine) -> None:
    response = line.app.test_client().options("/voice")
    assert (response.status_code, response.data) == (200, b"")
    assert not line.facts


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE"])
def test_b67_b68_only_post_is_answered(line: SignedLine, method: str) -> None:
    assert line.app.test_client().open("/voice", method=method).status_code == 405


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x", "", "text/plain"])
def test_b69_b71_what_is_not_a_form_is_refused(line: SignedLine, content_type: str) -> None:
    response = line.app.test_client().post("/voice", data=b"{}", content_type=content_type)
    assert response.status_code == 415


@pytest.mark.parametrize("announced", ["", "-1", "abc", "1e3", "²", "1, 1"])
def test_b72_a_length_that_is_none_is_refused(line: SignedLine, announced: str) -> None:
    environ = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": announced}
    assert line.app.test_client().post("/voice", environ_overrides=environ).status_code == 411


def test_b73_a_megabyte_is_refused(line: SignedLine) -> None:
    fields = {"CallSid": SID, "X": "x" * 1_000_000}
    assert line.post("/voice", fields).status_code == 413


@pytest.mark.parametrize("target", ["//voice", "/voice/", "/voice/%2e%2e/", "/voice/main/../x", "/voice/æ"])
def test_b74_a_strange_path_is_no_5xx(line: SignedLine, target: str) -> None:
    assert line.post(target).status_code < 500


class _Reset:
    """The body of a peer that resets its connection."""

    def read(self, _: int) -> bytes:
        raise ConnectionResetError(104, "Connection reset by peer")


def _status(line: SignedLine, target: str, **more: Any) -> str:
    """What is answered to this environment, with which no fault of ours must come."""
    path, _, query = target.partition("?")
    environ = {
        **{"REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1"},
        **{"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": "100", "wsgi.input": _Reset()},
        **{"SERVER_NAME": "x", "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr},
    } | more
    answers: list[str] = []
    b"".join(line.app.wsgi_app(environ, lambda status, _: answers.append(status)))  # type: ignore[arg-type,func-returns-value]
    assert "ivr.fault" not in environ
    return answers[0][:3]


@pytest.mark.parametrize("target", ["/voice", "/voice/status", "/voice/fallback", "/voice/main?t=x"])
def test_a_body_that_breaks_off_is_no_fault_of_ours(line: SignedLine, target: str) -> None:
    assert _status(line, target) == "400"


LONG = "9" * 5000
NUMERIC = ("DialCallDuration", "CallDuration", "Digits", "ErrorCode", "SequenceNumber", "RecordingDuration", "Duration")


@pytest.mark.parametrize("name", NUMERIC)
@pytest.mark.parametrize("value", [LONG, "-1", "1e9", "٣", "²", "0x10", " 7 ", "NaN", ""])
@pytest.mark.parametrize("path", ["", "/status", "/fallback", "/rescue"])
def test_a_number_of_any_length_or_form_is_never_a_fault_of_ours(
    line: SignedLine, name: str, value: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    fields = line.fields(DialCallStatus="completed", CallStatus="completed") | {name: value}
    target = next_url(line.post("/voice")) if not path else f"/voice{path}"
    assert line.post(target, fields).status_code in (200, 204)
    assert not [record for record in caplog.records if record.name == "ivr.failsafe"]


@pytest.mark.parametrize("value", ["9" * 5000, "1000000", "-5", "٣٣"])
def test_a_duration_that_is_none_counts_as_no_talk(value: str) -> None:
    assert whole_seconds(value) == 0


@pytest.mark.parametrize("value", ["Mon, 01 Jan 0001 00:00:00 +1400", "Fri, 31 Dec 9999 23:59:59 -1200", LONG, "x"])
def test_a_moment_beyond_all_clocks_is_never_a_fault_of_ours(
    line: SignedLine, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    fields = line.fields(CallStatus="completed", CallDuration="1", Timestamp=value)
    assert line.post("/voice/status", fields).status_code == 204
    assert not [record for record in caplog.records if record.name == "ivr.failsafe"]


def test_a_length_of_five_thousand_digits_is_too_long(line: SignedLine) -> None:
    assert _status(line, "/voice", CONTENT_LENGTH=LONG) == "413"


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    "path", ["/voice//x", "//voice", "/voice/", "/voice//", "/health/ready/", "/health//ready", "/x//y"]
)
def test_no_redirect_carries_the_name_that_the_peer_put_into_host(line: SignedLine, path: str, method: str) -> None:
    answer = line.app.test_client().open(path, method=method, headers={"Host": "evil.example"})
    assert not 300 <= answer.status_code < 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize("peer", ["203.0.113.7", "10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "nonsense"])
@pytest.mark.parametrize("target", ["/voice", "/voice/status"])
def test_the_simulators_webhooks_are_for_this_machine_alone_whatever_server_it_runs_on(
    line: SignedLine, peer: str, target: str
) -> None:
    assert _status(line, target, REMOTE_ADDR=peer) == "403"


@pytest.mark.parametrize("peer", ["", "127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_known_by_any_of_its_own_addresses(line: SignedLine, peer: str) -> None:
    assert _status(line, "/voice", REMOTE_ADDR=peer) == "400"  # taken in, and then its body breaks off


def test_a_public_profile_answers_whoever_asks(clock: ManualClock) -> None:
    settings = Settings(profile=Profile.PRACTICE, base_url="https://line.example")
    line = SignedLine(create_app(settings, clock=clock, sink=lambda _: None))
    assert _status(line, "/voice", REMOTE_ADDR="203.0.113.7") == "400"
