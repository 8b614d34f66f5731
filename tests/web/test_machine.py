"""A thousand calls that nobody thought of, each a run of a state machine over the whole service.

Whatever comes in whatever order (keys, silence, ends of legs, a caller who hangs up, duplicates, old requests,
callbacks of calls that are long over, a reload, hours that pass), every answer is one that a caller can go on from.
"""

from datetime import timedelta
from urllib.parse import urldefrag
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from werkzeug.test import TestResponse

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import Edition, create_app, load_edition
from ivr.line.service.settings import Settings
from tests.conftest import EVENING
from tests.web.signed import SignedLine, heard

CLOCK = ManualClock(EVENING)
OLD: Edition = load_edition(Settings(), CLOCK)
DIALABLE = {centre.number.e164 for centre in OLD.engine.directory.centres.values()}
LINES = [
    SignedLine(create_app(Settings(), clock=CLOCK, sink=lambda *_: None, editions=editions))
    for editions in ([OLD], [load_edition(Settings(), CLOCK), OLD])
]
KEYS = st.one_of(
    st.sampled_from([*"1234*#", "5003", "0301", "*0", "*9", "9", "0", "55568700", "23724#"]),
    st.text("0123456789*#", min_size=1, max_size=8),
)
OUTCOMES = st.sampled_from(["busy", "no-answer", "failed", "canceled", "completed", "answered", ""])
RED = ("Legg på og ring en, en, tre nå.", "Hang up and dial one, one, three now.")


class Calls(RuleBasedStateMachine):
    """One call at a time; `asked` holds every request that Twilio may send again."""

    asked = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.line = LINES[0]
        self.last: TestResponse | None = None
        self.document: ET.Element = ET.Element("Response")
        self.said: dict[str, str] = {}
        self.over = False
        self.gone = False  # the caller hung up

    def _ask(self, target: str, fields: dict[str, str]) -> tuple[str, dict[str, str]]:
        self.said = fields
        self.last = self.line.post(target, self.line.fields(**fields))
        assert self.last.status_code == 200
        assert self.last.content_type == "text/xml; charset=utf-8"
        self.document = ET.fromstring(self.last.data)  # noqa: S314 - our own bytes
        self.over = self.document[-1].tag == "Hangup"
        return target, fields

    def _next(self) -> str:
        urls = (verb.get("action") or _url(verb) for verb in self.document)
        return next(urldefrag(url).url for url in urls if url)

    @initialize(target=asked, caller=st.sampled_from(["+4791234567", "+4755123456", "+4684000", "anonymous", ""]))
    def arrives(self, caller: str) -> tuple[str, dict[str, str]]:
        return self._ask("/voice", {"From": caller})

    @precondition(lambda self: not self.over and _listens(self.document))
    @rule(target=asked, keys=KEYS)
    def presses(self, keys: str) -> tuple[str, dict[str, str]]:
        gather = self.document.find("Gather")
        one_key = gather is not None and gather.get("numDigits") == "1"
        found = self._ask(self._next(), {"Digits": keys})
        if keys == "9" if one_key else keys.endswith("*9"):
            assert heard(self.last).startswith(RED)  # type: ignore[arg-type]
        return found

    @precondition(lambda self: not self.over and _listens(self.document))
    @rule(target=asked)
    def is_silent(self) -> tuple[str, dict[str, str]]:
        return self._ask(self._next(), {"Digits": ""})

    @precondition(lambda self: not self.over and self.document[-1].tag == "Dial")
    @rule(target=asked, outcome=OUTCOMES, seconds=st.integers(0, 7200))
    def leg_ends(self, outcome: str, seconds: int) -> tuple[str, dict[str, str]]:
        return self._ask(self._next(), {"DialCallStatus": outcome, "DialCallDuration": str(seconds)})

    @precondition(lambda self: not self.over and self.document[-1].tag == "Redirect" and not _listens(self.document))
    @rule(target=asked)
    def is_redirected(self) -> tuple[str, dict[str, str]]:
        return self._ask(self._next(), {})

    @precondition(lambda self: not self.over)
    @rule()
    def hangs_up(self) -> None:
        """Twilio asks for a ringing leg's action once more, with nobody on the line, and then calls back."""
        if self.document[-1].tag == "Dial":
            self._ask(self._next(), {"CallStatus": "completed", "DialCallStatus": "canceled"})
        assert self.line.post("/voice/status", self.line.fields(CallStatus="completed")).status_code == 204
        self.over = self.gone = True

    @rule(request=asked)
    def sent_twice(self, request: tuple[str, dict[str, str]]) -> None:
        """Twilio asks again, now or much later; the answer is the same as long as no time has passed."""
        target, fields = request
        first, second = (self.line.post(target, self.line.fields(**fields)) for _ in range(2))
        assert first.status_code == 200
        assert first.data == second.data

    @rule(status=st.sampled_from(["completed", "busy", "failed", "no-answer", "canceled", "ringing", "strange"]))
    def a_callback_comes(self, status: str) -> None:
        assert self.line.post("/voice/status", self.line.fields(CallStatus=status)).status_code == 204

    @rule()
    def the_service_is_reloaded(self) -> None:
        self.line = LINES[1 - LINES.index(self.line)]

    @rule(minutes=st.integers(1, 24 * 60))
    def time_passes(self, minutes: int) -> None:
        CLOCK.advance(timedelta(minutes=minutes).total_seconds())

    @invariant()
    def the_caller_has_a_way_on(self) -> None:
        if self.last is not None and not self.over:
            assert self.document[-1].tag in ("Redirect", "Dial")
            assert "{" not in heard(self.last)

    @invariant()
    def only_the_end_of_a_talk_hangs_up(self) -> None:
        if self.over and not self.gone and self.last is not None:
            assert self.said.get("DialCallStatus") in ("completed", "answered")

    @invariant()
    def only_numbers_of_the_directory_are_dialled(self) -> None:
        assert {number.text for number in self.document.iter("Number")} <= DIALABLE


def _listens(document: ET.Element) -> bool:
    return document.find("Gather") is not None


def _url(verb: ET.Element) -> str | None:
    return verb.text if verb.tag == "Redirect" else None


pytestmark = [pytest.mark.longest, pytest.mark.unmeasured]  # the other tests of this folder run through every branch
TestCalls = Calls.TestCase
TestCalls.settings = settings(
    max_examples=1000,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
