"""Scenario files: YAML to a plan and what is expected of it. The contract's keys stand here and nowhere else.

Everything that is wrong with a file is said at once, with line, column and what was expected. Must not know TwiML.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar, get_args

from ivr.base.errors import Complaint, DefinitionError
from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.base.strict_yaml import Sequence as YamlSequence
from ivr.base.strict_yaml import Text, Value, load_file
from ivr.base.test_account import AUTH_TOKEN
from ivr.simulator.plan import (
    ANY,
    CallPlan,
    Fault,
    FaultKind,
    HangUp,
    Hear,
    Leg,
    Press,
    PressNow,
    Purpose,
    Speak,
    Step,
    Wait,
    refused_param,
)
from ivr.simulator.scenario_url import moved_to
from ivr.simulator.urls import UrlError, checked

T = TypeVar("T")
STATUSES = ("completed", "busy", "no-answer", "failed", "canceled")


@dataclass(frozen=True, slots=True)
class Expectations:
    """What must be true of the call; None or empty: not checked (`warnings` and `dialled` check an empty list too)."""

    ended: str | None = None
    heard: tuple[str, ...] = ()
    never_heard: tuple[str, ...] = ()
    dialled: tuple[str, ...] | None = None
    never_dialled: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    first_leg: float | None = None
    end: float | None = None
    warnings: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    file: str
    plan: CallPlan
    expect: Expectations


def load_scenario(path: Path, url: str | None = None) -> Scenario:
    """`url` takes the place of `call.url`, and its origin that of every other URL with the origin of `call.url`.

    Raises DefinitionError with every complaint.
    """
    return read_scenario(load_file(path), path, url)


def read_scenario(root: Value, path: Path, url: str | None = None) -> Scenario:
    """The same for a scenario that was read already; complaints name `path`."""
    return _Reader(path.name).scenario(root, path, url)


def load_legs(path: Path) -> dict[str, Leg]:
    """A file that holds what `legs` holds in a scenario, with or without that word. Raises DefinitionError."""
    reader, root = _Reader(path.name), load_file(path)
    word = root.key("legs") if isinstance(root, YamlMapping) else None
    legs = reader.legs(root[word] if isinstance(root, YamlMapping) and word else root)
    reader.finish()
    return legs


class _Reader:
    """Reads values and collects what is wrong with them; None stands for "already complained about"."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._complaints: list[Complaint] = []

    def finish(self) -> None:
        if self._complaints:
            raise DefinitionError(self._complaints)

    def wrong(self, value: Value, message: str) -> None:
        self._complaints.append(Complaint(self._file, value.line, value.column, message))

    def scenario(self, root: Value, path: Path, url: str | None) -> Scenario:
        keys = self._mapping(root, "scenario", ("name", "call", "steps", "legs", "faults", "expect"))
        if isinstance(root, YamlMapping) and "call" not in keys:
            self.wrong(root, "'call' is missing: which URL is called, from and to which number")
        name = self.text(keys["name"]) if "name" in keys else None
        plan = self._call(keys["call"], url) if "call" in keys else CallPlan(url="http://127.0.0.1/")
        steps: tuple[Step, ...] = self._list(keys.get("steps"), self._step)
        faults = self._list(keys.get("faults"), self._fault)
        legs = self.legs(keys["legs"]) if "legs" in keys else plan.legs
        expect = self._expect(keys["expect"]) if "expect" in keys else Expectations()
        self.finish()
        plan = replace(plan, steps=steps, faults=faults, legs=legs)
        scenario = Scenario(name or path.stem, path.name, plan, expect)
        return scenario if url is None else moved_to(url, scenario)

    def text(self, value: Value) -> str | None:
        if isinstance(value, Text):
            return str(value)
        self.wrong(value, "expected a text")
        return None

    def seconds(self, value: Value) -> float | None:
        try:
            number = float(value) if isinstance(value, Text) else -1.0
        except ValueError:
            number = -1.0
        if 0 <= number < float("inf"):
            return number
        self.wrong(value, "expected a number of seconds, e.g. 2 or 0.5")
        return None

    def whole(self, value: Value) -> int | None:
        if isinstance(value, Text) and value.isascii() and value.isdigit():
            return int(value)
        self.wrong(value, "expected a whole number")
        return None

    def one_of(self, value: Value, allowed: tuple[str, ...]) -> str | None:
        if isinstance(value, Text) and value in allowed:
            return str(value)
        self.wrong(value, f"expected one of {', '.join(allowed)}")
        return None

    def _mapping(self, value: Value, what: str, allowed: tuple[str, ...]) -> Mapping[str, Value]:
        if not isinstance(value, YamlMapping):
            self.wrong(value, f"expected a mapping ({what}: {', '.join(allowed)})")
            return {}
        for key in value:
            if key not in allowed:
                self.wrong(key, f"unknown key {str(key)!r} in {what}; expected {', '.join(allowed)}")
        return {str(key): item for key, item in value.items() if key in allowed}

    def _list(self, value: Value | None, read: Callable[[Value], T | None]) -> tuple[T, ...]:
        if value is None:
            return ()
        if not isinstance(value, YamlSequence):
            self.wrong(value, "expected a list: one item a line, each beginning with '- '")
            return ()
        items = [read(item) for item in value]
        return tuple(item for item in items if item is not None)

    def _call(self, value: Value, url: str | None) -> CallPlan:
        allowed = (
            "url",
            "method",
            "from",
            "to",
            "fallback_url",
            "status_callback",
            "auth_token",
            "account_sid",
            "started",
            "params",
            "caller_ids",
        )
        keys = self._mapping(value, "call", allowed)
        params = self._params(keys["params"]) if "params" in keys else {}
        caller_ids = self._list(keys.get("caller_ids"), self.text)
        words = {key: item for key, item in keys.items() if key not in ("params", "caller_ids")}
        texts = {key: text for key, item in words.items() if (text := self.text(item)) is not None}
        for key in ("url", "fallback_url", "status_callback"):
            if key in texts:
                self._url(keys[key], texts[key])
        if url is None and "url" not in keys:
            self.wrong(value, "'url' is missing: where the call is posted")
        if "method" in keys:
            self.one_of(keys["method"], ("GET", "POST"))
        plan = CallPlan(url=texts.get("url") or url or "http://127.0.0.1/")
        if "started" in keys:
            plan = replace(plan, started=self._moment(keys["started"]) or plan.started)
        return replace(
            plan,
            method=texts.get("method", plan.method),
            from_=texts.get("from", plan.from_),
            to=texts.get("to", plan.to),
            fallback_url=texts.get("fallback_url"),
            status_callback=texts.get("status_callback"),
            auth_token=texts.get("auth_token") or os.environ.get("TWILIO_AUTH_TOKEN") or AUTH_TOKEN,
            account_sid=texts.get("account_sid", plan.account_sid),
            params=params,
            caller_ids=caller_ids if "caller_ids" in keys else plan.caller_ids,
        )

    def _params(self, value: Value) -> dict[str, str]:
        if not isinstance(value, YamlMapping):
            self.wrong(value, 'expected a mapping of parameters, e.g. {ForwardedFrom: "116117"}')
            return {}
        for name in value:
            if why := refused_param(name):
                self.wrong(name, why)
        texts = ((str(name), self.text(item)) for name, item in value.items())
        return {name: text for name, text in texts if text is not None and not refused_param(name)}

    def _moment(self, value: Value) -> datetime | None:
        try:
            moment = datetime.fromisoformat(str(value)) if isinstance(value, Text) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.wrong(value, "expected a moment with its offset, e.g. 2026-12-31T23:50:00+01:00")
            return None
        return moment

    def _url(self, value: Value, url: str) -> None:
        try:
            checked(url)
        except UrlError as error:
            self.wrong(value, f"expected an http or https URL: {error}")

    def _step(self, value: Value) -> Step | None:
        names = ("hear", "press", "wait", "press_now", "say", "hang_up")
        if not isinstance(value, YamlMapping) or len(value) != 1 or next(iter(value)) not in names:
            self.wrong(value, f'expected one step, {", ".join(names)}, e.g. - press: "1"')
            return None
        name, argument = next(iter(value.items()))
        if name == "wait":
            seconds = self.seconds(argument)
            return None if seconds is None else Wait(seconds)
        if name == "hang_up":
            return HangUp() if self.one_of(argument, ("true",)) else None
        text = self.text(argument)
        if not text or not text.strip():
            if text is not None:
                self.wrong(argument, f"{name} needs a text")
            return None
        if name in ("press", "press_now"):
            return self._keys(name, argument, text)
        return Hear(text) if name == "hear" else Speak(text)

    def _keys(self, name: str, value: Value, keys: str) -> Step | None:
        if any(key not in "0123456789*#" for key in keys):
            self.wrong(value, 'expected keys: 0-9, * and #, in quotes, e.g. "5003"')
            return None
        return Press(keys) if name == "press" else PressNow(keys)

    def legs(self, value: Value) -> dict[str, Leg]:
        if not isinstance(value, YamlMapping):
            self.wrong(value, 'expected a mapping of numbers to what happens there, e.g. "*": busy')
            return {}
        legs = {str(pattern): self._leg(item) for pattern, item in value.items()}
        return {pattern: leg for pattern, leg in legs.items() if leg is not None}

    def _leg(self, value: Value) -> Leg | None:
        """One behaviour, or a list: how the number behaves the first time it is dialled, the second, ...; the last
        stays."""
        if not isinstance(value, YamlSequence):
            return self._once(value)
        if not value:
            self.wrong(value, "expected at least one behaviour")
        leg: Leg | None = None
        for item in reversed(value):
            this = self._once(item)
            leg = replace(this, then=leg) if this is not None else leg
        return leg

    def _once(self, value: Value) -> Leg | None:
        simple = {"busy": Leg.busy(), "no-answer": Leg.no_answer(), "failed": Leg.failed(), "answer": Leg.answer()}
        if isinstance(value, Text):
            name = self.one_of(value, tuple(simple))
            return simple[name] if name else None
        keys = self._mapping(value, "leg", ("answer", "talk", "keys", "machine", "thinks", "leaves", "busy", "failed"))
        if set(keys) in ({"busy"}, {"failed"}):
            after = self.seconds(next(iter(keys.values())))
            return None if after is None else Leg("busy" if "busy" in keys else "failed", after=after)
        if "answer" not in keys or {"busy", "failed"} & set(keys):
            self.wrong(value, "expected busy, no-answer, failed, {busy: SECONDS} or {answer: SECONDS, talk: SECONDS}")
            return None
        return self._answering(keys)

    def _answering(self, keys: Mapping[str, Value]) -> Leg | None:
        times = {name: self.seconds(keys[name]) for name in ("answer", "talk", "thinks", "leaves") if name in keys}
        pressed = self.text(keys["keys"]) if "keys" in keys else "1"
        machine = "machine" in keys and self.one_of(keys["machine"], ("true", "false")) == "true"
        if pressed is not None and any(key not in "0123456789*#" for key in pressed):
            self.wrong(keys["keys"], "expected keys: 0-9, * and #")
        rings = times["answer"]
        if rings is None:
            return None
        leg = Leg.answer(rings, times.get("talk"), keys=pressed or "", machine=machine)
        return replace(leg, thinks=times.get("thinks") or 0.0, leaves=times.get("leaves"))

    def _fault(self, value: Value) -> Fault | None:
        keys = self._mapping(value, "fault", ("request", "purpose", "fault", "callbacks"))
        if "callbacks" in keys:
            return self._callbacks(value, keys)
        if not isinstance(value, YamlMapping):
            return None
        if "fault" not in keys or not {"request", "purpose"} & set(keys):
            self.wrong(value, "expected {request: N, fault: timeout} or {purpose: status, fault: lost}")
            return None
        request = self._which(keys["request"]) if "request" in keys else ANY
        purpose = self.one_of(keys["purpose"], PURPOSES) if "purpose" in keys else None
        text = self.text(keys["fault"])
        if request is None or text is None or ("purpose" in keys and purpose is None):
            return None
        kind = self._kind(keys["fault"], text, purpose)
        return Fault(request, *kind, _PURPOSES.get(purpose or "")) if kind else None

    def _kind(self, value: Value, text: str, purpose: str | None) -> tuple[FaultKind, float] | None:
        kind = _fault(text.split())
        if kind is None:
            self.wrong(value, f"expected {FAULTS}")
        elif kind[0] == "late" and purpose not in (None, "status"):
            self.wrong(value, "late is for status callbacks; other requests can have a delay")
            return None
        return kind

    def _callbacks(self, value: Value, keys: Mapping[str, Value]) -> Fault | None:
        if set(keys) != {"callbacks"}:
            self.wrong(value, "expected {callbacks: reordered} alone")
            return None
        found = self.one_of(keys["callbacks"], ("reordered",))
        return Fault(ANY, "reordered", purpose="status") if found else None

    def _which(self, value: Value) -> int | None:
        """A request's number, or any."""
        if isinstance(value, Text) and value == "any":
            return ANY
        number = self.whole(value)
        if number is not None and number < 1:
            self.wrong(value, "requests are counted from 1")
            return None
        return number

    def _expect(self, value: Value) -> Expectations:
        keys = self._mapping(value, "expect", tuple(_EXPECT))
        within = (
            self._mapping(keys["max_seconds"], "max_seconds", ("first_leg", "end")) if "max_seconds" in keys else {}
        )

        def texts(name: str) -> tuple[str, ...]:
            return self._list(keys.get(name), self.text)

        return Expectations(
            ended=self.one_of(keys["ended"], STATUSES) if "ended" in keys else None,
            heard=texts("heard"),
            never_heard=texts("never_heard"),
            dialled=texts("dialled") if "dialled" in keys else None,
            never_dialled=texts("never_dialled"),
            requests=self._list(keys.get("requests"), self._request),
            first_leg=self.seconds(within["first_leg"]) if "first_leg" in within else None,
            end=self.seconds(within["end"]) if "end" in within else None,
            warnings=self._list(keys["warnings"], self.whole) if "warnings" in keys else None,
        )

    def _request(self, value: Value) -> str | None:
        text = self.text(value)
        method, _, where = (text or "").partition(" ")
        if text is not None and (method not in ("GET", "POST") or not where.startswith(("/", "http://", "https://"))):
            self.wrong(value, 'expected a method and a path or URL, e.g. "POST /voice"')
            return None
        return text


