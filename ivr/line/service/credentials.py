"""Secrets out of the environment: their forms, and whether they are strong enough for a line that others reach.

A reason never repeats the secret.
"""

from ivr.base import test_account

SHORTEST = 16  # characters; Twilio's auth token has 32
FEWEST_DIFFERENT = 8  # characters: "aaaaaaaaaaaaaaaa" is long and no secret
LONGEST_USER = 64
_KEY_ID = "webhooks_sharedkey_"  # what Twilio's ids of shared keys begin with

Login = tuple[str, str]  # user and password


def listed(text: str) -> tuple[str, ...]:
    """The values between commas, without the empty ones."""
    return tuple(filter(None, map(str.strip, text.split(","))))


def weakness(secret: str, shortest: int = SHORTEST) -> str:
    """Why this is no secret; "" if it may be one."""
    if secret in test_account.PUBLIC_SECRETS:
        return "it is the public test token of the simulator"
    if len(secret) < shortest:
        return f"it is shorter than {shortest} characters"
    if len(set(secret)) < FEWEST_DIFFERENT:
        return f"it has fewer than {FEWEST_DIFFERENT} different characters"
    if not secret.isascii() or not secret.isprintable():
        return "it has characters outside printable ASCII"
    return ""


def shared_key(text: str) -> tuple[str, str]:
    """Twilio's id ("" if it is left out) and the secret, of `SECRET` or `webhooks_sharedkey_...:SECRET`."""
    if text.startswith(_KEY_ID):
        key_id, _, secret = text.partition(":")
        return key_id, secret
    return "", text


def login(text: str) -> Login | None:
    """User and password of `user:password`; None if it is not of that form."""
    user, colon, password = text.partition(":")
    good = colon and password and 0 < len(user) <= LONGEST_USER
    return (user, password) if good and text.isascii() and text.isprintable() and '"' not in user else None
