"""The operator's account at Twilio: how the number is set up, and whether everything around it will hold.

Used by `ivr twilio`, and behind the calls to send text messages; no call depends on it. Knows Twilio's REST API, loaded
only when asked. Must not know the flow, the directory or terminals. It never places a call.
"""

from ivr.operations.twilio_account.account import Account
from ivr.operations.twilio_account.doctor import examine, signing
from ivr.operations.twilio_account.line import Check, Secrets, State, is_ours, spoken
from ivr.operations.twilio_account.number import Difference, Webhooks, differences

__all__ = [
    "Account",
    "Check",
    "Difference",
    "Secrets",
    "State",
    "Webhooks",
    "differences",
    "examine",
    "is_ours",
    "signing",
    "spoken",
]
