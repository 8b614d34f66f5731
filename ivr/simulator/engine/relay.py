"""A ConversationRelay under way: the caller's words and keys to the application as text, and its texts to the caller.

Source T:connect/conversationrelay and T:conversationrelay/websocket-messages. Words are a `prompt` when they are
spoken; nobody recognises them, they are the caller's own. Codes T:64102 (no connection), T:64105 (it ends without
`end`), T:64107 (a message that is none: the application is told, and the session goes on, ours).
"""

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import Input, Key, SocketHeard, Speech, Steps, UseSocket
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.line import Hears, Line
from ivr.simulator.engine.relay_speech import RelaySpeech
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.sockets import open_socket
from ivr.simulator.media import relay_messages as messages
from ivr.simulator.media.relay_messages import (
    RelayDigits,
    RelayEnd,
    RelayLanguage,
    RelayMessage,
    RelayPlay,
    RelayText,
    read_relay_message,
)
from ivr.simulator.media.stream_messages import MOST_WRONG, MessageError
from ivr.simulator.twiml.conversation_relay import ConversationRelay
from ivr.simulator.twiml.gather import KEYS
from ivr.simulator.twiml.schema import Issue

NOT_CONNECTED, ENDED, BAD_MESSAGE = 64102, 64105, 64107
TURN, IDLE_TURN, IDLE_AFTER = 0.1, 1.0, 10.0  # seconds of call time between two exchanges
MOST_WAITS = 80  # exchanges in which an answer to a prompt is waited for: about five seconds of real time


