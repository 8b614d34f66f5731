"""User names and passwords of webhook URLs: Basic and Digest authentication, as Twilio does it (T:security).

The first request has no Authorization. After a 401 with WWW-Authenticate the same request is made again with one, and
for the rest of the call every request to that origin has it. A password is in no URL that is sent, signed or recorded.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ivr.simulator.urls import origin_of_checked, without_credentials

_HASHES = {"MD5": "md5", "SHA-256": "sha256"}  # RFC 7616 3.2, each with -sess too
_PART = re.compile(r"""([A-Za-z0-9!#$&'*+.^_`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?""")


@dataclass(slots=True)
class _Login:
    """`challenge`: what the origin has asked for; None as long as it has not. `count`: requests since then."""

    user: str
    password: str
    scheme: str = ""
    challenge: dict[str, str] | None = None
    client_nonce: str = ""
    count: int = 0


class Logins:
    """Those of one call, by origin."""

    def __init__(self) -> None:
        self._known: dict[str, _Login] = {}

    def __bool__(self) -> bool:
        return bool(self._known)

    def learn(self, url: str) -> str:
        """The URL without its user name and password, which are kept for its origin."""
        plain = without_credentials(url)
        if plain != url:
            parts = urlsplit(url)
            user, password = unquote(parts.username or ""), unquote(parts.password or "")
            origin = origin_of_checked(plain)
            known = self._known.get(origin)
            if known is None or (known.user, known.password) != (user, password):
                self._known[origin] = _Login(user, password)
        return plain

    def authorization(self, origin: str, method: str, target: str) -> str:
        """The header's value; "" where nobody has asked for one."""
        login = self._known.get(origin)
        if login is None or login.challenge is None:
            return ""
        if login.scheme == "basic":
            return f"Basic {b64encode(f'{login.user}:{login.password}'.encode()).decode()}"
        login.count += 1
        return _digest(login, method, target)

    def challenged(self, origin: str, headers: Iterable[tuple[str, str]], client_nonce: str) -> bool:
        """Take a 401; whether the same request, with an Authorization now, may be answered otherwise."""
        login = self._known.get(origin)
        asked = _challenges(headers)
        best = next((scheme for scheme in ("digest", "basic") if scheme in asked), "")
        if login is None or not best:
            return False
        was_sent = login.challenge is not None
        login.scheme, login.challenge = best, asked[best]
        login.client_nonce, login.count = client_nonce, 0
        return not was_sent or asked[best].get("stale", "").lower() == "true"

    def refused(self, origin: str, headers: Iterable[tuple[str, str]]) -> str:
        """What to say of a 401 that stays one."""
        if origin in self._known:
            known = self._known[origin].challenge is not None
            return "the user name and password of the URL were refused" if known else "it names no Basic or Digest"
        schemes = " or ".join(sorted(name.capitalize() for name in _challenges(headers)))
        if not schemes:
            return ""
        return f"it asks for {schemes} authentication: name the URL as https://user:password@host/..."


def _challenges(headers: Iterable[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """The schemes that WWW-Authenticate offers and that are known, with their parameters (RFC 9110 11.6.1)."""
    found: dict[str, dict[str, str]] = {}
    for header in (value for name, value in headers if name == "www-authenticate"):
        parameters: dict[str, str] = {}
        for part in _PART.finditer(header):
            name, quoted, plain = part[1].lower(), part[2], part[3]
            if quoted is None and plain is None:
                parameters = found.setdefault(name, {})
            else:
                parameters[name] = re.sub(r"\\(.)", r"\1", quoted) if plain is None else plain
    digest = found.get("digest")
    if digest is not None and not ("nonce" in digest and _algorithm(digest) and _quality(digest) is not None):
        del found["digest"]
    return {scheme: found[scheme] for scheme in ("basic", "digest") if scheme in found}


def _algorithm(challenge: dict[str, str]) -> str:
    """Python's name of the hash; "" when it is none that is known."""
    return _HASHES.get(challenge.get("algorithm", "MD5").upper().removesuffix("-SESS"), "")


def _quality(challenge: dict[str, str]) -> str | None:
    """`auth`, or "" for servers from before there was a choice; None when only other ones are offered."""
    if "qop" not in challenge:
        return ""
    return "auth" if "auth" in [each.strip() for each in challenge["qop"].lower().split(",")] else None


def _digest(login: _Login, method: str, target: str) -> str:
    """RFC 7616 3.4."""
    challenge = login.challenge or {}
    algorithm, nonce, realm = _algorithm(challenge), challenge["nonce"], challenge.get("realm", "")

    def hashed(*parts: str) -> str:
        return hashlib.new(algorithm, ":".join(parts).encode(), usedforsecurity=False).hexdigest()

    secret = hashed(login.user, realm, login.password)
    if challenge.get("algorithm", "").upper().endswith("-SESS"):
        secret = hashed(secret, nonce, login.client_nonce)
    quality, count = _quality(challenge), f"{login.count:08x}"
    middle = (count, login.client_nonce, quality) if quality else ()
    response = hashed(secret, nonce, *middle, hashed(method, target))
    fields = {"username": login.user, "realm": realm, "nonce": nonce, "uri": target, "response": response}
    if "opaque" in challenge:
        fields["opaque"] = challenge["opaque"]
    written = [f'{name}="{_escaped(value)}"' for name, value in fields.items()]
    if "algorithm" in challenge:
        written.append(f"algorithm={challenge['algorithm']}")
    if quality:
        written += [f"qop={quality}", f"nc={count}", f'cnonce="{login.client_nonce}"']
    return "Digest " + ", ".join(written)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
