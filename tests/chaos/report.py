"""What a run showed: as Markdown, and one line a fault for the terminal. Computes nothing about calls."""

import os
import platform
from collections.abc import Sequence

from tests.chaos.run import Result

_FIGURES = ("calls", "held", "lost", "promises broken", "worst silence", "unanswered", "by fallback", "restarts")
BEGIN, END = "<!-- report of make chaos -->", "<!-- end of the report -->"
MOST_COMPLAINTS = 5  # of one fault, in the report


def line(result: Result) -> str:
    """For the terminal, as soon as a fault is done."""
    verdict, fault = result.verdict, result.fault
    state = "ok  " if result.good else "FAIL"
    return (
        f"{state} {fault.id:5} {verdict.calls:5} calls, {verdict.lost} lost, silence {verdict.silence:4.1f} s of "
        f"{fault.silence:.0f}, {result.seconds:5.1f} s  {fault.name}"
    )


def complaints(result: Result) -> list[str]:
    found = [f"call {each.call}: {each.rule}: {each.message}" for each in result.verdict.complaints]
    more = [f"and {len(found) - MOST_COMPLAINTS} more"] if len(found) > MOST_COMPLAINTS else []
    return [*([result.broken] if result.broken else []), *found[:MOST_COMPLAINTS], *more]


def total(results: Sequence[Result]) -> str:
    calls, lost = _sum(results, "calls"), _sum(results, "lost")
    broken = sum(len(each.verdict.complaints) + bool(each.broken) for each in results)
    worst = max((each.verdict.silence for each in results), default=0.0)
    seconds = sum(each.seconds for each in results)
    return (
        f"{len(results)} faults, {calls} calls, {calls - lost} held, {lost} lost, {broken} promises broken, "
        f"worst silence {worst:.1f} s, {_sum(results, 'requests')} requests, {seconds:.0f} s"
    )


def markdown(results: Sequence[Result], seed: int) -> str:
    lines = [f"{total(results)}. Seed {seed}; {_machine()}.", "", *table(results)]
    for result in results:
        if not result.good:
            lines += [
                "",
                f"## {result.fault.id}: {result.fault.name}",
                "",
                *(f"- {each}" for each in complaints(result)),
            ]
    return "\n".join(lines) + "\n"


def put(text: str, report: str) -> str:
    """The text with the report between its two marks; the report alone if it has none."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n\n{report}\n{end}{after}" if end else report


def table(results: Sequence[Result]) -> list[str]:
    head = f"| | fault | {' | '.join(_FIGURES)} |"
    return [head, "|---|---|" + "---:|" * len(_FIGURES), *map(_row, results)]


def _row(result: Result) -> str:
    verdict, fault = result.verdict, result.fault
    broken = len(verdict.complaints) + bool(result.broken)
    silence = f"{verdict.silence:.1f} s of {fault.silence:.0f}"
    figures = (verdict.calls, verdict.held, verdict.lost, broken, silence)
    more = (verdict.failures, verdict.fallbacks, result.restarts)
    return f"| {fault.id} | {fault.name} | {' | '.join(map(str, (*figures, *more)))} |"


def _sum(results: Sequence[Result], name: str) -> int:
    return sum(getattr(each.verdict, name) for each in results)


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
