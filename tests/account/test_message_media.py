"""Files of text messages, and feedback about them, with Twilio's own library."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import Account

LINE, OTHER, ANNA = "+4721000000", "+4792222222", "+4791234567"
PICTURE = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


class Gallery:
    """An account whose application has pictures, answers messages with `sms`, and keeps what it was told."""

    def __init__(self, sms: str = "") -> None:
        self.told: list[tuple[str, dict[str, str]]] = []
        self._files = {
            "/cat.jpg": ("image/jpeg", PICTURE),
            "/large.jpg": ("image/jpeg", bytes(65_537)),
            "/sms": ("text/xml", f"<Response>{sms}</Response>".encode()),
            "/told": ("text/xml", b""),
        }
        self.account = Account()
        self.account.number(LINE, voice=self, messages="/sms")
        self.base = self.account.serves(self)
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        self.told.append((environ["PATH_INFO"], dict(parse_qsl(body))))
        kind, content = self._files.get(environ["PATH_INFO"], ("", b""))
        start_response("200 OK" if kind else "404 Not Found", [("Content-Type", kind or "text/plain")])
        return [content]

    def send(self, **options: Any) -> Any:
        return self.client.messages.create(**{"to": ANNA, "from_": LINE, **options})

    def get(self, url: str) -> tuple[int, bytes]:
        reply = self.account.rest.request("GET", url)
        return reply.status_code, reply.content


def test_the_files_of_a_message_are_fetched_listed_and_deleted() -> None:
    gallery = Gallery()
    message = gallery.send(media_url=[f"{gallery.base}/cat.jpg", f"{gallery.base}/cat.jpg"])
    assert (message.sid[:2], message.num_media, message.body) == ("MM", "2", "")
    media = gallery.client.messages(message.sid).media.list()
    assert [(each.content_type, each.parent_sid) for each in media] == [("image/jpeg", message.sid)] * 2
    assert gallery.get(f"https://api.twilio.com{media[0].uri.removesuffix('.json')}") == (200, PICTURE)
    assert media[0].fetch().sid == media[0].sid
    assert media[0].delete()
    assert [each.sid for each in gallery.client.messages(message.sid).media.list()] == [media[1].sid]
    with pytest.raises(TwilioRestException) as gone:
        media[0].fetch()
    assert gone.value.code == 20404
    assert gallery.get(f"https://api.twilio.com{media[0].uri.removesuffix('.json')}")[0] == 404
    later = gallery.client.messages(message.sid).media.list(date_created_after="2027-01-01")
    assert later == []
    gallery.account.wait(3)
    assert gallery.client.messages(message.sid).fetch().status == "delivered"


def test_a_message_whose_file_cannot_be_had_fails_and_that_is_told() -> None:
    for path, code in (("/gone.jpg", 11217), ("/large.jpg", 11200)):
        gallery = Gallery()
        message = gallery.send(body="look", media_url=[f"{gallery.base}{path}"], status_callback=f"{gallery.base}/told")
        gallery.account.wait(3)
        failed = gallery.client.messages(message.sid).fetch()
        assert (failed.status, failed.error_code) == ("failed", code)
        assert path in failed.error_message
        told = [fields for asked, fields in gallery.told if asked == "/told"]
        assert [(each["MessageStatus"], each["ErrorCode"]) for each in told] == [("failed", str(code))]


def test_a_file_of_an_origin_that_nobody_has_named_is_not_asked_for() -> None:
    gallery = Gallery()
    message = gallery.send(body="look", media_url=["https://example.com/cat.png"])
    (media,) = gallery.client.messages(message.sid).media.list()
    assert media.content_type == "image/png"
    assert gallery.get(f"https://api.twilio.com{media.uri.removesuffix('.json')}")[0] == 404
    assert gallery.told == []


def test_files_come_in_with_a_message_and_go_out_with_a_reply() -> None:
    gallery = Gallery(sms="<Message><Body>You too</Body><Media>/cat.jpg</Media></Message>")
    received = gallery.account.text(ANNA, LINE, "look", media=[("image/gif", b"GIF89a")])
    told = next(fields for asked, fields in gallery.told if asked == "/sms")
    assert (told["NumMedia"], told["MediaContentType0"], told["MessageSid"]) == ("1", "image/gif", received.sid)
    assert gallery.get(told["MediaUrl0"]) == (200, b"GIF89a")
    gallery.account.wait(3)
    reply = next(each for each in gallery.client.messages.list() if each.direction == "outbound-reply")
    assert (reply.num_media, reply.status) == ("1", "delivered")
    assert gallery.client.messages(reply.sid).media.list()[0].content_type == "image/jpeg"


def test_files_reach_another_number_of_the_account() -> None:
    gallery = Gallery()
    gallery.account.number(OTHER, voice=gallery, messages="/sms")
    gallery.send(to=OTHER, media_url=[f"{gallery.base}/cat.jpg"])
    gallery.account.wait(3)
    told = next(fields for asked, fields in gallery.told if asked == "/sms")
    assert gallery.get(told["MediaUrl0"]) == (200, PICTURE)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"body": "look", "media_url": ["nowhere"]}, 21620),
        ({"body": "look", "media_url": ["http://127.0.0.1:5000/cat.jpg"] * 11}, 21623),
        ({}, 21602),
    ],
)
def test_a_message_with_wrong_files_is_refused(options: dict[str, Any], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        Gallery().send(**options)
    assert refused.value.code == code


def test_the_feedback_of_a_message_is_kept() -> None:
    gallery = Gallery()
    message = gallery.send(body="Your code is 1234", provide_feedback=True)
    assert gallery.client.messages(message.sid).feedback.create(outcome="unconfirmed").outcome == "unconfirmed"
    feedback = gallery.client.messages(message.sid).feedback.create(outcome="confirmed")
    assert (feedback.message_sid, feedback.outcome) == (message.sid, "confirmed")
    assert gallery.account.messages[0].feedback == ("confirmed", 0.0)
    received = gallery.account.text(ANNA, LINE, "thank you")
    with pytest.raises(TwilioRestException) as refused:
        gallery.client.messages(received.sid).feedback.create(outcome="confirmed")
    assert refused.value.code == 20001
