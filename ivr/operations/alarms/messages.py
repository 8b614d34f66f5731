"""A message about alarms, by e-mail (SMTP) or to a webhook. Raises AlarmNotSentError when it cannot be sent."""

import json
import smtplib
import ssl
import urllib.request
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from ivr.base.errors import IvrError
from ivr.operations.alarms.memory import News

_SECONDS = 15
_SUBJECT = 120  # letters
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class AlarmNotSentError(IvrError):
    """It was not sent; the text says why, and holds no password."""


@dataclass(frozen=True)
class AlarmMessage:
    """`line`: the public address of the line that it is about."""

    line: str
    news: News

    @property
    def subject(self) -> str:
        count = len(self.news.firing)
        words = f"ALARM ({count}): {self.news.firing[0].words}" if count else f"over: {self.news.cleared[0]}"
        return f"116 117 line: {words}"[:_SUBJECT]

    @property
    def text(self) -> str:
        lines = [f"ALARM  {alarm.words}" for alarm in self.news.firing]
        lines += [f"over   {words}" for words in self.news.cleared]
        return "\n".join([*lines, "", f"Line: {self.line}", "What to do: docs/operations.md, Alarms"])

    def as_json(self) -> dict[str, object]:
        firing = [{"kind": each.kind, "subject": each.subject, "words": each.words} for each in self.news.firing]
        return {"text": self.text, "line": self.line, "firing": firing, "cleared": list(self.news.cleared)}


def mail(message: AlarmMessage, server: str, sender: str, to: str) -> None:
    """`server`: smtp://HOST[:PORT], smtp+starttls://USER:PASSWORD@HOST or smtps://... `to`: addresses, by commas."""
    parts = urlsplit(server)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise AlarmNotSentError(
            f"the mail server must be a URL that begins with {', '.join(f'{each}://' for each in _PORTS)}"
        )
    if parts.username and parts.scheme == "smtp" and parts.hostname not in _LOOPBACK:
        raise AlarmNotSentError("a password goes by smtps:// or smtp+starttls:// alone")
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = message.subject, sender, to
    letter.set_content(message.text)
    address = parts.hostname, parts.port or _PORTS[parts.scheme]
    secure = ssl.create_default_context()
    try:
        with (
            smtplib.SMTP_SSL(*address, timeout=_SECONDS, context=secure)
            if parts.scheme == "smtps"
            else smtplib.SMTP(*address, timeout=_SECONDS)
        ) as connection:
            if parts.scheme == "smtp+starttls":
                connection.starttls(context=secure)
            if parts.username:
                connection.login(unquote(parts.username), unquote(parts.password or ""))
            connection.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        raise AlarmNotSentError(f"the mail was not sent by {address[0]}:{address[1]}: {type(error).__name__}") from None


def post(message: AlarmMessage, url: str) -> None:
    """As JSON; `text` is what Mattermost, Slack and Teams show. https, or http on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise AlarmNotSentError("the webhook must be an https URL, or one of this machine")
    body = json.dumps(message.as_json(), ensure_ascii=False).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310
            return
    except OSError as error:
        raise AlarmNotSentError(f"the webhook at {parts.hostname} did not take it: {type(error).__name__}") from None
