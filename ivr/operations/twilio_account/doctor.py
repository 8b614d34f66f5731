"""Everything that must hold around a number, one check after the other; a check that cannot run says so as a fault."""

from collections.abc import Callable, Iterator

from ivr.base.errors import AccountError
from ivr.operations.twilio_account.account import TwilioAccount
from ivr.operations.twilio_account.number import Webhooks, differences
from ivr.operations.twilio_account.public_line import Answer, Check, CheckState, PublicLine, Secrets, asked
from ivr.operations.twilio_account.rules import complaints, in_force, notes, told


def examine(
    account: TwilioAccount, number: str, wanted: Webhooks, secrets: Secrets, *, text_sender: str = ""
) -> Iterator[Check]:
    """Check by check, as they are done. `number`: E.164. `secrets`: what the line should take. `text_sender`: a number
    or a name; "" if none is sent."""
    line = PublicLine(wanted.base_url.rstrip("/"), secrets, account.sid)
    checks: dict[str, Callable[[], Answer]] = {
        "credentials": lambda: _credentials(account),
        "number": lambda: _number(account, number, wanted),
        "fallback": lambda: _fallback(wanted),
        "address": line.address,
        "certificate": line.certificate,
        "unsigned": line.unsigned,
        "signed": line.signed,
        "signing": lambda: signing(account, wanted.base_url, secrets),
        "dialling Norway": lambda: _norway(account),
        "dialling elsewhere": lambda: _elsewhere(account),
    }
    if text_sender:
        checks["text messages"] = lambda: _text_sender(account, text_sender)
    for about, check in checks.items():
        try:
            state, words = check()
        except AccountError as error:
            state, words = CheckState.FAULT, str(error)
        except OSError as error:
            state, words = CheckState.FAULT, f"cannot be reached: {getattr(error, 'reason', error)}"
        yield Check(about, state, words)


def _credentials(account: TwilioAccount) -> Answer:
    found = account.standing()
    if found.status != "active":
        return CheckState.FAULT, f"the account is {found.status}; Twilio takes no calls for it"
    if str(found.type).lower() == "trial":
        return (
            CheckState.WARNING,
            "a trial account: callers first hear Twilio's notice, and only verified numbers are rung",
        )
    return CheckState.FINE, "the account is active"


def _number(account: TwilioAccount, number: str, wanted: Webhooks) -> Answer:
    found = account.number(number)
    if found.trunk_sid:
        return (
            CheckState.FAULT,
            f"the number belongs to the SIP trunk {found.trunk_sid}, so Twilio ignores its voice URLs",
        )
    if not (found.capabilities or {}).get("voice"):
        return CheckState.FAULT, "the number cannot take voice calls"
    wrong = differences(found, wanted)
    if wrong:
        return CheckState.FAULT, f"`ivr twilio configure` would change {', '.join(each.field for each in wrong)}"
    return CheckState.FINE, "its webhooks are ours"


def signing(account: TwilioAccount, base_url: str, secrets: Secrets) -> Answer:
    """How Twilio will sign what it asks the line, by the account's webhook rules, and whether the line takes that."""
    try:
        found = in_force(base_url, account.webhook_rules(), account.webhook_setting)
    except AccountError as error:
        return CheckState.WARNING, f"{error}; where there are no rules, Twilio signs with the auth token"
    wrong = complaints(found, secrets.taken)
    if wrong:
        return CheckState.FAULT, f"{told(found)}. Callers would be refused: {'; '.join(wrong)}"
    noted = notes(found, secrets.taken)
    if noted:
        return CheckState.WARNING, f"{told(found)}; {'; '.join(noted)}"
    return CheckState.FINE, told(found)


def _fallback(wanted: Webhooks) -> Answer:
    if wanted.fallback_is_our_own:
        return CheckState.WARNING, "the fallback is on the line's own host and goes down with it: `ivr fallback export`"
    status, document = asked(wanted.fallback_url, {}, {})
    if status != 200 or b"<Response" not in document:
        return CheckState.FAULT, f"the fallback URL does not give TwiML (status {status})"
    if b"<Say" not in document and b"<Play" not in document:
        return CheckState.FAULT, "the fallback document says nothing"
    return CheckState.FINE, "the fallback is on another host and gives TwiML"


def _norway(account: TwilioAccount) -> Answer:
    found = account.dialling("NO")
    if not found.low_risk_numbers_enabled:
        return CheckState.FAULT, "calls to Norway are not permitted: Twilio's console, Voice, Geo permissions"
    risky = found.high_risk_special_numbers_enabled or found.high_risk_tollfraud_numbers_enabled
    if risky:
        return CheckState.WARNING, "high-risk numbers of Norway are permitted too; no centre has one: switch them off"
    return CheckState.FINE, "ordinary numbers of Norway, no high-risk ones"


def _elsewhere(account: TwilioAccount) -> Answer:
    others = [country for country in account.dialled_countries() if country != "NO"]
    if others:
        listed = ", ".join(others[:10]) + (" ..." if len(others) > 10 else "")
        return CheckState.WARNING, f"{len(others)} other countries may be dialled, which only fraud needs: {listed}"
    return CheckState.FINE, "no other country may be dialled"


def _text_sender(account: TwilioAccount, sender: str) -> Answer:
    if not sender.startswith("+"):
        return CheckState.WARNING, f"{sender} is a name: Twilio does not say which networks accept a name; test it"
    if not (account.number(sender).capabilities or {}).get("sms"):
        return CheckState.FAULT, f"{sender} (IVR_TEXT_SENDER) cannot send text messages: take another number, or a name"
    return CheckState.FINE, f"{sender} can send text messages"
