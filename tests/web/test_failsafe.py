"""Whatever of ours breaks, the caller hears the pre-rendered 113 words with status 200."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from ivr.base.clock import ManualClock
from ivr.line.calls import CallService
from ivr.line.calls.token import Tokens
from ivr.line.directory import Directory
from ivr.line.flow.engine import Engine
from ivr.line.flow.nodes.ask_place import AskPlace
from ivr.line.flow.turn import Turn
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.line.twilio import TwimlWriter
from ivr.line.web import voice
from ivr.line.web.failsafe import FailSafe, quietly
from tests.web.signed import SignedLine, heard, next_url, signed_line


class BrokenError(Exception):
    """A fault that no code expects."""


def _break(*_: object, **__: object) -> Any:
    raise BrokenError("the digits 5003 of +4791234567")


LAYERS: dict[str, tuple[Any, str]] = {
    "fields": (voice, "read_request"),
    "signature": (voice.Signature, "is_valid"),
    "call service": (CallService, "answer"),
    "token opened": (Tokens, "open"),
    "token sealed": (Tokens, "seal"),
    "clock": (ManualClock, "now"),
    "engine": (Engine, "step"),
    "node": (AskPlace, "receive"),
    "turn": (Turn, "settle"),
    "directory": (Directory, "by_postcode"),
    "directory answers": (Directory, "answering"),
    "writer": (TwimlWriter, "write"),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_fault_in_any_layer_gives_the_113_words_with_status_200(
    line: SignedLine, layer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = next_url(line.press("1", "1"))
    fallback = line.post("/voice/fallback").data
    monkeypatch.setattr(*LAYERS[layer], _break)
    response = line.post(url, line.fields(Digits="5003"))
    assert (response.status_code, response.data) == (200, fallback)
    assert response.content_type == "text/xml; charset=utf-8"
    assert "legg på og ring en, en, tre" in heard(response)
    assert "hang up and dial one, one, three" in heard(response)


def test_a_fault_in_the_sink_costs_a_fact_and_not_a_call(clock: ManualClock) -> None:
    line = SignedLine(create_app(Settings(), clock=clock, sink=_break))
    assert heard(line.press("1")).startswith("I alle menyer")


def test_a_fault_is_logged_by_kind_and_place_without_what_was_keyed(
    line: SignedLine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    url = next_url(line.press("1", "1"))
    monkeypatch.setattr(Directory, "by_postcode", _break)
    with caplog.at_level(logging.ERROR):
        line.post(url, line.fields(Digits="5003"))
    assert caplog.messages == [f"fault BrokenError at test_failsafe.py:{_break.__code__.co_firstlineno + 1}"]


App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def _ask(app: App, path: str = "/voice") -> tuple[str, bytes]:
    answers: list[str] = []
    body = b"".join(FailSafe(app, b"<safe/>")({"PATH_INFO": path}, lambda status, _: answers.append(status)))
    return answers[-1], body


def _error_page(_: dict[str, Any], start: Any) -> list[bytes]:
    start("500 INTERNAL SERVER ERROR", [])
    return [b"an application error has occurred"]


def _dies_while_sending(_: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("200 OK", [])
    yield b"<Resp"
    raise BrokenError


def test_an_error_page_never_reaches_a_caller() -> None:
    assert _ask(_error_page) == ("200 OK", b"<safe/>")


def test_half_an_answer_never_reaches_a_caller() -> None:
    assert _ask(_dies_while_sending) == ("200 OK", b"<safe/>")


def test_other_routes_keep_their_errors() -> None:
    assert _ask(_error_page, "/health/ready")[0].startswith("500")


def test_a_sink_that_works_gets_its_facts() -> None:
    facts: list[object] = []
    quietly(facts.append)("fact")
    assert facts == ["fact"]


def test_the_application_is_told_when_its_answer_was_taken(clock: ManualClock) -> None:
    line = signed_line(clock)
    line.post("/voice")
    assert line.facts
