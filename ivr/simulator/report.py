"""A call as text: a transcript with times, the findings, and JUnit for build servers. Does not play or judge calls."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from xml.etree import ElementTree

from ivr.simulator.expectations import Expectation, failures
from ivr.simulator.folding import repeats
from ivr.simulator.outcome import Outcome, is_not_simulated
from ivr.simulator.printable import printable
from ivr.simulator.scenario_text import step_text
from ivr.simulator.trace import Event

_OWN_TWIML = "TwiML that came with it"


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of a transcript; `kind` is for colour: said, done, leg, note, warning, error, plain."""

    at: float
    text: str
    kind: str = "plain"

    def __str__(self) -> str:
        return f"{clock(self.at)}  {self.text}"


def clock(seconds: float) -> str:
    """`mm:ss.s` of call time."""
    return f"{int(seconds // 60):02}:{seconds % 60:04.1f}"


def transcript(events: Iterable[Event]) -> list[TranscriptLine]:
    """What was heard, pressed and dialled, what went wrong, and the documents in between."""
    lines = (line_of(event) for event in events)
    return folded([line for line in lines if line is not None])


def folded(lines: Sequence[TranscriptLine]) -> list[TranscriptLine]:
    """With a block of lines that comes again and again once, and how often it comes."""
    shown: list[TranscriptLine] = []
    for block in repeats([line.text for line in lines]):
        shown += lines[block.start : block.end]
        if block.times > 1:
            length = block.end - block.start
            last = lines[block.start + block.times * length - 1]
            what = "the line above" if length == 1 else f"the {length} lines above"
            text = f"...     {what} {block.times - 1} times more, the last at {clock(last.at)}"
            shown.append(TranscriptLine(lines[block.end].at, text, "note"))
    return shown


def line_of(event: Event) -> TranscriptLine | None:
    """One event as a line, or None for what a reader need not see."""
    match event["event"]:
        case "say" | "play" | "pause" | "listen" | "key" | "gather" | "record":
            text, kind = _sound(event)
        case "leg":
            ended = f" after {event['duration']} s" if event.get("duration") else ""
            text, kind = f"leg     {event['to']} {event['status']}{ended}", "leg"
        case "stream" | "stream_audio" | "mark" | "clear" | "relay" | "prompt" | "interrupt":
            text, kind = _streamed(event) or _relayed(event)
        case "warning" if is_not_simulated(event):
            text, kind = f"note    {event['message']} (line {event['line']}, column {event['column']})", "note"
        case "warning" | "error":
            place = f" (line {event['line']}, column {event['column']})" if event["line"] else ""
            code = f" {event['code']}" if event["code"] else ""
            text, kind = f"{event['event']:7}{code} {event['message']}{place}", event["event"]
        case "request":
            text, kind = f"request {event['method']} {_short(event['url'])} ({event['purpose']})", "request"
        case "rest":
            text, kind = f"REST    {event['method']} {event['path']} {event['status']}", "request"
        case "update" | "call" | "ended":
            text, kind = _milestone(event), "plain"
        case _:
            return None
    return TranscriptLine(event["t"], printable(text), kind) if text else None


def _milestone(event: Event) -> str:
    match event["event"]:
        case "call":
            return f"call    {event['from']} calls {event['to']}: {event['url'] or _OWN_TWIML}"
        case "ended":
            was_answered = event["status"] == "completed" or event["duration"]
            since = f", {event['duration']} s since the answer" if was_answered else ""
            return f"ended   {event['status']}{since}"
        case _:
            where = event["status"] or event["url"] or _OWN_TWIML
            return f"update  by the application: {where}"


def _short(url: str) -> str:
    """A URL with its query left out when that is too long to read; the trace has it in full."""
    path, _, query = url.partition("?")
    return f"{path}?..." if len(query) > 40 else url


def _sound(event: Event) -> tuple[str, str]:
    cut = " [cut]" if event.get("cut") else ""
    who = "callee " if "leg" in event else ""
    text, kind = "", "done"
    match event["event"]:
        case "say":
            text, kind = f"hears   [{event['language']}] {event['text']}{cut}", "said"
        case "play":
            text, kind = f"hears   recording or tones {event.get('url') or event.get('digits')}{cut}", "said"
        case "key":
            text = f"presses {event['digit']}" + ("" if event["heard"] else " (nothing listened)")
        case "gather" if event["speech"]:
            text = f"says    {event['speech']!r}"
        case "gather" if not event["digits"] and event["ended_by"] == "timeout":
            text = "silent"
        case "record":
            said = f": {event['speech']!r}" if "speech" in event else ""
            text = f"records {event['duration']} s{said}"
    return (who + text if text else ""), kind


