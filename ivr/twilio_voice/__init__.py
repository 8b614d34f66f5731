"""Twilio's voice webhooks: request fields to an event, the signature, actions to TwiML bytes.

The only place that knows Twilio, and the only writer of XML in the service. It must not know Flask.
"""

from ivr.twilio_voice.authentication import Authentication
from ivr.twilio_voice.form import parse_form
from ivr.twilio_voice.progress import leg_seconds, leg_status, told_at
from ivr.twilio_voice.request import VoiceRequest, read_request
from ivr.twilio_voice.signature import Signature
from ivr.twilio_voice.writer import TwimlWriter

__all__ = [
    "Authentication",
    "Signature",
    "TwimlWriter",
    "VoiceRequest",
    "leg_seconds",
    "leg_status",
    "parse_form",
    "read_request",
    "told_at",
]
