"""What a load test keeps of one call, read from its trace; the trace itself is thrown away."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ivr.simulator.trace import Event
from ivr.simulator.urls import target

TOLD = ("status", "media")  # purposes of requests that bring no document


@dataclass(frozen=True, slots=True)
class CallRecord:
    """`first_leg`: seconds of call time until the first leg rang; None when none did. `reached`: a person was
    connected. `unpressed`: the call ended before all its keys were pressed. `errors`, `warnings`: how often each
    of Twilio's codes came."""

    kind: str
    ended: str
    seconds: float
    documents: int
    first_leg: float | None
    legs: int
    reached: bool
    hung_up: bool
    unpressed: bool
    errors: Counter[int]
    warnings: Counter[int]


def read_record(kind: str, events: Sequence[Event], *, hung_up: bool, unpressed: bool = False) -> CallRecord:
    """The record of a call that has ended; `hung_up`: by the caller, `unpressed`: with keys left to press."""
    named: dict[str, list[Event]] = {kind: [] for kind in ("leg", "request", "gather", "error", "warning")}
    for event in events:
        if event["event"] in named:
            named[event["event"]].append(event)
    legs, requests = named["leg"], named["request"]
    return CallRecord(
        kind=kind,
        ended=events[-1]["status"],
        seconds=events[-1]["t"],
        documents=sum(event["purpose"] not in TOLD for event in requests),
        first_leg=next((event["t"] for event in legs if event["status"] == "ringing"), None),
        legs=sum(event["status"] == "initiated" for event in legs),
        reached=_reached(legs, requests, named["gather"]),
        hung_up=hung_up,
        unpressed=unpressed,
        errors=Counter([event["code"] for event in named["error"]]),
        warnings=Counter([event["code"] for event in named["warning"]]),
    )


def _reached(legs: list[Event], requests: list[Event], gathers: list[Event]) -> bool:
    """Whether a person was connected: a leg was answered, and whoever answered did not let a whisper's question pass.

    Twilio says so itself (DialBridged) unless the call ended in the middle of it.
    """
    answered = [event["sid"] for event in legs if event["status"] == "in-progress"]
    if not answered:
        return False
    told = {}
    for params in [event["params"] for event in requests]:
        if isinstance(sid := params.get("DialCallSid"), str):
            told[sid] = params.get("DialBridged")
    refused = {event["leg"] for event in gathers if "leg" in event and not event["digits"]}
    return any(told.get(sid, "true") == "true" and (sid in told or sid not in refused) for sid in answered)


def node_of(request: Event) -> str:
    """What a request's latency is counted under: its purpose and path, `action /voice/main`."""
    return _node(request["purpose"], request["url"].partition("?")[0])


@lru_cache(maxsize=1024)  # of one application; what differs between calls is behind the path
def _node(purpose: str, url: str) -> str:
    return f"{purpose} {target(url)}"
