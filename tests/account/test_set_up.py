"""What a set-up script does over REST: numbers, applications, verified caller ids; and text messages."""

import json
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.base.errors import SimulatorError
from ivr.simulator import Account
from tests.library.apps import Documents

LINE, OTHER, ANNA = "+4721000000", "+4722000000", "+4791234567"


class Office:
    """An account whose application is there, and which has no number yet."""

    def __init__(self, **documents: str) -> None:
        self.app = Documents(**{"voice": "<Say>Welcome.</Say>", "told": "", **documents})
        self.account = Account()
        self.base = self.account.serves(self.app)
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    def buy(self, number: str = LINE, **options: Any) -> Any:
        return self.client.incoming_phone_numbers.create(phone_number=number, **options)


def test_a_number_is_bought_configured_called_and_given_back() -> None:
    office = Office()
    number = office.buy(voice_url=f"{office.base}/gone", friendly_name="Our line")
    office.client.incoming_phone_numbers(number.sid).update(voice_url=f"{office.base}/voice")
    caller = office.account.call(ANNA, LINE)
    assert caller.heard("welcome")
    found = office.client.incoming_phone_numbers.list(phone_number=LINE)
    assert [(each.sid, each.friendly_name, each.voice_method) for each in found] == [(number.sid, "Our line", "POST")]
    assert office.client.incoming_phone_numbers(number.sid).delete()
    with pytest.raises(SimulatorError, match="no voice webhook"):
        office.account.call(ANNA, LINE)


@pytest.mark.parametrize("kind", ["local", "mobile", "toll_free"])
def test_a_number_is_bought_by_its_type_listed_there_and_answers_calls(kind: str) -> None:
    office = Office()
    numbers = office.client.incoming_phone_numbers
    bought = getattr(numbers, kind).create(phone_number=LINE, voice_url=f"{office.base}/voice")
    assert office.account.call(ANNA, LINE).heard("welcome")
    listed = {each: [one.sid for one in getattr(numbers, each).list()] for each in ("local", "mobile", "toll_free")}
    assert listed == {"local": [], "mobile": [], "toll_free": []} | {kind: [bought.sid]}
    (number,) = numbers.list(phone_number=LINE, origin="twilio")
    assert (number.sid, number.type) == (bought.sid, kind.replace("_", "-"))
    assert numbers.list(origin="hosted") == []
    assert number.delete()
    assert getattr(numbers, kind).list() == []


def test_a_number_of_an_application_asks_the_applications_webhooks() -> None:
    office = Office()
    application = office.client.applications.create(voice_url=f"{office.base}/voice", friendly_name="Ours")
    office.buy(voice_application_sid=application.sid)
    assert office.account.call(ANNA, LINE).heard("welcome")
    placed = office.client.calls.create(to=ANNA, from_=LINE, application_sid=application.sid)
    assert placed.status == "queued"
    changed = office.client.applications(application.sid).update(friendly_name="Theirs")
    assert changed.friendly_name == "Theirs"
    assert office.client.applications(application.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        office.client.applications(application.sid).fetch()
    assert gone.value.code == 20404


def test_only_own_and_verified_numbers_are_shown() -> None:
    office = Office(voice='<Dial callerId="+4799999999">+4755568700</Dial>')
    office.buy(voice_url=f"{office.base}/voice")
    assert office.account.call(ANNA, LINE).warnings == [13214]
    request = office.client.validation_requests.create(phone_number="+4799999999", friendly_name="Desk")
    assert len(request.validation_code) == 6
    assert office.account.call(ANNA, LINE).warnings == []
    verified = office.client.outgoing_caller_ids.list(phone_number="+4799999999")[0]
    assert office.client.calls.create(to=ANNA, from_="+4799999999", url=f"{office.base}/voice").status == "queued"
    assert verified.update(friendly_name="Front desk").friendly_name == "Front desk"
    assert verified.delete()
    with pytest.raises(TwilioRestException) as refused:
        office.client.calls.create(to=ANNA, from_="+4799999999", url=f"{office.base}/voice")
    assert refused.value.code == 21210


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"phone_number": "12"}, 21421),
        ({"phone_number": OTHER}, 21422),
        ({"phone_number": LINE, "voice_url": "nowhere"}, 21502),
        ({"phone_number": LINE, "voice_application_sid": "AP0"}, 21218),
        ({"phone_number": LINE, "voice_method": "PUT"}, 20001),
    ],
)
def test_a_number_that_cannot_be_bought_is_refused(options: dict[str, Any], code: int) -> None:
    office = Office()
    office.buy(OTHER)
    with pytest.raises(TwilioRestException) as refused:
        office.client.incoming_phone_numbers.create(**options)
    assert refused.value.code == code


