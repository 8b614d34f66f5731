"""Settings of the account at Twilio's other hosts: what may be dialled, and how webhooks are signed.

They are read only: `shared_key` and `connection` of the account make a webhook rule. T:dialing-permissions,
T:webhook-rules. Norway's ordinary numbers may be dialled, and no other country's (ours).
"""

from http import HTTPStatus

from ivr.simulator.account.core import Core
from ivr.simulator.account.rest_app import Asked, Route, not_found
from ivr.simulator.rest import Json

_NORWAY = {
    "iso_code": "NO",
    "name": "Norway",
    "continent": "EUROPE",
    "country_codes": ["+47"],
    "low_risk_numbers_enabled": True,
    "high_risk_special_numbers_enabled": False,
    "high_risk_tollfraud_numbers_enabled": False,
    "url": "https://voice.twilio.com/v1/DialingPermissions/Countries/NO",
    "links": {},
}
_SETTING = "webhooks_setting_1"


def countries(_core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("LowRiskNumbersEnabled", "PageSize", "Page")
    return HTTPStatus.OK, _listed("content", [_NORWAY] if asked.flag("LowRiskNumbersEnabled", True) else [])


def country(_core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    if asked.path["sid"] != "NO":
        raise not_found(asked)
    return HTTPStatus.OK, _NORWAY


def rules(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """One for all URLs, where the account signs with a shared key or has times of its own."""
    asked.allow("PageSize", "Page", "PageToken", "pageSize", "pageToken")
    rule = {
        "id": "webhooks_rule_1",
        "friendlyName": "all webhooks",
        "matchType": "DEFAULT",
        "settings": [{"settingId": _SETTING, "percentage": 100}],
    }
    delivery = core.options.delivery
    return HTTPStatus.OK, _listed("rules", [rule] if delivery.shared_key or delivery.connection else [])


def setting(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    if asked.path["sid"] != _SETTING:
        raise not_found(asked)
    key, connection = core.options.delivery.shared_key, core.options.delivery.connection
    signature = {"type": "SHARED_KEY", "sharedKeyId": key.name, "algorithm": "HMAC_SHA256"} if key else None
    limits = core.options.delivery.limits("")
    times = {
        "connectTimeoutMs": int(limits.connect * 1000),
        "readTimeoutMs": int(limits.read * 1000),
        "totalTimeoutMs": int(limits.total * 1000),
        "retryPolicy": {"count": limits.retries},
    }
    auth = {"source": "INLINE", "value": {"scheme": "NONE"}}
    known = {"id": _SETTING, "friendlyName": "all webhooks", "auth": auth, "signature": signature}
    return HTTPStatus.OK, known | {"connection": times if connection else None}


def _listed(key: str, resources: list[Json]) -> Json:
    return {"meta": {"key": key, "page": 0, "page_size": 50, "next_page_url": None}, key: resources}


SETTINGS: tuple[Route, ...] = (
    ("GET", "/v1/DialingPermissions/Countries", countries),
    ("GET", "/v1/DialingPermissions/Countries/(?P<sid>[A-Z]{2})", country),
    ("GET", "/v1/Webhooks/Rules", rules),
    ("GET", "/v1/Webhooks/Settings/(?P<sid>[^/]+)", setting),
)
