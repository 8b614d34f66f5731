"""Which expectations held of a call, and what happened instead. Does not know how the call was played.

A call fails without any expectation, too: when no request was answered, a step was not done, an error came that nobody
names, or the application failed the call.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from ivr.simulator.outcome import Outcome
from ivr.simulator.plan import Wait
from ivr.simulator.printable import printable
from ivr.simulator.prompts import find
from ivr.simulator.scenario_expect import Expectations
from ivr.simulator.scenario_text import step_text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Expectation:
    """One checked line. `instead`: what happened, for one that did not hold."""

    what: str
    held: bool
    instead: str = ""

    def __str__(self) -> str:
        return printable(self.what if self.held else f"{self.what}: {self.instead}")


def check(outcome: Outcome, expect: Expectations) -> list[Expectation]:
    """What is wrong with the call whatever is expected of it, then every line of `expect`.

    A call that reached no server has one finding: nothing else can be said of it.
    """
    if outcome.is_unanswered:
        return [Expectation("no reply", False, _unanswered(outcome))]
    return [*_unexpected(outcome, expect), *lines(outcome, expect)]


def lines(outcome: Outcome, expect: Expectations) -> list[Expectation]:
    """Every line of `expect`, and nothing else."""
    return [*_ending(outcome, expect), *_prompts(outcome, expect), *_rest(outcome, expect)]


def failures(outcome: Outcome) -> list[str]:
    """What is wrong with a call of which nothing is expected, a line each; empty when nothing is."""
    return [str(finding) for finding in check(outcome, Expectations()) if not finding.held]


def _unanswered(outcome: Outcome) -> str:
    """Why no request of the call was answered."""
    return next((str(event["message"]) for event in outcome.errors), "no request was answered")


def _unexpected(outcome: Outcome, expect: Expectations) -> Iterator[Expectation]:
    yield from _steps(outcome)
    if expect.warnings is None:
        yield from _errors(outcome)
    if expect.ended is None and outcome.ended == "failed":
        yield Expectation("unexpected end", False, f"the call ended failed; {_last_heard(outcome)}")


def _steps(outcome: Outcome) -> Iterator[Expectation]:
    """Steps that were not done. A wait only lets time pass: the call may end within it."""
    for step in outcome.undone:
        if not isinstance(step, Wait):
            instead = f"{outcome.gave_up or 'the call ended first'}; {_last_heard(outcome)}"
            yield Expectation(f"step {step_text(step)}", False, instead)


def _errors(outcome: Outcome) -> Iterator[Expectation]:
    """Each error that no expectation names, once."""
    found = Counter((event["code"], event["message"]) for event in outcome.errors)
    for (code, message), times in found.items():
        often = f" ({times} times)" if times > 1 else ""
        yield Expectation(f"unexpected error {code}" if code else "unexpected error", False, f"{message}{often}")


def _ending(outcome: Outcome, expect: Expectations) -> Iterator[Expectation]:
    if expect.ended is not None:
        yield Expectation(f"ended: {expect.ended}", outcome.ended == expect.ended, f"it ended {outcome.ended}")
    if expect.end is not None:
        held = outcome.seconds <= expect.end
        yield Expectation(f"max_seconds end: {expect.end:g}", held, f"it ended after {outcome.seconds:g} s")
    if expect.first_leg is not None:
        first = next((leg["t"] for leg in outcome.events("leg")), None)
        instead = "nobody was dialled" if first is None else f"the first leg was dialled after {first:g} s"
        held = first is not None and first <= expect.first_leg
        yield Expectation(f"max_seconds first_leg: {expect.first_leg:g}", held, instead)


def _prompts(outcome: Outcome, expect: Expectations) -> Iterator[Expectation]:
    start = 0
    for text in expect.heard:
        found = find(outcome.trace, text, start)
        earlier = "it was heard, but earlier" if find(outcome.trace, text) is not None else _last_heard(outcome)
        yield Expectation(f"heard: {text!r}", found is not None, earlier)
        start = start if found is None else found
    for text in expect.never_heard:
        found = find(outcome.trace, text)
        said = (
            f"heard at {outcome.trace[found]['t']:g} s: {outcome.trace[found]['text']!r}" if found is not None else ""
        )
        yield Expectation(f"never_heard: {text!r}", found is None, said)


def _rest(outcome: Outcome, expect: Expectations) -> Iterator[Expectation]:
    if expect.dialled is not None:
        held = list(expect.dialled) == outcome.dialled
        yield Expectation(f"dialled: {_list(expect.dialled)}", held, f"dialled: {_list(outcome.dialled)}")
    for number in expect.never_dialled:
        yield Expectation(f"never_dialled: {number!r}", number not in outcome.dialled, "it was dialled")
    if expect.requests:
        sent = [f"{event['method']} {event['url']}" for event in outcome.events("request")]
        missing = _first_missing(expect.requests, sent)
        what = f"requests: {_list(expect.requests)}"
        yield Expectation(what, missing is None, f"{missing!r} is not among them, in this order: {_list(sent)}")
    if expect.warnings is not None:
        every = [event["code"] for event in outcome.events("warning", "error")]  # 0 may be named, or left out
        held = list(expect.warnings) in (outcome.warnings, every)
        said = "; ".join(f"{event['code']} {event['message']}" for event in outcome.wrong)
        yield Expectation(f"warnings: {list(expect.warnings)}", held, said or "there were none")


def _first_missing(wanted: Sequence[str], sent: Sequence[str]) -> str | None:
    """The first of `wanted` that does not come, in order, among the requests sent."""
    rest = iter(sent)
    return next((want for want in wanted if not any(_is_request(want, request) for request in rest)), None)


def _is_request(wanted: str, sent: str) -> bool:
    """A path matches whatever host and query; a path with a query, that query too; a URL matches itself."""
    method, _, where = wanted.partition(" ")
    sent_method, _, url = sent.partition(" ")
    parts = urlsplit(url)
    path = parts.path or "/"
    return method == sent_method and where in (url, path, f"{path}?{parts.query}")


def _last_heard(outcome: Outcome) -> str:
    return f"the last prompt was {outcome.heard[-1]!r}" if outcome.heard else "nothing was heard"


def _list(items: Sequence[object]) -> str:
    return "[" + ", ".join(str(item) for item in items) + "]"
