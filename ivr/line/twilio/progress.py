"""A status callback: how far a leg has got, and when.

Twilio sends `Timestamp` in the form of mail headers (RFC 2822), so a callback that comes late still tells the time.
"""

import re
from datetime import UTC, datetime

from ivr.line.flow.facts import LegStatus
from ivr.line.twilio.request import VoiceRequest, whole_seconds

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# As Twilio writes it. Other forms of it are rare, and `strptime` takes as long as all the rest of a callback.
_SENT = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d) \+0000", re.ASCII
)
_WORDS = {**{status.value: status for status in LegStatus}, "answered": LegStatus.IN_PROGRESS}


def leg_status(read: VoiceRequest) -> LegStatus | None:
    """None: a word that Twilio does not document."""
    return _WORDS.get(read.status)


def told_at(read: VoiceRequest) -> datetime | None:
    """Aware; None if nothing that is a moment was sent."""
    sent = _SENT.fullmatch(read.told_at)
    try:
        if sent is not None:
            day, month, *rest = sent.groups()
            year, hour, minute, second = map(int, rest)
            return datetime(year, _MONTHS.index(month) + 1, int(day), hour, minute, second, tzinfo=UTC)
        return datetime.strptime(read.told_at, "%a, %d %b %Y %H:%M:%S %z")
    except ValueError:
        return None


def leg_seconds(read: VoiceRequest) -> int:
    """How long the leg lasted; 0 if nothing that is a number was sent."""
    return whole_seconds(read.seconds)
