"""How dialled centres fail, in every way that a leg can end, and in ways that nobody has documented."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from ivr.base.test_account import AUTH_TOKEN
from ivr.simulator.engine.effects import Fetch
from ivr.simulator.load.chance import Fixed, Uniform
from ivr.simulator.load.mix import FarEndKind
from ivr.simulator.signature import sign
from tests.chaos.call import Tamper
from tests.chaos.faults.fault import Fault
from tests.chaos.faults.webhooks import hit
from tests.chaos.testbed import Who

_ANSWERS = FarEndKind("answer", Fixed(5.0), Fixed(40.0))
_FAILS = tuple(FarEndKind(outcome) for outcome in ("busy", "no-answer", "failed"))
_DIALS = ("plain", "asks for a person", "signs", "presses nothing")
_ODD = ("answered", "", "foo", "COMPLETED", "canceled", "completed ", None)  # None: the field is missing


def odd_status(number: int) -> Tamper:
    """Every leg's end is told with a DialCallStatus that Twilio does not document, properly signed."""
    status = _ODD[number % len(_ODD)]

    def tamper(fetch: Fetch) -> Fetch:
        fields = parse_qsl(fetch.body.decode(), keep_blank_values=True)
        if not any(name == "DialCallStatus" for name, _ in fields):
            return fetch
        kept = [(name, value) for name, value in fields if name != "DialCallStatus"]
        return signed_anew(fetch, kept if status is None else [*kept, ("DialCallStatus", status)])

    return tamper


def signed_anew(fetch: Fetch, fields: list[tuple[str, str]]) -> Fetch:
    others = tuple(header for header in fetch.headers if header[0] != "X-Twilio-Signature")
    signature = ("X-Twilio-Signature", sign(AUTH_TOKEN, fetch.url, fields))
    return fetch._replace(headers=(*others, signature), body=urlencode(fields).encode())


def _ends(*ends: FarEndKind) -> Who:
    return Who(_DIALS, ends)


FAULTS = (
    Fault("F21", "legs are busy, not answered or fail, one after another", hit(60, _ends(*_FAILS, *_FAILS, _ANSWERS))),
    Fault("F21b", "no centre ever answers", hit(20, *(_ends(end) for end in _FAILS))),
    Fault(
        "F22",
        "an exchange drops the call in its first seconds",
        hit(40, _ends(FarEndKind("answer", Fixed(2.0), Uniform(0.0, 4.0)), _ANSWERS)),
    ),
    Fault(
        "F23",
        "answering machines take the calls",
        hit(
            40,
            _ends(
                FarEndKind("answer", Fixed(3.0), Fixed(30.0), machine=True), FarEndKind("answer", keys="5"), _ANSWERS
            ),
        ),
    ),
    Fault(
        "F24",
        "DialCallStatus unknown or missing",
        hit(56, replace(_ends(FarEndKind("busy"), _ANSWERS), tamper=odd_status)),
    ),
)
