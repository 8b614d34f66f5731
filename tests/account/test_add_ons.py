"""Add-ons of an account, with Twilio's own library: what they answer about calls, messages and recordings."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.base.errors import SimulatorError
from ivr.simulator import Account
from tests.library.apps import Documents

LINE, ANNA = "+4721000000", "+4791234567"


def _name_of(facts: Mapping[str, str]) -> dict[str, str]:
    return {"name": "Anna" if facts["From"] == ANNA else "nobody"}


class Office:
    """An account with a number and an add-on, and Twilio's client."""

    def __init__(self, voice: str = "<Say>Hi.</Say><Redirect>/more</Redirect>", method: str = "POST") -> None:
        self.app = Documents(voice=voice, more="<Pause/>", sms="")
        self.account = Account()
        self.number = self.account.number(LINE, voice=self.app, method=method, messages="/sms")
        self.names = self.account.add_on("caller_names", _name_of)
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    @property
    def assigned(self) -> Any:
        return self.client.incoming_phone_numbers(self.number.sid).assigned_add_ons

    def told(self, path: str) -> Any:
        return json.loads(self.app.fields(path)["AddOns"])


def test_an_add_on_of_a_number_is_asked_about_each_call_and_message_that_comes_in() -> None:
    office = Office()
    add_on = office.assigned.create(installed_add_on_sid=office.names.sid)
    assert (add_on.sid, add_on.unique_name) == (office.names.sid, "caller_names")
    office.account.call(ANNA, LINE)
    office.account.run()
    told = office.told("/voice")
    assert (told["status"], told["code"]) == ("successful", None)
    assert told["results"]["caller_names"]["result"] == {"name": "Anna"}
    assert "AddOns" not in office.app.fields("/more")
    office.account.text("+4792222222", LINE, "hello")
    assert office.told("/sms")["results"]["caller_names"]["result"] == {"name": "nobody"}
    assert add_on.delete()
    office.account.call(ANNA, LINE)
    assert "AddOns" not in office.app.fields("/voice")


def test_add_ons_are_told_with_post_alone() -> None:
    office = Office(method="GET")
    office.assigned.create(installed_add_on_sid=office.names.sid)
    caller = office.account.call(ANNA, LINE)
    (request,) = (event for event in caller.trace if event["event"] == "request" and event["n"] == 1)
    assert (request["method"], "AddOns" in request["params"]) == ("GET", False)


def test_what_is_assigned_is_listed_and_fetched_with_its_extensions() -> None:
    office = Office()
    assert office.assigned.list() == []
    office.assigned.create(installed_add_on_sid=office.names.sid)
    (listed,) = office.assigned.list()
    assert (listed.fetch().sid, listed.resource_sid) == (office.names.sid, office.number.sid)
    extensions = listed.extensions.list()
    assert [each.unique_name for each in extensions] == ["voice-incoming", "sms-incoming"]
    assert (extensions[0].fetch().sid, extensions[0].enabled) == (extensions[0].sid, True)
    for act in (listed.extensions("XF0").fetch, office.assigned("XE0").fetch, office.assigned("XE0").delete):
        with pytest.raises(TwilioRestException) as missing:
            act()
        assert missing.value.code == 20404
    office.client.incoming_phone_numbers(office.number.sid).delete()
    office.client.incoming_phone_numbers.create(phone_number=LINE)
    assert office.assigned.list() == []  # bought anew


def test_an_add_on_that_is_not_installed_or_assigned_already_is_refused() -> None:
    office = Office()
    office.assigned.create(installed_add_on_sid=office.names.sid)
    tapes = office.account.add_on("tapes", {}, of_recordings=True)
    for sid in ("XE0", office.names.sid, tapes.sid):
        with pytest.raises(TwilioRestException) as refused:
            office.assigned.create(installed_add_on_sid=sid)
        assert refused.value.code == 20001
    with pytest.raises(SimulatorError, match="installed already"):
        office.account.add_on("caller_names", {})


def test_what_an_add_on_has_made_of_a_recording_is_found_there_and_deleted() -> None:
    office = Office('<Record timeout="2" action="/more"/>')
    office.account.add_on("seconds", lambda facts: {"seconds": facts["RecordingDuration"]}, of_recordings=True)
    office.account.call(ANNA, LINE)
    office.account.wait(1)
    tape = office.client.recordings.list()[0]
    assert tape.add_on_results.list() == []  # it is under way
    office.account.run()
    (result,) = tape.add_on_results.list()
    assert (result.fetch().status, result.reference_sid) == ("completed", tape.sid)
    (payload,) = result.payloads.list()
    assert (payload.fetch().label, payload.content_type) == ("seconds", "application/json")
    url = payload.data().fetch().redirect_to
    made = json.loads(office.account.rest.request("GET", url).content)
    assert made == {"seconds": tape.fetch().duration}
    assert payload.delete()
    assert result.payloads.list() == []
    assert result.delete()
    assert tape.add_on_results.list() == []
    with pytest.raises(TwilioRestException) as gone:
        result.fetch()
    assert gone.value.code == 20404
    assert office.account.rest.request("GET", url).status_code == 404
