"""The line cannot be reached, from the start or in the middle of a call: another host's static document helps."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import create_app, load_edition
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, Fault, Leg, Outcome, WsgiTransport, keys_to_steps, play
from ivr.simulator.plan import ANY
from tests.conftest import EVENING

ANSWERS = {"*": Leg.answer(3, talk=10)}
BUSY = {"*": Leg.busy()}
OSLO_CENTRE = "+4723487200"
DEAD = tuple(Fault(ANY, "refuse", purpose=purpose) for purpose in ("voice", "action", "redirect", "whisper"))
DEAD_AFTER_THE_START = DEAD[1:]
PATH = "/fallback.xml"


def _two_hosts() -> Callable[..., Iterable[bytes]]:
    """The line, and beside it a host that knows nothing but one document."""
    clock = ManualClock(EVENING)
    edition = load_edition(Settings(), clock)
    document = edition.writer.write_static(edition.engine.fallback())
    line: Flask = create_app(Settings(), clock=clock, sink=lambda *_: None, editions=[edition])

    def hosts(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return line(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [document]

    return hosts


@pytest.fixture(scope="module")
def hosts() -> WsgiTransport:
    return WsgiTransport(_two_hosts())


def _call(hosts: WsgiTransport, faults: tuple[Fault, ...], legs: dict[str, Leg], keys: str = "") -> Outcome:
    steps = keys_to_steps(keys) if keys else ()
    plan = CallPlan(
        url="http://127.0.0.1:5000/voice",
        fallback_url=f"http://127.0.0.1:5000{PATH}",
        steps=steps,
        legs=legs,
        faults=faults,
    )
    return play(plan, hosts)


def test_with_the_line_dead_from_the_start_113_is_said_and_the_default_centre_rung(hosts: WsgiTransport) -> None:
    call = _call(hosts, DEAD, ANSWERS)
    assert call.dialled[0] == OSLO_CENTRE
    spoken = " ".join(call.heard)
    assert spoken.index("Står det om liv, legg på og ring en, en, tre.") < spoken.index("Jeg kobler deg")
    assert "If life is in danger, hang up and dial one, one, three." in spoken


def test_with_the_line_dead_in_the_middle_the_same_happens(hosts: WsgiTransport) -> None:
    call = _call(hosts, DEAD_AFTER_THE_START, ANSWERS, keys="1 1 5003")
    assert call.dialled[0] == OSLO_CENTRE
    assert "Noe gikk galt hos oss" in " ".join(call.heard)


def test_when_the_default_centre_is_busy_the_one_behind_it_is_rung_and_then_all_begins_anew(
    hosts: WsgiTransport,
) -> None:
    call = _call(hosts, DEAD, BUSY)
    first, second, *more = call.dialled
    assert first == OSLO_CENTRE
    assert second != first
    assert more[:2] == [first, second]
    assert " ".join(call.heard).count("Hvis ikke, bli på linjen") >= 2


def test_a_line_that_is_back_takes_the_call_again(hosts: WsgiTransport) -> None:
    call = _call(hosts, DEAD[:1], {OSLO_CENTRE: Leg.busy(), "*": Leg.busy()})
    assert "For norsk, trykk 1." in call.heard


def test_the_document_is_small_and_asks_nothing_of_the_line(hosts: WsgiTransport) -> None:
    edition = load_edition(Settings(), ManualClock(EVENING))
    document = edition.writer.write_static(edition.engine.fallback())
    assert len(document) <= 4000
    assert b"action=" not in document
    assert b"url=" not in document
