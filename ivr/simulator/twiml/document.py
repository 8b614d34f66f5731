"""A whole TwiML document: bytes to verbs and a list of what is wrong with it.

Each verb's attributes, defaults and source stand in its own file beside this one.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from ivr.base.complaints import suggestion
from ivr.base.errors import SimulatorError
from ivr.simulator.twiml import (
    connect,
    dial,
    enqueue,
    gather,
    hangup,
    leave,
    pause,
    play,
    record,
    redirect,
    refer,
    reject,
    say,
    start,
    stop,
)
from ivr.simulator.twiml.schema import NOT_SIMULATED, SCHEMA_WARNING, Issue
from ivr.simulator.twiml.shape import Kept
from ivr.simulator.twiml.ssml import SsmlSpeech, count_words
from ivr.simulator.twiml.xml import Element, parse

LARGEST = 65_536  # bytes (T:11750)
WRONG_ROOT = 12102
# Verbs that Twilio has and the simulator does not: always said, never skipped in silence.
_NOT_SIMULATED = (
    "Echo",
    "Message",
    "Pay",
    "Prompt",
    "Queue",
    "Siprec",
    "Sms",
    "Stream",
    "VirtualAgent",
)

Prompt: TypeAlias = say.Say | play.Play | pause.Pause
Verb: TypeAlias = (
    Prompt
    | gather.Gather
    | dial.Dial
    | enqueue.Enqueue
    | leave.Leave
    | redirect.Redirect
    | refer.Refer
    | hangup.Hangup
    | reject.Reject
    | record.Record
    | start.Start
    | stop.Stop
    | connect.Connect
)

# Verbs whose children are not verbs, and what may stand inside each.
_NESTED: dict[str, tuple[str, ...]] = {"Hangup": ("Parameter",), "Reject": ("Parameter",)}

READERS: dict[str, Callable[[Element, list[Issue]], Verb | None]] = {
    "Say": say.read,
    "Play": play.read,
    "Pause": pause.read,
    "Dial": dial.read,
    "Enqueue": enqueue.read,
    "Leave": leave.read,
    "Redirect": redirect.read,
    "Refer": refer.read,
    "Hangup": hangup.read,
    "Reject": reject.read,
    "Record": record.read,
    "Start": start.read,
    "Stop": stop.read,
    "Connect": connect.read,
    "Gather": lambda element, issues: gather.read(element, _prompts(element, issues), issues),
}
_READ_THEIR_CHILDREN = ("Say", "Gather", "Dial", "Enqueue", "Refer", "Start", "Stop", "Connect")
_INSIDE_GATHER = ("Say", "Play", "Pause")


class Document(NamedTuple):
    """What to do, in order, and what was wrong. `url`: where it came from, for relative URLs; "" when nowhere."""

    verbs: tuple[Verb, ...]
    issues: tuple[Issue, ...] = ()
    url: str = ""


def read_document(body: bytes, charset: str = "") -> Document:
    """Raises SimulatorError with Twilio's code, line and column when Twilio could not execute it at all.

    `charset`: as Content-Type says.
    """
    if len(body) > LARGEST:
        raise SimulatorError(f"larger than {LARGEST} bytes", code=11750)
    return _kept.document(body, charset) or read_whole(body, charset)


def read_whole(body: bytes, charset: str = "") -> Document:
    """The same, whatever was read before."""
    root = parse(body, charset)
    if root.name != "Response":
        raise SimulatorError(
            f"the root element must be <Response>, not <{root.name}>",
            code=WRONG_ROOT,
            line=root.line,
            column=root.column,
        )
    issues: list[Issue] = []
    for name in root.attributes:
        if not name.startswith(("xmlns", "xsi:")):
            issues.append(Issue(SCHEMA_WARNING, f"<Response> has no attribute {name!r}", root.line, root.column))
    if root.own_text:
        message = f"text directly inside <Response> is ignored: {root.own_text[:40]!r}"
        issues.append(Issue(SCHEMA_WARNING, message, root.line, root.column))
    verbs = [_verb(element, issues) for element in root.elements]
    return Document(tuple([verb for verb in verbs if verb is not None]), tuple(issues))


_kept = Kept(read_whole)


def plain(text: str) -> say.Say:
    """A <Say> without attributes."""
    words = " ".join(text.split())
    return say.Say(SsmlSpeech(words, count_words(words), 0.0), "en-US", None, 1)


def spoken(text: str) -> Document:
    """Plain text that is no TwiML is read aloud, and the call ends (T:overview)."""
    return Document((plain(text), hangup.Hangup()) if text.split() else (hangup.Hangup(),))


def recording(url: str) -> Document:
    """A reply that is audio is played, and the call ends (T:overview)."""
    return Document((play.Play(url, None, 1, at_hand=True), hangup.Hangup()))


def _verb(element: Element, issues: list[Issue]) -> Verb | None:
    reader = READERS.get(element.name)
    if reader is None:
        _explain(element, issues)
        return None
    if element.name not in _READ_THEIR_CHILDREN:
        for child in element.elements:
            if child.name in _NESTED.get(element.name, ()):
                continue
            message = f"<{child.name}> cannot stand inside <{element.name}>; it is ignored"
            issues.append(Issue(SCHEMA_WARNING, message, child.line, child.column))
    return reader(element, issues)


def _explain(element: Element, issues: list[Issue]) -> None:
    if element.name in _NOT_SIMULATED:
        inside = "".join(f"<{child.name}>" for child in element.elements[:1])
        message = f"<{element.name}>{inside} is not simulated; the call goes on with what follows it"
        issues.append(Issue(NOT_SIMULATED, message, element.line, element.column, "error"))
    else:
        message = f"there is no verb <{element.name}>{suggestion(element.name, READERS)}; it is ignored"
        issues.append(Issue(SCHEMA_WARNING, message, element.line, element.column))


def _prompts(element: Element, issues: list[Issue]) -> tuple[Prompt, ...]:
    prompts: list[Prompt] = []
    if element.own_text:
        message = f"text directly inside <Gather> is ignored: {element.own_text[:40]!r}"
        issues.append(Issue(SCHEMA_WARNING, message, element.line, element.column))
    for child in element.elements:
        if child.name not in _INSIDE_GATHER:
            message = f"<{child.name}> cannot stand inside <Gather> (only Say, Play and Pause can); it is ignored"
            issues.append(Issue(13320, message, child.line, child.column))
            continue
        verb = say.read(child, issues, in_gather=True) if child.name == "Say" else _verb(child, issues)
        if isinstance(verb, play.Play) and verb.digits is not None:
            issues.append(
                Issue(SCHEMA_WARNING, "<Play digits> is not for the inside of <Gather>", child.line, child.column)
            )
        elif isinstance(verb, say.Say | play.Play | pause.Pause):
            prompts.append(verb)
    return tuple(prompts)
