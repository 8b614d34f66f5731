"""Add-ons over REST: those that are assigned to a number, and what they have made of recordings. T:assigned-add-ons,
T:add-on-results.

Installing one is done in Twilio's console, and here with `Account.add_on`.
"""

from http import HTTPStatus

from ivr.simulator.account.add_ons import AddOn, AddOnResult
from ivr.simulator.account.core import Core
from ivr.simulator.account.numbers import AccountNumber
from ivr.simulator.account.rest_app import Asked, MediaRoute, Route, not_found, one_of
from ivr.simulator.account.rest_lists import PAGING, page
from ivr.simulator.engine.recordings import Recording
from ivr.simulator.rest import VERSION, Json, RestFile, bad_request

_CONTENT_TYPE = "application/json"
# What an add-on of a number is asked about: product, friendly name, unique name.
_EXTENSIONS = (
    ("Programmable Voice", "Incoming Voice Call", "voice-incoming"),
    ("Programmable SMS", "Incoming SMS Message", "sms-incoming"),
)


def _account(core: Core) -> str:
    return f"/{VERSION}/Accounts/{core.sid}"


# Of a number.


def _number(core: Core, asked: Asked) -> AccountNumber:
    return one_of(asked, core.numbers.values(), "number")


def _assigned(core: Core, asked: Asked, name: str = "sid") -> tuple[AccountNumber, AddOn]:
    number = _number(core, asked)
    return number, one_of(asked, [core.add_ons.installed[sid] for sid in number.add_ons], name)


def _add_on(core: Core, number: AccountNumber, add_on: AddOn) -> Json:
    uri = f"{_account(core)}/IncomingPhoneNumbers/{number.sid}/AssignedAddOns/{add_on.sid}"
    return {
        "sid": add_on.sid,
        "account_sid": core.sid,
        "resource_sid": number.sid,
        "friendly_name": add_on.name.replace("_", " ").title(),
        "description": "",
        "configuration": {},
        "unique_name": add_on.name,
        "date_created": core.date(number.add_ons[add_on.sid]),
        "date_updated": core.date(number.add_ons[add_on.sid]),
        "uri": f"{uri}.json",
        "subresource_uris": {"extensions": f"{uri}/Extensions.json"},
    }


