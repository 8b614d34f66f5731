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
    """The standard parameters for `line`, and `extra`."""
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
    for name, number in (("From", line.from_), ("To", line.to)):
        if number.startswith("+47"):  # the one country whose numbers this project knows; cities are never known
            twin = {"From": "Caller", "To": "Called"}[name]
            for which in (name, twin):
                params += [(f"{which}Country", "NO"), (f"{which}State", ""), (f"{which}City", ""), (f"{which}Zip", "")]
    return (*params, *extra)


def progress(call: Call, number: int) -> Params:
    """What a status callback has besides: when, from where, and the how-manieth it is."""
    moment = call.plan.started + timedelta(seconds=call.now)
    return (
        ("Timestamp", format_datetime(moment).replace("GMT", "+0000")),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", str(number)),
    )
