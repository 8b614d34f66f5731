"""Did Twilio send this? Its signature over the exact URL and every form field.

The URL is what we are configured to be (`PUBLIC_BASE_URL`) plus the raw request target: never the Host header, and
never Werkzeug's `request.url`, which decodes what Twilio signed encoded. The rule is Twilio's (twilio.com/docs/usage/
security): an HMAC over the URL and, sorted by name, each name with its value; a repeated pair counts once.

There are two kinds of secret, and each has its own hash: an auth token signs with SHA-1, a shared key with SHA-256
(twilio.com/docs/usage/webhooks/webhook-shared-keys). A request with a shared key carries a header that says so. The
header chooses between the kinds that are configured; it never gives a secret another hash than its own.

Twilio's `RequestValidator` is the oracle in the tests; it is not used here, because it raises on hostile input, leaves
its comparison early and computes every signature twice.
"""

import hmac
import re
from binascii import b2a_base64
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from urllib.parse import urlsplit

from ivr.line.twilio.form import FormFields

SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_BY_TOKEN, _BY_SHARED_KEY = "HMAC_SHA1", "HMAC_SHA256"
_LONGEST_SETTINGS = 512  # characters of that header; Twilio's has about 90
_SETTING = re.compile(r"[ \t]*([A-Za-z0-9_.-]+)[ \t]*=[ \t]*([A-Za-z0-9_.:-]*)[ \t]*")


class Signature:
    """`auth_tokens`, `shared_keys`: every secret that is accepted now (two of a kind, while one is being replaced).
    There must be one at least, and none may be empty."""

    def __init__(self, base_url: str, auth_tokens: Iterable[str], shared_keys: Iterable[str] = ()) -> None:
        tokens, keys = tuple(auth_tokens), tuple(shared_keys)
        if not (tokens or keys) or not all((*tokens, *keys)):
            raise ValueError("an empty auth token would accept requests that are signed with an empty key")
        self._origins = _origins(base_url)
        self._by_token = tuple(hmac.new(token.encode(), digestmod="sha1") for token in tokens)
        self._by_shared_key = tuple(hmac.new(key.encode(), digestmod="sha256") for key in keys)

    def is_valid(self, target: str, form: FormFields, signature: str | None, settings: str | None = None) -> bool:
        """`target`: path and query exactly as requested; `form`: the body's fields; `settings`: the value of
        X-Twilio-Webhooks-Signature-Settings, None if there is none.

        False for whatever cannot be checked; never raises.
        """
        keyed_hashes = self._chosen(settings) if settings else self._by_token
        if not keyed_hashes or not signature or not signature.isascii():
            return False
        try:
            signed = (target + _joined(form)).encode()
        except UnicodeError:  # a lone surrogate
            return False
        given = signature.encode()
        for keyed in keyed_hashes:
            for origin in self._origins:
                mac = keyed.copy()  # with the key worked in already
                mac.update(origin + signed)
                if hmac.compare_digest(b2a_base64(mac.digest(), newline=False), given):
                    return True
        return False

    def _chosen(self, settings: str) -> "tuple[hmac.HMAC, ...]":
        """The secrets of the kind that the header names; none for a header that is not understood."""
        algorithm = signature_algorithm(settings)
        if algorithm == _BY_SHARED_KEY:
            return self._by_shared_key
        return self._by_token if algorithm == _BY_TOKEN else ()


def _joined(form: FormFields) -> str:
    in_order = _in_order(form.names)
    if in_order is None:
        return "".join(chain.from_iterable(sorted(set(form.pairs))))
    names, pick = in_order
    texts = [""] * (2 * len(names))
    texts[::2], texts[1::2] = names, pick(form.values)
    return "".join(texts)


@lru_cache(maxsize=256)  # Twilio sends a few sets of names, which hold nothing of a call
def _in_order(names: tuple[str, ...]) -> tuple[tuple[str, ...], Callable[[tuple[str, ...]], tuple[str, ...]]] | None:
    """The names sorted, and what puts their values into the same order. None where a name comes several times, so that
    the values count too, and for the few names that need no haste."""
    if len(names) < 2 or len(set(names)) < len(names):
        return None
    pick = itemgetter(*sorted(range(len(names)), key=names.__getitem__))
    return pick(names), pick


def signature_algorithm(settings: str) -> str | None:
    """The algorithm that `key=...,algorithm=...` names, in capitals; Twilio's HMAC_SHA1 if it names none. None for a
    header that is too long, is not of this form, or says a thing twice."""
    named: dict[str, str] = {}
    if len(settings) > _LONGEST_SETTINGS or not settings.isascii():
        return None
    for part in settings.split(","):
        found = _SETTING.fullmatch(part)
        if found is None or found[1] in named:
            return None
        named[found[1]] = found[2]
    return (named.get("algorithm") or _BY_TOKEN).upper()


def _origins(base_url: str) -> tuple[bytes, ...]:
    """The base URL as configured, and with its port left out or put in: Twilio's signer is not consistent in that."""
    parts = urlsplit(base_url.rstrip("/"))
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    bare, full = f"{parts.scheme}://{host}{parts.path}", f"{parts.scheme}://{host}:{port}{parts.path}"
    return tuple(each.encode() for each in dict.fromkeys((base_url.rstrip("/"), full, bare)))