class Relay:
    """One session. `result`: what the action is told."""

    def __init__(self, scene: Scene, noun: ConversationRelay) -> None:
        call = scene.call
        self.call: RunningCall = call
        self.line: Line = scene.line
        self.noun = noun
        self.sid = call.new_sid("VX")
        self._base = scene.here.url
        self._speech = RelaySpeech(call, scene.here.url, noun)
        self._heard_language = noun.heard
        self._began = call.now
        self._call_status = scene.line.status.upper()
        self._busy_at = call.now
        self._status = ""  # of the session; "" while it lasts
        self._more: Params = ()
        self._outbox: list[str] = []
        self._prompt: Speech | None = None  # what the caller is saying
        self._prompt_ends = float("inf")
        self._is_reported = True
        self._answered = True
        self._wrong = 0  # messages of the application that were passed over

    def run(self) -> Steps[Params]:
        """Until the session is over; what the action is told. `close` ends it when the call is over."""
        problem = yield from open_socket(self.call, self.sid, self._base, self.noun.url)
        if problem is not None:
            self._fail(NOT_CONNECTED, problem.message)
            return self.result
        self._trace("started", url=self.noun.url)
        self._outbox.append(self._setup())
        self._speech.greet()
        try:
            yield from self._exchange()
            while not self._status:
                yield from self._speech.advance()
                what = yield from self.call.wait(self.line, self._next(), self._hears())
                self._take(what)
                yield from self._pass_on()
        finally:
            self._speech.cut()
        return self.result

    @property
    def result(self) -> Params:
        seconds = int(self.call.now - self._began + 0.5)
        told = ("SessionId", self.sid), ("SessionStatus", self._status), ("SessionDuration", str(seconds))
        return (*told, *self._more)

    def close(self) -> Steps[None]:
        """The call is over, or goes on elsewhere."""
        if self._status:
            return
        yield UseSocket(self.sid, tuple(self._outbox), closes=True)
        self._end("completed")

    def _setup(self) -> str:
        call, line = self.call, self.line
        about = {
            "sessionId": self.sid,
            "callSid": line.sid,
            "parentCallSid": line.parent_sid,
            "from": line.from_,
            "to": line.to,
            "forwardedFrom": call.plan.params.get("ForwardedFrom", ""),
            "callerName": call.plan.params.get("CallerName", ""),
            "direction": line.direction,
            "callType": _call_type(line.from_),
            "callStatus": self._call_status,
            "accountSid": call.plan.account_sid,
        }
        return messages.setup(about, dict(self.noun.parameters))

    # What the caller does.

    def _next(self) -> float:
        idle = self.call.now - self._busy_at > IDLE_AFTER
        return min(self.call.now + (IDLE_TURN if idle else TURN), self._speech.ends, self._prompt_ends)

    def _hears(self) -> Hears:
        keys = KEYS if self.noun.dtmf else ""
        if self._prompt is not None:
            return Hears(keys, asks=False, speaks=True)
        return Hears(keys, speech=True)

    def _take(self, what: Input | None) -> None:
        match what:
            case Key(digit):
                if self._may_report("dtmf"):
                    self._outbox.append(messages.dtmf(digit))
                self._busy_at = self.call.now
            case Speech():
                self._is_reported = self._may_report("speech")
                self._prompt = what
                self._prompt_ends = self.call.now + what.seconds(self.call.plan.speech_rate)
                self._busy_at = self.call.now
            case _:
                pass
        if self._speech.is_speaking:
            self._busy_at = self.call.now

    def _may_report(self, kind: str) -> bool:
        """Whether the application is told of such input. It interrupts what is said, if it may."""
        if not self._speech.is_speaking:
            return True
        if self._speech.interruptible in (kind, "any"):
            text, milliseconds = self._speech.interrupt()
            self._outbox.append(messages.interrupt(text, milliseconds))
            self.call.trace.add(self.call.now, "interrupt", session=self.sid, text=text, ms=milliseconds)
            return True
        return self.noun.reported in (kind, "any")

    def _pass_on(self) -> Steps[None]:
        """The caller's words once they are spoken, and whatever else waits."""
        if self._prompt is not None and self.call.now >= self._prompt_ends - 1e-9:
            text, self._prompt, self._prompt_ends = self._prompt.text, None, float("inf")
            if self._is_reported:
                self._speech.caller_speaks()
                self.call.trace.add(self.call.now, "prompt", session=self.sid, text=text, language=self._heard_language)
                self._outbox.append(messages.prompt(text, self._heard_language))
                yield from self._exchange(answer=True)
                return
        yield from self._exchange()

    # What the application says.

    def _exchange(self, *, answer: bool = False) -> Steps[None]:
        """`answer`: wait until its talk is whole, or for MOST_WAITS."""
        self._answered = not answer
        for _ in range(MOST_WAITS):
            texts, self._outbox = tuple(self._outbox), []
            heard = yield UseSocket(self.sid, texts, patient=bool(texts) or not self._answered)
            assert isinstance(heard, SocketHeard)  # noqa: S101 - the driver's side of the protocol
            for text in heard.texts:
                if not self._status:
                    yield from self._read(text)
            if self._status:
                return
            if heard.closed:
                self._fail(ENDED, f"{self.noun.url}: {heard.closed}")
                return
            if self._answered and not self._outbox:
                return

    def _read(self, text: str) -> Steps[None]:
        self._busy_at = self.call.now
        try:
            message = read_relay_message(text)
        except MessageError as error:
            yield from self._pass_over(f"{error}; the message is passed over")
            self._outbox.append(messages.error(text))
            return
        yield from self._obey(message)

    def _pass_over(self, why: str) -> Steps[None]:
        self._wrong += 1
        self._report(BAD_MESSAGE, why)
        if self._wrong > MOST_WRONG:
            yield UseSocket(self.sid, closes=True)
            self._fail(BAD_MESSAGE, f"more than {MOST_WRONG} messages were wrong (our bound)")

    def _obey(self, message: RelayMessage) -> Steps[None]:
        match message:
            case RelayEnd(handoff_data):
                yield UseSocket(self.sid, closes=True)
                self._more = () if handoff_data is None else (("HandoffData", handoff_data),)
                self._end("ended")
            case RelayLanguage(spoken, heard):
                self._speech.spoken = spoken or self._speech.spoken
                self._heard_language = heard or self._heard_language
            case RelayText() | RelayPlay() | RelayDigits():
                if not self._speech.add(message):
                    yield from self._pass_over("too much waits to be said (our bound); this is passed over")
                last = not isinstance(message, RelayText) or message.last
                self._speech.note_last(last)
                self._answered = self._answered or last

    # How it ends.

    def _fail(self, code: int, message: str) -> None:
        self._report(code, message)
        self._more = ("ErrorCode", str(code)), ("ErrorMessage", message)
        self._end("failed")

    def _end(self, status: str) -> None:
        self._status = status
        self._trace(status)

    def _report(self, code: int, message: str) -> None:
        noun = self.noun
        issue = Issue(code, f"<ConversationRelay>: {message}", noun.line, noun.column, "error")
        self.call.report(issue, self.call.requests)

    def _trace(self, status: str, **fields: object) -> None:
        self.call.trace.add(self.call.now, "relay", session=self.sid, status=status, **fields)


def _call_type(caller: str) -> str:
    return "SIP" if caller.startswith(("sip:", "sips:")) else "CLIENT" if caller.startswith("client:") else "PSTN"
