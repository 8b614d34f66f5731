"""A status callback: how far a leg has got, and when.

Twilio sends `Timestamp` in the form of mail headers (RFC 2822), so a callback that comes late still tells the time.
"""

from datetime import datetime

from ivr.line.flow.facts import LegStatus
from ivr.line.twilio.request import VoiceRequest, whole_seconds

_WORDS = {**{status.value: status for status in LegStatus}, "answered": LegStatus.IN_PROGRESS}


def leg_status(read: VoiceRequest) -> LegStatus | None:
    """None: a word that Twilio does not document."""
    return _WORDS.get(read.status)


def told_at(read: VoiceRequest) -> datetime | None:
    """Aware; None if nothing that is a moment was sent."""
    try:
        return datetime.strptime(read.told_at, "%a, %d %b %Y %H:%M:%S %z")
    except ValueError:
        return None


def leg_seconds(read: VoiceRequest) -> int:
    """How long the leg lasted; 0 if nothing that is a number was sent."""
    return whole_seconds(read.seconds)
