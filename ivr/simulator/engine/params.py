"""The parameters Twilio sends with every request about a leg (T:overview). Must not know verbs.

Caller and Called are the old names of From and To: the same values, never swapped.
"""

from datetime import timedelta
from email.utils import format_datetime
from typing import TypeAlias

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.line import Line

Params: TypeAlias = tuple[tuple[str, str], ...]
API_VERSION = "2010-04-01"


def standard(call: Call, line: Line, *extra: tuple[str, str]) -> Params:
    """The standard parameters for `line`, with what the plan adds for the caller's, and `extra`."""
    params = [
        ("AccountSid", call.plan.account_sid),
        ("ApiVersion", API_VERSION),
        ("CallSid", line.sid),
        ("CallStatus", line.status),
        ("Called", line.to),
        ("Caller", line.from_),
        ("Direction", line.direction),
        ("From", line.from_),
        ("To", line.to),
    ]
    if line.parent_sid:
        params.append(("ParentCallSid", line.parent_sid))
    if line.from_.startswith("+47"):
        params += _FROM_NORWAY
    if line.to.startswith("+47"):
        params += _TO_NORWAY
    if line.is_caller and call.plan.params:
        params = list({**dict(params), **call.plan.params}.items())
    return (*params, *extra)


def _norway(*names: str) -> Params:
    """Where a number is from, in the one country whose numbers this project knows; cities are never known."""
    places = (("Country", "NO"), ("State", ""), ("City", ""), ("Zip", ""))
    return tuple((f"{name}{what}", value) for name in names for what, value in places)


_FROM_NORWAY, _TO_NORWAY = _norway("From", "Caller"), _norway("To", "Called")


def progress(call: Call, number: int) -> Params:
    """What a status callback has besides: when, from where, and the how-manieth it is."""
    moment = call.plan.started + timedelta(seconds=call.now)
    return (
        ("Timestamp", format_datetime(moment).replace("GMT", "+0000")),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", str(number)),
    )
