"""Numbers, applications and verified caller ids over REST, and the account itself. T:incomingphonenumber-resource,
T:applications, T:outgoing-caller-ids.

A number is bought by naming it: there is no stock of numbers, and its type is that of the resource through which it is
bought. A caller id is verified at once: nobody is rung.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus

from ivr.base.errors import SimulatorError
from ivr.simulator.account.core import Core
from ivr.simulator.account.numbers import METHODS, URLS, AccountApplication, AccountNumber, Configured, VerifiedNumber
from ivr.simulator.account.rest_app import Asked, Route, one_of
from ivr.simulator.account.rest_lists import fitting, page
from ivr.simulator.engine.numbers import is_e164
from ivr.simulator.rest import VERSION, Json, bad_request

MOST_CONFIGURED = 10_000  # numbers, and applications, of an account; ours
_KINDS = {"Local": "local", "Mobile": "mobile", "TollFree": "toll-free"}
_LONGEST_NAME = 64  # characters
_NAMES = {"PhoneNumber": "phone_number", "FriendlyName": "friendly_name"}
_SHARED = ("FriendlyName", *URLS, *METHODS)
_NUMBER = (*_SHARED, "VoiceApplicationSid", "SmsApplicationSid")


def _read(core: Core, asked: Asked, known: Mapping[str, str]) -> dict[str, str]:
    """The settings as they are from now on. Raises RestError."""
    settings = dict(known)
    for name in URLS:
        if name in asked.fields:
            settings[name] = asked.web_address(name, 21502 if name == "VoiceUrl" else 21205)
    for name in METHODS:
        settings[name] = asked.choice(name, ("GET", "POST"), settings.get(name, "POST"))
    for name in ("VoiceApplicationSid", "SmsApplicationSid", "FriendlyName"):
        if name in asked.fields:
            settings[name] = asked.fields[name]
    if len(settings.get("FriendlyName", "")) > _LONGEST_NAME:
        raise bad_request(20001, f"FriendlyName has at most {_LONGEST_NAME} characters")
    for name in ("VoiceApplicationSid", "SmsApplicationSid"):
        if settings.get(name) and settings[name] not in core.applications:
            raise bad_request(21218, f"{name} {settings[name]!r} is no application of the account")
    return settings


def _told(core: Core, what: Configured, names: tuple[str, ...]) -> Json:
    told: Json = {re.sub("(?<!^)(?=[A-Z])", "_", name).lower(): what.setting(name) for name in names}
    return told | {
        "sid": what.sid,
        "account_sid": core.sid,
        "api_version": VERSION,
        "date_created": core.date(what.created),
        "date_updated": core.date(what.updated),
        "voice_caller_id_lookup": False,
    }


# Numbers.


def _number(core: Core, asked: Asked, number: AccountNumber) -> Json:
    """The resources of one type do not say the type."""
    told = _any_number(core, number)
    return told if "type" in asked.path else told | {"type": number.kind}


def _any_number(core: Core, number: AccountNumber) -> Json:
    return _told(core, number, _NUMBER) | {
        "phone_number": number.number,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "address_requirements": "none",
        "address_sid": None,
        "beta": False,
        "bundle_sid": None,
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "identity_sid": None,
        "origin": "twilio",
        "status": "in-use",
        "trunk_sid": None,
        "uri": f"/{VERSION}/Accounts/{core.sid}/IncomingPhoneNumbers/{number.sid}.json",
        "voice_receive_mode": "voice",
    }


def _find_number(core: Core, asked: Asked) -> AccountNumber:
    return one_of(asked, core.numbers.values())


def create_number(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("PhoneNumber", *_NUMBER)
    number, now = asked.fields.get("PhoneNumber", ""), core.world.now
    if not is_e164(number):
        raise bad_request(21421, f"PhoneNumber {number!r} is no number of the form +4721000000")
    settings = _read(core, asked, {"FriendlyName": number})
    if len(core.numbers) >= MOST_CONFIGURED:
        raise bad_request(20001, f"the account has {MOST_CONFIGURED} numbers, and may have no more (our bound)")
    kind = _KINDS[asked.path.get("type", "Local")]
    own = AccountNumber(core.sid_of("PN", number), settings, now, now, number, kind)
    try:
        core.add_number(own)
    except SimulatorError as error:
        raise bad_request(21422, error.message) from None
    return HTTPStatus.CREATED, _number(core, asked, own)


def fetch_number(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _number(core, asked, _find_number(core, asked))


def list_numbers(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    kinds = [_KINDS[asked.path["type"]]] if "type" in asked.path else list(_KINDS.values())
    known = (_number(core, asked, number) for number in core.numbers.values() if number.kind in kinds)
    found = fitting(asked, known, {**_NAMES, "Origin": "origin"})
    return HTTPStatus.OK, page(asked, "incoming_phone_numbers", found)


def update_number(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*_NUMBER)
    number = _find_number(core, asked)
    number.settings, number.updated = _read(core, asked, number.settings), core.world.now
    return HTTPStatus.OK, _number(core, asked, number)


def delete_number(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    core.free(_find_number(core, asked).number)
    return HTTPStatus.NO_CONTENT, {}


# Applications.


def _application(core: Core, application: AccountApplication) -> Json:
    return _told(core, application, _SHARED) | {
        "message_status_callback": None,
        "sms_status_callback": None,
        "public_application_connect_enabled": False,
        "uri": f"/{VERSION}/Accounts/{core.sid}/Applications/{application.sid}.json",
    }


def _find_application(core: Core, asked: Asked) -> AccountApplication:
    return one_of(asked, core.applications.values())


def create_application(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*_SHARED)
    settings, now = _read(core, asked, {}), core.world.now
    if core.made >= MOST_CONFIGURED:
        raise bad_request(20001, f"{MOST_CONFIGURED} applications were made, and no more can be (our bound)")
    core.made += 1
    application = AccountApplication(core.sid_of("AP", f"application {core.made}"), settings, now, now)
    core.applications[application.sid] = application
    return HTTPStatus.CREATED, _application(core, application)


def fetch_application(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _application(core, _find_application(core, asked))


def list_applications(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    known = (_application(core, application) for application in core.applications.values())
    return HTTPStatus.OK, page(asked, "applications", fitting(asked, known, {"FriendlyName": "friendly_name"}))


def update_application(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*_SHARED)
    application = _find_application(core, asked)
    application.settings, application.updated = _read(core, asked, application.settings), core.world.now
    return HTTPStatus.OK, _application(core, application)


def delete_application(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    del core.applications[_find_application(core, asked).sid]
    return HTTPStatus.NO_CONTENT, {}


# Verified caller ids.


def _caller_id(core: Core, verified: VerifiedNumber) -> Json:
    return {
        "sid": verified.sid,
        "account_sid": core.sid,
        "friendly_name": verified.name,
        "phone_number": verified.number,
        "date_created": core.date(verified.created),
        "date_updated": core.date(verified.updated),
        "uri": f"/{VERSION}/Accounts/{core.sid}/OutgoingCallerIds/{verified.sid}.json",
    }


def _find_caller_id(core: Core, asked: Asked) -> VerifiedNumber:
    return one_of(asked, core.caller_ids.values())


def verify_caller_id(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """`client.validation_requests.create`; the code is what the caller would have to press."""
    asked.allow("PhoneNumber", "FriendlyName")
    number, now = asked.fields.get("PhoneNumber", ""), core.world.now
    if not is_e164(number):
        raise bad_request(21401, f"PhoneNumber {number!r} is no number of the form +4791234567")
    if number in core.caller_ids or len(core.caller_ids) >= MOST_CONFIGURED:
        raise bad_request(21450, f"{number} is verified already")
    name = asked.fields.get("FriendlyName", number)
    core.caller_ids[number] = VerifiedNumber(number, core.sid_of("PN", f"verified {number}"), name, now, now)
    code = str(int(core.sid_of("", number), 16) % 1_000_000).zfill(6)
    told = {"account_sid": core.sid, "call_sid": core.sid_of("CA", f"verify {number}"), "friendly_name": name}
    return HTTPStatus.OK, told | {"phone_number": number, "validation_code": code}


def fetch_caller_id(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _caller_id(core, _find_caller_id(core, asked))


def list_caller_ids(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    found = fitting(asked, (_caller_id(core, verified) for verified in core.caller_ids.values()), _NAMES)
    return HTTPStatus.OK, page(asked, "outgoing_caller_ids", found)


def update_caller_id(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("FriendlyName")
    verified = _find_caller_id(core, asked)
    verified.name, verified.updated = asked.fields.get("FriendlyName", verified.name), core.world.now
    return HTTPStatus.OK, _caller_id(core, verified)


def delete_caller_id(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    del core.caller_ids[_find_caller_id(core, asked).number]
    return HTTPStatus.NO_CONTENT, {}


def fetch_account(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    uri = f"/{VERSION}/Accounts/{core.sid}"
    names = ("Calls", "Conferences", "Queues", "IncomingPhoneNumbers", "Applications", "OutgoingCallerIds", "Messages")
    return HTTPStatus.OK, {
        "sid": core.sid,
        "owner_account_sid": core.sid,
        "auth_token": core.options.auth_token,
        "friendly_name": core.options.name or "simulated account",
        "status": "active",
        "type": "Full",
        "date_created": core.date(0.0),
        "date_updated": core.date(0.0),
        "uri": f"{uri}.json",
        "subresource_uris": {re.sub("(?<!^)(?=[A-Z])", "_", name).lower(): f"{uri}/{name}.json" for name in names},
    }


_OF_A_TYPE = f"IncomingPhoneNumbers/(?P<type>{'|'.join(_KINDS)})"
_N, _A, _C = (rf"{name}/(?P<sid>[^/]+)" for name in ("IncomingPhoneNumbers", "Applications", "OutgoingCallerIds"))
ROUTES: tuple[Route, ...] = (
    ("GET", "", fetch_account),
    ("POST", "IncomingPhoneNumbers", create_number),
    ("GET", "IncomingPhoneNumbers", list_numbers),
    ("POST", _OF_A_TYPE, create_number),
    ("GET", _OF_A_TYPE, list_numbers),
    ("GET", _N, fetch_number),
    ("POST", _N, update_number),
    ("DELETE", _N, delete_number),
    ("POST", "Applications", create_application),
    ("GET", "Applications", list_applications),
    ("GET", _A, fetch_application),
    ("POST", _A, update_application),
    ("DELETE", _A, delete_application),
    ("POST", "OutgoingCallerIds", verify_caller_id),
    ("GET", "OutgoingCallerIds", list_caller_ids),
    ("GET", _C, fetch_caller_id),
    ("POST", _C, update_caller_id),
    ("DELETE", _C, delete_caller_id),
)
