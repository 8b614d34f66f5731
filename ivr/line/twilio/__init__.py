"""Twilio's voice webhooks: request fields to an event, the signature, actions to TwiML bytes.

The only place that knows Twilio, and the only writer of XML in the service.
"""

from ivr.line.twilio.authentication import Authentication
from ivr.line.twilio.form import FormFields, parse_form
from ivr.line.twilio.progress import leg_seconds, leg_status, told_at
from ivr.line.twilio.request import VoiceRequest, read_request
from ivr.line.twilio.signature import Signature
from ivr.line.twilio.writer import TwimlWriter

__all__ = [
    "Authentication",
    "FormFields",
    "Signature",
    "TwimlWriter",
    "VoiceRequest",
    "leg_seconds",
    "leg_status",
    "parse_form",
    "read_request",
    "told_at",
]
