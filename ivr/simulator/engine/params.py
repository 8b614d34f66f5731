"""The parameters Twilio sends with every request about a leg (T:overview).

Caller and Called are the old names of From and To: the same values, never swapped. Geographic parameters come with a
number whose country is known, and not with a withheld number, a short code, a `sip:` or a `client:` address.
"""

from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from ivr.simulator.countries import country_of
from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.form import CommonParams, Form, Params
from ivr.simulator.engine.line import Line

API_VERSION = "2010-04-01"


def standard(call: RunningCall, line: Line, *extra: tuple[str, str]) -> Form:
    """The standard parameters for `line`, with what the plan adds for the caller's, and `extra`."""
    plan = call.plan
    parent = line.parent_sid or (plan.continued.parent_sid if plan.continued else "")
    common = _of_leg(plan.account_sid, line.sid, line.status, line.direction, line.from_, line.to, parent)
    if line.is_caller and plan.params:
        common = CommonParams(tuple({**common.fields, **plan.params}.items()))
    return Form(common, extra)


@lru_cache(maxsize=256)  # most requests of a call are about the same leg, in the same state
def _of_leg(account: str, sid: str, status: str, direction: str, from_: str, to: str, parent: str) -> CommonParams:  # noqa: PLR0913, PLR0917 - all that tells a leg
    params = (
        ("AccountSid", account),
        ("ApiVersion", API_VERSION),
        ("CallSid", sid),
        ("CallStatus", status),
        ("Called", to),
        ("Caller", from_),
        ("Direction", direction),
        ("From", from_),
        ("To", to),
    )
    of_parent = (("ParentCallSid", parent),) if parent else ()
    places = (*_geography(from_, "From", "Caller"), *_geography(to, "To", "Called"))
    return CommonParams((*params, *of_parent, *places))


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


def progress(call: RunningCall, number: int) -> Params:
    """What a status callback has besides: when, from where, and the how-manieth it is."""
    return (
        ("Timestamp", _mail_date(call.moment.replace(microsecond=0))),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", str(number)),
    )


def iso_timestamp(call: RunningCall) -> tuple[str, str]:
    """The moment, as callbacks about streams and transcriptions have it: to the millisecond, in UTC."""
    return "Timestamp", call.moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
