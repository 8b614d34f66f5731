"""What the page asks, from JSON to what a phone understands. Everything is checked here; nothing is done here.

Raises OrderError with a sentence for the person.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from ivr.base.clock import OSLO
from ivr.simulator.engine.effects import FarAct, Key, Speech
from ivr.simulator.plan import CONFIDENCE, FaultKind, HangUp, Leg
from ivr.simulator.printable import whole_characters
from ivr.simulator.web_phone.live import SPEEDS, Act, Pacing, PhoneCall
from ivr.simulator.web_phone.phone import CallRequest

_CALLER = re.compile(r"\+?[0-9]{3,15}|anonymous")
_CALLED = re.compile(r"\+?[0-9]{3,15}")
_PATTERN = re.compile(r"\*|\+[0-9]{6,15}")
_KEYS = "0123456789*#"
_ACTS = ("answer", "busy", "failed", "hang-up", "press")
_FAULTS = frozenset(get_args(FaultKind)) - {"late", "reordered"}  # those two are about callbacks still to come
LONGEST_SPEECH = 500
LONGEST_NOISE = 60.0  # seconds
_LEGS: Mapping[str, Leg] = {
    "decide": Leg("no-answer", keys=""),  # rings until a person answers it, or nobody does
    "answer": Leg.answer(3, talk=20),
    "busy": Leg.busy(),
    "no-answer": Leg.no_answer(),
    "failed": Leg.failed(),
    "machine": Leg.answer(3, machine=True),
}


class OrderError(ValueError):
    """The page asked for something that is none."""


def read_order(asked: Mapping[str, Any]) -> CallRequest:
    """`from`, `to`: numbers. `moment`: Oslo wall time, `2026-12-31T23:50`, or "". `legs`: pattern to behaviour."""
    caller, called = _text(asked, "from", "+4791234567"), _text(asked, "to", "+4721000000")
    if not _CALLER.fullmatch(caller):
        raise OrderError("the caller's number is a plus and 3 to 15 digits, or 'anonymous'")
    if not _CALLED.fullmatch(called):
        raise OrderError("the number called is a plus and 3 to 15 digits")
    legs = asked.get("legs")
    return CallRequest(
        from_=caller,
        to=called,
        moment=_moment(_text(asked, "moment", "")),
        legs=_legs(legs) if legs is not None else None,
        prepared=_text(asked, "prepared", ""),
        task=_text(asked, "task", ""),
        pacing=_pacing(asked),
    )


def _text(asked: Mapping[str, Any], name: str, default: str) -> str:
    value = asked.get(name, default)
    if not isinstance(value, str):
        raise OrderError(f"{name} is a text")
    return whole_characters(value).strip()


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise OrderError("the clock is a date and a time such as 2026-12-31T23:50") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=OSLO)
    if not 2000 <= moment.year <= 2099:
        raise OrderError("the clock is between the years 2000 and 2099")
    return moment.astimezone(UTC).astimezone(OSLO)  # an hour that does not exist becomes the one after it


def _legs(asked: Any) -> dict[str, Leg]:
    if not isinstance(asked, Mapping) or len(asked) > 50:
        raise OrderError("legs are numbers and what happens there")
    for pattern, behaviour in asked.items():
        if not _PATTERN.fullmatch(str(pattern)) or behaviour not in _LEGS:
            raise OrderError(f"a leg is a number, or *, and one of {', '.join(_LEGS)}")
    legs = {str(pattern): _LEGS[behaviour] for pattern, behaviour in asked.items()}
    return dict(sorted(legs.items(), key=lambda item: item[0] == "*"))  # the exceptions before the rule


def _pacing(asked: Mapping[str, Any]) -> Pacing:
    speed = asked.get("speed", 1)
    if isinstance(speed, bool) or speed not in SPEEDS:
        raise OrderError(f"the speed is one of {', '.join(f'{each:g}' for each in SPEEDS)}")
    return Pacing(float(speed), patient=asked.get("patient") is True, at_once=asked.get("at_once") is True)


def obey(call: PhoneCall, asked: Mapping[str, Any]) -> None:
    """Do in the call what `asked["do"]` says."""
    match asked.get("do"):
        case "pause":
            call.pause()
        case "go_on":
            call.go_on()
        case "take_over":
            call.take_over()
        case "silent":
            call.be_silent()
        case "pace":
            pacing = _pacing(asked)
            call.pace(pacing.speed, patient=pacing.patient)
        case "fault":
            _mishap(call, asked)
        case _:
            call.do(_act(asked))


def _act(asked: Mapping[str, Any]) -> Act:
    match asked.get("do"):
        case "key" if asked.get("digit") in tuple(_KEYS):
            return Key(str(asked["digit"]))
        case "say" if isinstance(asked.get("text"), str) and asked["text"].strip():
            return Speech(_words(asked["text"]), _heard_as(asked), _between(asked, "confidence", 1, CONFIDENCE))
        case "noise":
            seconds = _between(asked, "seconds", LONGEST_NOISE)
            return Speech("", _heard_as(asked) or "", _between(asked, "confidence", 1, CONFIDENCE), noise=seconds)
        case "hang_up":
            return HangUp()
        case "far" if asked.get("act") in _ACTS and asked.get("key", "1") in tuple(_KEYS):
            return FarAct(str(asked.get("sid")), asked["act"], str(asked.get("key", "1")))
        case _:
            raise OrderError("no such act")


def _words(text: str) -> str:
    return " ".join(text.split())[:LONGEST_SPEECH]


def _heard_as(asked: Mapping[str, Any]) -> str | None:
    """What is recognised; None where nothing is said of it."""
    text = asked.get("heard_as")
    if text is not None and not isinstance(text, str):
        raise OrderError("what is recognised is a text")
    return None if text is None else _words(text)


def _between(asked: Mapping[str, Any], name: str, most: float, usual: float | None = None) -> float:
    value = asked.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise OrderError(f"{name} is a number from 0 to {most:g}")
    return float(value)


def _mishap(call: PhoneCall, asked: Mapping[str, Any]) -> None:
    kind, value = asked.get("kind"), asked.get("value", 0)
    if kind is not None and kind not in _FAULTS:
        raise OrderError("no such fault")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1000:
        raise OrderError("a fault's value is a number")
    call.mishap(kind, float(value), stays=asked.get("stays") is True)
