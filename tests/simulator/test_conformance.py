"""Every case in conformance/*.yaml: a rule, its source, documents, what the caller does, what must follow."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import urlsplit

import pytest
from twilio.request_validator import RequestValidator

from ivr.base.strict_yaml import Mapping, Text, Value
from ivr.simulator import WsgiTransport, play
from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.events import AnyEvent
from ivr.simulator.expectations import check
from ivr.simulator.outcome import Outcome
from ivr.simulator.report import transcript
from ivr.simulator.scenario import read_scenario
from ivr.simulator.transports.exchange import Exchange
from tests.simulator.conformance_table import OWN_KEYS, PAGE, cases, get, table
from tests.simulator.socket_app import SocketApp
from tests.simulator.webhook import HEAD, URL, Page, Webhook

ORIGIN = "http://127.0.0.1:5000"
DECLARED = {name for event in get_args(AnyEvent) for name in get_args(get_type_hints(event)["event"])}

SOURCES = ("T:", "ours", "RFC")


def _cases() -> Iterator[Any]:
    for file, case in cases():
        yield pytest.param(case, file, id=f"{file.stem}: {get(case, 'rule')}")


@pytest.mark.parametrize(("case", "file"), list(_cases()))
def test_rule(case: Mapping, file: Path) -> None:
    assert str(get(case, "source")).startswith(SOURCES)
    assert get(case, "basis") == ("choice" if "ours" in get(case, "source") else "documented")
    app = Webhook({path: _page(page) for path, page in get(case, "documents").items()})
    scenario = read_scenario(_scenario_part(case), file, None)
    sockets = _socket_app(case)
    outcome = play(scenario.plan, _Transport(app, _raw_answers(case)), sockets=sockets)
    told = "\n".join(str(line) for line in transcript(outcome.trace))
    failed = [f"{found.what}: {found.instead}" for found in check(outcome, scenario.expect) if not found.held]
    assert not failed, f"{failed}\n{told}"
    assert {event["event"] for event in outcome.trace} <= DECLARED
    _check_sent(case, app, told)
    if get(case, "said") is not None:
        assert outcome.heard == [str(text) for text in get(case, "said")], told
    if get(case, "signed") is not None:
        _check_signed(app, scenario.plan.auth_token)
    _check_trace(case, outcome)
    _check_socket(case, sockets, told)


def _socket_app(case: Mapping) -> SocketApp:
    """`socket`: {fails: refused} or {on: {event: [answers]}}, as SocketApp has them."""
    socket = get(case, "socket")
    if socket is None:
        return SocketApp()
    on = {str(event): [str(answer) for answer in answers] for event, answers in (get(socket, "on") or {}).items()}
    return SocketApp(on, str(get(socket, "fails") or ""))


def _check_socket(case: Mapping, sockets: SocketApp, told: str) -> None:
    """`socket_heard`: JSON of messages that came in this order, each with these fields among others.

    `socket_never`: the names of messages that never came.
    """
    rest = iter(sockets.heard)
    for wanted in get(case, "socket_heard") or ():
        found = any(_has(message, json.loads(str(wanted))) for message in rest)
        came = "\n".join(json.dumps(each) for each in sockets.heard if each.get("event") != "media")
        assert found, f"no message {wanted} (in this order) among\n{came}\n{told}"
    kinds = {message.get("event", message.get("type")) for message in sockets.heard}
    assert not kinds & {str(name) for name in get(case, "socket_never") or ()}, told


def _has(message: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(message, dict) and all(_has(message.get(name), value) for name, value in wanted.items())
    return bool(message == wanted)


class _Transport(WsgiTransport):
    """To the application; but a path with a raw answer gets these bytes, as from a socket."""

    def __init__(self, app: Webhook, raw: dict[str, bytes]) -> None:
        super().__init__(app)
        self._raw = raw

    def send(self, fetch: Fetch) -> Response | Failed:
        raw = self._raw.get(urlsplit(fetch.url).path)
        if raw is None:
            return super().send(fetch)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(raw)
            theirs.shutdown(socket.SHUT_WR)
            return Exchange(ours, fetch).run(keep_alive=False)


def _raw_answers(case: Mapping) -> dict[str, bytes]:
    """`raw` of a document: the whole answer on the wire, a byte for each character."""
    pages = get(case, "documents").items()
    return {str(path): str(get(page, "raw")).encode("latin-1") for path, page in pages if _is_raw(page)}


def _is_raw(page: Value) -> bool:
    return isinstance(page, Mapping) and page.key("raw") is not None


def _scenario_part(case: Mapping) -> Mapping:
    """The case as a scenario: without the keys of its own, and with a URL to call."""
    part = Mapping({key: value for key, value in case.items() if key not in OWN_KEYS})
    part.line, part.column = case.line, case.column
    call = part[part.key("call")] if part.key("call") else Mapping()  # type: ignore[index]
    assert isinstance(call, Mapping)
    if not call.key("url"):
        call[_text("url", case)] = _text(URL, case)
    part[_text("call", case)] = call
    return part


def _text(value: str, at: Mapping) -> Text:
    text = Text(value)
    text.line, text.column = at.line, at.column
    return text


def _page(value: Value) -> Page:
    """A text is the inside of <Response>; a mapping has status, type, headers and a whole body."""
    if isinstance(value, Text):
        return Page(f"{HEAD}<Response>{value}</Response>".encode())
    assert isinstance(value, Mapping)
    body = str(get(value, "body") or "").encode() * int(get(value, "times") or 1)
    headers = tuple((str(name), str(text)) for name, text in (get(value, "headers") or {}).items())
    kind = get(value, "type")
    status, login = int(get(value, "status") or 200), str(get(value, "login") or "")
    return Page(body, status, None if kind == "none" else str(kind or "text/xml"), headers, login)


def _check_sent(case: Mapping, app: Webhook, told: str) -> None:
    """`sent`: {2: {Digits: "1"}}: fields of the second request; `not_sent`: {2: [Digits]}.

    `headers` is like `sent`, and `no_header` like `not_sent`.

    `same_header`: {x-token: [1, 2]}: requests that carry it with the same value.
    """
    for number, fields in (get(case, "sent") or {}).items():
        asked = app.asked[int(number) - 1]
        for name, value in fields.items():
            assert asked.get(name) == value, f"{name} of request {number}\n{told}"
    for number, names in (get(case, "not_sent") or {}).items():
        present = {name for name, _ in app.asked[int(number) - 1].fields}
        assert not present & set(names), told
    for number, headers in (get(case, "headers") or {}).items():
        assert headers.items() <= app.asked[int(number) - 1].headers.items(), told
    for number, names in (get(case, "no_header") or {}).items():
        assert not set(names) & app.asked[int(number) - 1].headers.keys(), told
    for name, numbers in (get(case, "same_header") or {}).items():
        assert len({app.asked[int(number) - 1].headers[name] for number in numbers}) == 1, told


def _check_signed(app: Webhook, token: str) -> None:
    """`signed`: Twilio's own validator takes every request."""
    validator = RequestValidator(token)
    for asked in app.asked:
        form = dict(asked.fields) if asked.method == "POST" else {}
        assert validator.validate(ORIGIN + asked.target, form, asked.headers["x-twilio-signature"])


def _check_trace(case: Mapping, outcome: Outcome) -> None:
    """`trace`: events that must come in this order, each with these fields among others."""
    rest = iter(outcome.trace)
    for wanted in get(case, "trace") or ():
        found = any(_matches(event, wanted) for event in rest)
        events = "\n".join(json.dumps(event) for event in outcome.trace if event["event"] != "request")
        assert found, f"no event {dict(wanted)} (in this order) among\n{events}"


def _matches(event: dict[str, Any], wanted: Mapping) -> bool:
    return all(_same(event.get(name), str(value)) for name, value in wanted.items())


def _same(value: Any, wanted: str) -> bool:
    if value is None or isinstance(value, bool):
        return json.dumps(value) == wanted
    if isinstance(value, float):
        return value == pytest.approx(float(wanted))
    return str(value) == wanted


def test_there_are_many_rules() -> None:
    assert len(list(_cases())) >= 400


def test_no_rule_stands_twice() -> None:
    rules = [get(case, "rule") for _, case in cases()]
    assert len(rules) == len(set(rules))


def test_the_table_in_the_documentation_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == table(), "run python -m tests.simulator.conformance_table"
