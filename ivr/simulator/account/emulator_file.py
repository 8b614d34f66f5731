"""The file of `ivr emulate`: the numbers, phones and far ends of an account. All that is wrong is said at once."""

import os
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field, replace
from pathlib import Path

from ivr.base.strict_yaml import Mapping, Value, load_file
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.base.yaml_reader import YamlReader
from ivr.simulator.account.numbers import METHODS, URLS
from ivr.simulator.delivery import Delivery
from ivr.simulator.plan import Leg
from ivr.simulator.scenario_delivery import DELIVERY_KEYS, read_delivery
from ivr.simulator.scenario_legs import read_legs
from ivr.simulator.urls import UrlError, checked

SETUP_KEYS = ("account_sid", "auth_token", "numbers", "phones", "caller_ids", "legs", "allow_origins", *DELIVERY_KEYS)
# As in Twilio's API, in lower case.
NUMBER_KEYS = {
    "voice_url": "VoiceUrl",
    "voice_method": "VoiceMethod",
    "voice_fallback_url": "VoiceFallbackUrl",
    "voice_fallback_method": "VoiceFallbackMethod",
    "status_callback": "StatusCallback",
    "status_callback_method": "StatusCallbackMethod",
    "sms_url": "SmsUrl",
    "sms_method": "SmsMethod",
    "sms_fallback_url": "SmsFallbackUrl",
    "sms_fallback_method": "SmsFallbackMethod",
    "friendly_name": "FriendlyName",
}


@dataclass(frozen=True, slots=True)
class EmulatorSetup:
    """What an account begins with. `numbers`: to the settings of each, by Twilio's names."""

    account_sid: str = ACCOUNT_SID
    auth_token: str = AUTH_TOKEN
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)
    phones: tuple[str, ...] = ()
    caller_ids: tuple[str, ...] = ()
    legs: dict[str, Leg] = field(default_factory=dict)
    allow_origins: tuple[str, ...] = ()
    cafile: str | None = None
    delivery: Delivery = field(default_factory=Delivery)

    @property
    def named_urls(self) -> tuple[str, ...]:
        """Those whose origins may be asked."""
        urls = (settings.get(name, "") for settings in self.numbers.values() for name in URLS)
        return (*(url for url in urls if url), *self.allow_origins)


def default_setup() -> EmulatorSetup:
    """An account without numbers; TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN say which."""
    sid, token = os.environ.get("TWILIO_ACCOUNT_SID"), os.environ.get("TWILIO_AUTH_TOKEN")
    return EmulatorSetup(account_sid=sid or ACCOUNT_SID, auth_token=token or AUTH_TOKEN)


def load_setup(path: Path) -> EmulatorSetup:
    """Raises DefinitionError with every complaint."""
    reader = YamlReader(path.name)
    keys = reader.mapping(load_file(path), "account", SETUP_KEYS)
    setup = replace(read_setup(reader, keys), phones=reader.each(keys.get("phones"), reader.text))
    for phone in setup.phones:
        if phone in setup.numbers or setup.phones.count(phone) > 1:
            reader.wrong(keys["phones"], f"{phone} is there already: expected another number")
    reader.done()
    return setup


def read_setup(reader: YamlReader, keys: Mapped[str, Value]) -> EmulatorSetup:
    """All but the phones."""
    usual = default_setup()
    return EmulatorSetup(
        account_sid=reader.text(keys["account_sid"]) if "account_sid" in keys else usual.account_sid,
        auth_token=reader.text(keys["auth_token"]) if "auth_token" in keys else usual.auth_token,
        numbers=_numbers(reader, keys["numbers"]) if "numbers" in keys else {},
        caller_ids=reader.each(keys.get("caller_ids"), reader.text),
        legs=read_legs(reader, keys["legs"]) if "legs" in keys else {},
        allow_origins=reader.each(keys.get("allow_origins"), lambda value: _url(reader, value)),
        delivery=read_delivery(reader, keys),
    )


def _numbers(reader: YamlReader, value: Value) -> dict[str, dict[str, str]]:
    if not isinstance(value, Mapping):
        reader.wrong(value, 'expected a mapping, e.g. "+4721000000": {voice_url: "http://127.0.0.1:5000/voice"}')
        return {}
    return {str(number): _settings(reader, item) for number, item in value.items()}


def _settings(reader: YamlReader, value: Value) -> dict[str, str]:
    settings = {}
    for key, item in reader.mapping(value, "number", tuple(NUMBER_KEYS)).items():
        name = NUMBER_KEYS[key]
        if name in METHODS:
            settings[name] = reader.one_of(item, ("GET", "POST")) or "POST"
        else:
            settings[name] = _url(reader, item) if name in URLS else reader.text(item)
    return settings


def _url(reader: YamlReader, value: Value) -> str:
    text = reader.text(value)
    try:
        return checked(text) if text else ""
    except UrlError as error:
        reader.wrong(value, f"expected an http or https URL: {error}")
        return ""
