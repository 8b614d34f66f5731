"""The parameters Twilio sends with every request about a leg (T:overview).

Caller and Called are the old names of From and To: the same values, never swapped. Geographic parameters come with a
number whose country is known, and not with a withheld number, a short code, a `sip:` or a `client:` address.
"""

from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import TypeAlias

from ivr.simulator.countries import country_of
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
    parent = line.parent_sid or (call.plan.continued.parent_sid if call.plan.continued else "")
    if parent:
        params.append(("ParentCallSid", parent))
    params += _geography(line.from_, "From", "Caller")
    params += _geography(line.to, "To", "Called")
    if line.is_caller and call.plan.params:
        params = list({**dict(params), **call.plan.params}.items())
    return (*params, *extra)


@lru_cache(maxsize=1024)
def _geography(number: str, *names: str) -> Params:
    """Where a number is from. Only its country is known here; Twilio leaves empty what it does not know."""
    country = country_of(number)
    if country is None:
        return ()
    places = (("Country", country), ("State", ""), ("City", ""), ("Zip", ""))
    return tuple((f"{name}{what}", value) for name in names for what, value in places)


@lru_cache(maxsize=1024)  # in virtual time many calls end at the same moment
def _mail_date(moment: datetime) -> str:
    return format_datetime(moment).replace("GMT", "+0000")


def progress(call: Call, number: int) -> Params:
    """What a status callback has besides: when, from where, and the how-manieth it is."""
    return (
        ("Timestamp", _mail_date(call.moment.replace(microsecond=0))),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", str(number)),
    )


def iso_timestamp(call: Call) -> tuple[str, str]:
    """The moment, as callbacks about streams and transcriptions have it: to the millisecond, in UTC."""
    return "Timestamp", call.moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
