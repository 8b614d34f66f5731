"""Conferences of real calls: who starts and who ends them, what is told in which order, and participants over REST."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import Account
from ivr.simulator.account.account_call import AccountCall
from tests.library.apps import Documents

LINE, MODERATORS, AGENT = "+4721000000", "+4722000000", "+4790000009"
BASE = "http://127.0.0.1:5000"
EVENTS = "start end join leave mute hold modify announcement"


def _room(attributes: str = "") -> str:
    told = f'statusCallback="/told" statusCallbackEvent="{EVENTS}"'
    return f'<Dial action="/after"><Conference waitUrl="/wait" {told} {attributes}>Room</Conference></Dial>'


class Bridge:
    """An account with a number that leads into the conference, and one for moderators."""

    def __init__(self, **documents: str) -> None:
        known = {
            "voice": _room(),
            "moderator": _room('endConferenceOnExit="true"'),
            "wait": '<Say>Please wait.</Say><Pause length="20"/>',
            "hold": '<Say>You are on hold.</Say><Pause length="10"/>',
            "announcement": "<Say>One minute left.</Say>",
            "after": "<Say>The conference is over.</Say>",
            "told": "",
        }
        self.app = Documents(**(known | documents))
        self.account = Account()
        self.account.number(LINE, voice=self.app)
        self.account.number(MODERATORS, voice=self.app, path="/moderator")
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    def caller(self, number: int) -> AccountCall:
        return self.account.call(f"+479000000{number}", LINE)

    def moderator(self) -> AccountCall:
        return self.account.call(AGENT, MODERATORS)

    @property
    def told(self) -> list[dict[str, str]]:
        return [fields for path, fields in self.app.asked if path == "/told"]

    @property
    def events(self) -> list[str]:
        return [told["StatusCallbackEvent"] for told in self.told]

    def participants(self) -> Any:
        return self.client.conferences.list()[0].participants


def test_a_conference_starts_with_the_second_participant_and_ends_with_the_last() -> None:
    bridge = Bridge()
    first = bridge.caller(1)
    assert first.heard("please wait")
    assert bridge.account.conferences["Room"].status == "init"
    bridge.account.wait(5)
    second = bridge.caller(2)
    assert bridge.account.conferences["Room"].status == "in-progress"
    assert not second.heard("please wait")
    bridge.account.wait(60)
    first.hang_up()
    assert second.status == "in-progress"
    second.hang_up()
    assert bridge.events == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert [told["SequenceNumber"] for told in bridge.told] == ["1", "2", "3", "4", "5", "6"]
    assert bridge.told[0]["CallSid"] == first.sid
    assert bridge.told[3]["ReasonParticipantLeft"] == "participant_hung_up"
    end = bridge.told[-1]
    assert (end["ReasonConferenceEnded"], end["CallSidEndingConference"]) == ("last-participant-left", second.sid)
    assert len({told["ConferenceSid"] for told in bridge.told}) == 1


def test_those_who_wait_for_a_moderator_hear_the_wait_url_until_one_comes() -> None:
    bridge = Bridge(voice=_room('startConferenceOnEnter="false"'))
    first, second = bridge.caller(1), bridge.caller(2)
    bridge.account.wait(30)
    assert first.heard("please wait")
    assert second.heard("please wait")
    assert bridge.account.conferences["Room"].status == "init"
    bridge.moderator()
    assert bridge.account.conferences["Room"].status == "in-progress"
    assert first.leg("conference:Room").status == "in-progress"


def test_a_moderator_who_leaves_ends_it_for_all_and_their_calls_go_on() -> None:
    bridge = Bridge()
    callers = [bridge.caller(1), bridge.caller(2)]
    moderator = bridge.moderator()
    bridge.account.wait(10)
    moderator.hang_up()
    assert all(caller.heard("conference is over") for caller in callers)
    assert bridge.app.fields("/after")["DialCallStatus"] == "answered"
    assert bridge.events[-4:] == ["participant-leave", "conference-end", "participant-leave", "participant-leave"]
    assert bridge.told[-3]["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert bridge.told[-1]["ReasonParticipantLeft"] == "moderator_ended_conference"


def test_a_conference_of_the_same_name_begins_anew_when_the_first_is_over() -> None:
    bridge = Bridge()
    bridge.caller(1).hang_up()
    bridge.caller(2)
    rooms = bridge.client.conferences.list()
    assert [room.status for room in rooms] == ["init", "completed"]
    assert rooms[0].sid != rooms[1].sid
    assert [room.sid for room in bridge.client.conferences.list(status="completed")] == [rooms[1].sid]


def test_a_full_conference_takes_nobody() -> None:
    bridge = Bridge(voice=_room('maxParticipants="2"'))
    bridge.caller(1)
    bridge.caller(2)
    third = bridge.caller(3)
    assert third.warnings == [16020]
    assert bridge.app.fields("/after")["DialCallStatus"] == "failed"


def test_participants_are_muted_over_rest_and_nobody_hears_them() -> None:
    bridge = Bridge()
    first, second = bridge.caller(1), bridge.caller(2)
    room = bridge.account.conferences["Room"]
    one, two = room.participants
    assert room.heard_by(two) == [first.sid]
    bridge.participants()(first.sid).update(muted=True)
    assert room.heard_by(two) == []
    assert room.heard_by(one) == [second.sid]
    assert [each.call_sid for each in bridge.participants().list(muted=True)] == [first.sid]
    bridge.participants()(first.sid).update(muted=False)
    assert bridge.events[-2:] == ["participant-mute", "participant-unmute"]
    assert (bridge.told[-2]["Muted"], bridge.told[-2]["CallSid"]) == ("true", first.sid)


def test_a_participant_on_hold_hears_the_hold_url_and_comes_back() -> None:
    bridge = Bridge()
    first = bridge.caller(1)
    bridge.caller(2)
    room = bridge.account.conferences["Room"]
    bridge.participants()(first.sid).update(hold=True, hold_url=f"{BASE}/hold", hold_method="POST")
    assert first.heard("on hold")
    assert room.heard_by(room.participants[1]) == []
    bridge.account.wait(15)
    assert sum("on hold" in prompt for prompt in first.prompts) == 2
    bridge.participants()(first.sid).update(hold=False)
    bridge.account.wait(30)
    assert sum("on hold" in prompt for prompt in first.prompts) == 2
    assert bridge.events[-2:] == ["participant-hold", "participant-unhold"]


def test_an_announcement_is_heard_by_one_participant_or_by_all() -> None:
    bridge = Bridge()
    first, second = bridge.caller(1), bridge.caller(2)
    bridge.participants()(first.sid).update(announce_url=f"{BASE}/announcement")
    bridge.account.wait(5)
    assert first.heard("one minute left")
    assert not second.heard("one minute left")
    bridge.client.conferences.list()[0].update(announce_url=f"{BASE}/announcement")
    bridge.account.wait(5)
    assert second.heard("one minute left")
    assert bridge.events.count("announcement-end") == 3


@pytest.mark.parametrize("leaves", ["removed", "ended", "limit", "star"])
def test_an_announcement_is_broken_off_by_what_takes_the_participant_out(leaves: str) -> None:
    dial = _room().replace("<Dial", '<Dial timeLimit="20" hangupOnStar="true"')
    bridge = Bridge(announcement='<Say>One minute left.</Say><Pause length="60"/>', voice=dial)
    first, second = bridge.caller(1), bridge.caller(2)
    bridge.account.wait(10)
    bridge.participants()(first.sid).update(announce_url=f"{BASE}/announcement")
    bridge.account.wait(3)
    bridge.participants()(first.sid).update(muted=True)
    bridge.account.wait(1)
    assert first.heard("one minute left")
    assert not first.heard("the conference is over")
    if leaves == "removed":
        bridge.participants()(first.sid).delete()
    elif leaves == "ended":
        bridge.client.conferences.list()[0].update(status="completed")
    elif leaves == "star":
        first.press_now("*")
    bridge.account.wait(8 if leaves == "limit" else 2)
    assert first.heard("the conference is over")
    assert bridge.events.count("announcement-end") == 1
    assert bool(second.heard("the conference is over")) is (leaves in ("ended", "limit"))


def test_a_participant_is_removed_over_rest_and_its_call_goes_on() -> None:
    bridge = Bridge()
    first, second = bridge.caller(1), bridge.caller(2)
    bridge.participants()(first.sid).delete()
    assert first.heard("conference is over")
    assert second.status == "in-progress"
    assert bridge.told[-1]["ReasonParticipantLeft"] == "participant_updated_via_api"
    bridge.participants()(second.sid).delete()
    assert bridge.told[-1]["ReasonConferenceEnded"] == "last-participant-kicked"


def test_a_conference_is_ended_over_rest() -> None:
    bridge = Bridge()
    callers = [bridge.caller(1), bridge.caller(2)]
    room = bridge.client.conferences.list()[0]
    assert room.update(status="completed").status == "completed"
    assert all(caller.heard("conference is over") for caller in callers)
    assert bridge.told[-1]["ReasonConferenceEnded"] == "conference-ended-via-api"
    assert "CallSidEndingConference" not in bridge.told[-1]
    with pytest.raises(TwilioRestException) as refused:
        room.update(status="completed")
    assert refused.value.status == 400


def test_who_ends_the_conference_is_changed_over_rest() -> None:
    bridge = Bridge()
    first, second = bridge.caller(1), bridge.caller(2)
    bridge.participants()(first.sid).update(end_conference_on_exit=True)
    first.hang_up()
    assert second.heard("conference is over")
    assert "participant-modify" in bridge.events


def test_a_participant_is_called_into_the_conference_over_rest() -> None:
    bridge = Bridge()
    agent = bridge.account.phone(AGENT)
    caller = bridge.caller(1)
    made = bridge.participants().create(
        from_=LINE, to=AGENT, label="agent", end_conference_on_exit=True, status_callback=f"{BASE}/told"
    )
    assert (made.status, made.label) == ("queued", "agent")
    agent.answer()
    room = bridge.account.conferences["Room"]
    assert (room.status, [each.label for each in room.participants]) == ("in-progress", ["", "agent"])
    assert bridge.participants()("agent").fetch().call_sid == made.call_sid
    bridge.account.wait(10)
    agent.hang_up()
    assert caller.heard("conference is over")


def test_a_conference_that_is_not_there_yet_is_made_by_name() -> None:
    bridge = Bridge()
    agent = bridge.account.phone(AGENT)
    made = bridge.client.conferences("New & shiny").participants.create(from_=LINE, to=AGENT)
    agent.answer()
    room = bridge.account.conferences["New & shiny"]
    assert (room.sid, room.participants[0].call_sid) == (made.conference_sid, made.call_sid)


def test_a_coach_is_heard_by_the_one_who_is_coached_alone() -> None:
    bridge = Bridge()
    customer, agent = bridge.caller(1), bridge.caller(2)
    coach = bridge.caller(3)
    participants = bridge.participants()
    participants(coach.sid).update(coaching=True, call_sid_to_coach=agent.sid)
    room = bridge.account.conferences["Room"]
    heard = {each.call_sid: room.heard_by(each) for each in room.participants}
    assert heard[agent.sid] == [customer.sid, coach.sid]
    assert heard[customer.sid] == [agent.sid]
    assert heard[coach.sid] == [customer.sid, agent.sid]
    assert (bridge.told[-1]["Coaching"], bridge.told[-1]["CallSidToCoach"]) == ("true", agent.sid)
    with pytest.raises(TwilioRestException):
        participants(coach.sid).update(coaching=True, call_sid_to_coach="CA" + "0" * 32)


def test_a_participant_has_all_the_fields_of_twilios_schema() -> None:
    """twilio-oai, api.v2010.account.conference.participant and .conference."""
    bridge = Bridge()
    caller = bridge.caller(1)
    room = bridge.client.conferences.list()[0]
    participant = room.participants(caller.sid).fetch()
    assert (participant.status, participant.hold, participant.coaching) == ("connected", False, False)
    with pytest.raises(TwilioRestException) as refused:
        room.participants(caller.sid).update(beep_on_exit=True)
    assert refused.value.status == 501


def test_a_recorded_conference_tells_its_recording_when_it_ends() -> None:
    record = 'record="record-from-start" recordingStatusCallback="/recorded"'
    bridge = Bridge(voice=_room(record), recorded="")
    first, second = bridge.caller(1), bridge.caller(2)
    bridge.account.wait(30)
    first.hang_up()
    bridge.account.wait(12)
    second.hang_up()
    told = bridge.app.fields("/recorded")
    assert (told["RecordingStatus"], told["RecordingDuration"]) == ("completed", "42")
    assert told["ConferenceSid"] == bridge.told[0]["ConferenceSid"]


def test_a_caller_who_is_redirected_out_of_the_conference_leaves_it() -> None:
    bridge = Bridge(elsewhere="<Say>You are alone now.</Say>")
    first = bridge.caller(1)
    bridge.caller(2)
    bridge.client.calls(first.sid).update(url=f"{BASE}/elsewhere")
    assert first.heard("alone now")
    assert len(bridge.account.conferences["Room"].participants) == 1
