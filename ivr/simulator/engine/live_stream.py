"""A Media Stream under way: the call's audio out to the application, and with <Connect> its audio in. T:media-streams.

Every 20 ms of call time is one `media` message for each track, sent in groups of TURN. What the track sounds like
stands in `tracks`. What the application sends is played frame by frame; a mark is told when it was reached. `dtmf` is
told on a bidirectional stream alone, where the key is not in the audio; on the others the key sounds, and nothing is
told (T:media-streams: DTMF is for bidirectional streams; that it sounds is ours).
"""

from collections.abc import Sequence

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.effects import SocketHeard, Steps, UseSocket
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.params import iso_timestamp
from ivr.simulator.engine.sockets import SocketProblem, open_socket
from ivr.simulator.engine.tracks import Tracks
from ivr.simulator.media.playback import Playback
from ivr.simulator.media.stream_messages import (
    MOST_WRONG,
    AppClear,
    AppMark,
    AppMedia,
    MessageError,
    StreamMessages,
    read_message,
)
from ivr.simulator.media.ulaw import FRAME_SECONDS
from ivr.simulator.trace import Event
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.twiml.stream import Stream

BAD_MESSAGE = 31951
# How a socket was closed that the application has not closed as it should. A clean close is how it ends a stream.
CLOSED = {"broken": 31903, "closed": 31921, "wrong": 31924}
TURN = 0.1  # seconds of call time between two exchanges with the application
IDLE_TURN = 1.0  # the same, once nobody has done anything for IDLE_AFTER
IDLE_AFTER = 10.0
MOST_STREAMS = 4  # of one call at a time (T:media-streams)
_MOST_MARKS = 10_000  # of one stream (ours)
_MOST_EXCHANGES = 20  # in one turn: marks and clears that answer each other


def one_too_many(name: str, streams: Sequence["LiveStream"]) -> str:
    """Why no stream of this name can begin beside these; "" when it can."""
    if name and any(stream.noun.name == name for stream in streams):
        return f"the call has a stream {name!r} already"
    return f"the call has {MOST_STREAMS} streams already" if len(streams) >= MOST_STREAMS else ""


