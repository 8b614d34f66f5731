"""Twilio's REST API as `responses` plays it, with one account and one number."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses

SID = "AC" + "1" * 32
NUMBER = "+4739000000"
BASE = "https://line.example"
ACCOUNT_URL = f"https://api.twilio.com/2010-04-01/Accounts/{SID}"
DIALLING = "https://voice.twilio.com/v1/DialingPermissions/Countries"
ENVIRONMENT = {
    "IVR_PROFILE": "practice",
    "PUBLIC_BASE_URL": BASE,
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": "the-secret-0123456789,the-next-secret-0123456789",
    "TWILIO_PHONE_NUMBER": NUMBER,
    "IVR_FLOW": "",
    "IVR_DIRECTORY": "",
    "IVR_PRACTICE_NUMBER": "",
}
RIGHT = {
    "voice_url": f"{BASE}/voice#ct=2000&rt=4000&tt=8000&rc=1",
    "voice_method": "POST",
    "voice_fallback_url": "https://elsewhere.example/113.xml",
    "voice_fallback_method": "POST",
    "status_callback": f"{BASE}/voice/status",
    "status_callback_method": "POST",
    "voice_application_sid": "",
}
FRESH = {
    "voice_url": "https://demo.twilio.com/welcome/voice/",
    "voice_method": "POST",
    "voice_fallback_url": "",
    "voice_fallback_method": "POST",
    "status_callback": "",
    "status_callback_method": "POST",
    "voice_application_sid": "",
}


def number(fields: dict[str, Any]) -> dict[str, Any]:
    return {"sid": "PN" + "2" * 32, "phone_number": NUMBER, "capabilities": {"voice": True}, "trunk_sid": None} | fields


def error(status: int, code: int) -> dict[str, Any]:
    return {"json": {"status": status, "code": code, "message": "Twilio's words"}, "status": status}


class Api(responses.RequestsMock):
    """Strict: a request that nothing was said about fails."""

    def has(self, fields: dict[str, Any]) -> None:
        """The account has the number, set up so."""
        self.get(f"{ACCOUNT_URL}/IncomingPhoneNumbers.json", json={"incoming_phone_numbers": [number(fields)]})

    def takes(self, fields: dict[str, Any]) -> None:
        """A change of the number is answered with this."""
        self.post(f"{ACCOUNT_URL}/IncomingPhoneNumbers/PN{'2' * 32}.json", json=number(fields))

    def stands(self, status: str = "active", kind: str = "Full") -> None:
        self.get(f"{ACCOUNT_URL}.json", json={"sid": SID, "status": status, "type": kind})

    def permits(self, *others: str, low: bool = True, high: bool = False) -> None:
        norway = {
            "iso_code": "NO",
            "low_risk_numbers_enabled": low,
            "high_risk_special_numbers_enabled": high,
            "high_risk_tollfraud_numbers_enabled": False,
        }
        self.get(f"{DIALLING}/NO", json=norway)
        listed = [{"iso_code": code} for code in ("NO", *others)]
        self.get(DIALLING, json={"content": listed, "meta": {"key": "content", "next_page_url": None}})


@pytest.fixture
def api() -> Iterator[Api]:
    with Api(assert_all_requests_are_fired=False) as api:
        yield api
