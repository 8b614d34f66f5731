"""Twilio's request signature, written from its description (T:security) and not with Twilio's library.

base64(HMAC-SHA1(auth token, URL + every name and value of the form, names sorted, values of one name sorted and
deduplicated)). The URL is the one that is sent, to the letter; a fragment is neither sent nor signed.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def signed_text(url: str, form: Iterable[tuple[str, str]] = ()) -> str:
    """What is signed. `form`: the fields of a POST body; nothing for GET."""
    values: dict[str, set[str]] = {}
    for name, value in form:
        values.setdefault(name, set()).add(value)
    return url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))


def sign(auth_token: str, url: str, form: Iterable[tuple[str, str]] = ()) -> str:
    """The X-Twilio-Signature header."""
    # SHA-1 is Twilio's choice; as an HMAC it has no known weakness.
    digest = hmac.new(auth_token.encode(), signed_text(url, form).encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
