"""Files damaged at random, and what every loader owes whoever gives it one. Knows no file's meaning."""

import random
import time
from collections.abc import Callable, Sequence

from ivr.base.errors import Complaint, DefinitionError


def damaged(text: str, seed: int, pieces: Sequence[str]) -> str:
    """Up to four small damages: one of the pieces put in, something taken out, doubled, or moved."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(rng.randint(1, 4)):
        at, to = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
        to = min(to, at + rng.choice((1, 5, 40, 400)))
        text = rng.choice(
            (
                text[:at] + rng.choice(pieces) + text[at:],
                text[:at] + text[to:],
                text[:to] + text[at:to] + text[to:],
                text[:at] + text[to:] + text[at:to],
            )
        )
    return text


def read_or_refused(read: Callable[[], object], most_seconds: float) -> tuple[Complaint, ...]:
    """The complaints; none if it was read. In so much processor time at most, and each with its file. Anything else
    that is raised fails the test."""
    started = time.process_time()
    complaints = _complaints(read)
    assert time.process_time() - started < most_seconds
    assert complaints is None or (complaints and all(each.file and each.message for each in complaints))
    return complaints or ()


def _complaints(read: Callable[[], object]) -> tuple[Complaint, ...] | None:
    try:
        read()
    except DefinitionError as error:
        return error.complaints
    return None
