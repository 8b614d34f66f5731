"""Ways of one caller through the situations, with their seconds: the plain case, silence, nobody answering.

Must not judge: what is too long stands in `rules/seconds.py`.
"""

from collections import deque
from dataclasses import dataclass

from ivr.base.ids import LanguageCode
from ivr.line.flow.events import LegOutcome
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.situations import Move, Situation
from ivr.proof.check.stimuli import Did

TWILIO_EXTRA_RING = 5  # Twilio adds up to five seconds to a <Dial>'s timeout
MOST_STEPS = 30
_PLAIN = (Did.KEY, Did.FOUND)


@dataclass(frozen=True)
class Route:
    """`seconds`: everything is heard, then the key is pressed. `quick`: each key at once, so only what cannot be cut
    is heard. Both until the words before the ring are over. `keys`: keys and entries. `announced`: how much longer it
    takes with the longest announcement, all heard."""

    seconds: float
    quick: float
    keys: int
    pressed: tuple[str, ...]
    last: Situation
    announced: float = 0.0

    @property
    def longest(self) -> float:
        return self.seconds + self.announced


def plain_route(subject: Subject, code: LanguageCode) -> Route | None:
    """The fewest keys from the arrival to a ringing centre of the patient's place; no key 0, 9, `*` or `#`."""
    start = next(iter(subject.walk.starts.values()), None)
    waiting: deque[tuple[Situation, tuple[Move, ...]]] = deque([(start, ())] if start else [])
    seen = {start}
    while waiting:
        here, moves = waiting.popleft()
        if here.dial and any(move.doing.did is Did.FOUND for move in moves):
            return _route(subject, code, start, moves) if start else None
        for move in here.moves:
            if _is_plain(subject, move, code) and move.to not in seen:
                seen.add(move.to)
                waiting.append((move.to, (*moves, move)))
    return None


def _is_plain(subject: Subject, move: Move, code: LanguageCode) -> bool:
    if move.doing.outage or move.doing.announced:
        return False
    if move.origin.listen and move.origin.listen.to_the_end:
        return move.doing.did is Did.SILENCE
    if move.doing.did not in _PLAIN or move.misunderstood:
        return False
    if move.doing.key in ("0", "9", "*", "#", "*0", "*9"):
        return False
    if subject.chooses_language(move.origin):
        return subject.node(move.origin).languages.get(move.doing.key) == code
    return not move.to.ends


def _route(subject: Subject, code: LanguageCode, start: Situation, moves: tuple[Move, ...]) -> Route:
    places = [start, *(move.to for move in moves)]
    seconds = sum(subject.speech.total(place.spoken(code)) for place in places)
    quick = sum(subject.speech.total(place.spoken(code), uncut_only=not _whole(place)) for place in places)
    waited = sum(place.listen.seconds for place in places if place.listen and _whole(place))
    pressed = tuple(move.doing.key for move in moves if move.doing.key)
    announced = sum(_announced(subject, move, code) for move in moves)
    return Route(seconds + waited, quick + waited, len(pressed), pressed, places[-1], announced)


def _announced(subject: Subject, usual: Move, code: LanguageCode) -> float:
    """How much longer what is said after this move is with the longest announcement."""
    said = subject.speech.total(usual.to.spoken(code))
    longer = (subject.speech.total(each.to.spoken(code)) - said for each in usual.origin.moves.announced(usual))
    return max(longer, default=0.0)


def _whole(place: Situation) -> bool:
    """No key cuts it short, but for 9, 0 and `*`."""
    return bool(place.listen and place.listen.to_the_end)


def silent_route(subject: Subject, start: Situation) -> Route | None:
    """Nothing is ever pressed, in the language that silence chooses."""
    here, seconds, announced = start, 0.0, 0.0
    for count in range(MOST_STEPS):
        seconds += subject.speech.total(here.actions)
        if here.dial:
            return Route(seconds, seconds, count, (), here, announced)
        following = next(here.on(Did.SILENCE), None)
        if following is None or here.listen is None:
            return None
        seconds += here.listen.seconds
        announced += _announced(subject, following, following.to.state.language)
        here = following.to
    return None


def unanswered_route(subject: Subject, start: Situation, code: LanguageCode) -> Route | None:
    """From the words before the first ring until the caller can choose; no centre answers, and each rings its full
    time."""
    here, seconds = start, 0.0
    for count in range(MOST_STEPS):
        if here.dial is None:
            return Route(seconds, seconds, count, (), here)
        seconds += subject.speech.total(here.spoken(code)) + here.dial.ring_seconds + TWILIO_EXTRA_RING
        following = next(here.on(Did.LEG, LegOutcome.NO_ANSWER.value), None)
        if following is None:
            return None
        here = following.to
    return None
