"""What a number's webhooks should be, and where they are not."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

# After these times Twilio asks the fallback: 2 s to connect, 4 s to answer, 8 s in all, one retry. A caller must not
# wait longer in silence. twilio.com/docs/usage/webhooks/webhooks-connection-overrides
OVERRIDES = "#ct=2000&rt=4000&tt=8000&rc=1"


@dataclass(frozen=True)
class Webhooks:
    """`base_url`: the line's public address; `fallback_url`: what is asked when the line does not answer."""

    base_url: str
    fallback_url: str

    @property
    def fields(self) -> Mapping[str, str]:
        """By Twilio's names. An application on the number would outdo its URLs, so there must be none."""
        base = self.base_url.rstrip("/")
        return {
            "voice_url": f"{base}/voice{OVERRIDES}",
            "voice_method": "POST",
            "voice_fallback_url": self.fallback_url,
            "voice_fallback_method": "POST",
            "status_callback": f"{base}/voice/status",
            "status_callback_method": "POST",
            "voice_application_sid": "",
        }

    @property
    def fallback_is_our_own(self) -> bool:
        """Whether the fallback goes down together with the line."""
        return urlsplit(self.fallback_url).hostname == urlsplit(self.base_url).hostname


@dataclass(frozen=True)
class Difference:
    field: str
    now: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.field}: {self.now or 'nothing'} -> {self.wanted or 'nothing'}"


def differences(number: object, wanted: Webhooks) -> list[Difference]:
    """Where the number is set up otherwise. `number`: what Twilio says of it."""
    now = {field: str(getattr(number, field, None) or "") for field in wanted.fields}
    return [Difference(field, now[field], value) for field, value in wanted.fields.items() if now[field] != value]
