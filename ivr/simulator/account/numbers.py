"""The numbers and applications of an account: what is configured for each, under Twilio's names of the fields."""

from dataclasses import dataclass, field
from typing import NamedTuple

METHODS = ("VoiceMethod", "VoiceFallbackMethod", "StatusCallbackMethod", "SmsMethod", "SmsFallbackMethod")
URLS = ("VoiceUrl", "VoiceFallbackUrl", "StatusCallback", "SmsUrl", "SmsFallbackUrl")


class VoiceWebhooks(NamedTuple):
    """Whom a call asks, and how. `url`: "" for a number that nobody answers."""

    url: str = ""
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"


class MessageWebhook(NamedTuple):
    """Whom a message asks. `url`: "" for a number that has none."""

    url: str
    method: str


@dataclass(slots=True)
class Configured:
    """`settings`: by Twilio's names; what is not there has its default. `created`, `updated`: the account's time."""

    sid: str
    settings: dict[str, str] = field(default_factory=dict)
    created: float = 0.0
    updated: float = 0.0

    def setting(self, name: str) -> str:
        return self.settings.get(name, "POST" if name in METHODS else "")

    @property
    def webhooks(self) -> VoiceWebhooks:
        return VoiceWebhooks(
            self.setting("VoiceUrl"),
            self.setting("VoiceMethod"),
            self.setting("VoiceFallbackUrl"),
            self.setting("VoiceFallbackMethod"),
            self.setting("StatusCallback"),
            self.setting("StatusCallbackMethod"),
        )

    @property
    def messages(self) -> MessageWebhook:
        return MessageWebhook(self.setting("SmsUrl"), self.setting("SmsMethod"))


@dataclass(slots=True)
class AccountNumber(Configured):
    """A number of the account. `kind`: as which it was bought, Twilio's word. `add_ons`: by sid, and since when each is
    assigned to it."""

    number: str = ""
    kind: str = "local"
    add_ons: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class AccountApplication(Configured):
    """A TwiML application."""


@dataclass(slots=True)
class VerifiedNumber:
    """A number of somebody else's that the account may show."""

    number: str
    sid: str
    name: str
    created: float
    updated: float
