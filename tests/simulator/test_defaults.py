"""A wrong attribute: the message names what is used in its place."""

import pytest

from tests.simulator.webhook import call, webhook


@pytest.mark.parametrize(
    ("document", "used"),
    [
        ('<Gather numDigits=" 1 "/>', "numDigits=' 1 ' of <Gather> must be a whole number from 1; no limit is used"),
        ('<Gather numDigits="0"/>', "no limit is used"),
        ('<Gather speechTimeout="x"/>', "the value of timeout is used"),
        ('<Gather timeout="x"/>', "'5' is used"),
        ('<Gather maxSpeechTime="99"/>', "must be at most 60; '60' is used"),
        ('<Gather speechModel="x"/>', "the default is used"),
        ('<Record maxLength="x"/>', "'3600' is used"),
        ('<Redirect method="PUT">/voice</Redirect>', "'POST' is used"),
    ],
)
def test_a_wrong_attribute_names_what_is_used_in_its_place(document: str, used: str) -> None:
    messages = [event["message"] for event in call(webhook(voice=document)).events("warning")]
    assert used in messages[0]
