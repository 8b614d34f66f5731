"""The numbers of an account and the webhooks that are configured for each."""

from dataclasses import dataclass


@dataclass(slots=True)
class AccountNumber:
    """`voice_url`: "" for a number that nobody answers."""

    number: str
    sid: str
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    status_callback: str = ""
