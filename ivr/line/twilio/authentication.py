"""Does Twilio name itself, by HTTP Basic or Digest? Beside the signature, and only where it is set.

Twilio sends these where a webhook setting of the account says so (twilio.com/docs/usage/webhooks/
webhook-auth-profiles), or where the URL holds a user. Its page does not name Digest's hash, so the challenge is the one
that every client understands: MD5 with qop=auth (RFC 7616, RFC 2617). The signature is what proves the request.

A nonce is a moment under our own MAC, so every worker and instance knows the nonces of all others. It may be used again
while it lasts: the same webhook may be asked twice.
"""

import hashlib
import hmac
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ivr.line.service.credentials import Login

REALM = "ivr"
NONCE_SECONDS = 300
_LONGEST = 4096  # characters of the header
_PARAMETER = re.compile(r'[ \t]*([A-Za-z][A-Za-z0-9-]*)[ \t]*=[ \t]*(?:"([^"\\]*)"|([^\s",=]+))[ \t]*(?:,|\Z)')
_NEEDED = ("username", "realm", "nonce", "uri", "response", "qop", "nc", "cnonce")


@dataclass(frozen=True)
class Authentication:
    """`basic`, `digest`: every user and password that is accepted now. `secret`: what nonces are sealed with, the same
    in all instances. `now`: seconds since 1970. `base_url`: PUBLIC_BASE_URL; a proxy may take its path off."""

    basic: tuple[Login, ...]
    digest: tuple[Login, ...]
    secret: str = field(repr=False)
    now: Callable[[], float]
    base_url: str
    needed: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needed", bool(self.basic or self.digest))

    def is_given(self, method: str, target: str, header: str | None) -> bool:
        """`target`: path and query as requested; `header`: Authorization. False for whatever cannot be checked."""
        if not header or len(header) > _LONGEST or not header.isascii():
            return False
        scheme, _, given = header.partition(" ")
        if scheme.lower() == "basic":
            return self._is_basic(given.strip())
        return scheme.lower() == "digest" and self._is_digest(method, target, given)

    def challenges(self, header: str | None) -> list[str]:
        """Values of WWW-Authenticate for a request with this Authorization. A client whose nonce is merely old is told
        so, and asks again with the new one."""
        found = []
        if self.digest:
            sealed_at = self._sealed_at(_nonce_in(header))
            old = sealed_at is not None and abs(self.now() - sealed_at) > NONCE_SECONDS
            nonce, stale = self._nonce(int(self.now())), ", stale=true" if old else ""
            found.append(f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{nonce}"{stale}')
        if self.basic:
            found.append(f'Basic realm="{REALM}", charset="UTF-8"')
        return found

    def _is_basic(self, given: str) -> bool:
        try:
            named = b64decode(given, validate=True)
        except Base64Error:
            return False
        known = [f"{user}:{password}".encode() for user, password in self.basic]
        return any(hmac.compare_digest(named, each) for each in known)

    def _is_digest(self, method: str, target: str, given: str) -> bool:
        named = _parameters(given)
        if named is None or not all(named.get(name) for name in _NEEDED):
            return False
        if (named["realm"], named["qop"], named.get("algorithm", "MD5").upper()) != (REALM, "auth", "MD5"):
            return False
        sealed_at = self._sealed_at(named["nonce"])
        if named["uri"] not in self._uris(target) or sealed_at is None or abs(self.now() - sealed_at) > NONCE_SECONDS:
            return False
        asked = _md5(f"{method}:{named['uri']}")
        rest = ":".join((named["nonce"], named["nc"], named["cnonce"], "auth", asked))
        secrets = [_md5(f"{user}:{REALM}:{password}") for user, password in self.digest]
        known = [_md5(f"{secret}:{rest}") for secret in secrets]
        matches = [hmac.compare_digest(named["response"].lower(), each) for each in known]
        return any(
            match and hmac.compare_digest(named["username"].encode(), user.encode())
            for match, (user, _) in zip(matches, self.digest, strict=True)
        )

    def _uris(self, target: str) -> tuple[str, ...]:
        """How the client may spell what it asked: as it came, with the path that a proxy took off, or as a URL."""
        base = self.base_url.rstrip("/")
        return target, urlsplit(base).path + target, base + target

    def _nonce(self, at: int) -> str:
        return f"{at:x}.{hmac.new(self.secret.encode(), f'ivr nonce {at}'.encode(), 'sha256').hexdigest()}"

    def _sealed_at(self, nonce: str) -> int | None:
        """The moment of a nonce of ours; None for any other."""
        text = nonce.partition(".")[0]
        if not re.fullmatch(r"[0-9a-f]{1,12}", text):
            return None
        at = int(text, 16)
        return at if hmac.compare_digest(nonce, self._nonce(at)) else None


def _nonce_in(header: str | None) -> str:
    scheme, _, given = (header or "").partition(" ")
    usable = scheme.lower() == "digest" and len(given) <= _LONGEST and given.isascii()
    return ((_parameters(given) if usable else None) or {}).get("nonce", "")


def _parameters(text: str) -> dict[str, str] | None:
    """`name=value` and `name="value"`, separated by commas; None for anything else, and for a name that comes twice."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _PARAMETER.match(text, at)
        if match is None or match[1].lower() in found:
            return None
        found[match[1].lower()] = match[2] if match[2] is not None else match[3]
        at = match.end()
    return found


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
