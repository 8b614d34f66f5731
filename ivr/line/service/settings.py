"""The environment, read once at start into frozen `Settings`; all that is wrong with it is said at once.

Three profiles: `simulator` (nothing leaves this machine), `practice` (a public number for training that rings only the
practice number), `live` (refuses to start until an operator has done and signed what a real line needs).
"""

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from ivr.base import test_account
from ivr.base.errors import DefinitionError, SettingsError
from ivr.base.phone_number import PhoneNumber
from ivr.line.service import credentials
from ivr.line.service.checklist import NAMES, Checklist, read_checklist
from ivr.line.service.console_accounts import is_password_hash, read_accounts
from ivr.line.service.credentials import Login

# What centres see as the caller in the simulator: of the synthetic block, belonging to no municipality.
SIMULATOR_NUMBER = test_account.LINE_NUMBER
# A number, or an alphanumeric sender: twilio.com/docs/glossary/what-alphanumeric-sender-id
_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
DATABASES = ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")
SHORTEST_KEY = 32  # characters of SECRET_KEY, where a console's sessions hang on it
MOST_PROXIES = 9
MOST_DAYS = 1096  # three years: as long as a centre may keep its recordings


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
    shared_keys: tuple[str, ...] = field(default=(), repr=False)
    shared_key_ids: tuple[str, ...] = ()  # Twilio's names of those that were given with one
    basic: tuple[Login, ...] = field(default=(), repr=False)
    digest: tuple[Login, ...] = field(default=(), repr=False)
    api_key: Login | None = field(default=None, repr=False)
    account_sid: str = ""
    phone_number: str = SIMULATOR_NUMBER
    practice_number: PhoneNumber | None = None
    secret_key: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)  # "": no records are kept
    retention_days: int = 30
    console_password_hash: str = field(default="", repr=False)  # of the password that several people share
    console_accounts: Path | None = None  # a file; with neither of the two there is no console
    text_sender: str = ""  # "": no text messages
    api_url: str = ""  # "": Twilio's own
    port: int = 5000
    trusted_proxies: int = 0  # in front of us; as many addresses at the end of X-Forwarded-For are true
    flow: Path | None = None
    directory: Path | None = None
    checklist: Checklist | None = None  # in the profile live
    sound_url: str = ""  # where recordings are had from; "" for this service
    plan_answer: Path | None = None  # an answer of `ivr plan`, for the console; it need not be there yet
    announcement: str = ""  # the name of one that is on for as long as the line runs, in the profile simulator
    demo: bool = False  # the records are made up, and every page of the console says so
    state: Path | None = None  # a folder of the line's own, in the profile live

    @property
    def token_secret(self) -> str:
        """What call tokens are locked with: SECRET_KEY, else derived from what Twilio signs with (the same in every
        worker)."""
        first = (*self.auth_tokens, *self.shared_keys)[0]
        return self.secret_key or hashlib.sha256(b"ivr secret " + first.encode()).hexdigest()

    @property
    def api_login(self) -> Login | None:
        """Who asks Twilio's REST API: an API key, else the account itself. None where neither is known."""
        tokens = self.auth_tokens or ((test_account.AUTH_TOKEN,) if self.profile is Profile.SIMULATOR else ())
        if self.api_key or not tokens:
            return self.api_key
        return self.account_sid or test_account.ACCOUNT_SID, tokens[0]

    @property
    def has_console(self) -> bool:
        return bool(self.console_password_hash or self.console_accounts)

    @property
    def console_key(self) -> str:
        """What the console's sessions are sealed with: another password ends them."""
        secret = f"ivr console {self.secret_key} {self.console_password_hash}"
        return hashlib.sha256(secret.encode()).hexdigest()


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment. Raises SettingsError with every reason not to start."""
    reader = _Reader(environment)
    settings = reader.read()
    if reader.reasons:
        raise SettingsError(reader.reasons)
    return settings


def line_files(environment: Mapping[str, str]) -> Settings:
    """IVR_FLOW, IVR_DIRECTORY and IVR_ANNOUNCEMENT alone, for a line of the simulator. Raises SettingsError."""
    reader = _Reader(environment)
    flow, directory = reader.path("IVR_FLOW"), reader.path("IVR_DIRECTORY")
    settings = Settings(flow=flow, directory=directory, announcement=reader.announcement(Profile.SIMULATOR))
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
        tokens, keys = credentials.listed(self._get("TWILIO_AUTH_TOKEN")), self._shared_keys()
        if not (tokens or keys) and profile is Profile.SIMULATOR:
            tokens = (test_account.AUTH_TOKEN,)
        elif not (tokens or keys):
            self.reasons.append(
                f"TWILIO_AUTH_TOKEN must be set in the profile {profile}, or TWILIO_SHARED_KEYS: "
                "it proves that Twilio asks"
            )
        phone_number = self._get("TWILIO_PHONE_NUMBER")
        if not phone_number and profile is not Profile.SIMULATOR:
            self.reasons.append(
                f"TWILIO_PHONE_NUMBER must be set in the profile {profile}: centres see it as the caller"
            )
        checklist = self._check_live() if profile is Profile.LIVE else None
        settings = Settings(
            profile=profile,
            base_url=base_url,
            auth_tokens=tokens,
            shared_keys=tuple(secret for _, secret in keys),
            shared_key_ids=tuple(key_id for key_id, _ in keys if key_id),
            basic=self._logins("TWILIO_WEBHOOK_BASIC"),
            digest=self._logins("TWILIO_WEBHOOK_DIGEST"),
            api_key=self._api_key(),
            account_sid=self._get("TWILIO_ACCOUNT_SID"),
            phone_number=phone_number or SIMULATOR_NUMBER,
            practice_number=self._practice_number(),
            secret_key=self._get("SECRET_KEY"),
            database_url=self._database_url(profile),
            retention_days=self._retention_days(),
            console_password_hash=self._console_password_hash(),
            console_accounts=self._console_accounts(),
            text_sender=self._text_sender(profile),
            api_url=self._api_url(profile),
            port=port,
            trusted_proxies=self._trusted_proxies(),
            flow=self.path("IVR_FLOW"),
            directory=self.path("IVR_DIRECTORY"),
            checklist=checklist,
            sound_url=self._sound_url(profile),
            plan_answer=Path(text) if (text := self._get("IVR_PLAN_ANSWER")) else None,
            announcement=self.announcement(profile),
            demo=self._demo(profile),
            state=self._state() if profile is Profile.LIVE else None,
        )
        if profile is not Profile.SIMULATOR:
            self.reasons += _weak_secrets(settings)
        return settings

    def announcement(self, profile: Profile) -> str:
        name = self._get("IVR_ANNOUNCEMENT")
        if name and profile is not Profile.SIMULATOR:
            self.reasons.append(
                f"IVR_ANNOUNCEMENT belongs to the profile simulator; in {profile} the console switches one on"
            )
        return name

    def _demo(self, profile: Profile) -> bool:
        demo = self._get("IVR_DEMO")
        if demo and (demo != "1" or profile is not Profile.SIMULATOR):
            self.reasons.append("IVR_DEMO is 1 or nothing, and belongs to the profile simulator")
        return demo == "1"

    def _get(self, name: str) -> str:
        return self._environment.get(name, "").strip()

    def _shared_keys(self) -> list[tuple[str, str]]:
        keys = [credentials.shared_key(text) for text in credentials.listed(self._get("TWILIO_SHARED_KEYS"))]
        if not all(secret for _, secret in keys):
            self.reasons.append("TWILIO_SHARED_KEYS: an id has no secret; write ID:SECRET")
        return keys

    def _logins(self, name: str) -> tuple[Login, ...]:
        logins = [credentials.login(text) for text in credentials.listed(self._get(name))]
        if None in logins:
            self.reasons.append(f"{name} must be user:password in ASCII; several are separated by commas")
        return tuple(filter(None, logins))

    def _api_key(self) -> Login | None:
        key, secret = self._get("TWILIO_API_KEY"), self._get("TWILIO_API_SECRET")
        if bool(key) != bool(secret) or (key and not key.startswith("SK")):
            self.reasons.append("TWILIO_API_KEY (it begins with SK) and TWILIO_API_SECRET must be set together")
        return (key, secret) if key and secret else None

    def path(self, name: str) -> Path | None:
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
        number = _whole(text)
        if 0 < number < 65536:
            return number
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

    def _database_url(self, profile: Profile) -> str:
        text = self._get("DATABASE_URL")
        if not text and profile is not Profile.SIMULATOR:
            return f"sqlite:///{self._state() / 'records.sqlite3'}"
        if text and not text.startswith(DATABASES) and text != "off":
            self.reasons.append(
                "DATABASE_URL must begin with sqlite:/// and a file, or with postgresql://; or be off, for no records"
            )
        return "" if text == "off" else text

    def _state(self) -> Path:
        return Path(self._get("XDG_STATE_HOME") or "~/.local/state").expanduser().absolute() / "ivr-116117"

    def _trusted_proxies(self) -> int:
        text = self._get("IVR_TRUSTED_PROXIES") or "0"
        if 0 <= _whole(text) <= MOST_PROXIES:
            return _whole(text)
        self.reasons.append(f"IVR_TRUSTED_PROXIES is {text!r}; it must be a number from 0 to {MOST_PROXIES}")
        return 0

    def _retention_days(self) -> int:
        text = self._get("IVR_RETENTION_DAYS") or "30"
        if 1 <= _whole(text) <= MOST_DAYS:
            return _whole(text)
        self.reasons.append(f"IVR_RETENTION_DAYS is {text!r}; it must be a number of days from 1 to {MOST_DAYS}")
        return 30

    def _console_password_hash(self) -> str:
        text = self._get("IVR_CONSOLE_PASSWORD_HASH")
        if text and not is_password_hash(text):
            self.reasons.append("IVR_CONSOLE_PASSWORD_HASH is none; `ivr console password` makes one")
        if (text or self._get("IVR_CONSOLE_ACCOUNTS")) and len(self._get("SECRET_KEY")) < SHORTEST_KEY:
            self.reasons.append(f"SECRET_KEY must be set for the console, at least {SHORTEST_KEY} characters at random")
        return text

    def _console_accounts(self) -> Path | None:
        path = self.path("IVR_CONSOLE_ACCOUNTS")
        try:
            if path and path.exists() and not read_accounts(path):
                self.reasons.append(f"IVR_CONSOLE_ACCOUNTS: {path} has no account; `ivr console add` makes one")
        except DefinitionError as error:
            self.reasons += [f"IVR_CONSOLE_ACCOUNTS: {complaint}" for complaint in error.complaints]
        return path

    def _text_sender(self, profile: Profile) -> str:
        text = self._get("IVR_TEXT_SENDER")
        if not text:
            return ""
        if not _SENDER.fullmatch(text):
            self.reasons.append(
                "IVR_TEXT_SENDER must be a number of the account (+ and digits) that can send text messages, "
                "or a name of at most 11 letters, digits and spaces, with a letter among them"
            )
        needed = "TWILIO_API_URL" if profile is Profile.SIMULATOR else "TWILIO_ACCOUNT_SID"
        if not self._get(needed):
            self.reasons.append(f"{needed} must be set in the profile {profile} for IVR_TEXT_SENDER")
        if profile is not Profile.SIMULATOR and not (self._get("TWILIO_AUTH_TOKEN") or self._get("TWILIO_API_KEY")):
            self.reasons.append("TWILIO_API_KEY or TWILIO_AUTH_TOKEN must be set for IVR_TEXT_SENDER")
        return text

    def _api_url(self, profile: Profile) -> str:
        url = self._get("TWILIO_API_URL")
        if url and profile is not Profile.SIMULATOR:
            self.reasons.append(f"TWILIO_API_URL is for the profile simulator; in {profile} it is Twilio's own")
        elif url and (_base_url_problem(url) or not _is_loopback(urlsplit(url))):
            self.reasons.append(
                f"TWILIO_API_URL is {url!r}; it must be a loopback address, as of `ivr call --rest-port`"
            )
        return url

    def _sound_url(self, profile: Profile) -> str:
        url = self._get("IVR_SOUND_URL")
        if url and (_base_url_problem(url) or not (url.startswith("https:") or profile is Profile.SIMULATOR)):
            self.reasons.append(f"IVR_SOUND_URL is {url!r}; it must be the https URL of the recordings' folder")
        return url

    def _practice_number(self) -> PhoneNumber | None:
        text = self._get("IVR_PRACTICE_NUMBER")
        try:
            return PhoneNumber(text) if text else None
        except ValueError:
            self.reasons.append("IVR_PRACTICE_NUMBER must be a Norwegian number, +47 and eight digits")
            return None

    def _check_live(self) -> Checklist | None:
        if not self._get("TWILIO_ACCOUNT_SID"):
            self.reasons.append(
                "TWILIO_ACCOUNT_SID must be set in the profile live: the line refuses requests of other accounts"
            )
        if not self._get("IVR_DIRECTORY"):
            self.reasons.append("IVR_DIRECTORY must name your own verified directory in the profile live")
        checklist = self._get("IVR_CHECKLIST")
        if not checklist:
            self.reasons.append(f"IVR_CHECKLIST must name a signed checklist, a YAML file with {', '.join(NAMES)}")
            return None
        read, problems = read_checklist(Path(checklist))
        self.reasons += [f"IVR_CHECKLIST: {problem}" for problem in problems]
        return read


def _whole(text: str) -> int:
    """A number of the environment; -1 for what is none, or has more digits than any setting."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1


def _weak_secrets(settings: Settings) -> list[str]:
    """A line that others reach is as safe as the weakest of its secrets."""
    given: dict[str, tuple[str, ...]] = {
        "TWILIO_AUTH_TOKEN": settings.auth_tokens,
        "TWILIO_SHARED_KEYS": settings.shared_keys,
        "TWILIO_WEBHOOK_BASIC": tuple(password for _, password in settings.basic),
        "TWILIO_WEBHOOK_DIGEST": tuple(password for _, password in settings.digest),
        "TWILIO_API_SECRET": (settings.api_key[1],) if settings.api_key else (),
    }
    weak = [(name, credentials.weakness(secret)) for name, secrets in given.items() for secret in secrets]
    if settings.secret_key:
        weak.append(("SECRET_KEY", credentials.weakness(settings.secret_key, SHORTEST_KEY)))
    problems = [f"{name} is too weak to be a secret: {problem}" for name, problem in weak if problem]
    if settings.shared_keys and not settings.secret_key:
        problems.append("SECRET_KEY must be set with TWILIO_SHARED_KEYS: calls under way must survive the next key")
    return problems


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
