"""Words and deeds: a key leads where the words before it say, and the same words lead to the same place everywhere.

What this cannot see: a clause in words that no pattern of `words.py` knows is held to the second half only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter

from ivr.base.ids import NO_LANGUAGE, LanguageCode
from ivr.line.flow.events import LegOutcome
from ivr.line.flow.state import Purpose
from ivr.line.languages import DIGIT_SLOTS
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found
from ivr.proof.check.rules.texts import in_language
from ivr.proof.check.situations import CHOICES, PERSON_KEY, Move, Situation
from ivr.proof.check.spoken_patterns import Announced, Deed, WordPatterns, search
from ivr.proof.check.stimuli import Did

_FAILING = (Did.UNKNOWN, Did.MISHEARD, Did.LEG, Did.SILENCE)
_BY = {
    Deed.POSTCODE: "postcode",
    Deed.MUNICIPALITY_NUMBER: "municipality_number",
    Deed.SPELLING: "spelling",
    Deed.CENTRE_NUMBER: "centre_number",
}


def kept(subject: Subject) -> Iterator[Found]:
    """Each clause that promises something known, held against what its key does."""
    for situation, told in _announced(subject):
        named = _centres_to_ring(subject, situation)
        for code, each in told:
            for move in situation.on(Did.KEY, each.key):
                for deed in _promised(each.clause, subject.words[code]):
                    if not _KEPT[deed](subject, move, deed):
                        message = f"key {each.key}, {each.clause!r} in {code!r}, does not lead to {deed.value}"
                        yield Found(_where(situation, each.key), message)
                if not _rings_named(subject, named, each, move):
                    message = f"key {each.key}, {each.clause!r}, does not ring that centre"
                    yield Found(_where(situation, each.key), message)


def excused(subject: Subject) -> Iterator[Found]:
    """A text that says that something was not found or did not answer is said after just that. Silence is let pass,
    and so is coming back from the 113 text to where one was."""
    sorry = lru_cache(maxsize=None)(partial(_sorry, subject))
    for situation in subject.walk.states:
        if situation.node == subject.flow.red_flag:
            continue
        for move in situation.moves:
            if move.to.node != situation.node and move.doing.did not in _FAILING:
                for key in sorry(move.to):
                    message = f"{move.doing} leads to {key!r}, which says that something failed"
                    yield Found(("node", situation.node), message)


def told_of_failure(subject: Subject) -> Iterator[Found]:
    """After a centre that did not answer the caller hears so, before anything else is rung or asked."""
    for situation in subject.walk.states:
        for move in situation.on(Did.LEG):
            if move.doing.key == LegOutcome.TALKED.value:
                continue
            for code in subject.languages(situation):
                heard = " ".join(each.text for each in in_language(subject, move.to, code))
                if not search(subject.words[code].failed, heard):
                    message = f"after {move.doing} nobody says in {code!r} that the centre was not reached"
                    yield Found(("node", situation.node, "failed"), message)


def _sorry(subject: Subject, situation: Situation) -> list[str]:
    heard = [each for each in subject.heard(situation, NO_LANGUAGE) if each.language in subject.codes]
    return [each.key for each in heard if search(subject.words[each.language].sorry, each.text)]


@lru_cache(maxsize=4096)
def _promised(clause: str, words: WordPatterns) -> tuple[Deed, ...]:
    return tuple(d for d, pattern in words.deeds.items() if search(pattern, clause))


def waited(subject: Subject) -> Iterator[Found]:
    """Where the words say "or just wait", silence does what the key does."""
    for situation, code, each in subject.announced_keys:
        silence = _past_repeats(situation)
        key = next(situation.on(Did.KEY, each.key), None)
        if each.or_wait and silence and key and _place(silence) != _place(key):
            message = f"says in {code!r} that waiting does the same as key {each.key}, and it does not"
            yield Found(("node", situation.node, "silence"), message)


def _past_repeats(situation: Situation) -> Move | None:
    """Where silence leads, once the menu has been told again as often as it is."""
    move = next(situation.on(Did.SILENCE), None)
    while move and move.to.node == situation.node and move.to.first is not move.origin:
        move = next(move.to.on(Did.SILENCE), None)
    return move


def _place(move: Move) -> tuple[str, ...]:
    return (move.to.node, *move.passed[-1:])


def alike(subject: Subject) -> Iterator[Found]:
    """The same clause in two menus leads to the same node (or each time back to its own)."""
    seen: dict[tuple[LanguageCode, str], dict[str, str]] = {}
    for situation, told in _announced(subject):
        named = [value for _, value in _centres_named(situation)]
        for code, each in told:
            if any(value in each.clause for value in named):
                continue
            for move in situation.on(Did.KEY, each.key):
                target = "itself" if move.passed[:1] == (situation.node,) else move.passed[0]
                seen.setdefault((code, each.clause.lower()), {})[f"{situation.node} {each.key}"] = target
    for (code, clause), targets in seen.items():
        usual = Counter(targets.values()).most_common(1)[0][0]
        for where, target in targets.items():
            if target != usual:
                node, key = where.split()
                message = (
                    f"key {key}, {clause!r} in {code!r}, leads to {target!r}; elsewhere these words lead to {usual!r}"
                )
                yield Found(("node", node, "choices", key), message)


def _announced(subject: Subject) -> Iterator[tuple[Situation, Iterator[tuple[LanguageCode, Announced]]]]:
    """Of every menu each choice that it announces and has, in every language."""
    for situation, told in groupby(subject.announced_keys, itemgetter(0)):
        yield situation, ((code, each) for _, code, each in told if each.key != PERSON_KEY)


def _where(situation: Situation, key: str) -> tuple[str, ...]:
    return ("node", situation.node, "choices", key)


def _asks(subject: Subject, situation: Situation) -> bool:
    return bool(subject.node(situation).entry) and situation.listen is not None


def _next(situation: Situation) -> Iterator[Situation]:
    return (m.to for key in CHOICES for m in situation.on(Did.KEY, key) if not m.misunderstood)


def _again(subject: Subject, move: Move, _: Deed) -> bool:
    return move.to.node == move.origin.node


def _elsewhere(subject: Subject, move: Move, _: Deed) -> bool:
    return not move.to.dial and (_asks(subject, move.to) or any(_asks(subject, to) for to in _next(move.to)))


def _entry(subject: Subject, move: Move, deed: Deed) -> bool:
    return subject.node(move.to).entry == _BY[deed]


def _hears_number(subject: Subject, move: Move, _: Deed) -> bool:
    heard = subject.heard(move.to, NO_LANGUAGE)
    said = {slot for each in heard if each.key for slot in subject.catalogue.slots(each.key)}
    return bool(said & DIGIT_SLOTS) or (_asks(subject, move.to) and move.to.state.purpose is Purpose.NUMBER)


def _connects(subject: Subject, move: Move, _: Deed) -> bool:
    asks = _asks(subject, move.to) and move.to.state.purpose is Purpose.CONNECTION
    return bool(move.to.dial) or asks or _mute(subject, move)


def _retries(subject: Subject, move: Move, _: Deed) -> bool:
    centre = subject.directory.centres.get(move.origin.state.centre)
    return _mute(subject, move) or bool(move.to.dial and centre and move.to.dial.target == centre.target)


def _mute(subject: Subject, move: Move) -> bool:
    """On a line that may ring nobody, the line itself speaks in place of the centre."""
    return any(node in subject.flow.ringing for node in move.passed)


def _raises_flag(subject: Subject, move: Move, _: Deed) -> bool:
    return move.to.node == subject.flow.red_flag


def _rings(subject: Subject, move: Move, _: Deed) -> bool:
    return bool(move.to.dial) or _mute(subject, move)


def _texts(subject: Subject, move: Move, _: Deed) -> bool:
    return bool(subject.node(move.to).messages)


_KEPT: Mapping[Deed, Callable[[Subject, Move, Deed], bool]] = {
    Deed.AGAIN: _again,
    Deed.ELSEWHERE: _elsewhere,
    **dict.fromkeys(_BY, _entry),
    Deed.HEAR_NUMBER: _hears_number,
    Deed.CONNECTION: _connects,
    Deed.RETRY: _retries,
    Deed.DANGER: _raises_flag,
    Deed.PERSON: _rings,
    Deed.TEXT_MESSAGE: _texts,
}


def _centres_named(situation: Situation) -> Iterator[tuple[str, str]]:
    for said in situation.listen.prompts if situation.listen else ():
        for slot, value in getattr(getattr(said, "prompt", None), "slots", ()):
            if slot in ("backup", "other", "name1", "name2", "name3", "centre"):
                yield slot, value


def _centres_to_ring(subject: Subject, situation: Situation) -> list[str]:
    """The centres whose name alone may be a clause ("For {backup}"). An outage that ends just between the words and the
    key is let pass."""
    if situation.only_in_outage or situation not in subject.walk_set:
        return []
    return [value for slot, value in _centres_named(situation) if slot in ("backup", "other")]


def _rings_named(subject: Subject, named: Iterable[str], each: Announced, move: Move) -> bool:
    """A clause that is a centre's name and nothing else rings that centre."""
    for name in named:
        if each.clause.endswith(name):
            dial = move.to.dial
            centre = subject.directory.by_number(dial.target.number.national) if dial else None
            return centre is not None and centre.spoken == name
    return True
