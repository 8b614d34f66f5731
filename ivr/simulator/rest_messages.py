"""Text messages that an application sends with `client.messages.create(to=..., from_=..., body=...)`.

They go nowhere: whoever plays the call can look at them. What is refused and with which number is Twilio's. Knows no
call and no TwiML; never imports twilio.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

LONGEST_BODY = 1600  # characters (T:21617)
FIELDS = ("To", "From", "Body")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")  # twilio.com/docs/glossary/what-alphanumeric-sender-id
_NORWEGIAN_MOBILE = re.compile(r"\+47[49][0-9]{7}")


@dataclass(frozen=True)
class Message:
    """`sender`: a number, or a name."""

    to: str
    sender: str
    body: str


class NotSentError(Exception):
    """`code`: Twilio's number."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


def read(form: Mapping[str, str], *, has_media: bool = False) -> Message:
    """Raises NotSentError as Twilio refuses it; whether a foreign number is a mobile's is not looked at. `has_media`:
    it needs no Body then."""
    to, sender, body = (form.get(name, "") for name in FIELDS)
    if not _E164.fullmatch(to):
        raise NotSentError(21211, f"To is not a number of the form +4791234567: {to!r}")
    if not sender:
        raise NotSentError(21603, "From is missing")
    if not _E164.fullmatch(sender) and not _NAME.fullmatch(sender):
        raise NotSentError(
            21212, f"From is neither a number nor a name of at most 11 letters, digits and spaces: {sender!r}"
        )
    if not body and not has_media:
        raise NotSentError(21602, "Body is missing")
    if len(body) > LONGEST_BODY:
        raise NotSentError(21617, f"Body has {len(body)} characters, more than {LONGEST_BODY}")
    # twilio.com/en/guidelines/no/sms: in Norway a message to a landline is refused, and not charged.
    if to.startswith("+47") and not _NORWEGIAN_MOBILE.fullmatch(to):
        raise NotSentError(21614, f"{to} is no mobile number")
    return Message(to, sender, body)


def resource(message: Message, account: str, number: int) -> dict[str, Any]:
    """The message as Twilio's answer has it. Its sid is derived from the account and the number of the message."""
    sid = f"SM{sha256(f'{account}/{number}/message'.encode()).hexdigest()[:32]}"
    uri = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
    now = format_datetime(datetime.now(UTC))
    return {
        "sid": sid,
        "account_sid": account,
        "to": message.to,
        "from": message.sender,
        "body": message.body,
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "date_created": now,
        "date_updated": now,
        "date_sent": None,
        "error_code": None,
        "error_message": None,
        "messaging_service_sid": None,
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }
