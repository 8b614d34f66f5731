"""How the account's webhook rules make Twilio ask the line, and whether the line takes it so.

A rule matches the URL of a webhook and names the setting for it: a signature with a shared key, HTTP authentication,
times. Twilio looks at exact rules first (the longest first), then at prefixes (the longest first), then at the default
rule (twilio.com/docs/usage/webhooks/webhook-rules). Without a rule it signs with the auth token.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from ivr.operations.twilio_account.number import OVERRIDES

# Of every kind that Twilio asks: the first request of a call, a later one, the end of the call.
_PATHS = ("/voice", "/voice/main?t=TOKEN", "/voice/whisper?t=TOKEN", "/voice/status")


@dataclass(frozen=True)
class AcceptedSignatures:
    """What the line is set to take. `key_ids`: of the shared keys that were given with their ids; `schemes`: of HTTP
    authentication that it asks for, BASIC and DIGEST."""

    auth_token: bool
    shared_key: bool
    key_ids: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True)
class InForce:
    """What Twilio does at one of the line's URLs. `by`: the rule, "" for none. `key_id`: "" if the token signs."""

    url: str
    by: str
    key_id: str
    algorithm: str
    scheme: str
    connection: Any


def in_force(base_url: str, rules: Iterable[Any], setting: Callable[[str], Any]) -> list[InForce]:
    """For every kind of URL of the line each way in which Twilio may ask it: a rule can split its webhooks between two
    settings. `setting`: fetches one by its id."""
    known: dict[str, Any] = {}

    def fetched(setting_id: str) -> Any:
        if setting_id not in known:
            known[setting_id] = setting(setting_id)
        return known[setting_id]

    listed, found = list(rules), []
    for path in _PATHS:
        url = base_url.rstrip("/") + path
        rule = _rule_of(url, listed)
        if rule is None:
            found.append(InForce(url, "", "", "HMAC_SHA1", "", None))
            continue
        for reference in rule.settings or ():
            share = reference if isinstance(reference, Mapping) else vars(reference)
            if share.get("percentage") != 0:
                setting_id = str(share.get("settingId") or share.get("setting_id"))
                found.append(_in_force(url, str(rule.friendly_name or rule.id), fetched(setting_id)))
    return found


def complaints(found: Iterable[InForce], taken: AcceptedSignatures) -> list[str]:
    """Why the line would refuse what Twilio sends; none if it takes all of it."""
    return list(dict.fromkeys(filter(None, (_complaint(each, taken) for each in found))))


def notes(found: Iterable[InForce], taken: AcceptedSignatures) -> list[str]:
    """What the line does not need to refuse, and an operator should know."""
    told = []
    for each in found:
        if each.connection:
            told.append(f"the rule {each.by!r} sets its own times, which go before {OVERRIDES} of the voice URL")
        if each.scheme and each.scheme not in taken.schemes:
            told.append(f"the rule {each.by!r} names Twilio by {each.scheme}, which the line does not look at")
    return list(dict.fromkeys(told))


def told(found: Iterable[InForce]) -> str:
    """Which signing is in force, in words."""
    ways = dict.fromkeys(
        f"shared key {each.key_id} ({each.algorithm}, rule {each.by!r})"
        if each.key_id
        else "the auth token (HMAC_SHA1)"
        for each in found
    )
    return "Twilio signs with " + " and with ".join(ways)


def _in_force(url: str, by: str, setting: Any) -> InForce:
    signature, auth = setting.signature or {}, setting.auth or {}
    value = auth.get("value") or {}
    scheme = str(value.get("scheme") or ("its auth profile" if auth.get("authProfileId") else "")).upper()
    key_id, algorithm = str(signature.get("sharedKeyId") or ""), str(signature.get("algorithm") or "HMAC_SHA1").upper()
    return InForce(url, by, key_id, algorithm, "" if scheme == "NONE" else scheme, setting.connection)


def _complaint(each: InForce, taken: AcceptedSignatures) -> str:
    path = "/voice" + each.url.partition("/voice")[2].partition("?")[0]
    if each.key_id and not taken.shared_key:
        return f"{path}: the rule {each.by!r} signs with a shared key, and the line has none: TWILIO_SHARED_KEYS"
    if each.key_id and each.algorithm != "HMAC_SHA256":
        return f"{path}: the rule {each.by!r} signs with {each.algorithm}; the line takes HMAC_SHA256 with a shared key"
    if each.key_id and taken.key_ids and each.key_id not in taken.key_ids:
        return f"{path}: the rule {each.by!r} signs with {each.key_id}, which TWILIO_SHARED_KEYS does not name"
    if not each.key_id and not taken.auth_token:
        why = f"the rule {each.by!r} has no signature" if each.by else "no rule matches it"
        return f"{path}: {why}, so Twilio signs with the auth token, and the line takes shared keys alone"
    if taken.schemes and each.scheme not in (*taken.schemes, "ITS AUTH PROFILE"):
        return f"{path}: the line asks for {' or '.join(taken.schemes)}, and Twilio sends {each.scheme or 'nobody'}"
    return ""


def _rule_of(url: str, rules: list[Any]) -> Any:
    exact = [rule for rule in rules if rule.match_type == "EXACT_MATCH" and rule.value and _bare(rule.value) == url]
    prefixes = [
        rule for rule in rules if rule.match_type == "PREFIX_MATCH" and rule.prefix and url.startswith(rule.prefix)
    ]
    prefixes.sort(key=lambda rule: len(rule.prefix), reverse=True)
    default = [rule for rule in rules if rule.match_type == "DEFAULT"]
    return next(iter((*exact, *prefixes, *default)), None)


def _bare(url: str) -> str:
    return urldefrag(url).url
