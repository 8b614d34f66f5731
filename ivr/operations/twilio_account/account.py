"""Twilio's REST API, as far as we use it. Every way in which it fails is an AccountError that says what to do."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ivr.base.errors import AccountError

SECONDS = 10.0  # for one answer of the API
MOST_RULES = 1000


class TwilioAccount:
    """One account. Raises AccountError if its name is not one; its other methods do when Twilio says no or nothing."""

    def __init__(self, sid: str, secret: str, api_url: str = "", *, user: str = "") -> None:
        """`secret`: the account's auth token, or of the API key that `user` names. `api_url`: where the simulator plays
        Twilio's part."""
        from twilio.http.http_client import TwilioHttpClient  # noqa: PLC0415 - 50 MB that only `ivr twilio` needs
        from twilio.rest import Client  # noqa: PLC0415

        if not sid.startswith("AC"):
            raise AccountError("TWILIO_ACCOUNT_SID is not set to an account: it begins with AC")
        self.sid = sid
        self._http = TwilioHttpClient(timeout=SECONDS)
        self._client: Any = Client(user or sid, secret, sid, http_client=self._http)
        if api_url:
            for domain in (self._client.api, self._client.voice, self._client.webhooks):
                domain.base_url = api_url

    def standing(self) -> Any:
        """The account itself: `status`, `type`."""
        with _asking("the account"):
            return self._client.api.accounts(self.sid).fetch()

    def number(self, number: str) -> Any:
        """The incoming number, E.164, with its webhooks. AccountError if the account has no such number."""
        with _asking("the number"):
            found = self._client.incoming_phone_numbers.list(phone_number=number, limit=2)
        exact = [each for each in found if each.phone_number == number]
        if not exact:
            raise AccountError(f"the account has no number {number}: set TWILIO_PHONE_NUMBER, or name it with --number")
        return exact[0]

    def change(self, number: Any, fields: dict[str, str]) -> Any:
        """Set these fields of an incoming number; what Twilio says it is now."""
        with _asking("the change"):
            return number.update(**fields)

    def dialling(self, country: str) -> Any:
        """What may be dialled in a country (`NO`): `low_risk_numbers_enabled` and two kinds of high risk."""
        with _asking("the dialling permissions"):
            return self._client.voice.v1.dialing_permissions.countries(country).fetch()

    def dialled_countries(self) -> list[str]:
        """ISO codes of all countries whose ordinary numbers may be dialled."""
        with _asking("the dialling permissions"):
            found = self._client.voice.v1.dialing_permissions.countries.list(low_risk_numbers_enabled=True)
        return sorted(each.iso_code for each in found)

    def webhook_rules(self) -> list[Any]:
        """Which webhook setting is for which URLs (public beta at Twilio since September 2026); none in most
        accounts."""
        with _asking("the webhook rules"):
            return list(self._client.webhooks.v1.rules.list(limit=MOST_RULES))

    def webhook_setting(self, setting_id: str) -> Any:
        """How Twilio signs, names itself and waits, where a rule says so: `signature`, `auth`, `connection`."""
        with _asking("the webhook settings"):
            return self._client.webhooks.v1.settings(setting_id).fetch()

    def text(self, sender: str, phone: str, text: str) -> None:
        """Send one text message. `sender`: a number of the account, or a name. AccountError tells Twilio's error number
        and not its words, which name the phone."""
        from requests.exceptions import RequestException  # noqa: PLC0415 - comes with twilio
        from twilio.base.exceptions import TwilioRestException  # noqa: PLC0415

        try:
            self._client.messages.create(to=phone, from_=sender, body=text)
        except TwilioRestException as error:
            raise AccountError(f"Twilio's error {error.code or error.status}") from None
        except RequestException as error:
            raise AccountError(f"api.twilio.com: {type(error).__name__}") from None
        finally:
            self._http._test_only_last_request = None  # else the client would keep the phone's number


@contextmanager
def _asking(what: str) -> Iterator[None]:
    """Turns whatever the API or the way to it does into an AccountError."""
    from requests.exceptions import RequestException, Timeout  # noqa: PLC0415 - comes with twilio
    from twilio.base.exceptions import TwilioException, TwilioRestException  # noqa: PLC0415

    try:
        yield
    except TwilioRestException as error:
        raise AccountError(f"{what}: {_advice(int(error.status), error.code, str(error.msg))}") from None
    except Timeout:
        message = f"{what}: Twilio did not answer within {SECONDS:g} s; whether anything was changed is not known"
        raise AccountError(f"{message}: run it again") from None
    except RequestException as error:
        message = f"{what}: api.twilio.com cannot be reached ({type(error).__name__}); nothing was changed"
        raise AccountError(message) from None
    except TwilioException as error:  # a page of a list comes back as text and answer
        answer = error.args[-1]
        if not hasattr(answer, "status_code"):
            raise AccountError(f"{what}: {error}") from None
        raise AccountError(f"{what}: {_advice(int(answer.status_code), *_told(str(answer.text)))}") from None


def _told(body: str) -> tuple[int | None, str]:
    """Twilio's error number and words in the body of an answer; None and "" if it is something else."""
    try:
        told = json.loads(body)
        return told["code"], str(told["message"])
    except (ValueError, KeyError, TypeError):
        return None, ""


def _advice(status: int, code: int | None, message: str) -> str:
    name = f"{status}, Twilio's error {code}" if code and code != status else str(status)
    if status == 401:
        return (
            f"Twilio does not accept TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN ({name}): "
            "are both of the same account, and is the token the primary one? With TWILIO_API_KEY: is its secret right?"
        )
    if status == 403:
        return f"the account may not do that ({name}: {message}): is it suspended, or a subaccount with fewer rights?"
    if status == 404:
        return f"the account does not have it ({name})"
    if status == 429:
        return f"too many requests ({name}); nothing was changed: wait a minute and run it again"
    if status >= 500:
        return f"Twilio has a fault of its own ({name}); see status.twilio.com, and try again later"
    return f"Twilio refuses it ({name}): {message}"
