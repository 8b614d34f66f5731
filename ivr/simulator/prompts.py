"""What the caller heard, for matching texts against it: one rule for steps (`hear`) and expectations (`heard`).

A text matches anywhere in a prompt, whatever its case and blanks. Prompts that follow each other directly count as one
text too, so a sentence that two voices share can be matched as a whole.
"""

from collections.abc import Sequence
from itertools import islice

from ivr.simulator.trace import Event


def normal(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_heard(event: Event) -> bool:
    """True for what the caller hears; what a callee hears in a whisper carries the field `leg`."""
    return event["event"] == "say" and "leg" not in event


def last_run(events: Sequence[Event]) -> int:
    """Where the prompts begin that the events end with; the number of events when they end with something else."""
    index = len(events)
    while index and is_heard(events[index - 1]):
        index -= 1
    return index


def runs(events: Sequence[Event], since: int = 0) -> list[list[tuple[int, str]]]:
    """Prompts with their index in `events`, those together that have nothing between them."""
    found: list[list[tuple[int, str]]] = []
    joined = False
    for index, event in enumerate(islice(events, since, None), since):
        if is_heard(event):
            if not joined:
                found.append([])
            found[-1].append((index, normal(event["text"])))
            joined = True
        else:
            joined = False
    return found


def find(events: Sequence[Event], text: str, start: int = 0, *, since: int = 0) -> int | None:
    """The index of the prompt in which `text` begins, the first at or after `start`; None if it was not heard.

    `since`: only events from this index on are looked at (`last_run` gives the one to go on from).
    """
    wanted = normal(text)
    for run in runs(events, since):
        whole, owners = _joined(run)
        at = whole.find(wanted)
        while at >= 0:
            owner = owners[at] if owners else -1
            if owner >= start:
                return owner
            at = whole.find(wanted, at + 1)
    return None


def _joined(run: list[tuple[int, str]]) -> tuple[str, list[int]]:
    """A run's text, and for every character the index of the prompt that it is in."""
    owners: list[int] = []
    for index, text in run:
        owners += [index] * (len(text) + 1)
    return " ".join(text for _, text in run), owners[:-1]
