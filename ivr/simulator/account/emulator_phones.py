"""The phones of `ivr emulate` on a page: which ring, who talks, and the buttons. A WSGI application at /phones.

GET /phones (the page), GET /phones/state (JSON), POST /phones/act (JSON: phone, act, value). A request that acts has a
header that no other site's page can send, and both must name this machine as the host.
"""

import json
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any

from ivr.base.errors import SimulatorError
from ivr.simulator.account.core import Core
from ivr.simulator.account.handset import Handset
from ivr.simulator.account.messaging import receive_message
from ivr.simulator.engine.effects import FarAct, Input, Key, Speech
from ivr.simulator.plan import HangUp
from ivr.simulator.twiml.gather import KEYS

LARGEST_ACT = 10_000  # bytes
LONGEST_TEXT = 1000  # characters
_SHOWN = 20  # calls, and prompts
_HTML, _JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'"


class PhonesPage:
    """`hosts`: what a request may name as its host; empty: any."""

    def __init__(self, core: Core, numbers: Iterable[str]) -> None:
        self.hosts: tuple[str, ...] = ()
        self.handsets: dict[str, Handset] = {}
        self._core = core
        for number in numbers:
            self.add(number)

    def add(self, number: str) -> Handset:
        """Raises SimulatorError when the number is taken."""
        self.handsets[number] = self._core.add_phone(number)
        return self.handsets[number]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        status, kind, body = self._answer(environ)
        headers = [("Content-Type", kind), ("Content-Security-Policy", _POLICY), ("Cache-Control", "no-store")]
        start_response(status, headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[str, str, bytes]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if self.hosts and environ.get("HTTP_HOST", "") not in self.hosts:
            return "403 Forbidden", _JSON, _said("this page is for this machine alone")
        if (method, path) == ("GET", "/phones"):
            page = files("ivr.simulator.account").joinpath("phones.html").read_bytes()
            return "200 OK", _HTML, page
        if (method, path) == ("GET", "/phones/state"):
            return "200 OK", _JSON, json.dumps(self.state()).encode()
        if (method, path) == ("POST", "/phones/act"):
            return self._acted(environ)
        return "404 Not Found", _JSON, _said(f"there is no {method} {path}")

    def _acted(self, environ: dict[str, Any]) -> tuple[str, str, bytes]:
        if environ.get("HTTP_X_PHONE") != "1":
            return "403 Forbidden", _JSON, _said("expected the header X-Phone: 1")
        try:
            self._act(_read(environ))
        except SimulatorError as error:
            return "409 Conflict", _JSON, _said(error.message)
        return "200 OK", _JSON, json.dumps(self.state()).encode()

    def state(self) -> dict[str, Any]:
        core = self._core
        calls = core.world.calls[-_SHOWN:]
        return {
            "seconds": round(core.world.now, 1),
            "numbers": sorted(core.numbers),
            "phones": [_phone(handset) for handset in self.handsets.values()],
            "calls": [
                {
                    "from": running.plan.from_,
                    "to": running.plan.to,
                    "direction": running.session.direction,
                    "status": running.session.status,
                }
                for running in reversed(calls)
            ],
            "messages": [
                {"from": each.from_, "to": each.to, "body": each.body, "status": each.status}
                for each in reversed(core.messages[-_SHOWN:])
            ],
        }

    def _act(self, asked: dict[str, str]) -> None:
        """Raises SimulatorError for what cannot be done now."""
        number, act, value = asked["phone"], asked["act"], asked["value"]
        if act == "text":
            receive_message(self._core, number, value.partition(" ")[0], value.partition(" ")[2])
            return
        handset = self.handsets.get(number)
        if handset is None:
            raise SimulatorError(f"{number!r} is no phone of this page")
        match act:
            case "answer" | "machine" if handset.is_ringing:
                self._core.switchboard.answer(handset.links[-1], machine=act == "machine")
            case "decline" if handset.is_ringing:
                self._core.switchboard.decline(handset.links[-1], "busy")
            case "call" if not handset.is_busy:
                self._call(handset, value)
            case "press" | "say" | "hang_up":
                self._on_the_line(handset, act, value)
            case _:
                raise SimulatorError(f"{number} cannot {act} now ({handset!r})")

    def _call(self, handset: Handset, to: str) -> None:
        own = self._core.numbers.get(to)
        if own is None or not self._core.voice_of(own).url:
            raise SimulatorError(f"{to!r} is no number of the account with a voice webhook")
        handset.own_call = self._core.receive(own, handset.number)

    def _on_the_line(self, handset: Handset, act: str, value: str) -> None:
        if act == "press" and value not in set(KEYS):
            raise SimulatorError(f"{value!r} is no key")
        acts: dict[str, Input] = {"press": Key(value), "say": Speech(value), "hang_up": HangUp()}
        what = acts[act]
        world = self._core.world
        if handset.is_calling and handset.own_call is not None:
            world.act(handset.own_call, what)
        elif handset.is_talking and handset.links[-1].is_line:
            world.act(handset.links[-1].dialler, what)
        elif handset.is_talking and act == "hang_up":
            self._core.switchboard.hang_up(handset.links[-1])
        elif handset.is_talking and act == "press":
            world.act(handset.links[-1].dialler, FarAct(handset.links[-1].sid, "press", value))
        elif not handset.is_talking:
            raise SimulatorError(f"{handset.number} is not in a call")


def _phone(handset: Handset) -> dict[str, Any]:
    state = "rings" if handset.is_ringing else "talks" if handset.is_talking or handset.is_calling else "silent"
    return {
        "number": handset.number,
        "state": state,
        "caller_id": handset.caller_id if not handset.is_calling else "",
        "heard": handset.prompts[-_SHOWN:] if state == "talks" else [],
    }


def _said(message: str) -> bytes:
    return json.dumps({"message": message}).encode()


def _read(environ: dict[str, Any]) -> dict[str, str]:
    """Raises SimulatorError."""
    length = str(environ.get("CONTENT_LENGTH") or "0")
    size = int(length) if length.isdecimal() and len(length) < 7 else LARGEST_ACT + 1
    if size > LARGEST_ACT:
        raise SimulatorError(f"more than {LARGEST_ACT} bytes")
    try:
        asked = json.loads(environ["wsgi.input"].read(size))
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise SimulatorError('expected JSON: {"phone": ..., "act": ..., "value": ...}')
    return {name: str(asked.get(name, ""))[:LONGEST_TEXT] for name in ("phone", "act", "value")}
