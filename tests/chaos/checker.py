"""The history checker: reads what happened, line by line, and says which promises were broken. Jepsen's way: the calls
are over, and nothing of the service or of the simulator is asked any more.

A history is events, one JSON object a line: those of the simulator's trace (docs/simulator.md), `placed` for each call
that was begun, `webhook` for each request (`waited`: real seconds that call time does not show) and `hangs_up` for the
caller's hanging up. Must not know faults, processes or how calls are played.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ivr.simulator.prompts import normal
from tests.chaos.rules import Rules
from tests.chaos.silence import worst_silence
from tests.chaos.spoken_language import wrong_tongue

Event = dict[str, Any]
_HELD = ("end", "waiting")  # a call that breaks one of these is lost; the others are broken promises of a call held


@dataclass(frozen=True, order=True)
class Complaint:
    """`rule`: the promise that was broken: end, waiting, first, silence, language, number, stuck, repeats."""

    call: int
    rule: str
    message: str


@dataclass
class Verdict:
    calls: int = 0
    complaints: list[Complaint] = field(default_factory=list)
    silence: float = 0.0  # the worst, in seconds
    requests: int = 0
    failures: int = 0  # requests without a usable answer
    fallbacks: int = 0  # calls that the other host took over
    talked: int = 0  # calls that reached a person

    @property
    def lost(self) -> int:
        return len({each.call for each in self.complaints if each.rule in _HELD})

    @property
    def held(self) -> int:
        return self.calls - self.lost


def read_history(file: Path) -> list[Event]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def check(history: Iterable[Event], rules: Rules) -> Verdict:
    """The verdict over all calls of the history."""
    placed: Counter[int] = Counter()
    calls: dict[int, list[Event]] = {}
    for event in history:
        if event["event"] == "placed":
            placed[event["call"]] += 1
        else:
            calls.setdefault(event["call"], []).append(event)
    verdict = Verdict(calls=len(placed.keys() | calls.keys()))
    for number in sorted(placed.keys() | calls.keys()):
        _check_call(verdict, number, placed[number], calls.get(number, []), rules)
    return verdict


def _check_call(verdict: Verdict, number: int, placed: int, events: list[Event], rules: Rules) -> None:
    silence = worst_silence(events)
    talks = talk_ends(events)
    verdict.silence = max(verdict.silence, silence)
    verdict.requests += _count(events, "webhook")
    verdict.failures += sum(event["event"] == "webhook" and not _usable(event) for event in events)
    verdict.fallbacks += any(event["event"] == "request" and event["purpose"] == "fallback" for event in events)
    verdict.talked += bool(talks)
    found = {
        "end": _ends(placed, events),
        "waiting": _hung_up_on(events, talks),
        "first": _danger_first(events, rules),
        "silence": f"{silence:.1f} s of silence" if silence > rules.most_silence else "",
        "language": wrong_tongue(events, rules),
        "number": _foreign_number(events, rules),
        "stuck": _stuck(events, rules),
        "repeats": _differs(events) if rules.repeats else "",
    }
    verdict.complaints += [Complaint(number, rule, message) for rule, message in found.items() if message]


def _count(events: list[Event], name: str) -> int:
    return sum(event["event"] == name for event in events)


def _usable(webhook: Event) -> bool:
    return isinstance(webhook["result"], int) and webhook["result"] < 400


def _ends(placed: int, events: list[Event]) -> str:
    begun, ended = _count(events, "call"), _count(events, "ended")
    if (placed, begun, ended) == (1, 1, 1) and events[-1]["event"] == "ended":
        return ""
    return f"placed {placed} times, begun {begun} times, ended {ended} times"


def talk_ends(events: list[Event]) -> list[float]:
    """When talks with a person ended. What the application was told counts; a leg of a document that asks nobody
    afterwards counts when no whisper was asked for."""
    told = {
        event["params"]["DialCallSid"]: event["params"].get("DialBridged") == "true"
        for event in events
        if event["event"] == "request" and "DialCallSid" in event.get("params", {})
    }
    ends, whispered = [], False
    for event in events:
        if event["event"] == "request" and event["purpose"] == "whisper":
            whispered = True
        elif event["event"] == "leg" and event["status"] == "initiated":
            whispered = False
        elif is_talk(event) and told.get(event["sid"], not whispered):
            ends.append(event["t"])
    return ends


def is_talk(event: Event) -> bool:
    """A leg that lasted; shorter ones are an exchange that drops the call."""
    return event["event"] == "leg" and event["status"] == "completed" and bool(event["duration"] >= 3)


def _hung_up_on(events: list[Event], talks: list[float]) -> str:
    """Nobody who still waits is hung up on: a call ends by the caller, or after a talk."""
    end = next((event for event in events if event["event"] == "ended"), None)
    if end is None or _count(events, "hangs_up") or talks:
        return ""
    return f"ended ({end['status']}) after {end['t']:.0f} s, without a talk and not by the caller"


def _danger_first(events: list[Event], rules: Rules) -> str:
    """The 113 words in every language, before anything else is said or anything listens, and to their end."""
    left = dict(rules.first)
    hung_up = next((event["t"] for event in events if event["event"] == "hangs_up"), None)
    for event in events:
        if event["event"] in ("listen", "play", "leg") or (event["event"] == "ended" and hung_up is None):
            return f"{event['event']} before the 113 words in {', '.join(left)}"
        if event["event"] == "say":
            tag = event["language"]
            if normal(event["text"]) not in left.get(tag, ()):
                return f"heard first: {event['text'][:60]!r} ({tag})"
            if hung_up is not None and event["until"] >= hung_up:
                return ""
            if event["cut"]:
                return "the 113 words were cut"
            del left[tag]
            if not left:
                return ""
    return ""


def _foreign_number(events: list[Event], rules: Rules) -> str:
    rung = (event["to"] for event in events if event["event"] == "leg")
    return next((f"rang {number[:6]}..., not of the directory" for number in rung if number not in rules.numbers), "")


def _stuck(events: list[Event], rules: Rules) -> str:
    """Who stays on the line comes to a ringing centre, whatever they press."""
    rung = next((event["t"] for event in events if event["event"] == "leg"), None)
    until = rung if rung is not None else max((event["t"] for event in events), default=0.0)
    return f"no centre was rung in {until:.0f} s" if until > rules.most_until_rung else ""


def _differs(events: list[Event]) -> str:
    """The same request got other bytes."""
    answers: dict[str, str] = {}
    for event in events:
        answered = event["event"] == "webhook" and event["result"] == 200
        if answered and answers.setdefault(event["asked"], event["answered"]) != event["answered"]:
            return f"{event['path']} was answered in two ways"
    return ""
