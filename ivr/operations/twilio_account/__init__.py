"""The operator's account at Twilio: how the number is set up, and whether everything around it will hold.

Used by `ivr twilio`, and behind the calls to send text messages; no call depends on it. Knows Twilio's REST API, loaded
only when asked. It never places a call.
"""

from ivr.operations.twilio_account.account import TwilioAccount
from ivr.operations.twilio_account.doctor import examine, signing
from ivr.operations.twilio_account.number import Difference, Webhooks, differences
from ivr.operations.twilio_account.public_line import Check, CheckState, Secrets, is_ours, spoken

__all__ = [
    "Check",
    "CheckState",
    "Difference",
    "Secrets",
    "TwilioAccount",
    "Webhooks",
    "differences",
    "examine",
    "is_ours",
    "signing",
    "spoken",
]
