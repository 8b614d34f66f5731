"""Actions to TwiML bytes. Fragments are made once, with Twilio's own builder; a reply is fragments joined.

A fragment is made with marks in place of what changes between two calls (names, digits, the token), cut at the marks,
and filled by joining: nothing is parsed or built while a caller waits. What fills a mark is escaped here, so text can
never become markup. A whole document is remembered, but for its token.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import assert_never
from urllib.parse import urlsplit

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Dial as DialVerb
from twilio.twiml.voice_response import Gather, Number, Redirect, SsmlProsody, VoiceResponse
from twilio.twiml.voice_response import Hangup as HangupVerb
from twilio.twiml.voice_response import Pause as PauseVerb
from twilio.twiml.voice_response import Play as PlayVerb
from twilio.twiml.voice_response import Say as SayVerb

from ivr.base.ids import LanguageCode
from ivr.line.flow.actions import (
    LONGEST_SPEECH,
    SPEECH_PAUSE,
    Action,
    DialAction,
    HangUpAction,
    ListenAction,
    PauseAction,
    Prompt,
    SayAction,
)
from ivr.line.languages import (
    NAME_SLOTS,
    Catalogue,
    HeardWords,
    Language,
    Part,
    PauseMark,
    Piece,
    Slot,
    SpokenName,
    Words,
)
from ivr.line.languages.clips import PAUSE_FILE
from ivr.line.languages.text import PAUSE_MILLISECONDS

_OPEN, _CLOSE = "\ue000", "\ue001"  # around the name of a mark: private characters, refused in prompts
_MARK = re.compile(f"{_OPEN}([a-z0-9_]+){_CLOSE}")
SLOW_RATE = "85%"
_MOST_DOCUMENTS = 256  # that are remembered, about 5 kB each: nearly all calls hear the same ones
# How long Twilio waits for us, in milliseconds: to connect, to be answered, in all; then the fallback plays. Each URL
# must say it: the fragment of the number's own URL holds for the first request alone, and the default is 15 seconds.
# twilio.com/docs/usage/webhooks/webhooks-connection-overrides; a fragment is neither sent to us nor signed.
PATIENCE = "#ct=2000&rt=4000&tt=8000"
FOLLOWED = "ringing answered completed"  # what is told of a leg; a completed one may have been busy, or given up

Fragment = tuple[str, ...]  # text and names of marks in turn: text, mark, text, mark, ..., text


class TwimlWriter:
    """`base_url`: ours, whose path prefix goes before every action URL. `caller_id`: the number that centres see.
    `follow_legs`: Twilio is asked to tell when a centre rings, answers and has hung up. `sound_url`: where recordings
    are had from, a folder for each language; "" for this service. `hints`: what is likely to be spoken; Twilio takes
    500 phrases of 100 characters (twilio.com/docs/voice/twiml/gather#hints)."""

    def __init__(  # noqa: PLR0913 - those behind the three are by name
        self,
        catalogue: Catalogue,
        base_url: str,
        caller_id: str,
        *,
        follow_legs: bool = False,
        sound_url: str = "",
        hints: Iterable[str] = (),
    ) -> None:
        prefix = urlsplit(base_url).path.rstrip("/")
        self._voice_path = f"{prefix}/voice/"
        self._catalogue = catalogue
        self._sound_url = sound_url.rstrip("/") or f"{base_url.rstrip('/')}/recordings"
        self._caller_id = caller_id
        self._follow = {"status_callback": _mark("status"), "status_callback_event": FOLLOWED} if follow_legs else {}
        self._says = {
            (key, code): _say_fragment(pieces, language, catalogue, slow=key in language.slow)
            for code, language in catalogue.languages.items()
            if language.voice
            for key, pieces in language.texts.items()
        }
        self._recorded: dict[Prompt, str] = {}
        self._tags = {code: language.tag for code, language in catalogue.languages.items()}
        self._hints = ", ".join(hints)
        self._listens: dict[tuple[int, str, int, LanguageCode], Fragment] = {}
        self._dials: dict[tuple[int, int], Fragment] = {}
        self._begin_again = _escaped(f"{self._voice_path.rstrip('/')}{PATIENCE}")
        self._begin_elsewhere = _escaped(f"{base_url.rstrip('/')}/voice{PATIENCE}")
        self._open, self._close = _around(VoiceResponse())
        self._redirect = _fragment(Redirect(_mark("url"), method="POST"))
        self._pause = _fragment(PauseVerb(length=_mark("seconds")))
        self._hang_up = _fragment(HangupVerb())
        # Of one writer, so that it keeps no former one alive; what a call hears holds nothing of it but the place.
        self._around_tokens = lru_cache(maxsize=_MOST_DOCUMENTS)(self._write_around_tokens)

    def write(self, actions: tuple[Action, ...], node: str, token: str, *, by_voice: bool = False) -> bytes:
        """One document; the next request goes to `/voice/<node>` with the token. `by_voice`: no recording is played
        where a voice can speak, so that the document needs nothing else."""
        return _escaped(token).encode().join(self._around_tokens(actions, node, by_voice))

    def _write_around_tokens(self, actions: tuple[Action, ...], node: str, by_voice: bool) -> tuple[bytes, ...]:
        """A document without its token: what stands before, between and behind the places where it goes."""
        token = _mark("token")
        parts = [self._open]
        self._write(parts, actions, _escaped(f"{self._voice_path}{node}?t={token}{PATIENCE}"), token, by_voice=by_voice)
        parts.append(self._close)
        return tuple("".join(parts).encode().split(token.encode()))

    def write_and_begin_again(self, actions: tuple[Action, ...] = ()) -> bytes:
        """A document after which the call starts anew. No recording is played where a voice can speak."""
        parts = [self._open]
        self._write(parts, actions, "", "", by_voice=True)
        _fill(parts, self._redirect, {"url": self._begin_again})
        parts.append(self._close)
        return "".join(parts).encode()

    def write_static(self, actions: tuple[Action, ...]) -> bytes:
        """A document for another host: its calls ask nothing of us until it is over, and then begin anew."""
        parts = [self._open]
        for action in actions:
            if isinstance(action, DialAction):
                parts += _fragment(self._dial_verb(action, Number(action.target.number.e164)))
            else:
                self._write(parts, (action,), "", "", by_voice=True)
        _fill(parts, self._redirect, {"url": self._begin_elsewhere})
        parts.append(self._close)
        return "".join(parts).encode()

    def _write(
        self, parts: list[str], actions: Iterable[Action], next_url: str, token: str, *, by_voice: bool = False
    ) -> None:
        """Append what the actions are in TwiML. `next_url` is escaped already."""
        for action in actions:
            match action:
                case SayAction():
                    self._say(parts, action.prompt, by_voice=by_voice)
                case PauseAction():
                    _fill(parts, self._pause, {"seconds": str(action.seconds)})
                case ListenAction():
                    self._listen(parts, action, next_url)
                case DialAction():
                    marks = {"url": next_url, "number": action.target.number.e164}
                    marks["whisper"] = _escaped(f"{self._voice_path}whisper?t={token}{PATIENCE}")
                    marks["status"] = _escaped(f"{self._voice_path}status?t={token}")
                    _fill(parts, self._dial(action), marks)
                case HangUpAction():
                    parts += self._hang_up
                case _:
                    assert_never(action)

    def _say(self, parts: list[str], prompt: Prompt, *, by_voice: bool) -> None:
        voice_only = self._catalogue.recorded.is_empty or (by_voice and (prompt.key, prompt.language) in self._says)
        recorded = None if voice_only else self._as_recorded(prompt)
        if recorded is not None:
            parts.append(recorded)
            return
        fragment = self._says[prompt.key, prompt.language]
        if len(fragment) == 1:
            parts.append(fragment[0])
        else:
            _fill(parts, fragment, {name: _escaped(value) for name, value in prompt.slots})

    def _as_recorded(self, prompt: Prompt) -> str | None:
        """The markup of a prompt that is recorded, made once; None if the voice speaks it."""
        if prompt not in self._recorded:
            found = self._catalogue.recorded.parts(prompt.key, prompt.language, dict(prompt.slots))
            if found is None:
                return None
            self._recorded[prompt] = "".join(self._played(part, prompt) for part in found)
        return self._recorded[prompt]

    def _played(self, part: Part, prompt: Prompt) -> str:
        match part:
            case HeardWords():
                return self._play(part.clip.language, part.clip.file)
            case PauseMark():
                return self._play(prompt.language, PAUSE_FILE)
            case SpokenName():
                names = self._catalogue.languages[self._catalogue.names_in]
                return "".join(_fragment(_verb(names, [Words(part.text)], slow=False)))
        assert_never(part)

    def _play(self, language: str, file: str) -> str:
        return "".join(_fragment(PlayVerb(f"{self._sound_url}/{language}/{file}")))

    def _listen(self, parts: list[str], listen: ListenAction, next_url: str) -> None:
        """<Gather>, and after it a <Redirect> to the same place: silence goes on even where an empty result is
        not reported."""
        shape = (listen.digits, listen.finish_on, listen.seconds, listen.speech)
        if shape not in self._listens:
            gather = Gather(
                num_digits=listen.digits,
                finish_on_key=listen.finish_on,
                timeout=listen.seconds,
                action_on_empty_result=True,
                action=_mark("url"),
                method="POST",
                **self._speech(listen.speech),
            )
            gather.append(_mark("inside"))
            self._listens[shape] = _fragment(gather)
        inside: list[str] = []
        self._write(inside, listen.prompts, "", "")
        _fill(parts, self._listens[shape], {"url": next_url, "inside": "".join(inside)})
        _fill(parts, self._redirect, {"url": next_url})

    def _speech(self, language: LanguageCode) -> dict[str, str | int]:
        """What a <Gather> listens to. The first of keys and speech decides: while somebody speaks no key is heard, so
        speech may not last long."""
        if not language:
            return {"input": "dtmf"}
        return {
            "input": "dtmf speech",
            "language": self._tags[language],
            "hints": self._hints,
            "max_speech_time": LONGEST_SPEECH,
            "speech_timeout": SPEECH_PAUSE,
        }

    def _dial(self, dial: DialAction) -> Fragment:
        shape = (dial.ring_seconds, dial.longest_seconds)
        if shape not in self._dials:
            number = Number(_mark("number"), url=_mark("whisper"), method="POST", **self._follow)
            self._dials[shape] = _fragment(self._dial_verb(dial, number, action=_mark("url"), method="POST"))
        return self._dials[shape]

    def _dial_verb(self, dial: DialAction, number: Number, **then: str) -> DialVerb:
        verb = DialVerb(
            timeout=dial.ring_seconds,
            time_limit=dial.longest_seconds,
            caller_id=self._caller_id,
            answer_on_bridge=True,
            hangup_on_star=False,
            **then,
        )
        verb.append(number)
        return verb


def _say_fragment(pieces: tuple[Piece, ...], language: Language, catalogue: Catalogue, *, slow: bool) -> Fragment:
    """One <Say> a run of the same voice: a Norwegian name inside an English sentence is a <Say> of its own, and none
    inside a sentence in a language that borrows the voice of the names."""
    names = catalogue.languages[catalogue.names_in]
    runs: list[tuple[Language, list[Piece]]] = []
    for piece in pieces:
        is_name = isinstance(piece, Slot) and piece.name in NAME_SLOTS and names.voice != language.voice
        speaker = names if is_name else language
        rest: Piece | None = piece
        if runs and runs[-1][0] is not speaker:
            stop, rest = _without_punctuation(piece)
            runs[-1][1].extend(stop)
        if rest is None:
            continue
        if not runs or runs[-1][0] is not speaker:
            runs.append((speaker, []))
        runs[-1][1].append(rest)
    texts = [_fragment(_verb(speaker, run, slow=slow)) for speaker, run in runs]
    return _joined(texts)


def _without_punctuation(piece: Piece) -> tuple[list[Piece], Piece | None]:
    """What punctuation follows a name belongs to the name: a voice that begins with a full stop stumbles."""
    if not isinstance(piece, Words):
        return [], piece
    text = piece.text.lstrip(" .,:;!?")
    stop = piece.text[: len(piece.text) - len(text)].lstrip()
    return [Words(stop)] if stop else [], Words(text) if text else None


def _verb(language: Language, pieces: list[Piece], *, slow: bool) -> SayVerb:
    say = SayVerb(language=language.tag, voice=language.voice)
    inner: TwiML = say
    if slow:
        inner = SsmlProsody("", rate=SLOW_RATE)
        say.append(inner)
    text = ""
    for piece in pieces:
        if isinstance(piece, PauseMark):
            inner.append(text)
            inner.append(_silence())
            text = ""
        else:
            text += piece.text if isinstance(piece, Words) else _mark(piece.name)
    inner.append(text.rstrip())
    return say


def _silence() -> TwiML:
    return SayVerb().break_(time=f"{PAUSE_MILLISECONDS}ms")


def _mark(name: str) -> str:
    return f"{_OPEN}{name}{_CLOSE}"


def _fragment(verb: TwiML) -> Fragment:
    return tuple(_MARK.split(verb.to_xml(xml_declaration=False)))


def _around(verb: TwiML) -> tuple[str, str]:
    """A document's beginning and end."""
    verb.append(_mark("inside"))
    before, _, after = _MARK.split(verb.to_xml())
    return before, after


def _joined(fragments: list[Fragment]) -> Fragment:
    whole: list[str] = [""]
    for fragment in fragments:
        whole[-1] += fragment[0]
        whole += fragment[1:]
    return tuple(whole)


def _fill(parts: list[str], fragment: Fragment, values: Mapping[str, str]) -> None:
    """Append the fragment with its marks filled; the values are markup already, or escaped."""
    filled = list(fragment)
    filled[1::2] = [values[mark] for mark in fragment[1::2]]
    parts += filled


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