def test_a_message_is_queued_sent_and_delivered_and_each_is_told() -> None:
    office = Office()
    office.buy()
    message = office.client.messages.create(
        to=ANNA, from_=LINE, body="Ten o'clock", status_callback=f"{office.base}/told"
    )
    assert (message.status, message.direction, message.num_segments) == ("queued", "outbound-api", "1")
    office.account.wait(3)
    assert office.client.messages(message.sid).fetch().status == "delivered"
    told = [fields for path, fields in office.app.asked if path == "/told"]
    assert [each["MessageStatus"] for each in told] == ["sent", "delivered"]
    assert {each["MessageSid"] for each in told} == {message.sid}
    assert [each.body for each in office.client.messages.list(to=ANNA)] == ["Ten o'clock"]
    with pytest.raises(TwilioRestException) as refused:
        office.client.messages(message.sid).update(body="Eleven o'clock")
    assert refused.value.code == 20001
    assert office.client.messages(message.sid).update(body="").body == ""
    assert office.client.messages(message.sid).delete()
    assert office.client.messages.list() == []


def test_a_message_to_a_number_of_the_account_asks_its_webhook_which_replies() -> None:
    office = Office(sms="<Message>Which town?</Message><Message><Body>Or press 1.</Body></Message>")
    office.buy(sms_url=f"{office.base}/sms")
    received = office.account.text(ANNA, LINE, "help")
    told = office.app.fields("/sms")
    assert (told["From"], told["To"], told["Body"], told["MessageSid"]) == (ANNA, LINE, "help", received.sid)
    assert (told["NumMedia"], told["NumSegments"], told["SmsStatus"]) == ("0", "1", "received")
    office.account.wait(3)
    replies = [each for each in office.client.messages.list() if each.direction == "outbound-reply"]
    assert [each.body for each in reversed(replies)] == ["Which town?", "Or press 1."]
    assert {each.status for each in replies} == {"delivered"}


def test_two_numbers_text_each_other() -> None:
    office = Office(sms="")
    office.buy()
    office.buy(OTHER, sms_url=f"{office.base}/sms")
    office.client.messages.create(to="+4791111111", from_=LINE, body="no")
    office.account.number("+4792222222", voice=office.app, messages="/sms")
    office.client.messages.create(to="+4792222222", from_=LINE, body="yes")
    office.account.wait(3)
    assert [fields["Body"] for path, fields in office.app.asked if path == "/sms"] == ["yes"]
    assert [message.direction for message in office.account.messages][-1] == "inbound"


def test_a_messaging_document_that_is_wrong_is_told_where_the_message_is() -> None:
    office = Office(sms="<Redirect>/other</Redirect>")
    office.buy(sms_url=f"{office.base}/sms")
    message = office.account.text(ANNA, LINE, "help")
    codes = [event["code"] for event in message.errands[0].trace.events if event["event"] == "error"]
    assert codes == [0]
    with pytest.raises(SimulatorError, match="no number of the account"):
        office.account.text(ANNA, "+4700000000", "help")


