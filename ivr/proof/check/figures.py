"""What the checker measured of a flow, in one table: for the docs, and for whoever changes a text."""

from collections.abc import Iterator
from pathlib import Path

from ivr.base.ids import LanguageCode
from ivr.proof.check.checked_flow import Ground, Subject
from ivr.proof.check.routes import plain_route, silent_route, unanswered_route
from ivr.proof.check.rules.danger import seconds_to_danger


def figures_of(flow_file: Path, ground: Ground) -> str:
    """Raises DefinitionError if the flow cannot be loaded."""
    subject = Subject(flow_file, ground)
    return "\n".join(f"{name:58} {value}" for name, value in _figures(subject))


def _figures(subject: Subject) -> Iterator[tuple[str, str]]:
    for name, walk in (("line", subject.walk), ("practice line without a number", subject.practice)):
        moves = sum(len(situation.moves) for situation in walk.states)
        yield f"situations, states, moves ({name})", f"{len(walk.situations)}, {len(walk.states)}, {moves}"
    first = next(iter(subject.walk.starts.values()), None)
    for code in subject.codes:
        is_said = code in subject.said_to_all
        if is_said:
            told = subject.told(first, code) if first else None
            yield f"first 113 instruction said, {code}", "never" if told is None else f"{told:.1f} s"
        for words, chosen in (("chosen", True), ("not yet chosen", False)):
            if chosen or is_said:
                yield f"key 9 to 113 said, at most, {code}, language {words}", _danger(subject, code, chosen=chosen)
        route = plain_route(subject, code)
        if route:
            yield f"plain case to ringing, all heard, {code}", f"{route.seconds:.1f} s, {route.keys} entries"
            yield f"plain case to ringing, keys at once, {code}", f"{route.quick:.1f} s"
            if route.announced:
                yield f"plain case, with the longest announcement, {code}", f"{route.longest:.1f} s"
    yield from _silent(subject)
    yield "centres that do not answer, at most, until a choice", _ladder(subject)


def _silent(subject: Subject) -> Iterator[tuple[str, str]]:
    for name, start in subject.walk.starts.items():
        silent = silent_route(subject, start)
        if silent:
            yield f"silence to ringing, a call from {name}", f"{silent.seconds:.1f} s"
            if silent.announced:
                yield f"silence, with the longest announcement, from {name}", f"{silent.longest:.1f} s"


def _danger(subject: Subject, code: LanguageCode, *, chosen: bool) -> str:
    times = [
        (seconds_to_danger(subject, situation, code) or 0.0, situation.node)
        for situation in subject.situations
        if situation.listen and code in subject.languages(situation) and bool(situation.state.language) is chosen
    ]
    seconds, node = max(times, default=(0.0, ""))
    return f"{seconds:.1f} s (in {node})"


def _ladder(subject: Subject) -> str:
    routes = (
        unanswered_route(subject, situation, code)
        for situation in subject.walk.situations
        if situation.dial and not (situation.reached_by and situation.reached_by.origin.dial)
        for code in subject.languages(situation)
    )
    return f"{max((route.seconds for route in routes if route), default=0.0):.1f} s"
