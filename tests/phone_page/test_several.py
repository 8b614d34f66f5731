"""Several phones of one account on one page: who calls, who is rung, and that they talk."""

import json
import time
import urllib.request
from typing import Any

from ivr.base.test_account import AUTH_TOKEN
from ivr.cli.several_phones import AGENTS, CALLERS, LINE, several_phones
from ivr.simulator.delivery import Delivery
from tests.simulator.server import served as serving
from tests.simulator.webhook import webhook

OPTIONS: dict[str, Any] = {
    "allow_origins": (),
    "cafile": None,
    "fallback_url": None,
    "status_callback": None,
    "method": "POST",
    "auth_token": AUTH_TOKEN,
}


def _state(page: str, **act: str) -> dict[str, Any]:
    """Of all phones, after an act if there is one."""
    body = json.dumps({"value": "", **act}).encode() if act else None
    asked = urllib.request.Request(page + ("/act" if act else "/state"), body, {"X-Phone": "1"})  # noqa: S310
    with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310 - our own loopback port
        return dict(json.load(answer))


def _of(state: dict[str, Any], number: str) -> str:
    return str(next(phone["state"] for phone in state["phones"] if phone["number"] == number))


def _wait_until(page: str, number: str, state: str) -> dict[str, Any]:
    """Its state comes by a webhook, in real time."""
    end = time.monotonic() + 30
    found = _state(page)
    while _of(found, number) != state and time.monotonic() < end:
        time.sleep(0.05)
        found = _state(page)
    assert _of(found, number) == state
    return found


def test_an_agent_answers_a_caller_beside_it() -> None:
    with (
        serving(webhook(voice=f"<Dial><Number>{AGENTS[0]}</Number></Dial>")) as base,
        several_phones(f"{base}/voice", 0, OPTIONS, Delivery()) as page,
    ):
        state = _state(page)
        assert {phone["number"]: phone["state"] for phone in state["phones"]} == dict.fromkeys(
            (CALLERS[0], *AGENTS), "silent"
        )
        _state(page, phone=CALLERS[0], act="call", value=LINE)
        _wait_until(page, AGENTS[0], "rings")
        _state(page, phone=AGENTS[0], act="answer")
        state = _wait_until(page, AGENTS[0], "talks")
        assert (_of(state, CALLERS[0]), _of(state, AGENTS[1])) == ("talks", "silent")