class LiveStream:
    """`is_open`: messages are exchanged. `is_over`: it has ended, could not begin, or is to end at once.

    `playback`: what the application sends to the caller."""

    def __init__(self, call: RunningCall, base: str, noun: Stream, *, both_ways: bool) -> None:
        self.call = call
        self.noun = noun
        self.sid = call.new_sid("MZ")
        self.both_ways = both_ways
        self.is_open = False
        self.is_over = False
        self.playback = Playback()
        self._base = base
        self._messages = StreamMessages(self.sid, call.line.sid, call.plan.account_sid)
        self._outbox: list[str] = []
        self._began = call.now
        self._frames = 0  # that were sent
        self._busy_at = call.now  # when somebody last did something
        self._tracks = Tracks()
        self._calls_for_answer = True
        self._spoke = False
        self._wrong = 0  # messages of the application that were passed over
        self._marks = 0
        self._playing: Event | None = None
        self._silent_at = call.now  # when the last audio of the application was over

    @property
    def turn(self) -> float:
        """How long call time may pass without an exchange."""
        return IDLE_TURN if self.call.now - self._busy_at > IDLE_AFTER else TURN

    def open(self) -> Steps[bool]:
        """False when there is no stream; why is in the trace, and told."""
        call, noun = self.call, self.noun
        self._began = self._busy_at = self._silent_at = call.now
        problem: SocketProblem | None = SocketProblem(noun.code, noun.fault) if noun.fault else None
        if problem is None:
            problem = yield from open_socket(call, self.sid, self._base, noun.url)
        if problem is not None:
            yield from self._fail(*problem)
            return False
        self.is_open = True
        call.streams.append(self)
        call.all_streams.append(self)
        self._trace("started", url=noun.url, name=noun.name, tracks=list(noun.tracks), both_ways=self.both_ways)
        self._outbox += [self._messages.connected(), self._messages.start(noun.tracks, dict(noun.parameters))]
        yield from self._tell("stream-started")
        yield from self._exchange()
        return self.is_open

    def close(self) -> Steps[None]:
        """End the stream from Twilio's side."""
        if not self.is_open:
            return
        self._outbox.append(self._messages.stop())
        yield UseSocket(self.sid, tuple(self._outbox), closes=True)
        yield from self._ended()

    def pressed(self, digit: str) -> None:
        """The caller has pressed a key."""
        self._busy_at = self.call.now
        if self.both_ways:
            self._outbox.append(self._messages.dtmf(digit))
            self._calls_for_answer = True
        else:
            self._tracks.press(digit)

    def advance(self, speaks: bool) -> Steps[None]:
        """Call time has passed: send what was to be heard meanwhile, and take what has come."""
        if not self.is_open:
            return
        call = self.call
        if speaks:
            self._busy_at = call.now
        self._calls_for_answer |= self._spoke and not speaks
        self._spoke = speaks
        while self._began + (self._frames + 1) * FRAME_SECONDS <= call.now + 1e-9:
            at = round(self._frames * FRAME_SECONDS * 1000)
            began = self._began + at / 1000
            for track, audio in self._tracks.frame(self.noun.tracks, speaks, call.sounding, began):
                self._outbox.append(self._messages.media(track, at, audio))
            self._play_frame()
            self._frames += 1
        if self._outbox:
            yield from self._exchange()
        self._note_playing()

    def _play_frame(self) -> None:
        if not self.both_ways:
            return
        if self.playback.next_frame():
            self._busy_at = self.call.now
            self._silent_at = self._began + (self._frames + 1) * FRAME_SECONDS
        self._tell_marks(self.playback.reached(), cleared=False)

    def _note_playing(self) -> None:
        """The trace tells from when to when the application's audio is heard without a gap."""
        playing, call = self.playback.is_playing, self.call
        if playing and self._playing is None:
            self._playing = call.trace.begin(
                call.now, "stream_audio", {"stream": self.sid, "until": None, "cut": False}
            )
        elif not playing and self._playing is not None:
            call.trace.finish(self._playing, max(self._silent_at, self._playing["t"]))
            self._playing = None

    def _tell_marks(self, names: list[str], *, cleared: bool) -> None:
        for name in names:
            self.call.trace.add(self.call.now, "mark", stream=self.sid, name=name, cleared=cleared)
            self._outbox.append(self._messages.mark(name))
            self._calls_for_answer = True

    def _exchange(self) -> Steps[None]:
        for _ in range(_MOST_EXCHANGES):
            texts, self._outbox = tuple(self._outbox), []
            patient, self._calls_for_answer = self._calls_for_answer, False
            heard = yield UseSocket(self.sid, texts, patient=patient)
            assert isinstance(heard, SocketHeard)  # noqa: S101 - the driver's side of the protocol
            for text in heard.texts:
                self._take(text)
            if heard.closed:
                yield from self._lost(heard)
                return
            if self._wrong > MOST_WRONG:
                yield UseSocket(self.sid, closes=True)
                yield from self._lost(
                    SocketHeard((), f"more than {MOST_WRONG} messages were wrong (our bound)", "wrong")
                )
                return
            if not self._outbox:
                return

    def _take(self, text: str) -> None:
        self._busy_at = self.call.now
        try:
            message = read_message(text, self.sid)
            if not self.both_ways:
                raise MessageError("a stream that <Start> began takes no messages (only one that <Connect> began does)")
            if isinstance(message, AppMedia) and not self.playback.has_room(message.audio):
                raise MessageError("more than ten minutes of audio wait to be played (our bound)")
            if isinstance(message, AppMark) and self._marks == _MOST_MARKS:
                raise MessageError(f"more than {_MOST_MARKS} marks in one stream (our bound)")
        except MessageError as error:
            self._wrong += 1
            if self._wrong == 1:  # once for each stream (T:31951)
                self._report(BAD_MESSAGE, f"{error}; the message is passed over", "warning")
            return
        match message:
            case AppMedia(audio):
                self.playback.add(audio)
            case AppMark(name):
                self._marks += 1
                self.playback.mark(name)
                self._tell_marks(self.playback.reached(), cleared=False)
            case AppClear():
                self._clear()
        self._note_playing()

    def _clear(self) -> None:
        call = self.call
        call.trace.add(call.now, "clear", stream=self.sid)
        names = self.playback.clear()
        self._cut()
        self._tell_marks(names, cleared=True)

    def _cut(self) -> None:
        if self._playing is not None:
            self._playing["cut"] = True
            self.call.trace.finish(self._playing, self.call.now)
            self._playing = None

    def _lost(self, heard: SocketHeard) -> Steps[None]:
        """The application has closed the socket, which is how it ends a stream, or the socket is broken."""
        if heard.how in CLOSED:
            self._report(CLOSED[heard.how], heard.closed)
            yield from self._tell("stream-error", heard.closed)
        yield from self._ended()

    def _ended(self) -> Steps[None]:
        self.is_open, self.is_over = False, True
        self.call.streams.remove(self)
        was_playing = self.playback.is_playing
        self.playback.clear()
        if not was_playing:
            self._note_playing()
        self._cut()
        self._trace("stopped")
        yield from self._tell("stream-stopped")

    def _fail(self, code: int, message: str) -> Steps[None]:
        self.is_over = True
        self._report(code, message)
        self._trace("error", message=message)
        yield from self._tell("stream-error", message)

    def _report(self, code: int, message: str, level: str = "error") -> None:
        noun = self.noun
        self.call.report(Issue(code, f"<Stream>: {message}", noun.line, noun.column, level), self.call.requests)

    def _trace(self, status: str, **fields: object) -> None:
        self.call.trace.add(self.call.now, "stream", sid=self.sid, status=status, **fields)

    def _tell(self, event: str, error: str = "") -> Steps[None]:
        """T:stream statusCallback."""
        noun, call = self.noun, self.call
        if noun.status_callback is None:
            return
        params: Params = (
            ("AccountSid", call.plan.account_sid),
            ("CallSid", call.line.sid),
            ("StreamSid", self.sid),
            *((("StreamName", noun.name),) if noun.name else ()),
            ("StreamEvent", event),
            *((("StreamError", error),) if error else ()),
            iso_timestamp(call),
        )
        yield from tell(call, Callback(self._base, noun.status_callback, noun.status_method), params)
