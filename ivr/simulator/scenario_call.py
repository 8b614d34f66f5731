"""The block `call` of a scenario: where the call is posted, who calls whom, and what the requests have besides."""

import os
from dataclasses import replace
from datetime import datetime

from ivr.base.strict_yaml import Mapping, Text, Value
from ivr.base.test_account import AUTH_TOKEN
from ivr.base.yaml_reader import YamlReader
from ivr.simulator.plan import CallPlan, refused_param
from ivr.simulator.scenario_delivery import DELIVERY_KEYS, read_delivery
from ivr.simulator.urls import UrlError, checked

_KEYS = (
    "url",
    "method",
    "from",
    "to",
    "fallback_url",
    "status_callback",
    "auth_token",
    "account_sid",
    "started",
    "params",
    "caller_ids",
    *DELIVERY_KEYS,
)
_URLS = ("url", "fallback_url", "status_callback")
_NOT_TEXT = ("params", "caller_ids", *DELIVERY_KEYS)
_NOWHERE = "http://127.0.0.1/"


def read_call(reader: YamlReader, value: Value | None, url: str | None) -> CallPlan:
    """A plan without steps. `url`: in place of the file's."""
    if value is None:
        return CallPlan(url=_NOWHERE)
    keys = reader.mapping(value, "call", _KEYS)
    params = read_params(reader, keys["params"]) if "params" in keys else {}
    caller_ids = reader.each(keys.get("caller_ids"), reader.text)
    texts = {key: reader.text(item) for key, item in keys.items() if key not in _NOT_TEXT}
    for key in _URLS:
        if isinstance(keys.get(key), Text):
            _check_url(reader, keys[key], texts[key])
    if url is None and "url" not in keys:
        reader.wrong(value, "'url' is missing: where the call is posted")
    if "method" in keys:
        reader.one_of(keys["method"], ("GET", "POST"))
    plan = CallPlan(url=texts.get("url") or url or _NOWHERE)
    if "started" in keys:
        plan = replace(plan, started=read_moment(reader, keys["started"]) or plan.started)
    return replace(
        plan,
        method=texts.get("method", plan.method),
        from_=texts.get("from", plan.from_),
        to=texts.get("to", plan.to),
        fallback_url=texts.get("fallback_url"),
        status_callback=texts.get("status_callback"),
        auth_token=texts.get("auth_token") or os.environ.get("TWILIO_AUTH_TOKEN") or AUTH_TOKEN,
        account_sid=texts.get("account_sid", plan.account_sid),
        params=params,
        delivery=read_delivery(reader, keys),
        caller_ids=caller_ids if "caller_ids" in keys else plan.caller_ids,
    )


def read_params(reader: YamlReader, value: Value) -> dict[str, str]:
    if not isinstance(value, Mapping):
        reader.wrong(value, 'expected a mapping of parameters, e.g. {ForwardedFrom: "116117"}')
        return {}
    for name in value:
        if why := refused_param(name):
            reader.wrong(name, why)
    return {str(name): reader.text(item) for name, item in value.items() if not refused_param(name)}


def read_moment(reader: YamlReader, value: Value) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value)) if isinstance(value, Text) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        reader.wrong(value, "expected a moment with its offset, e.g. 2026-12-31T23:50:00+01:00")
        return None
    return moment


def _check_url(reader: YamlReader, value: Value, url: str) -> None:
    try:
        checked(url)
    except UrlError as error:
        reader.wrong(value, f"expected an http or https URL: {error}")
