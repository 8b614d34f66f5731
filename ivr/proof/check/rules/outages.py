"""A centre out of service: the caller hears so, another is rung in its place, and nobody is left without one."""

from collections.abc import Iterator
from typing import TypeAlias

from ivr.base.ids import NO_CENTRE, CentreId, LanguageCode
from ivr.line.flow.events import OutageKind
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found
from ivr.proof.check.situations import Move, Situation

# What was found in what is said, by its identity, and language.
_Kinds: TypeAlias = dict[tuple[int, LanguageCode], set[OutageKind]]


def told(subject: Subject) -> Iterator[Found]:
    """Who is led to a stand-in hears why; and nobody hears so for another reason."""
    kinds: _Kinds = {}
    speaks = {each for each in subject.situations if _speaks(subject, kinds, each)}
    for situation in subject.states:
        for move in situation.moves:
            if move.out or move.to in speaks:
                yield from _told(subject, kinds, move)


def _told(subject: Subject, kinds: _Kinds, move: Move) -> Iterator[Found]:
    for code in subject.languages(move.to):
        said = _kinds_in(subject, kinds, move.to, code)
        if move.out and said != {move.out}:
            message = f"nobody says in {code!r} that the centre is out of service ({move.out}), after {move.doing}"
            yield Found(("node", move.passed[0], "say_outage"), message)
        elif not move.out and said:
            message = f"says in {code!r} that a centre is out of service, and none is, after {move.doing}"
            yield Found(("node", move.to.node), message)


def _speaks(subject: Subject, kinds: _Kinds, situation: Situation) -> bool:
    """Says in some language that a centre is out of service."""
    return any(_kinds_in(subject, kinds, situation, code) for code in subject.languages(situation))


def _kinds_in(subject: Subject, kinds: _Kinds, situation: Situation, code: LanguageCode) -> set[OutageKind]:
    key = (id(situation.spoken(code)), code)
    known = kinds.get(key)
    if known is None:
        heard = " ".join([each.text for each in subject.heard(situation, code) if each.language == code])
        known = kinds[key] = {kind for kind, words in subject.words[code].of_outages.items() if words.search(heard)}
    return known


def rung(subject: Subject) -> Iterator[Found]:
    """A centre out of service is rung only if all that could stand in for it are too."""
    for situation in subject.walk.states:
        for move in situation.moves:
            if move.doing.outage and move.to.dial:
                centre = _rung(subject, move)
                out = {outage.centre for outage in move.doing.moment.outages}
                backups = {each.id for each in subject.directory.backups(subject.directory.centres[centre])}
                others = sorted(backups - out - {*move.to.state.tried})
                if centre in out and others:
                    message = f"{centre} is rung, which is out of service, and {others[0]} could be"
                    yield Found(("node", move.to.node), message)


def _rung(subject: Subject, move: Move) -> CentreId:
    centre = subject.directory.by_number(move.to.dial.target.number.national) if move.to.dial else None
    return centre.id if centre else NO_CENTRE
