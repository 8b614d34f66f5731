"""The fields of one signed request, checked field by field, as an event.

Twilio's signature joins names and values without separators, so a signed body can be re-split and still validate:
after the signature comes this check of shape. Unknown fields are ignored (Twilio adds some now and then), unless
they are a re-split piece of a field that steers the call.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from ivr.base.errors import RequestError
from ivr.base.test_account import ORIGIN_FIELD
from ivr.line.flow.events import Caller, Event, Keys, LegEnded, LegOutcome, Silence, SpokenWords
from ivr.line.flow.facts import CallOrigin

MOST_KEYS = 32  # keys that can arrive at once; more are noise
MOST_SPOKEN = 200  # characters of speech that are looked at: a sentence with a name in it
_MOST_DIGITS = 6  # of a number of seconds
_CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}")
_ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_KEYS = re.compile(r"[0-9*#]*")
_CONFIDENCE = re.compile(r"0(\.[0-9]+)?|1(\.0+)?")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_STEERING = (
    *("Digits", "FinishedOnKey", "SpeechResult", "Confidence"),
    *("DialCallStatus", "DialCallDuration", "DialBridged"),
)
_BEGINNINGS = {name[:length] for name in _STEERING for length in (0, 1, 2)}  # of any piece of one, in two letters
_HARMLESS = {*_STEERING, "Direction"}  # begin like one, and are whole names of Twilio's

# What carriers send for a withheld number: a word spelled on the keypad, with or without a country code in front.
# help.twilio.com/articles/223179988 lists the words; public captures of webhooks have `+17378742833`. Whole numbers
# only, because real ones begin with the same digits, and only codes that make no other country's number of them:
# `+3548656696` is a mobile phone in Iceland. The text `anonymous` and the placeholder `+464` are no E.164 numbers.
_SPELLED = (
    "2562533",  # BLOCKED
    "8656696",  # UNKNOWN
    "266696687",  # ANONYMOUS
    "7378742833",  # RESTRICTED
    "86282452253",  # UNAVAILABLE
)
_WITHHELD = frozenset(f"+{code}{digits}" for code in ("", "1", "47") for digits in _SPELLED)

# Norway's mobile numbers begin with 4 or 9; a text to another one is refused by Twilio (error 21614). Abroad nobody can
# tell a mobile number by its looks, but these codes are of no country: free-phone, shared cost, satellite, premium.
_NORWEGIAN_MOBILE = re.compile(r"\+47[49][0-9]{7}")
_NO_COUNTRY = ("+800", "+808", "+870", "+878", "+881", "+882", "+883", "+888", "+979")

_ORIGINS = {origin.value: origin for origin in CallOrigin}
_UNKNOWN, _ABROAD, _SILENCE = Caller(), Caller(abroad=True), Silence()
_OUTCOMES = {
    "completed": LegOutcome.TALKED,
    "answered": LegOutcome.TALKED,
    "busy": LegOutcome.BUSY,
    "no-answer": LegOutcome.NO_ANSWER,
}


class VoiceRequest(NamedTuple):
    """`call_sids`: of this leg and, on a leg that we dialled, of the caller's. `status`: the leg's CallStatus.
    `phone`: the caller's number (E.164) if a text message may reach it, else "": for that alone, and never kept.
    `error_code`: Twilio's, where it could not use an answer of ours. `told_at`, `seconds`: of a status callback, the
    moment that it is about and how long the leg lasted, as sent. `origin`: of a call that no person makes."""

    call_sids: tuple[str, ...]
    caller: Caller
    event: Event
    status: str
    error_code: str
    told_at: str
    seconds: str
    phone: str
    origin: CallOrigin | None = None


def read_request(fields: Mapping[str, str], account_sid: str, shortest_talk: int) -> VoiceRequest:
    """Check the fields of a request whose signature is valid.

    `account_sid`: ours, or "" to accept any. `shortest_talk`: seconds under which an answered leg counts as failed.
    Raises RequestError 403.
    """
    _refuse_resplit(fields)
    call_sid = fields.get("CallSid", "")
    if not _CALL_SID.fullmatch(call_sid):
        raise RequestError(403, "CallSid missing or malformed")
    account = fields.get("AccountSid", "")
    if not _ACCOUNT_SID.fullmatch(account) or account_sid not in ("", account):
        raise RequestError(403, "AccountSid missing, malformed or not ours")
    parent = fields.get("ParentCallSid", "")
    call_sids = (call_sid, parent) if _CALL_SID.fullmatch(parent) else (call_sid,)
    status = fields.get("CallStatus", "")
    error_code = fields.get("ErrorCode", "")[:5]
    number = fields.get("From", "")
    caller = _caller(number)
    event, told_at, seconds = _event(fields, shortest_talk), fields.get("Timestamp", ""), fields.get("CallDuration", "")
    phone, origin = _phone(number, caller), _ORIGINS.get(fields.get(ORIGIN_FIELD, ""))
    return VoiceRequest(call_sids, caller, event, status, error_code, told_at, seconds, phone, origin)


def _refuse_resplit(fields: Mapping[str, str]) -> None:
    """`Digits=1` cut anew as `Digit=s1` or `Digits1=` has the same signature; neither is ever sent by Twilio."""
    for name in _suspicious(tuple(fields)):
        value = fields[name]
        for known in _STEERING:
            shortened = known.startswith(name) and (name + value).startswith(known)
            lengthened = name.startswith(known) and _is_value(known, name.removeprefix(known))
            if shortened or lengthened:
                raise RequestError(403, f"a re-split {known}")


@lru_cache(maxsize=256)  # Twilio sends a few sets of names, which hold nothing of a call
def _suspicious(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([name for name in names if name[:2] in _BEGINNINGS and name not in _HARMLESS])


def _is_value(name: str, text: str) -> bool:
    match name:
        case "Digits" | "FinishedOnKey" | "DialCallDuration":
            return bool(_KEYS.fullmatch(text))
        case "SpeechResult" | "Confidence":
            return True
    return text.islower()


def _caller(number: str) -> Caller:
    if not _E164.fullmatch(number) or number in _WITHHELD:
        return _UNKNOWN
    if number.startswith("+47"):
        return _of_area(number[3:5])
    return _ABROAD


@lru_cache(maxsize=100)
def _of_area(area: str) -> Caller:
    return Caller(area=area)


def _phone(number: str, caller: Caller) -> str:
    foreign = caller.abroad and not number.startswith(_NO_COUNTRY)
    return number if foreign or _NORWEGIAN_MOBILE.fullmatch(number) else ""


def _event(fields: Mapping[str, str], shortest_talk: int) -> Event:
    if "DialCallStatus" in fields:
        return LegEnded(_outcome(fields, shortest_talk))
    digits, finished_on = fields.get("Digits", ""), fields.get("FinishedOnKey", "")
    if not digits and finished_on != "*":
        # The finish key alone is a key that was pressed.
        return Keys("#") if finished_on == "#" else _spoken(fields)
    if len(digits) > MOST_KEYS or not _KEYS.fullmatch(digits):
        return Keys("?")  # a key that exists nowhere: whatever was sent, it was no key
    return Keys(digits, star=finished_on == "*")


def _spoken(fields: Mapping[str, str]) -> Event:
    """Twilio does not promise a confidence: without one what was heard counts as sure."""
    words, confidence = fields.get("SpeechResult", ""), fields.get("Confidence", "")
    if not words.strip():
        return Silence()
    return SpokenWords(words[:MOST_SPOKEN], float(confidence) if _CONFIDENCE.fullmatch(confidence) else 1.0)


def whole_seconds(text: str) -> int:
    """A duration as Twilio sends it; 0 for anything else. A call lasts four hours at most: longer digits are none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


def _outcome(fields: Mapping[str, str], shortest_talk: int) -> LegOutcome:
    """How the dialled leg ended. Connected at all, but not bridged or for a moment only, is as good as failed:
    an exchange that drops the call, or a machine that did not take it."""
    outcome = _OUTCOMES.get(fields["DialCallStatus"], LegOutcome.FAILED)
    if outcome is not LegOutcome.TALKED:
        return outcome
    if fields.get("DialBridged", "true") == "false":
        return LegOutcome.NO_ANSWER
    return outcome if whole_seconds(fields.get("DialCallDuration", "")) >= shortest_talk else LegOutcome.FAILED
