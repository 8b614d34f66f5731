"""A caller who presses nothing while no centre answers is rung again, ever more seldom, for as long as they wait.

Nobody is hung up on who may still need help, and a pocket call must not ring three centres for four hours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.line.flow.actions import PauseAction
from ivr.line.flow.events import LegOutcome
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found
from ivr.proof.check.situations import Situation
from ivr.proof.check.stimuli import Did

LONGEST_CALL = 4 * 3600.0  # seconds: Twilio ends a call then (twilio.com/docs/voice/api/call-resource, TimeLimit)
MOST_RINGS = 30
QUIET_SECONDS = 60  # the longest that a caller hears nothing: after that they take the line for dead


@dataclass(frozen=True)
class SilentStep:
    """From a situation with no key pressed and every centre busy: `seconds` until the call is at `to`."""

    seconds: float
    to: Situation | None


def seldom(subject: Subject) -> Iterator[Found]:
    """From everywhere, with no key pressed and every centre busy. The worst is told."""
    steps = {here: SilentStep(_seconds(subject, here), _unattended(here)) for here in subject.walk.situations}
    counted = ((*_rings(steps, start), start) for start in subject.walk.situations)
    rings, last, start = max(counted, key=lambda each: each[0], default=(0, None, None))
    if rings > MOST_RINGS and last and start:
        message = f"{rings} rings in four hours with no key pressed and every centre busy (from {start.path()})"
        yield Found(("node", last.node), f"{message}; at most {MOST_RINGS}")


def _rings(steps: Mapping[Situation, SilentStep], start: Situation) -> tuple[int, Situation]:
    """How often a centre rings until the call has lasted its longest, and where the call is then."""
    here, seconds, rings = start, 0.0, 0
    while seconds < LONGEST_CALL:
        step = steps[here]
        seconds += step.seconds
        rings += here.dial is not None
        if step.to is None or rings > LONGEST_CALL:
            break
        here = step.to
    return rings, here


def _seconds(subject: Subject, here: Situation) -> float:
    return subject.speech.total(here.actions) + (here.listen.seconds if here.listen else 0)


def _unattended(here: Situation) -> Situation | None:
    moves = here.on(Did.LEG, LegOutcome.BUSY.value) if here.dial else here.on(Did.SILENCE)
    return next((move.to for move in moves), None)


def told(subject: Subject) -> Iterator[Found]:
    """Between two rings the instruction is heard, and a pause is never so long that the line seems dead."""
    for here in subject.walk.situations:
        if here.listen is None or not any(isinstance(each, PauseAction) for each in here.listen.prompts):
            continue
        if max(each.seconds for each in here.listen.prompts if isinstance(each, PauseAction)) > QUIET_SECONDS:
            yield Found(("node", here.node), f"nothing is said for more than {QUIET_SECONDS} s")
        for code in subject.languages(here):
            if subject.speech.danger_told(here.spoken(code), code, uncut=False) is None:
                message = f"a caller waits here without the words 'hang up and dial 113' in {code!r}"
                yield Found(("node", here.node), message)