def assign(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("InstalledAddOnSid")
    number, sid = _number(core, asked), asked.fields.get("InstalledAddOnSid", "")
    add_on = core.add_ons.installed.get(sid)
    if add_on is None or add_on.of_recordings:
        raise bad_request(20001, f"InstalledAddOnSid {sid!r} is no add-on for numbers that the account has installed")
    if sid in number.add_ons:
        raise bad_request(20001, f"the add-on {add_on.name!r} is assigned to {number.number} already")
    number.add_ons[sid] = core.world.now
    return HTTPStatus.CREATED, _add_on(core, number, add_on)


def fetch_assigned(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _add_on(core, *_assigned(core, asked))


def list_assigned(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*PAGING)
    number = _number(core, asked)
    found = [_add_on(core, number, core.add_ons.installed[sid]) for sid in number.add_ons]
    return HTTPStatus.OK, page(asked, "assigned_add_ons", found)


def unassign(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    number, add_on = _assigned(core, asked)
    del number.add_ons[add_on.sid]
    return HTTPStatus.NO_CONTENT, {}


def _extensions(core: Core, asked: Asked) -> list[Json]:
    number, add_on = _assigned(core, asked, "add_on")
    uri = f"{_account(core)}/IncomingPhoneNumbers/{number.sid}/AssignedAddOns/{add_on.sid}/Extensions"
    return [
        {
            "sid": (sid := core.sid_of("XF", f"{add_on.sid}/{name}")),
            "account_sid": core.sid,
            "resource_sid": number.sid,
            "assigned_add_on_sid": add_on.sid,
            "product_name": product,
            "friendly_name": friendly,
            "unique_name": name,
            "enabled": True,
            "uri": f"{uri}/{sid}.json",
        }
        for product, friendly, name in _EXTENSIONS
    ]


def list_extensions(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*PAGING)
    return HTTPStatus.OK, page(asked, "extensions", _extensions(core, asked))


def fetch_extension(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    for each in _extensions(core, asked):
        if each["sid"] == asked.path["sid"]:
            return HTTPStatus.OK, each
    raise not_found(asked)


# Of a recording.


def _recording(core: Core, asked: Asked) -> Recording:
    return one_of(asked, core.shared.recordings, "recording")


def _result(core: Core, asked: Asked, name: str = "sid") -> AddOnResult:
    return one_of(asked, core.add_ons.results(_recording(core, asked)), name)


def _common(core: Core, result: AddOnResult) -> Json:
    at = core.date(result.tape.updated)
    return {
        "account_sid": core.sid,
        "reference_sid": result.tape.sid,
        "add_on_sid": result.add_on.product,
        "add_on_configuration_sid": result.add_on.sid,
        "date_created": at,
        "date_updated": at,
    }


def _uri(core: Core, result: AddOnResult) -> str:
    return f"{_account(core)}/Recordings/{result.tape.sid}/AddOnResults/{result.sid}"


def _result_resource(core: Core, result: AddOnResult) -> Json:
    return _common(core, result) | {
        "sid": result.sid,
        "status": "completed",
        "date_completed": core.date(result.tape.updated),
        "subresource_uris": {"payloads": f"{_uri(core, result)}/Payloads.json"},
    }


def list_results(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*PAGING)
    found = [_result_resource(core, each) for each in core.add_ons.results(_recording(core, asked))]
    return HTTPStatus.OK, page(asked, "add_on_results", found)


def fetch_result(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _result_resource(core, _result(core, asked))


def delete_result(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    core.add_ons.deleted.add(_result(core, asked).sid)
    return HTTPStatus.NO_CONTENT, {}


def _payload(core: Core, result: AddOnResult) -> Json:
    return _common(core, result) | {
        "sid": result.payload,
        "add_on_result_sid": result.sid,
        "label": result.add_on.name,
        "content_type": _CONTENT_TYPE,
        "subresource_uris": {"data": f"{_uri(core, result)}/Payloads/{result.payload}/Data.json"},
    }


def _with_payload(core: Core, asked: Asked) -> AddOnResult:
    """The result whose payload is in the path."""
    result = _result(core, asked, "result")
    if result.payload != asked.path["sid"] or result.payload in core.add_ons.deleted:
        raise not_found(asked)
    return result


def list_payloads(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*PAGING)
    result = _result(core, asked, "result")
    found = [_payload(core, result)] if result.payload not in core.add_ons.deleted else []
    return HTTPStatus.OK, page(asked, "payloads", found)


def fetch_payload(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _payload(core, _with_payload(core, asked))


def delete_payload(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    core.add_ons.deleted.add(_with_payload(core, asked).payload)
    return HTTPStatus.NO_CONTENT, {}


def redirect_to_data(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    result = _with_payload(core, asked)
    url = f"{core.options.api}{_uri(core, result)}/Payloads/{result.payload}/Data"
    return HTTPStatus.TEMPORARY_REDIRECT, {"redirect_to": url}


def data(core: Core, asked: Asked) -> RestFile:
    asked.allow()
    return RestFile(_with_payload(core, asked).content, _CONTENT_TYPE)


_ASSIGNED = r"IncomingPhoneNumbers/(?P<number>[^/]+)/AssignedAddOns"
_EXTENSION = rf"{_ASSIGNED}/(?P<add_on>[^/]+)/Extensions"
_RESULTS = r"Recordings/(?P<recording>[^/]+)/AddOnResults"
_PAYLOADS = rf"{_RESULTS}/(?P<result>[^/]+)/Payloads"
_SID = r"(?P<sid>[^/]+)"
ROUTES: tuple[Route, ...] = (
    ("POST", _ASSIGNED, assign),
    ("GET", _ASSIGNED, list_assigned),
    ("GET", f"{_ASSIGNED}/{_SID}", fetch_assigned),
    ("DELETE", f"{_ASSIGNED}/{_SID}", unassign),
    ("GET", _EXTENSION, list_extensions),
    ("GET", f"{_EXTENSION}/{_SID}", fetch_extension),
    ("GET", _RESULTS, list_results),
    ("GET", f"{_RESULTS}/{_SID}", fetch_result),
    ("DELETE", f"{_RESULTS}/{_SID}", delete_result),
    ("GET", _PAYLOADS, list_payloads),
    ("GET", f"{_PAYLOADS}/{_SID}", fetch_payload),
    ("DELETE", f"{_PAYLOADS}/{_SID}", delete_payload),
    ("GET", f"{_PAYLOADS}/{_SID}/Data", redirect_to_data),
)
MEDIA: tuple[MediaRoute, ...] = ((f"{_PAYLOADS}/{_SID}/Data", data),)