def test_a_message_from_a_foreign_number_is_refused() -> None:
    office = Office()
    with pytest.raises(TwilioRestException) as refused:
        office.client.messages.create(to=ANNA, from_=LINE, body="hello")
    assert refused.value.code == 21606


def test_two_numbers_that_answer_each_others_messages_end_at_a_bound() -> None:
    office = Office(sms="<Message>Again.</Message>")
    office.account.number("+4791111111", voice=office.app, messages="/sms")
    office.account.number("+4792222222", voice=office.app, messages="/sms")
    office.account.text("+4791111111", "+4792222222", "begin")
    office.account.wait(600)
    assert 250 < len(office.account.messages) < 1000


FIELDS = {
    "IncomingPhoneNumbers": """account_sid address_sid address_requirements api_version beta capabilities date_created
    date_updated friendly_name identity_sid phone_number origin sid sms_application_sid sms_fallback_method
    sms_fallback_url sms_method sms_url status_callback status_callback_method trunk_sid uri voice_receive_mode
    voice_application_sid voice_caller_id_lookup voice_fallback_method voice_fallback_url voice_method voice_url
    emergency_status emergency_address_sid emergency_address_status bundle_sid status type""",
    "Applications": """account_sid api_version date_created date_updated friendly_name message_status_callback sid
    sms_fallback_method sms_fallback_url sms_method sms_status_callback sms_url status_callback status_callback_method
    uri voice_caller_id_lookup voice_fallback_method voice_fallback_url voice_method voice_url
    public_application_connect_enabled""",
    "OutgoingCallerIds": "sid date_created date_updated friendly_name account_sid phone_number uri",
    "Messages": """body num_segments direction from to date_updated price error_message uri account_sid num_media status
    messaging_service_sid sid date_sent date_created error_code price_unit api_version subresource_uris""",
    "Queues": """date_updated current_size friendly_name uri account_sid average_wait_time sid date_created max_size""",
    "Conferences": """account_sid date_created date_updated api_version friendly_name region sid status uri
    subresource_uris reason_conference_ended call_sid_ending_conference""",
}
PARTICIPANT = """account_sid call_sid label call_sid_to_coach coaching conference_sid date_created date_updated
end_conference_on_exit muted hold start_conference_on_enter status queue_time uri"""
MEMBER = "call_sid date_enqueued position uri wait_time queue_sid"


def _first(office: Office, path: str) -> dict[str, Any]:
    url = f"https://api.twilio.com/2010-04-01/Accounts/{office.account.sid}/{path}.json"
    reply = office.account.rest.request("GET", url, auth=(office.account.sid, office.account.auth_token))
    listed = next(value for value in json.loads(reply.text).values() if isinstance(value, list))
    found: dict[str, Any] = listed[0]
    return found


def test_every_resource_has_all_the_fields_of_twilios_schema() -> None:
    """twilio-oai, twilio_api_v2010.json."""
    office = Office(voice="<Dial><Conference>Room</Conference></Dial>", queue="<Enqueue>support</Enqueue>")
    office.buy(voice_url=f"{office.base}/voice")
    office.buy(OTHER, voice_url=f"{office.base}/queue")
    office.client.applications.create(friendly_name="a")
    office.client.validation_requests.create(phone_number="+4799999999")
    office.client.messages.create(to=ANNA, from_=LINE, body="hello")
    office.account.call(ANNA, LINE)
    office.account.call(ANNA, OTHER)
    for path, fields in FIELDS.items():
        assert set(_first(office, path)) == set(fields.split()), path
    room, queue = _first(office, "Conferences")["sid"], _first(office, "Queues")["sid"]
    assert set(_first(office, f"Conferences/{room}/Participants")) == set(PARTICIPANT.split())
    assert set(_first(office, f"Queues/{queue}/Members")) == set(MEMBER.split())


def test_the_account_itself_is_fetched() -> None:
    office = Office()
    account = office.client.api.accounts(office.account.sid).fetch()
    assert (account.status, account.sid) == ("active", office.account.sid)