def _streamed(event: Event) -> tuple[str, str] | None:
    """What happens on a stream of the call's audio; None for other events."""
    match event["event"]:
        case "stream" if event["status"] == "started":
            how = "both ways" if event["both_ways"] else ", ".join(event["tracks"])
            return f"stream  {event['url']} started ({how})", "leg"
        case "stream":
            return f"stream  {event['status']}", "leg"
        case "stream_audio":
            until = event["until"]
            length = f" for {until - event['t']:.1f} s" if until is not None else ""
            return f"hears   audio of the application{length}{' [cut]' if event['cut'] else ''}", "said"
        case "mark":
            return f"mark    {event['name']!r} {'dropped' if event['cleared'] else 'reached'}", "plain"
        case "clear":
            return "clear   the application drops its audio", "plain"
        case _:
            return None


def _relayed(event: Event) -> tuple[str, str]:
    """What happens in a ConversationRelay."""
    match event["event"]:
        case "relay":
            return f"relay   {event.get('url', 'session')} {event['status']}", "leg"
        case "prompt":
            return f"says    {event['text']!r}", "done"
        case _:
            return f"interrupts after {event['ms']} ms: {event['text']!r} was heard", "done"


_MOST_NUMBERS = 6  # in a summary; the transcript and the trace have all


def summary(outcome: Outcome) -> str:
    """One line: how it ended, how long it took, whom it reached, what was wrong, what was not simulated."""
    first, more = outcome.dialled[:_MOST_NUMBERS], len(outcome.dialled) - _MOST_NUMBERS
    legs = (", ".join(first) or "nobody") + (f" and {more} more" if more > 0 else "")
    wrong = ", ".join(str(code) for code in outcome.warnings) or "none"
    requests = len(outcome.events("request"))
    ended = f"{outcome.ended} after {outcome.seconds:g} s"
    passed_over = f"; not simulated: {', '.join(outcome.not_simulated)}" if outcome.not_simulated else ""
    return printable(f"{ended}; dialled: {legs}; {requests} requests; warnings and errors: {wrong}{passed_over}")


class PlayedOutcome(Protocol):
    """What became of a scenario, of one call or of several."""

    @property
    def seconds(self) -> float: ...
    @property
    def is_unanswered(self) -> bool: ...
    @property
    def warnings(self) -> list[int]: ...
    @property
    def not_simulated(self) -> list[str]: ...
    @property
    def first_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Result(ABC):
    """A scenario that was played."""

    name: str
    file: str
    outcome: PlayedOutcome
    findings: Sequence[Expectation]

    @property
    def failures(self) -> list[Expectation]:
        return [finding for finding in self.findings if not finding.held]

    @abstractmethod
    def events(self) -> Iterator[Event]: ...

    @abstractmethod
    def transcript(self) -> list[TranscriptLine]: ...

    @abstractmethod
    def summary(self) -> str: ...

    @abstractmethod
    def json(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class ScenarioResult(Result):
    """Of one call."""

    outcome: Outcome

    def events(self) -> Iterator[Event]:
        return iter(self.outcome.trace)

    def transcript(self) -> list[TranscriptLine]:
        return transcript(self.outcome.trace)

    def summary(self) -> str:
        return summary(self.outcome)

    def json(self) -> dict[str, Any]:
        return outcome_json(self.outcome)


def headline(result: Result) -> str:
    """One line: whether it held, and how long it lasted; for one that reached no server, why."""
    if result.outcome.is_unanswered:
        return printable(f"FAILED  {result.name} ({result.file}): {result.failures[0].instead}")
    if result.failures:
        return printable(f"FAILED  {result.name} ({result.file})")
    warned = ", ".join(str(code) for code in result.outcome.warnings)
    more = f"; warnings and errors: {warned}" if warned else ""
    return printable(f"held    {result.name}  {result.outcome.seconds:g} s{more}")


def junit(results: Sequence[Result]) -> bytes:
    """All results as one JUnit file; a scenario is a test case, its time is call time."""
    failed = sum(bool(result.failures) for result in results)
    suite = ElementTree.Element("testsuite", name="ivr simulate", tests=str(len(results)), failures=str(failed))
    for result in results:
        case = ElementTree.SubElement(
            suite, "testcase", classname=result.file, name=result.name, time=f"{result.outcome.seconds:.3f}"
        )
        if result.failures:
            message = "; ".join(finding.what for finding in result.failures)
            lines = [str(finding) for finding in result.failures]
            lines += [str(line) for line in result.transcript()]
            ElementTree.SubElement(case, "failure", message=_clean(message)).text = _clean("\n".join(lines))
    ElementTree.indent(suite)
    written: bytes = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    return written


def _clean(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write."""
    return printable(text).replace("\ufffe", "").replace("\uffff", "")


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """What became of the call, ready for JSON."""
    return {
        "ended": outcome.ended,
        "seconds": outcome.seconds,
        "heard": outcome.heard,
        "dialled": outcome.dialled,
        "requests": [f"{method} {url}" for method, url, _, _ in outcome.requests],
        "warnings": outcome.warnings,
        "not_simulated": outcome.not_simulated,
        "undone": [step_text(step) for step in outcome.undone],
        "failures": failures(outcome),
    }
