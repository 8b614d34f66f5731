"""Twilio's request signature, written from its description (T:security) and not with Twilio's library.

base64(HMAC-SHA1(auth token, URL + every name and value of the form, names sorted, values of one name sorted and
deduplicated)). The URL is the one that is sent, to the letter; a fragment is neither sent nor signed.
"""

import hmac
from binascii import b2a_base64
from collections.abc import Collection
from functools import lru_cache
from typing import Literal


def signed_text(url: str, form: Collection[tuple[str, str]] = ()) -> str:
    """What is signed. `form`: the fields of a POST body; nothing for GET."""
    return url + "".join([name + value for name, value in sorted(set(form))])


def sign(auth_token: str, url: str, form: Collection[tuple[str, str]] = ()) -> str:
    """The X-Twilio-Signature header."""
    return sign_text(auth_token, signed_text(url, form))


def sign_text(secret: str, text: str, hash_name: Literal["sha1", "sha256"] = "sha1") -> str:
    """The same, for who has the text already. A shared key signs with SHA-256."""
    mac = _keyed(secret, hash_name).copy()
    mac.update(text.encode())
    return b2a_base64(mac.digest(), newline=False).decode()


@lru_cache(maxsize=8)  # a run signs with one token, and working a key in takes longer than a text
def _keyed(secret: str, hash_name: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), digestmod=hash_name)  # as an HMAC, SHA-1 has no known weakness
