"""What the caller hears while waiting for others: the document at a wait URL. T:conference, T:enqueue.

It may hold few verbs. A queue asks for it again when it has ended (T:enqueue); in a conference silence follows
(T:conference). A recording is played in place of a document, and text/plain is a list of recordings; both are repeated
(ours). What takes no time is not asked for again: silence follows (ours).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from ivr.base.errors import SimulatorError
from ivr.simulator.engine.call import Call
from ivr.simulator.engine.effects import Key, Steps
from ivr.simulator.engine.fetching import Ask, Got, Problem, obtain
from ivr.simulator.engine.gather import gather
from ivr.simulator.engine.line import AlarmError, CallOverError, Hears
from ivr.simulator.engine.params import Params, standard
from ivr.simulator.engine.prompts import perform
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document, Verb, read_document
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.enqueue import Enqueue, Leave
from ivr.simulator.twiml.gather import Gather
from ivr.simulator.twiml.hangup import Hangup
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.record import Record
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.refer import Refer
from ivr.simulator.twiml.reject import Reject
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, resolve

_MOST_IDLE = 100  # documents in a row that take no call time (ours, as for other documents)
_TWIML = ("text/xml", "application/xml", "text/html")
_Onward: TypeAlias = Document | Ask | Key | None  # None: the document has ended


class MusicError(Exception):
    """The wait URL could not be had or executed; it is in the trace already."""


class LeaveError(Exception):
    """<Leave>: the caller is out of the queue."""


@dataclass(frozen=True, slots=True)
class Music:
    """`url`: as written; None or "" for none. `allowed`: the verbs; another is reported with `code` and passed over.

    `url_code`: Twilio's number for a wait URL that is none. `params`: what each request is told besides the standard
    parameters. `repeats`: whether TwiML that has ended is asked for again.
    """

    url: str | None
    method: str
    allowed: tuple[type[Verb], ...]
    code: int
    url_code: int
    where: str
    params: Callable[[], Params]
    repeats: bool


def hold(scene: Scene, music: Music, until: float, hears: Hears) -> Steps[Key | None]:
    """The key that ended the waiting, or None when the moment has come. Raises MusicError and LeaveError."""
    call = scene.call
    call.alarm = until
    try:
        key = yield from _play(scene, music, hears)
        while key is None:
            key = yield from silence(scene, until, hears)
        return key
    except AlarmError:
        return None
    finally:
        call.alarm = float("inf")


def silence(scene: Scene, until: float, hears: Hears) -> Steps[Key | None]:
    heard = yield from scene.call.wait(scene.line, until, hears)
    return heard if isinstance(heard, Key) else None


def _play(scene: Scene, music: Music, hears: Hears) -> Steps[Key | None]:
    """None when there is nothing more to hear."""
    call, idle = scene.call, 0
    if not music.url:
        return None
    onward: _Onward = _ask(scene, music, music.url, music.method)
    while idle < _MOST_IDLE:
        began = call.now
        document = (yield from _document(call, onward)) if isinstance(onward, Ask) else onward
        if isinstance(document, Key):
            return document
        assert document is not None  # noqa: S101 - narrows the type
        onward = yield from _one(Scene(call, scene.line, document), music, hears)
        idle = idle + 1 if call.now == began else 0
        if onward is None and (idle or not (music.repeats or _is_sound(document))):
            return None
        onward = onward or _ask(scene, music, music.url, music.method)
    message = f"more than {_MOST_IDLE} documents in a row without any call time: a loop (our bound); silence follows"
    call.report(Issue(0, message, 0, 0, "error"), call.requests)
    return None


def _is_sound(document: Document) -> bool:
    """Recordings that came, or were listed, in place of TwiML."""
    return bool(document.verbs) and all(isinstance(verb, Play) and verb.listed for verb in document.verbs)


def _ask(scene: Scene, music: Music, reference: str, method: str) -> Ask:
    """Raises MusicError."""
    call = scene.call
    try:
        url = resolve(scene.here.url, reference)
    except UrlError as error:
        call.report(Issue(music.url_code, str(error), 0, 0, "error"), call.requests)
        raise MusicError from None
    return Ask(url, method, "redirect", standard(call, scene.line, *music.params()))


def _document(call: Call, ask: Ask) -> Steps[Document]:
    """Raises MusicError: no fallback is asked, the caller goes on waiting or leaves the queue."""
    got = yield from obtain(call, ask)
    if isinstance(got, Problem):
        call.report(Issue(got.code, f"{got.url}: {got.message}", 0, 0, "error"), got.request)
        raise MusicError
    try:
        document = _understand(got)
    except SimulatorError as error:
        message = f"{got.url}: {error.message}"
        call.report(Issue(error.code, message, error.line, error.column, "error"), got.request)
        raise MusicError from None
    for issue in document.issues:
        call.report(issue, got.request)
    return Document(document.verbs, document.issues, got.url)


def _understand(got: Got) -> Document:
    """Raises SimulatorError."""
    kind = got.response.header("content-type").partition(";")[0].strip().lower()
    if kind in _TWIML:
        return read_document(got.response.body)
    if kind.startswith("audio/"):
        return Document((Play(got.url, None, 1, at_hand=True, listed=True),))
    if kind == "text/plain":
        lines = got.response.body.decode("utf-8", "replace").splitlines()
        names = [line.strip() for line in lines if line.strip() and line[0] != "#"]
        return Document(tuple(Play(name, None, 1, listed=True) for name in names))
    raise SimulatorError(f"content type {kind!r}: neither TwiML nor audio nor text/plain", code=12300)


def _one(scene: Scene, music: Music, hears: Hears) -> Steps[_Onward]:
    for verb in scene.here.verbs:
        if not isinstance(verb, music.allowed):
            message = f"<{type(verb).__name__}> has no place in the document of {music.where}; it is ignored"
            scene.call.report(Issue(music.code, message, 0, 0, "error"), scene.call.requests)
            continue
        onward = yield from _verb(scene, verb, music, hears)
        if onward is not None:
            return onward
    return None


def _verb(scene: Scene, verb: Verb, music: Music, hears: Hears) -> Steps[_Onward]:
    match verb:
        case Say() | Play() | Pause():
            heard = yield from perform(scene, verb, hears)
            return heard if isinstance(heard, Key) else None
        case Redirect():
            return _ask(scene, music, verb.url, verb.method)
        case Gather():
            return (yield from gather(scene, verb))
        case Hangup():
            raise CallOverError("completed", "Hangup")
        case Leave():
            raise LeaveError
        case Dial() | Enqueue() | Record() | Refer() | Reject():
            return None  # allowed nowhere
        case _:
            assert_never(verb)
