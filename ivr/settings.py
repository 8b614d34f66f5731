"""The environment, read once at start into frozen `Settings`; all that is wrong with it is said at once.

Three profiles: `simulator` (nothing leaves this machine), `practice` (a public number for training that rings only
the practice number), `live` (refuses to start until an operator has done and signed what a real line needs).
This module must not know Flask, flows or the directory.
"""

import hashlib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from ivr import strict_yaml, test_account
from ivr.errors import DefinitionError, SettingsError
from ivr.phone import PhoneNumber
from ivr.strict_yaml import Mapping as YamlMapping
from ivr.strict_yaml import Text

# What centres see as the caller in the simulator: of the synthetic block, belonging to no municipality.
SIMULATOR_NUMBER = "+47390" + "00000"
# What an operator signs before the profile `live` starts: each with a text or a date.
CHECKLIST = ("clinical_owner", "directory_verified_on", "fallback_tested_on", "signed_by", "signed_on")


class Profile(StrEnum):
    SIMULATOR = "simulator"
    PRACTICE = "practice"
    LIVE = "live"


@dataclass(frozen=True)
class Settings:
    """Where each comes from is in docs/settings.md. Secrets are kept out of `repr`."""

    profile: Profile = Profile.SIMULATOR
    base_url: str = "http://127.0.0.1:5000"
    auth_tokens: tuple[str, ...] = field(default=(test_account.AUTH_TOKEN,), repr=False)
    account_sid: str = ""
    phone_number: str = SIMULATOR_NUMBER
    practice_number: PhoneNumber | None = None
    secret_key: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)
    port: int = 5000
    flow: Path | None = None
    directory: Path | None = None

    @property
    def token_secret(self) -> str:
        """What call tokens are locked with: SECRET_KEY, else derived from the auth token (the same in every worker)."""
        return self.secret_key or hashlib.sha256(b"ivr secret " + self.auth_tokens[0].encode()).hexdigest()


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment. Raises SettingsError with every reason not to start."""
    reader = _Reader(environment)
    settings = reader.read()
    if reader.reasons:
        raise SettingsError(reader.reasons)
    return settings


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.reasons: list[str] = []

    def read(self) -> Settings:
        profile = self._profile()
        port = self._port()
        base_url = self._base_url(profile, port)
        tokens = tuple(filter(None, self._get("TWILIO_AUTH_TOKEN").split(",")))
        if not tokens and profile is not Profile.SIMULATOR:
            self.reasons.append(f"TWILIO_AUTH_TOKEN must be set in the profile {profile}: it proves that Twilio asks")
        phone_number = self._get("TWILIO_PHONE_NUMBER")
        if not phone_number and profile is not Profile.SIMULATOR:
            self.reasons.append(
                f"TWILIO_PHONE_NUMBER must be set in the profile {profile}: centres see it as the caller"
            )
        if profile is Profile.LIVE:
            self._check_live()
        return Settings(
            profile=profile,
            base_url=base_url,
            auth_tokens=tokens or (test_account.AUTH_TOKEN,),
            account_sid=self._get("TWILIO_ACCOUNT_SID"),
            phone_number=phone_number or SIMULATOR_NUMBER,
            practice_number=self._practice_number(),
            secret_key=self._get("SECRET_KEY"),
            database_url=self._get("DATABASE_URL"),
            port=port,
            flow=self._path("IVR_FLOW"),
            directory=self._path("IVR_DIRECTORY"),
        )

    def _get(self, name: str) -> str:
        return self._environment.get(name, "").strip()

    def _path(self, name: str) -> Path | None:
        text = self._get(name)
        if text and not Path(text).exists():
            self.reasons.append(f"{name}: there is no {text}")
        return Path(text) if text else None

    def _profile(self) -> Profile:
        text = self._get("IVR_PROFILE") or Profile.SIMULATOR
        if text in list(Profile):
            return Profile(text)
        self.reasons.append(f"IVR_PROFILE is {text!r}; it must be one of {', '.join(Profile)}")
        return Profile.SIMULATOR

    def _port(self) -> int:
        text = self._get("PORT") or "5000"
        if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
            return int(text)
        self.reasons.append(f"PORT is {text!r}; it must be a number from 1 to 65535")
        return 5000

    def _base_url(self, profile: Profile, port: int) -> str:
        url = self._get("PUBLIC_BASE_URL") or f"http://127.0.0.1:{port}"
        problem = _base_url_problem(url)
        if problem:
            self.reasons.append(f"PUBLIC_BASE_URL is {url!r}; {problem}")
            return url
        parts = urlsplit(url)
        if profile is Profile.SIMULATOR and not _is_loopback(parts):
            self.reasons.append(
                f"PUBLIC_BASE_URL is {url!r}, and the profile simulator stays on this machine: "
                "use a loopback address, or IVR_PROFILE=practice for a public number"
            )
        if profile is not Profile.SIMULATOR and parts.scheme != "https":
            self.reasons.append(
                f"PUBLIC_BASE_URL is {url!r}; the profile {profile} needs the https URL that Twilio asks"
            )
        return url

    def _practice_number(self) -> PhoneNumber | None:
        text = self._get("IVR_PRACTICE_NUMBER")
        try:
            return PhoneNumber(text) if text else None
        except ValueError:
            self.reasons.append("IVR_PRACTICE_NUMBER must be a Norwegian number, +47 and eight digits")
            return None

    def _check_live(self) -> None:
        if not self._get("TWILIO_ACCOUNT_SID"):
            self.reasons.append(
                "TWILIO_ACCOUNT_SID must be set in the profile live: requests of others are refused by it"
            )
        if not self._get("IVR_DIRECTORY"):
            self.reasons.append("IVR_DIRECTORY must name your own verified directory in the profile live")
        checklist = self._get("IVR_CHECKLIST")
        if not checklist:
            self.reasons.append(f"IVR_CHECKLIST must name a signed checklist, a YAML file with {', '.join(CHECKLIST)}")
            return
        try:
            signed = strict_yaml.load_file(Path(checklist))
        except DefinitionError as error:
            self.reasons.append(f"IVR_CHECKLIST: {error}")
            return
        self.reasons += _checklist_problems(signed)


def _checklist_problems(signed: strict_yaml.Value) -> list[str]:
    values = signed if isinstance(signed, YamlMapping) else YamlMapping()
    problems = []
    for name in CHECKLIST:
        value = values.get(Text(name))
        if not isinstance(value, Text) or not value.strip():
            problems.append(f"IVR_CHECKLIST: {name} is not filled in")
        elif name.endswith("_on") and not _is_date(value):
            problems.append(f"IVR_CHECKLIST: line {value.line}: {name} must be a date such as 2026-01-31")
    return problems


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _base_url_problem(url: str) -> str:
    try:
        parts = urlsplit(url)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        return "it is not a URL"
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_ok:
        return "it must begin with http:// or https:// and a host"
    if parts.username or parts.query or parts.fragment:
        return "it must hold no user name, query or fragment"
    return ""


def _is_loopback(parts: SplitResult) -> bool:
    host = str(parts.hostname)
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
