"""The numbers of an account and the webhooks that are configured for each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VoiceWebhooks:
    """Whom a call asks, and how. `url`: "" for a number that nobody answers."""

    url: str = ""
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"


@dataclass(slots=True)
class AccountNumber:
    """A number of the account."""

    number: str
    sid: str
    webhooks: VoiceWebhooks


@dataclass(slots=True)
class AccountApplication:
    """A TwiML application: webhooks with a sid."""

    sid: str
    name: str
    voice: VoiceWebhooks