_EXPECT = (
    "ended",
    "heard",
    "never_heard",
    "dialled",
    "never_dialled",
    "requests",
    "max_seconds",
    "warnings",
)


_PURPOSES: dict[str, Purpose] = {purpose: purpose for purpose in get_args(Purpose)}
PURPOSES = tuple(_PURPOSES)
_SIMPLE: dict[str, FaultKind] = {
    "timeout": "timeout",
    "refuse": "refuse",
    "reset": "reset",
    "duplicate": "duplicate",
    "oversized": "oversized",
    "bad_xml": "bad_xml",
    "wrong_type": "wrong_type",
    "lost": "lost",
}
FAULTS = f"{', '.join(_SIMPLE)}, status 503, delay 4, late 5 or redirects 11"


def _fault(words: list[str]) -> tuple[FaultKind, float] | None:
    match words:
        case [name] if name in _SIMPLE:
            return _SIMPLE[name], 0.0
        case ["status", code] if len(code) == 3 and code.isascii() and code.isdigit() and "100" <= code <= "599":
            return "status", float(code)
        case ["delay" | "late" as kind, seconds] if seconds.replace(".", "", 1).isdigit() and seconds.isascii():
            return ("delay" if kind == "delay" else "late"), float(seconds)
        case ["redirects", number] if number.isascii() and number.isdigit() and int(number) >= 1:
            return "redirects", float(number)
        case _:
            return None
