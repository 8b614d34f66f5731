"""Several calls of one account, each with a program of its own on a real WebSocket."""

from pathlib import Path

import pytest

from ivr.simulator import Account
from tests.library.apps import Documents
from tests.media.bot import connect, running
from tests.media.hearing import audio_of, keys_in
from tests.simulator.test_tls import OPENSSL, certificate


def test_two_callers_of_an_account_have_a_stream_each() -> None:
    with running() as one, running() as other:
        account = Account()
        account.number("+4721000001", voice=connect(one))
        account.number("+4721000002", voice=connect(other))
        first = account.call("+4791234567", "+4721000001")
        second = account.call("+4791234568", "+4721000002")
        first.press("1")
        account.wait(0.5)
        second.press("2")
        account.wait(1)
        account.close()
    assert [each["dtmf"]["digit"] for each in one.events("dtmf")] == ["1"]
    assert [each["dtmf"]["digit"] for each in other.events("dtmf")] == ["2"]
    assert one.heard[1]["start"]["callSid"] == first.sid != second.sid == other.heard[1]["start"]["callSid"]


def test_a_program_listens_while_two_people_of_an_account_talk() -> None:
    with running() as ear:
        voice = f'<Start><Stream url="{ear.url()}"/></Start><Dial hangupOnStar="true">+4790000001</Dial><Pause/>'
        account = Account()
        account.number("+4721000000", voice=Documents(voice=voice))
        nurse = account.phone("+4790000001")
        caller = account.call("+4791234567", "+4721000000")
        nurse.answer()
        account.wait(2)
        caller.press_now("*")
        account.run()
        account.close()
    assert keys_in(audio_of(ear.heard, "inbound")) == "*"
    assert ear.heard[-1]["event"] == "stop"


@pytest.mark.skipif(OPENSSL is None, reason="needs openssl, to make certificates")
def test_a_stream_of_an_account_trusts_the_certificate_that_is_named(tmp_path: Path) -> None:
    both = certificate(tmp_path / "tls", "DNS:localhost")
    for cafile, warnings in ((both, []), (None, [31910])):
        with running(certificate=both) as bot:
            account = Account(cafile=cafile)
            voice = f'<Start><Stream url="wss://localhost:{bot.port}/"/></Start><Pause length="1"/>'
            account.number("+4721000000", voice=Documents(voice=voice))
            caller = account.call("+4791234567", "+4721000000")
            account.run()
            assert caller.warnings == warnings
            if cafile:
                bot.ended.wait(5)
        assert len(bot.events("media")) == (50 if cafile else 0)
