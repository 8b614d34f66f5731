"""What the caller heard, for matching texts against it: one rule for steps (`hear`) and expectations (`heard`).

A text matches anywhere in a prompt, whatever its case and blanks. Prompts that follow each other directly count as one
text too, so a sentence that two voices share can be matched as a whole. Numbers match however they are written or
spelled, as a whole: `116 117` is in `1 1 6 1 1 7` and not in `1161170` (`spoken_numbers`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from ivr.simulator.spoken_numbers import any_spelling, is_number, literal, with_numbers
from ivr.simulator.trace import Event


def normal(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_heard(event: Mapping[str, Any]) -> bool:
    """True for what the caller hears; what a callee hears in a whisper carries the field `leg`."""
    return event["event"] == "say" and "leg" not in event


def last_run(events: Sequence[Event]) -> int:
    """Where the prompts begin that the events end with; the number of events when they end with something else."""
    index = len(events)
    while index and is_heard(events[index - 1]):
        index -= 1
    return index


def runs(events: Sequence[Event], since: int = 0) -> list[list[tuple[int, Event]]]:
    """Prompts with their index in `events`, those together that have nothing between them."""
    found: list[list[tuple[int, Event]]] = []
    joined = False
    for index, event in enumerate(islice(events, since, None), since):
        if is_heard(event):
            if not joined:
                found.append([])
            found[-1].append((index, event))
            joined = True
        else:
            joined = False
    return found


def find(events: Sequence[Event], text: str, start: int = 0, *, since: int = 0) -> int | None:
    """The index of the prompt in which `text` begins, the first at or after `start`; None if it was not heard.

    `since`: only events from this index on are looked at (`last_run` gives the one to go on from).
    """
    wanted = normal(text)
    found = [_first(run, wanted, start) for run in runs(events, since)]
    return next((index for index in found if index is not None), None)


def _first(run: list[tuple[int, Event]], wanted: str, start: int) -> int | None:
    """The first prompt of one run in which `wanted` begins, as it is written or as its numbers can be said."""
    found = []
    if not is_number(wanted):
        found.append(_search(run, _as_written, literal(wanted), start))
    if any(character.isdigit() for character in wanted):
        found.append(_search(run, _as_numbers, any_spelling(wanted), start))
    return min((index for index in found if index is not None), default=None)


def _as_written(event: Event) -> str:
    return normal(event["text"])


def _as_numbers(event: Event) -> str:
    return with_numbers(normal(event["text"]), event["language"])


def _search(
    run: list[tuple[int, Event]], words: Callable[[Event], str], wanted: re.Pattern[str], start: int
) -> int | None:
    texts = [(index, words(event)) for index, event in run]
    owners = [index for index, text in texts for _ in range(len(text) + 1)]
    for match in wanted.finditer(" ".join(text for _, text in texts)):
        if owners[match.start()] >= start:
            return owners[match.start()]
    return None
