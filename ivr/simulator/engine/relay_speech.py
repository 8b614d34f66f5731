"""What a ConversationRelay says to the caller: one thing after another, each with its time, and what of it was heard.

Tokens that have come by the time that something is begun are said as one text; a text that interrupts the talk of
before (preemptible) takes its place.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.media import PlayedRecording, available
from ivr.simulator.engine.tracks import Sounding
from ivr.simulator.media.relay_messages import RelayDigits, RelayPlay, RelayText
from ivr.simulator.trace import Event
from ivr.simulator.twiml.conversation_relay import ConversationRelay
from ivr.simulator.twiml.play import tone_seconds
from ivr.simulator.twiml.ssml import spoken_seconds

_MOST_WAITING = 10_000  # tokens and recordings (ours)
_MOST_CHARACTERS = 1_000_000  # of all that wait (ours): a hundred hours of speech


@dataclass(slots=True)
class _Said:
    """Something that is heard. `text`: its words, "" for what has none."""

    record: Event
    began: float
    ends: float
    interruptible: str
    preemptible: bool
    text: str = ""
    loops: int = 1

    def until(self, now: float) -> str:
        """The words that were heard by then."""
        words = self.text.split()
        share = (now - self.began) / (self.ends - self.began) if self.ends > self.began else 1.0
        return " ".join(words[: int(len(words) * min(share, 1.0) + 1e-9)])


class RelaySpeech:
    """`spoken`: the language of texts that name none."""

    def __init__(self, call: RunningCall, base: str, noun: ConversationRelay) -> None:
        self.spoken = noun.spoken
        self._call = call
        self._base = base
        self._noun = noun
        self._now: _Said | None = None
        self._waiting: deque[RelayText | RelayPlay | RelayDigits] = deque()
        self._turn: list[str] = []  # what was said to its end since the caller last said something
        self._turn_began = call.now
        self._last_has_come = True  # of the latest text

    @property
    def is_speaking(self) -> bool:
        return self._now is not None

    @property
    def ends(self) -> float:
        """When what is said now is over; infinite while nothing is."""
        return self._now.ends if self._now is not None else float("inf")

    @property
    def interruptible(self) -> str:
        """Which input may interrupt what is said now."""
        return self._now.interruptible if self._now is not None else "none"

    def add(self, what: RelayText | RelayPlay | RelayDigits) -> bool:
        """False when too much waits already."""
        size = len(what.token) if isinstance(what, RelayText) else 0
        waiting = sum(len(each.token) for each in self._waiting if isinstance(each, RelayText))
        if len(self._waiting) >= _MOST_WAITING or waiting + size > _MOST_CHARACTERS:
            return False
        said = self._now
        if said is not None and said.preemptible and not self._turn_is_open(what):
            self.cut()
        self._waiting.append(what)
        return True

    def _turn_is_open(self, what: RelayText | RelayPlay | RelayDigits) -> bool:
        """Whether it goes on with what is being said, whose last token has not come."""
        return isinstance(what, RelayText) and not self._last_has_come

    def note_last(self, last: bool) -> None:
        self._last_has_come = last

    def greet(self) -> None:
        noun = self._noun
        if noun.greeting:
            self._waiting.append(RelayText(noun.greeting, True, None, noun.greeting_interruptible, False))

    def caller_speaks(self) -> None:
        """A new turn of the talk begins."""
        self._turn, self._turn_began = [], self._call.now

    def advance(self) -> Steps[None]:
        """End what is over, and begin what waits."""
        call = self._call
        while True:
            said = self._now
            if said is not None and call.now < said.ends - 1e-9:
                return
            if said is not None:
                self._finish(said, cut=False)
                if said.loops > 1:
                    again = PlayedRecording(str(said.record["url"]), said.ends - said.record["t"])
                    self._play(again, said.loops - 1, said.interruptible, said.preemptible)
                    continue
            if not self._waiting:
                return
            yield from self._begin()

    def interrupt(self) -> tuple[str, int]:
        """Fall silent for the caller: the words that were heard of this turn, and the milliseconds that they took."""
        call, said = self._call, self._now
        heard = [*self._turn, said.until(call.now)] if said is not None else self._turn
        milliseconds = round((call.now - self._turn_began) * 1000)
        self._turn = []
        self.cut()
        return " ".join(each for each in heard if each), milliseconds

    def cut(self) -> None:
        """Drop what is said, and what waits."""
        self._waiting.clear()
        if self._now is not None:
            self._finish(self._now, cut=True)

    def _begin(self) -> Steps[None]:
        first = self._waiting.popleft()
        if not self._turn:
            self._turn_began = self._call.now
        match first:
            case RelayText():
                self._say(first)
            case RelayDigits(digits):
                self._hear("play", {"digits": digits, "cut": False}, tone_seconds(digits))
            case RelayPlay(source, loop, interruptible, preemptible):
                recording = yield from available(self._call, self._base, source)
                if recording is not None:
                    self._play(recording, loop, self._input(interruptible), self._yields(preemptible))

    def _say(self, first: RelayText) -> None:
        """With the tokens that have come after it and are said in the same way."""
        tokens, alike = [first.token], first
        while self._waiting and not alike.last and isinstance(self._waiting[0], RelayText):
            if not _is_alike(first, self._waiting[0]):
                break
            alike = self._waiting.popleft()  # type: ignore[assignment]  # it is a RelayText, as was just seen
            tokens.append(alike.token)
        text = " ".join("".join(tokens).split())
        if not text:
            return
        language = first.language or self.spoken
        voice = self._noun.voices.get(language, self._noun.voice if language == self._noun.spoken else None)
        about = {"text": text, "language": language, "voice": voice, "cut": False}
        seconds = spoken_seconds(text, self._call.plan.speech_rate)
        said = self._hear("say", about, seconds, self._input(first.interruptible), self._yields(first.preemptible))
        said.text = text

    def _play(self, recording: PlayedRecording, loops: int, interruptible: str, preemptible: bool) -> None:
        about = {"url": recording.url, "cut": False}
        self._hear("play", about, recording.seconds, interruptible, preemptible).loops = loops

    def _hear(
        self, event: str, about: dict[str, Any], seconds: float, interruptible: str = "none", preemptible: bool = False
    ) -> _Said:
        call = self._call
        record = call.trace.begin(call.now, event, {**about, "until": None})
        call.sounding = Sounding(call.now, about.get("digits", ""))
        self._now = _Said(record, call.now, call.now + seconds, interruptible, preemptible)
        return self._now

    def _finish(self, said: _Said, *, cut: bool) -> None:
        call = self._call
        said.record["cut"] = cut
        call.trace.finish(said.record, call.now)
        call.sounding = None
        if not cut and said.text:
            self._turn.append(said.text)
        self._now = None

    def _input(self, word: str | None) -> str:
        return self._noun.interruptible if word is None else word

    def _yields(self, word: bool | None) -> bool:
        return self._noun.preemptible if word is None else word


def _is_alike(one: RelayText, other: RelayText) -> bool:
    return (one.language, one.interruptible, one.preemptible) == (
        other.language,
        other.interruptible,
        other.preemptible,
    )
