"""A plan as the text of a scenario file: what `ivr simulate` reads back as the same plan. Must not open files.

Every text is written in quotes, as JSON writes it, which YAML reads; a number of seconds as short as it is exact.
Characters that YAML does not take are escaped. The auth token is never written: whoever replays the file has it in
TWILIO_AUTH_TOKEN, or uses the test account's.
"""

from collections.abc import Iterator, Sequence

from ivr.base.test_account import ACCOUNT_SID
from ivr.simulator.plan import (
    ANY,
    CONFIDENCE,
    AwaitUpdate,
    CallPlan,
    Fault,
    HangUp,
    Hear,
    Leg,
    Noise,
    Press,
    PressNow,
    Speak,
    SpeechFault,
    Step,
    Wait,
)
from ivr.simulator.printable import json_text, seconds_text
from ivr.simulator.scenario_speech import speech_text

_DEFAULT = CallPlan(url="")
_WITH_VALUE = ("status", "delay", "late", "redirects")


def scenario_text(
    name: str, plan: CallPlan, *, comments: tuple[str, ...] = (), ended: str = "", warnings: Sequence[int] = ()
) -> str:
    """The whole file. `comments`: lines at its top. `ended`: the final CallStatus that is expected, `warnings` the
    codes with it."""
    lines = [f"# {comment}" for comment in comments]
    lines += [f"name: {_quoted(name)}", "call:", *(f"  {key}: {_quoted(value)}" for key, value in _call(plan))]
    if plan.params:
        params = (f"{_quoted(name)}: {_quoted(value)}" for name, value in plan.params.items())
        lines.append(f"  params: {{{', '.join(params)}}}")
    if plan.caller_ids != _DEFAULT.caller_ids:
        lines.append(f"  caller_ids: [{', '.join(map(_quoted, plan.caller_ids))}]")
    if plan.steps:
        lines += ["steps:", *(f"  - {step_text(step)}" for step in plan.steps)]
    if plan.stay is not None:
        lines.append(f"stay: {seconds_text(plan.stay)}")
    lines += ["legs:", *(f"  {_quoted(number)}: {_leg(leg)}" for number, leg in plan.legs.items())]
    if plan.faults:
        lines += ["faults:", *(f"  - {_fault(fault)}" for fault in plan.faults)]
    if ended:
        lines += ["expect:", f"  ended: {ended}"]
    if ended and warnings:
        lines.append(f"  warnings: {list(warnings)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json_text(text)


def _call(plan: CallPlan) -> Iterator[tuple[str, str]]:
    yield "url", plan.url
    if plan.method != "POST":
        yield "method", plan.method
    yield "from", plan.from_
    yield "to", plan.to
    if plan.fallback_url:
        yield "fallback_url", plan.fallback_url
    if plan.status_callback:
        yield "status_callback", plan.status_callback
    if plan.account_sid != ACCOUNT_SID:
        yield "account_sid", plan.account_sid
    if plan.started != _DEFAULT.started:
        yield "started", plan.started.isoformat()


def step_text(step: Step) -> str:
    """A step as it stands in the file."""
    match step:
        case Hear(text):
            return f"hear: {_quoted(text)}"
        case Press(keys) | PressNow(keys):
            return f"{'press' if isinstance(step, Press) else 'press_now'}: {_quoted(keys)}"
        case Wait(seconds):
            return f"wait: {seconds_text(seconds)}"
        case Speak() | Noise():
            return speech_text(step)
        case AwaitUpdate() | HangUp():
            return "update: true" if isinstance(step, AwaitUpdate) else "hang_up: true"


def _leg(leg: Leg) -> str:
    if leg.then is None:
        return _once(leg)
    turns = [leg]
    while turns[-1].then is not None:
        turns.append(turns[-1].then)
    return f"[{', '.join(_once(turn) for turn in turns)}]"


def _once(leg: Leg) -> str:
    if leg.outcome != "answer":
        return leg.outcome if leg.after is None else f"{{{leg.outcome}: {seconds_text(leg.after)}}}"
    parts = [f"answer: {seconds_text(leg.rings)}"]
    parts += [f"{name}: {seconds_text(value)}" for name, value in _times(leg)]
    if leg.keys != "1":
        parts.append(f"keys: {_quoted(leg.keys)}")
    if leg.machine:
        parts.append("machine: true")
    return f"{{{', '.join(parts)}}}"


def _times(leg: Leg) -> Iterator[tuple[str, float]]:
    if leg.talk is not None:
        yield "talk", leg.talk
    if leg.thinks:
        yield "thinks", leg.thinks
    if leg.leaves is not None:
        yield "leaves", leg.leaves


def _fault(fault: Fault | SpeechFault) -> str:
    if isinstance(fault, SpeechFault):
        speech = "any" if fault.speech == ANY else str(fault.speech)
        sure = "" if fault.confidence == CONFIDENCE else f", confidence: {fault.confidence:g}"
        return f"{{speech: {speech}, heard_as: {_quoted(fault.heard_as)}{sure}}}"
    if fault.kind == "reordered":
        return "{callbacks: reordered}"
    request = "any" if fault.request == ANY else str(fault.request)
    purpose = f", purpose: {fault.purpose}" if fault.purpose else ""
    value = f" {seconds_text(fault.value)}" if fault.kind in _WITH_VALUE else ""
    return f"{{request: {request}{purpose}, fault: {fault.kind}{value}}}"
