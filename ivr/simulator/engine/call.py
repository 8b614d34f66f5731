"""The state of one call, and the few things every verb needs: time, the trace, sids, waiting.

No I/O: whoever drives it (`ivr.simulator.session`) passes time and sends requests. No verb is known here.
"""

import math
import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from ivr.simulator.engine.cache import HttpCache
from ivr.simulator.engine.call_updates import broken_off
from ivr.simulator.engine.cookies import CookieJar
from ivr.simulator.engine.delayed_callbacks import DelayedCallbacks
from ivr.simulator.engine.effects import CallUpdate, FarAct, Happened, Input, Key, Pass, Speech, Steps, Wake
from ivr.simulator.engine.faults import Mishaps
from ivr.simulator.engine.line import FAR_KEY_GAP, NOTHING, AlarmError, CallOverError, Hears, LegOverError, Line
from ivr.simulator.engine.logins import Logins
from ivr.simulator.plan import CallPlan, HangUp
from ivr.simulator.public_urls import origins_of, published
from ivr.simulator.trace import Trace
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import origins

if TYPE_CHECKING:
    from ivr.simulator.engine.legs import FarEnd
    from ivr.simulator.engine.live_stream import LiveStream
    from ivr.simulator.engine.live_transcription import LiveTranscription
    from ivr.simulator.engine.recordings import Recording
    from ivr.simulator.engine.shared import SharedState
    from ivr.simulator.engine.tracks import Sounding

_VERSION_4 = 0x4 << 76 | 0x2 << 62  # version and variant; the other bits are random
_RANDOM_BITS = (1 << 128) - 1 ^ 0xF << 76 ^ 0x3 << 62
LONGEST_CALL = 14_400.0  # four hours (T:dial timeLimit, and the limit of a call)


