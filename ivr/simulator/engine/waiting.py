"""What the caller hears while waiting for others: the document at a wait URL. T:conference, T:enqueue.

It may hold few verbs. A queue asks for it again when it has ended (T:enqueue); in a conference silence follows
(T:conference). A recording is played in place of a document, and text/plain is a list of recordings; both are repeated
(ours). What takes no time is not asked for again: silence follows (ours).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ivr.base.errors import SimulatorError
from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.documents import TWIML, content_type
from ivr.simulator.engine.effects import Input, Steps
from ivr.simulator.engine.execute import Executor, Onward, Policy, execute
from ivr.simulator.engine.fetching import Ask, Got, Problem, obtain
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.line import AlarmError, Hears
from ivr.simulator.engine.params import standard
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.verbs import gather, hangup, leave, pause, play, say
from ivr.simulator.twiml import Document, Verb, read_document
from ivr.simulator.twiml.gather import Gather
from ivr.simulator.twiml.hangup import Hangup
from ivr.simulator.twiml.leave import Leave
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, resolve

_MOST_IDLE = 100  # documents in a row that take no call time (ours, as for other documents)


class MusicError(Exception):
    """The wait URL could not be had or executed; it is in the trace already."""


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


def hold(scene: Scene, music: Music, until: float, hears: Hears) -> Steps[Input | None]:
    """The input that ended the waiting, or None when the moment has come. Raises MusicError and LeaveError."""
    return _until(scene.call, until, _held(scene, music, until, hears))


def play_once(scene: Scene, music: Music, until: float, hears: Hears) -> Steps[Input | None]:
    """The input that ended it, or None at its end or when the moment has come. Raises MusicError and LeaveError."""
    return _until(scene.call, until, _play(scene, music, hears))


def _until(call: RunningCall, moment: float, steps: Steps[Input | None]) -> Steps[Input | None]:
    call.alarm = moment
    try:
        return (yield from steps)
    except AlarmError:
        return None
    finally:
        call.alarm = float("inf")


def _held(scene: Scene, music: Music, until: float, hears: Hears) -> Steps[Input | None]:
    heard = yield from _play(scene, music, hears)
    while heard is None:
        heard = yield from scene.call.wait(scene.line, until, hears)
    return heard


def _play(scene: Scene, music: Music, hears: Hears) -> Steps[Input | None]:
    """None when there is nothing more to hear."""
    call, idle = scene.call, 0
    if not music.url:
        return None
    policy = _policy(music, hears)
    onward: Onward = None
    while idle < _MOST_IDLE:
        document = onward or (yield from _fetch(scene, music, music.url, music.method))
        if not isinstance(document, Document):
            return document
        began = call.now
        onward = yield from execute(scene._replace(here=document), policy)
        idle = idle + 1 if call.now == began else 0
        if onward is None and (idle or not (music.repeats or _is_sound(document))):
            return None
    message = f"more than {_MOST_IDLE} documents in a row without any call time: a loop (our bound); silence follows"
    call.report(Issue(0, message, 0, 0, "error"), call.requests)
    return None


def _policy(music: Music, hears: Hears) -> Policy:
    """A prompt is cut by what `hears` names, and a document that is to follow is fetched by the rules of this one."""

    def redirect(scene: Scene, verb: Redirect) -> Steps[Document]:
        return _fetch(scene, music, verb.url, verb.method)

    def refuse(scene: Scene, verb: Verb) -> None:
        message = f"<{type(verb).__name__}> has no place in the document of {music.where}; it is ignored"
        scene.call.report(Issue(music.code, message, 0, 0, "error"), scene.call.requests)

    verbs: dict[type[Verb], Executor] = {
        Say: partial(say.execute, hears=hears),
        Play: partial(play.execute, hears=hears),
        Pause: partial(pause.execute, hears=hears),
        Gather: gather.execute,
        Hangup: hangup.execute,
        Leave: leave.execute,
        Redirect: redirect,
    }
    return Policy({verb: verbs[verb] for verb in music.allowed}, refuse)


def _is_sound(document: Document) -> bool:
    """Recordings that came, or were listed, in place of TwiML."""
    return bool(document.verbs) and all(isinstance(verb, Play) and verb.listed for verb in document.verbs)


def _fetch(scene: Scene, music: Music, reference: str, method: str) -> Steps[Document]:
    """Raises MusicError: no fallback is asked, the caller goes on waiting or leaves the queue."""
    call = scene.call
    try:
        url = resolve(scene.here.url, reference)
    except UrlError as error:
        call.report(Issue(music.url_code, str(error), 0, 0, "error"), call.requests)
        raise MusicError from None
    got = yield from obtain(call, Ask(url, method, "redirect", standard(call, scene.line, *music.params())))
    if isinstance(got, Problem):
        call.report(Issue(got.code, f"{got.url}: {got.message}", 0, 0, "error"), got.request)
        raise MusicError
    return _understood(call, got)


def _understood(call: RunningCall, got: Got) -> Document:
    """Raises MusicError."""
    try:
        document = _read(got)
    except SimulatorError as error:
        message = f"{got.url}: {error.message}"
        call.report(Issue(error.code, message, error.line, error.column, "error"), got.request)
        raise MusicError from None
    for issue in document.issues:
        call.report(issue, got.request)
    return document._replace(url=got.url)


def _read(got: Got) -> Document:
    """Raises SimulatorError."""
    kind, charset = content_type(got.response.header("content-type"))
    if kind in TWIML:
        return read_document(got.response.body, charset)
    if kind.startswith("audio/"):
        return Document((Play(got.url, None, 1, at_hand=True, listed=True),))
    if kind == "text/plain":
        lines = got.response.body.decode("utf-8", "replace").splitlines()
        names = [line.strip() for line in lines if line.strip() and line[0] != "#"]
        return Document(tuple(Play(name, None, 1, listed=True) for name in names))
    raise SimulatorError(f"content type {kind!r}: neither TwiML nor audio nor text/plain", code=12300)
