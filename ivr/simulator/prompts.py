"""What the caller heard, for matching texts against it: one rule for steps (`hear`) and expectations (`heard`).

A text matches anywhere in a prompt, whatever its case and blanks. Prompts that follow each other directly count as one
text too, so a sentence that two voices share can be matched as a whole.
"""

from collections.abc import Iterable, Sequence

from ivr.simulator.trace import Event


def normal(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_heard(event: Event) -> bool:
    """True for what the caller hears; what a callee hears in a whisper carries the field `leg`."""
    return event["event"] == "say" and "leg" not in event


def runs(events: Iterable[Event]) -> list[list[tuple[int, str]]]:
    """Prompts with their index in `events`, those together that have nothing between them."""
    found: list[list[tuple[int, str]]] = []
    joined = False
    for index, event in enumerate(events):
        if is_heard(event):
            if not joined:
                found.append([])
            found[-1].append((index, normal(event["text"])))
            joined = True
        else:
            joined = False
    return found


def find(events: Sequence[Event], text: str, start: int = 0) -> int | None:
    """The index of the prompt in which `text` begins, the first at or after `start`; None if it was not heard."""
    wanted = normal(text)
    for run in runs(events):
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
