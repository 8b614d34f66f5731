"""Every document that the line can send: rendered by the line's own writer, and held against Twilio's limits."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from urllib.parse import quote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ivr.base.ids import NO_PLACE
from ivr.base.test_account import LINE_NUMBER
from ivr.line.flow.actions import DialAction
from ivr.line.flow.events import Moment
from ivr.line.flow.state import CallState
from ivr.line.twilio import TwimlWriter
from ivr.proof.check.checked_flow import RenderedDocument, Subject
from ivr.proof.check.findings import Found

MOST_BYTES = 16_000  # a quarter of what Twilio takes (error 11750)
MOST_STATIC_BYTES = 4_000  # of the fallback document: what Twilio's own document store takes
MOST_HINTS, LONGEST_HINT = 500, 100  # of a <Gather> (error 13330)
MOST_LETTERS = 3000  # of one <Say> in an Amazon Polly voice (error 13521)
MOST_ENCODED = 4500  # of the same, as the address in which Twilio asks for the voice
WHISPER_SECONDS = 30  # of the whole whisper, said twice
TOKEN = "x" * 300  # longer than any state's
URL = "https://line.example/ivr"

_SPOKEN = {"prosody": {"rate"}, "break": {"time"}}
_SPEECH = {"language", "hints", "maxSpeechTime", "speechTimeout"}
_VERBS = {
    "Say": {"voice", "language"},
    "Pause": {"length"},
    "Play": set(),
    "Gather": {"input", "numDigits", "finishOnKey", "timeout", "actionOnEmptyResult", "action", "method", *_SPEECH},
    "Redirect": {"method"},
    "Dial": {"action", "method", "timeout", "timeLimit", "callerId", "answerOnBridge", "hangupOnStar"},
    "Number": {"url", "method"},
    "Hangup": set(),
    "Response": set(),
    **_SPOKEN,
}
_INSIDE = {
    "Response": {"Say", "Play", "Pause", "Gather", "Redirect", "Dial", "Hangup"},
    "Gather": {"Say", "Play", "Pause"},
    "Dial": {"Number"},
    "Say": set(_SPOKEN),
    "prosody": {"break"},
}
_LAST = {"Redirect", "Dial", "Hangup"}
_NEEDED = {"Dial": {"action", "timeout", "timeLimit", "callerId"}, "Gather": {"action", "timeout", "numDigits"}}


def sizes(subject: Subject) -> Iterator[Found]:
    for where, document, top in _documents(subject):
        if len(document) > MOST_BYTES:
            yield Found(where, f"a document of {len(document)} bytes; at most {MOST_BYTES}")
        for say in top.iter("Say"):
            text = "".join(say.itertext())
            if len(text) > MOST_LETTERS or _encoded(text) > MOST_ENCODED or not text.strip():
                message = f"a <Say> of {len(text)} letters ({_encoded(text)} in an address)"
                yield Found(where, f"{message}; from 1 to {MOST_LETTERS} ({MOST_ENCODED})")


@lru_cache(maxsize=4096)
def _encoded(text: str) -> int:
    """How many characters it takes in an address."""
    return len(quote(text))


def forms(subject: Subject) -> Iterator[Found]:
    for where, _, top in _documents(subject):
        yield from (Found(where, message) for message in _misplaced(top))


def complaints(document: bytes) -> Iterator[str]:
    """What Twilio would say of a document."""
    try:
        top = ElementTree.fromstring(document)  # noqa: S314 (our own bytes)
    except ElementTree.ParseError as error:
        yield f"a document that is not XML: {error}"
        return
    yield from _misplaced(top)


def _misplaced(top: Element) -> Iterator[str]:
    """Verbs and attributes that may not stand where they do, and those that are missing."""
    if top.tag != "Response" or not len(top) or top[-1].tag not in _LAST:
        yield "a document that ends without a next step: Twilio would hang up"
    for gather in top.iter("Gather"):
        hints = gather.get("hints", "").split(",")
        if len(hints) > MOST_HINTS or any(len(hint.strip()) > LONGEST_HINT for hint in hints):
            yield f"<Gather>: more than {MOST_HINTS} hints, or one of more than {LONGEST_HINT} characters"
    for parent in top.iter():
        yield from _wrong(parent.tag, tuple(parent.keys()), tuple([child.tag for child in parent]))


@lru_cache(maxsize=4096)
def _wrong(verb: str, attributes: tuple[str, ...], inside: tuple[str, ...]) -> tuple[str, ...]:
    """What is wrong with a verb of these attributes that has these verbs inside."""
    unknown = set(attributes) - _VERBS.get(verb, set())
    missing = _NEEDED.get(verb, set()) - set(attributes)
    words = [*(f"unknown {name}" for name in sorted(unknown)), *(f"no {name}" for name in sorted(missing))]
    own = [f"<{verb}>: {', '.join(words) or 'not a verb that we use'}"] if words or verb not in _VERBS else []
    astray = [each for each in inside if each not in _INSIDE.get(verb, set())]
    return (*own, *(f"<{each}> may not stand inside <{verb}>" for each in astray))


def fallback(subject: Subject) -> Iterator[Found]:
    """The document that another host plays: it needs nothing of ours, and is small enough for any place to keep."""
    engine = subject.walk.engine
    document = TwimlWriter(subject.catalogue, URL, LINE_NUMBER).write_static(engine.fallback())
    where = ("flow", "fault", "rung")
    if len(document) > MOST_STATIC_BYTES:
        yield Found(where, f"the fallback document has {len(document)} bytes; at most {MOST_STATIC_BYTES}")
    top = ElementTree.fromstring(document)  # noqa: S314 (our own bytes)
    if top[-1].tag != "Redirect" or any("action" in verb.attrib for verb in top):
        yield Found(where, "the fallback document asks something of the line before its end, or ends without a way on")
    said = engine.fallback()
    for code in subject.said_to_all:
        for index, action in enumerate(said):
            if isinstance(action, DialAction) and subject.speech.danger_told(said[index + 1 :], code) is None:
                yield Found(where, f"after the ringing in the fallback document nobody says 113 in {code!r}")


def whispered(subject: Subject) -> Iterator[Found]:
    """With the red flag raised, the person who answers hears that first."""
    engine, moment = subject.walk.engine, Moment(subject.now)
    example = next(iter(subject.places.examples.values()))
    for place, flag, code in product((NO_PLACE, example.place.key), (False, True), subject.codes):
        state = CallState(subject.flow.person, language=code, place=place, centre=example.centre.id, red_flag=flag)
        try:
            heard = subject.speech.heard(engine.whisper(state, moment))
        except ValueError as error:
            yield Found(("flow", "whisper", "no_place"), f"cannot be spoken: {error}")
            continue
        if heard[-1].end > WHISPER_SECONDS:
            message = f"the person who answers hears {heard[-1].end:.0f} s, said twice; at most {WHISPER_SECONDS}"
            yield Found(("flow", "whisper"), message)
        if flag != (heard[0].key == subject.flow.whisper.red_flag):
            yield Found(("flow", "whisper", "red_flag"), "a raised red flag is not the first thing whispered")


def _documents(subject: Subject) -> Iterator[RenderedDocument]:
    """Each document once, with the node that it is for. Rendered and read when first asked for."""
    if not subject.documents:
        hints = subject.directory.spoken_names.hints if subject.flow.speech else ()
        writer = TwimlWriter(subject.catalogue, URL, LINE_NUMBER, hints=hints)
        found: dict[bytes, tuple[str, ...]] = {}
        spoken = {
            (situation.node, id(actions)): actions
            for situation in subject.situations
            for actions in situation.by_language.values()
        }
        for (node, _), actions in spoken.items():
            found.setdefault(writer.write(actions, node, TOKEN), ("node", node))
        for content, where in found.items():
            subject.documents.append(RenderedDocument(where, content, ElementTree.fromstring(content)))  # noqa: S314 (our own bytes)
    yield from subject.documents