class RunningCall:
    """`now`: seconds of call time. `answered_at`: None until the call is picked up.

    `longest`: the call time at which the call is over. `alarm`: the moment at which whatever is under way is broken
    off: somebody has come whom the caller waits for.
    """

    def __init__(self, plan: CallPlan, trace: Trace, shared: "SharedState | None" = None) -> None:
        self.shared = shared  # with the other calls of an account; None where there are none
        plan = self.plan = _published(plan)
        self.trace = trace
        self.now = 0.0
        self.alarm = math.inf
        self.answered_at: float | None = None
        self.answered_by = ""  # once a machine was looked for
        self.longest = LONGEST_CALL
        self.cookies = CookieJar()
        self.cache = HttpCache()
        self.logins = Logins()
        self.requests = 0
        self.documents_in_a_row = 0
        self.last_document_at = -1.0
        self.mishaps = Mishaps(plan.faults)
        self.delayed = DelayedCallbacks()
        self.far_ends: list[FarEnd] = []  # every leg that was dialled, in order
        self.streams: list[LiveStream] = []  # those that are open
        self.all_streams: list[LiveStream] = []
        self.placed_streams: list[LiveStream] = []  # those that REST has begun
        self.transcriptions: list[LiveTranscription] = []
        self.speeches: list[tuple[float, str]] = []  # what the caller has said, and from when on
        self.tapes: list[Recording] = []  # those that were begun over REST
        self.sounding: Sounding | None = None  # what the caller hears, None for silence
        self.origins = _known_origins(plan) if plan.origins is None else plan.origins
        origin = f"{plan.seed or 0}/{plan.number or 1}/{plan.name}"  # docs/simulator.md: Sids
        self._random = random.Random(origin)  # noqa: S311 - sids that are the same every time, not secrets
        self.line = self._first_line(plan)
        if plan.continued is not None:
            self.answered_at = -plan.continued.answered

    def _first_line(self, plan: CallPlan) -> Line:
        if plan.continued is not None:
            return Line(plan.continued.sid, plan.from_, plan.to, "outbound-dial", "in-progress")
        direction, status = ("outbound-api", "queued") if plan.placed else ("inbound", "ringing")
        return Line(self.new_sid("CA"), plan.from_, plan.to, direction, status)

    def new_sid(self, prefix: str) -> str:
        return f"{prefix}{self._random.getrandbits(128):032x}"

    def sid_of(self, prefix: str, name: str) -> str:
        """The sid of something that the account has by this name, such as a queue: the same in all its calls."""
        return f"{prefix}{sha256(f'{self.plan.account_sid}/{name}'.encode()).hexdigest()[:32]}"

    def new_token(self) -> str:
        """A UUID of random bits (RFC 9562, version 4)."""
        text = f"{self._random.getrandbits(128) & _RANDOM_BITS | _VERSION_4:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    @property
    def moment(self) -> datetime:
        """What the clock shows at this second of the call."""
        return self.plan.started + timedelta(seconds=self.now)

    @property
    def seconds_answered(self) -> int:
        """Whole seconds since the call was picked up, as CallDuration counts them."""
        return 0 if self.answered_at is None else int(self.now - self.answered_at + 0.5)

    def answer(self) -> None:
        """Pick up, if that has not happened yet."""
        if self.answered_at is None:
            self.answered_at = self.now
            self.move_to("in-progress")

    def move_to(self, status: str) -> None:
        self.line.status = status
        self.trace.add(self.now, "status", status=status)

    def report(self, issue: Issue, request: int) -> None:
        place = {"line": issue.line, "column": issue.column, "request": request}
        self.trace.add(self.now, issue.level, code=issue.code, message=issue.message, **place)

    def wait(self, line: Line, until: float, hears: Hears = NOTHING, *, wakes: bool = False) -> Steps[Input | None]:
        """What the one on `line` does before `until`, or None when that moment has come.

        Keys that nothing listens to are recorded and lost. Raises CallOverError when the caller hangs up or the
        call has lasted as long as a call may, AlarmError when the alarm's moment has come, and
        RedirectedError when an order from outside sends it elsewhere. LegOverError when the far end on `line` leaves.
        `wakes`: return None early when a person at a far end does something, for its plan is another one then.
        """
        while True:
            far_key = line.next_key(self.now, hears) if line.keys else None
            deadline = min(until, self.longest, self.alarm, line.leaves_at, far_key[0] if far_key else math.inf)
            ears = hears if line.is_caller else NOTHING
            what = yield from self._pass(deadline, ears)
            match what:
                case None:
                    self._raise_if_over(line)
                    return None if far_key is None else self._far_key(line, far_key)
                case HangUp():
                    raise CallOverError("completed" if self.answered_at is not None else "no-answer", "hangup")
                case Key(digit):
                    heard = digit in ears.keys
                    self.trace.add(self.now, "key", digit=digit, heard=heard)
                    yield from self._stream(digit=digit)
                    if heard:
                        return what
                case FarAct() | Wake():
                    if wakes:
                        return None
                case speech if ears.speech:
                    return speech
                case _:
                    pass  # speech that nothing listens to

    def _raise_if_over(self, line: Line) -> None:
        if self.now >= self.longest:
            raise CallOverError("completed" if self.answered_at is not None else "no-answer", "limit")
        if self.now >= self.alarm:
            raise AlarmError
        if self.now >= line.leaves_at:
            raise LegOverError

    def _far_key(self, line: Line, key: tuple[float, Key]) -> Key | None:
        """The key of a person at the far end, if its moment has come."""
        if self.now < key[0]:
            return None
        line.keys, line.next_key_at = line.keys[1:], self.now + FAR_KEY_GAP
        self.trace.add(self.now, "key", digit=key[1].digit, heard=True, **line.mark)
        return key[1]

    def _act(self, what: FarAct) -> None:
        for far in self.far_ends:
            if far.line.sid == what.sid:
                far.act(self.now, what)

    def _pass(self, until: float, ears: Hears) -> Steps[Input | FarAct | Wake | None]:
        """What the caller does before `until`. What comes late is done on the way; an order breaks off everything."""
        while True:
            deadline = min(until, self.delayed.due)
            if self.streams:
                deadline = min(deadline, self.now + min(stream.turn for stream in self.streams))
            happened = yield Pass(deadline, bool(ears.keys) and ears.asks, ears.speech, ears.speaks)
            assert isinstance(happened, Happened)  # noqa: S101 - the driver's side of the protocol
            self.now = max(self.now, happened.at)
            if self.streams:
                yield from self._stream(speaks=ears.speaks)
            if self.delayed.due <= self.now:
                yield from self.delayed.catch_up(self.now)
            what = happened.what
            if what is None:
                if self.now >= until:
                    return None
                continue
            if isinstance(what, Speech):
                self.speeches.append((self.now, what.text))
                self.transcribe("inbound_track", what.text)
            if isinstance(what, CallUpdate):
                raise broken_off(what)
            if isinstance(what, FarAct):
                self._act(what)
            return what

    def transcribe(self, track: str, text: str) -> None:
        """Words on the caller's line, for whoever is told of them."""
        for each in self.transcriptions:
            each.heard(track, text)

    def _stream(self, *, speaks: bool = False, digit: str = "") -> Steps[None]:
        """Let the streams have the time that has passed, or a key."""
        for stream in tuple(self.streams):
            if digit:
                stream.pressed(digit)
            yield from stream.advance(speaks)


def _known_origins(plan: CallPlan) -> frozenset[str]:
    """Those of the plan's own URLs."""
    named = (plan.url, plan.fallback_url, plan.status_callback, *plan.allow_origins)
    return _origins(named) | origins_of(plan.delivery.public_urls)


@lru_cache(maxsize=64)  # the calls of a run have the same
def _origins(urls: tuple[str | None, ...]) -> frozenset[str]:
    return origins(urls)


def _published(plan: CallPlan) -> CallPlan:
    """The plan with its URLs as they are known in public."""
    if not plan.delivery.public_urls:
        return plan
    named = (plan.url, plan.fallback_url, plan.status_callback)
    url, fallback, status = (each and published(each, plan.delivery.public_urls) for each in named)
    return replace(plan, url=url or "", fallback_url=fallback, status_callback=status)
