"""Text messages behind the calls: one for each wish, lost ones counted, and no number in any line."""

import logging
from threading import Event

import pytest

from ivr.base.errors import AccountError
from ivr.line.calls import CallId
from ivr.line.flow.actions import TextMessage
from ivr.line.service.text_messages import _MOST_CALLS, MOST_A_CALL, MOST_WAITING, SenderStatus, TextMessages
from tests import privacy

CALL, OTHER = CallId("one"), CallId("two")
PHONE = "+4791234567"
BERGEN, VOSS = TextMessage("bergen", "Bergen: 1"), TextMessage("voss", "Voss: 2")
SECONDS = 60.0


class Twilio:
    """What is behind: it takes messages, once it may, and does what it is told to do with each."""

    def __init__(self, *faults: Exception | None) -> None:
        self.taken: list[tuple[str, str]] = []
        self.open = Event()
        self.busy = Event()
        self._faults = list(faults)

    def send(self, phone: str, text: str) -> None:
        self.busy.set()
        assert self.open.wait(SECONDS)
        if fault := self._faults.pop(0) if self._faults else None:
            raise fault
        self.taken.append((phone, text))


@pytest.fixture
def twilio() -> Twilio:
    twilio = Twilio()
    twilio.open.set()
    return twilio


def test_a_message_is_sent_to_the_phone_and_counted(twilio: Twilio) -> None:
    told: list[str] = []
    texts = TextMessages(twilio.send, told.append)
    texts(CALL, PHONE, BERGEN)
    texts.close(SECONDS)
    assert twilio.taken == [(PHONE, BERGEN.text)]
    assert texts.standing == SenderStatus(waiting=0, sent=1, lost=0)
    assert told == ["sent"]


def test_the_same_wish_of_one_call_is_one_message(twilio: Twilio) -> None:
    texts = TextMessages(twilio.send)
    for call, message in [(CALL, BERGEN), (CALL, BERGEN), (CALL, VOSS), (CALL, BERGEN), (OTHER, BERGEN)]:
        texts(call, PHONE, message)
    texts.close(SECONDS)
    assert [text for _, text in twilio.taken] == [BERGEN.text, VOSS.text, BERGEN.text]


def test_a_call_gets_no_more_than_a_few_messages(twilio: Twilio) -> None:
    texts = TextMessages(twilio.send)
    for number in range(MOST_A_CALL + 2):
        texts(CALL, PHONE, TextMessage(f"centre {number}", "…"))
    texts.close(SECONDS)
    assert len(twilio.taken) == MOST_A_CALL


def test_calls_are_not_remembered_for_ever(twilio: Twilio) -> None:
    texts = TextMessages(twilio.send)
    texts(CALL, PHONE, BERGEN)
    for number in range(_MOST_CALLS):
        texts(CallId(str(number)), "", BERGEN)
    assert len(texts._asked) == _MOST_CALLS
    assert CALL not in texts._asked
    texts.close(0)


def test_a_wish_never_waits_and_what_has_no_room_is_lost() -> None:
    twilio = Twilio()
    texts = TextMessages(twilio.send)
    texts(CALL, PHONE, BERGEN)
    assert twilio.busy.wait(SECONDS)
    for number in range(MOST_WAITING + 2):
        texts(CallId(str(number)), PHONE, BERGEN)
    assert texts.standing == SenderStatus(waiting=MOST_WAITING, sent=0, lost=3)
    twilio.open.set()
    texts.close(SECONDS)
    assert texts.standing == SenderStatus(waiting=0, sent=MOST_WAITING, lost=3)


def test_what_cannot_be_sent_is_lost_once_and_the_next_one_is_sent(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    twilio = Twilio(AccountError("Twilio's error 21614"), RuntimeError(f"to {PHONE}"))
    twilio.open.set()
    texts = TextMessages(twilio.send, told.append)
    with caplog.at_level(logging.DEBUG):
        texts(CALL, PHONE, BERGEN)
        texts(OTHER, PHONE, BERGEN)
        texts(CALL, PHONE, VOSS)
        texts.close(SECONDS)
    assert twilio.taken == [(PHONE, VOSS.text)]
    assert texts.standing == SenderStatus(waiting=0, sent=1, lost=2)
    assert told == ["lost", "lost", "sent"]
    assert "a text message is lost: Twilio's error 21614" in caplog.text
    assert "a text message is lost: RuntimeError" in caplog.text
    privacy.check(caplog.text)


def test_at_the_end_what_still_waits_is_lost_and_so_is_what_comes_later() -> None:
    twilio = Twilio()
    texts = TextMessages(twilio.send)
    texts(CALL, PHONE, BERGEN)
    assert twilio.busy.wait(SECONDS)
    texts(OTHER, PHONE, BERGEN)
    texts.close(0)
    texts(OTHER, PHONE, VOSS)
    assert texts.standing == SenderStatus(waiting=1, sent=0, lost=2)
    twilio.open.set()
    texts.close(SECONDS)
    assert texts.standing == SenderStatus(waiting=0, sent=1, lost=2)


def test_the_end_without_any_message_is_no_trouble(twilio: Twilio) -> None:
    texts = TextMessages(twilio.send)
    texts.close()
    texts.close()
    assert texts.standing == SenderStatus(waiting=0, sent=0, lost=0)
