"""Did Twilio send this? Its signature over the exact URL and every form field.

The URL is what we are configured to be (`PUBLIC_BASE_URL`) plus the raw request target: never the Host header, and
never Werkzeug's `request.url`, which decodes what Twilio signed encoded. The rule is Twilio's (twilio.com/docs/usage/
security): HMAC-SHA1 over the URL and, sorted by name, each name with its value; a repeated pair counts once. Its
`RequestValidator` is the oracle in the tests; it is not used here, because it raises on hostile input, leaves its
comparison early and computes every signature twice.
"""

import hmac
from binascii import b2a_base64
from collections.abc import Iterable
from urllib.parse import urlsplit

from ivr.twilio_voice.form import Pairs

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Signature:
    """`auth_tokens`: every token that is accepted now (two, while one is being replaced); none may be empty."""

    def __init__(self, base_url: str, auth_tokens: Iterable[str]) -> None:
        tokens = tuple(auth_tokens)
        if not tokens or not all(tokens):
            raise ValueError("an empty auth token would accept requests that are signed with an empty key")
        self._origins = _origins(base_url)
        self._keyed = tuple(hmac.new(token.encode(), digestmod="sha1") for token in tokens)

    def is_valid(self, target: str, pairs: Pairs, signature: str | None) -> bool:
        """`target`: path and query exactly as requested; `pairs`: the body's fields.

        False for whatever cannot be checked; never raises.
        """
        if not signature or not signature.isascii():
            return False
        try:
            signed = (target + "".join([name + value for name, value in sorted(set(pairs))])).encode()
        except UnicodeError:  # a lone surrogate
            return False
        given = signature.encode()
        for keyed in self._keyed:
            for origin in self._origins:
                mac = keyed.copy()  # with the key worked in already
                mac.update(origin + signed)
                if hmac.compare_digest(b2a_base64(mac.digest(), newline=False), given):
                    return True
        return False


def _origins(base_url: str) -> tuple[bytes, ...]:
    """The base URL as configured, and with its port left out or put in: Twilio's signer is not consistent in that."""
    parts = urlsplit(base_url.rstrip("/"))
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    bare, full = f"{parts.scheme}://{host}{parts.path}", f"{parts.scheme}://{host}:{port}{parts.path}"
    return tuple(each.encode() for each in dict.fromkeys((base_url.rstrip("/"), full, bare)))
