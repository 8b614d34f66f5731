"""Did Twilio send this? Its signature over the exact URL and every form field.

The URL is what we are configured to be (`PUBLIC_BASE_URL`) plus the raw request target: never the Host header, and
never Werkzeug's `request.url`, which decodes what Twilio signed encoded. Twilio's `RequestValidator` computes the
signature; we compare, because its own comparison leaves early and it raises on hostile input.
"""

import hmac
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Signature:
    """`auth_tokens`: every token that is accepted now (two, while one is being replaced); none may be empty."""

    def __init__(self, base_url: str, auth_tokens: Iterable[str]) -> None:
        tokens = tuple(auth_tokens)
        if not tokens or not all(tokens):
            raise ValueError("an empty auth token would accept requests that are signed with an empty key")
        self._origins = _origins(base_url)
        self._validators = tuple(RequestValidator(token) for token in tokens)

    def is_valid(self, target: str, form: Any, signature: str | None) -> bool:
        """`target`: path and query exactly as requested; `form`: a mapping or MultiDict of the body's fields.

        False for whatever cannot be checked; never raises.
        """
        if not signature or not signature.isascii():
            return False
        try:
            return any(
                hmac.compare_digest(validator.compute_signature(origin + target, form), signature)
                for validator in self._validators
                for origin in self._origins
            )
        except (UnicodeError, TypeError, ValueError):  # a lone surrogate, a file where a field should be
            return False


def _origins(base_url: str) -> tuple[str, ...]:
    """The base URL as configured, and with its port left out or put in: Twilio's signer is not consistent in that."""
    parts = urlsplit(base_url.rstrip("/"))
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    bare, full = f"{parts.scheme}://{host}{parts.path}", f"{parts.scheme}://{host}:{port}{parts.path}"
    return tuple(dict.fromkeys((base_url.rstrip("/"), full, bare)))
