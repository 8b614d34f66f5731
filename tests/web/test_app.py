"""What was left out of Flask's work for webhooks changes nothing that Twilio or an operator can see."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response, request, signals

from ivr.base.clock import ManualClock
from tests.conftest import EVENING
from tests.web.signed import SignedLine, heard, next_url, signed_line


def test_a_host_header_that_is_none_does_not_matter(line: SignedLine) -> None:
    assert line.post("/voice", headers={"Host": "not a host!"}).status_code == 200


@pytest.mark.parametrize("path", ["/voice/a/b", "/voices", "/voice/æ/b", f"/voice/{'x' * 200}/b"])
def test_a_path_without_a_route_is_not_found(path: str, line: SignedLine) -> None:
    assert [line.app.test_client().post(path).status_code for _ in range(2)] == [404, 404]


def test_only_post_is_answered(line: SignedLine) -> None:
    assert line.app.test_client().get("/voice").status_code == 405


def test_each_of_many_paths_finds_its_route(line: SignedLine) -> None:
    answers = {line.app.test_client().post(f"/voice/node{number}").status_code for number in range(100)}
    assert answers == {415}


def test_the_signed_target_is_found_where_the_server_does_not_hand_it_on(line: SignedLine) -> None:
    first = line.post("/voice", raw=False)
    assert first.status_code == 200
    assert heard(line.post(next_url(first), line.fields(Digits="2"), raw=False)) == heard(line.press("2"))


def test_a_document_says_its_length_and_kind(line: SignedLine) -> None:
    response = line.post("/voice")
    assert dict(response.headers) == {
        "Content-Type": "text/xml; charset=utf-8",
        "Content-Length": str(len(response.data)),
    }


def _stop(*_: object, **__: object) -> Response:
    return Response("stopped", 299)


_HOOKS: dict[str, Callable[[Flask, Callable[..., None]], object]] = {
    "before_request": lambda app, seen: app.before_request(seen),
    "before_request of the blueprint": lambda app, seen: app.before_request_funcs["voice"].append(seen),
    "url_value_preprocessor": lambda app, seen: app.url_value_preprocessor(seen),
    "after_request": lambda app, seen: app.after_request(lambda response: seen() or response),
    "teardown_request": lambda app, seen: app.teardown_request(seen),
    "teardown_appcontext": lambda app, seen: app.teardown_appcontext(seen),
    "request_started": lambda app, seen: signals.request_started.connect(seen, app, weak=False),
    "request_finished": lambda app, seen: signals.request_finished.connect(seen, app, weak=False),
    "request_tearing_down": lambda app, seen: signals.request_tearing_down.connect(seen, app, weak=False),
    "appcontext_pushed": lambda app, seen: signals.appcontext_pushed.connect(seen, app, weak=False),
    "appcontext_popped": lambda app, seen: signals.appcontext_popped.connect(seen, app, weak=False),
    "appcontext_tearing_down": lambda app, seen: signals.appcontext_tearing_down.connect(seen, app, weak=False),
}


@pytest.fixture
def _signals_as_before() -> Iterator[None]:
    yield
    for name in ("request_started", "request_finished", "request_tearing_down", "got_request_exception"):
        getattr(signals, name).receivers.clear()
    for name in ("appcontext_pushed", "appcontext_popped", "appcontext_tearing_down"):
        getattr(signals, name).receivers.clear()


@pytest.mark.usefixtures("_signals_as_before")
@pytest.mark.parametrize("name", list(_HOOKS))
def test_what_somebody_hangs_on_requests_runs_for_a_webhook_and_the_answer_stays_the_same(
    name: str, line: SignedLine
) -> None:
    seen: list[str] = []
    _HOOKS[name](line.app, lambda *_, **__: seen.append(name))
    hooked = line.post("/voice")
    bare = signed_line(ManualClock(EVENING)).post("/voice")
    assert seen == [name]
    assert (hooked.status, hooked.data, list(hooked.headers)) == (bare.status, bare.data, list(bare.headers))
    assert len(line.facts) == 1


def test_a_hook_may_answer_a_webhook_itself(line: SignedLine) -> None:
    line.app.before_request(_stop)
    assert line.post("/voice").status_code == 299


def test_a_refusal_reads_the_same_with_and_without_a_hook(line: SignedLine) -> None:
    bare = line.post("/voice", signature="wrong")
    line.app.before_request_funcs[None].append(lambda: None)
    hooked = line.post("/voice", signature="wrong")
    assert (hooked.status, hooked.data, list(hooked.headers)) == (bare.status, bare.data, list(bare.headers))
    assert bare.status_code == 403


@pytest.mark.usefixtures("_signals_as_before")
@pytest.mark.parametrize("watched", [True, False])
def test_a_fault_is_told_to_whoever_asked_for_faults_and_the_caller_hears_113(
    watched: bool, line: SignedLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    told: list[object] = []
    if watched:
        signals.got_request_exception.connect(lambda *_, exception: told.append(exception), line.app, weak=False)
    monkeypatch.setattr("ivr.line.web.voice._read", breaks)
    response = line.post("/voice")
    assert response.status_code == 200
    assert "en, en, tre" in heard(response)
    assert len(told) == watched


def test_an_error_handler_of_the_application_is_asked(line: SignedLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ivr.line.web.voice._read", breaks)
    line.app.register_error_handler(ZeroDivisionError, _stop)
    assert line.post("/voice").status_code == 299


def test_a_view_that_needs_more_than_the_environ_is_asked_by_flask(line: SignedLine) -> None:
    line.app.add_url_rule("/voice/by/hand", "by_hand", lambda: request.path, methods=["POST"])
    assert line.app.test_client().post("/voice/by/hand").data == b"/voice/by/hand"


def test_after_the_first_webhook_flask_takes_no_more_hooks(line: SignedLine) -> None:
    line.post("/voice")
    with pytest.raises(AssertionError, match="no longer be called"):
        line.app.before_request(_stop)


def test_a_status_callback_is_answered_with_nothing(line: SignedLine) -> None:
    response = line.post("/voice/status", line.fields(CallStatus="completed"))
    assert (response.status, response.data) == ("204 NO CONTENT", b"")
    assert dict(response.headers) == {"Content-Type": "text/html; charset=utf-8"}
