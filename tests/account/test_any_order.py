"""Any acts in any order: nothing breaks, every call ends, nobody is left in a queue or a conference, and the same acts
make the same bytes."""

import random
import re
from contextlib import suppress

import pytest
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from ivr.base.errors import SimulatorError
from ivr.simulator import Account, Leg
from tests.library.apps import Documents

LINE, AGENTS, ROOM, DESK, RELAY = (f"+472100000{number}" for number in range(5))
PHONES = [f"+479000000{number}" for number in range(3)]
BASE = "http://127.0.0.1:5000"
TOLD = (
    'record="record-from-start" recordingStatusCallback="/told" '
    'statusCallback="/told" statusCallbackEvent="start end join leave mute hold modify announcement"'
)
DOCUMENTS = {
    "voice": '<Enqueue action="/after" waitUrl="/wait">support</Enqueue>',
    "agent": '<Dial action="/after" timeout="30"><Queue url="/about">support</Queue></Dial>',
    "room": f'<Dial action="/after" hangupOnStar="true"><Conference waitUrl="/wait" {TOLD}>Room</Conference></Dial>',
    "desk": f'<Dial timeout="20"><Number url="/whisper">{PHONES[0]}</Number><Number>{PHONES[1]}</Number></Dial>',
    "relay": f"<Say>One moment.</Say><Dial>{DESK}</Dial>",
    "whisper": '<Gather numDigits="1" timeout="9"><Say>Press 1.</Say></Gather><Hangup/>',
    "about": "<Say>This call is recorded.</Say>",
    "wait": '<Say>You wait.</Say><Gather timeout="3"/><Pause length="5"/>',
    "after": "<Say>Goodbye.</Say>",
    "told": "",
    "end": f'<Dial timeout="10">{PHONES[2]}</Dial>',
}


class Play:
    """One account, and chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a test's
        self.account = Account(legs={"*": Leg.answer(2, talk=15)}, seed=seed, allow_errors=True)
        app = Documents(**DOCUMENTS)
        for number, path in zip(
            (LINE, AGENTS, ROOM, DESK, RELAY), ("voice", "agent", "room", "desk", "relay"), strict=True
        ):
            self.account.number(number, voice=app, path=f"/{path}", status_callback="/told")
        self.phones = [self.account.phone(number) for number in PHONES]
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    def act(self) -> None:
        act = self.chance.choice(
            (
                self.call,
                self.call,
                self.place,
                self.phone,
                self.line,
                self.line,
                self.update,
                self.rooms,
                self.tapes,
            )
        )
        with suppress(SimulatorError, TwilioException):  # too late, or not now: it is refused
            act()
        self.account.wait(self.chance.choice((0, 0, 0.2, 1.5, 4, 20)))

    def call(self) -> None:
        self.account.call(
            f"+4791{self.chance.randrange(10**6):06}", self.chance.choice((LINE, AGENTS, ROOM, DESK, RELAY))
        )

    def place(self) -> None:
        to = self.chance.choice((*PHONES, LINE, ROOM, "+4755568700"))
        options = self.chance.choice(({}, {"machine_detection": "Enable"}, {"time_limit": 20}))
        self.client.calls.create(to=to, from_=LINE, url=f"{BASE}/{self.chance.choice(list(DOCUMENTS))}", **options)

    def phone(self) -> None:
        phone = self.chance.choice(self.phones)
        if phone.is_ringing:
            self.chance.choice((phone.answer, phone.decline))()
        elif phone.is_talking:
            self.chance.choice((phone.hang_up, lambda: phone.press("1")))()

    def line(self) -> None:
        live = [call for call in self.account.calls if call.ended is None]
        if live:
            call = self.chance.choice(live)
            self.chance.choice((call.hang_up, lambda: call.press_now("*"), lambda: call.press_now("1")))()

    def update(self) -> None:
        calls = self.client.calls.list(limit=8)
        if calls:
            call = self.chance.choice(calls)
            changes = (
                {"status": "completed"},
                {"status": "canceled"},
                {"url": f"{BASE}/{self.chance.choice(list(DOCUMENTS))}"},
            )
            self.client.calls(call.sid).update(**self.chance.choice(changes))

    def tapes(self) -> None:
        live = [call for call in self.account.calls if call.ended is None]
        if live:
            recordings = self.client.calls(self.chance.choice(live).sid).recordings
            if self.chance.random() < 0.5:
                recordings.create(recording_status_callback=f"{BASE}/told", recording_channels="dual")
            else:
                status = self.chance.choice(("paused", "in-progress", "stopped"))
                recordings("Twilio.CURRENT").update(
                    status=status, pause_behavior=self.chance.choice(("skip", "silence"))
                )

    def rooms(self) -> None:
        for queue in self.client.queues.list():
            if self.chance.random() < 0.3:
                queue.members("Front").update(url=f"{BASE}/end")
        for room in self.client.conferences.list(status="in-progress"):
            for each in room.participants.list():
                participant = room.participants(each.call_sid)
                change = self.chance.choice(
                    (
                        {"muted": True},
                        {"hold": True, "hold_url": f"{BASE}/wait"},
                        {"hold": False},
                        {"announce_url": f"{BASE}/about"},
                        {"end_conference_on_exit": True},
                        None,
                    )
                )
                _ = participant.delete() if change is None else participant.update(**change)
            if self.chance.random() < 0.1:
                room.update(status="completed")


def _traces(seed: int) -> str:
    play = Play(seed)
    for _ in range(40):
        play.act()
    account = play.account
    account.close()
    assert [call for call in account.calls if call.ended is None] == []
    assert all(not queue.waiters and not queue.agents for queue in account.queues.values())
    assert all(room.is_over and not room.participants for room in account.conferences.values())
    assert not any(phone.is_busy for phone in play.phones)
    for tape in play.client.recordings.list():
        file = account.rest.request("GET", str(tape.media_url), params={"RequestedChannels": 1}).content
        assert tape.status == "completed"
        assert abs((len(file) - 44) / 16_000 - int(str(tape.duration))) <= 0.5001  # half a second of rounding
    for call in account.calls:
        times = [event["t"] for event in call.trace]
        assert times == sorted(times)
    return re.sub(r'"ms":[0-9.e-]+', '"ms":0', account.traces)


@pytest.mark.parametrize("seed", range(12))
def test_any_acts_in_any_order_end_well_and_make_the_same_bytes(seed: int) -> None:
    assert _traces(seed) == _traces(seed)
