"""A centre out of service: the caller hears so, another is rung in its place, and nobody is left without one.

Must not know how an outage comes to be known, nor menus or seconds.
"""

import re
from collections.abc import Iterator
from functools import lru_cache, partial

from ivr.line.flow.events import OutageKind
from ivr.line.flow.facts import CentreOut
from ivr.proof.check.findings import Found
from ivr.proof.check.subject import Subject
from ivr.proof.check.walk import Move, Situation
from ivr.proof.check.words import WORDS


def told(subject: Subject) -> Iterator[Found]:
    """Who is led to a stand-in hears why; and nobody hears so for another reason."""
    kinds_said = lru_cache(maxsize=None)(partial(_kinds_said, subject))
    for situation in subject.situations:
        for move in situation.moves:
            kind = next((fact.kind for fact in move.facts if isinstance(fact, CentreOut)), None)
            for code in subject.languages(move.to):
                said = kinds_said(move.to, code)
                if kind and said != {kind}:
                    message = f"nobody says in {code!r} that the centre is out of service ({kind}), after {move.doing}"
                    yield Found(("node", move.passed[0], "say_outage"), message)
                elif not kind and said:
                    message = f"says in {code!r} that a centre is out of service, and none is, after {move.doing}"
                    yield Found(("node", move.to.node), message)


def _kinds_said(subject: Subject, situation: Situation, code: str) -> set[OutageKind]:
    heard = " ".join(each.text for each in subject.heard(situation, code) if each.language == code)
    return {kind for kind, words in WORDS[code].outages.items() if re.search(words, heard, re.IGNORECASE)}


def rung(subject: Subject) -> Iterator[Found]:
    """A centre out of service is rung only if all that could stand in for it are too."""
    for situation in subject.walk.situations:
        for move in situation.moves:
            if move.doing.outage and move.to.dial:
                centre = _rung(subject, move)
                out = {outage.centre for outage in move.doing.moment.outages}
                backups = {each.id for each in subject.directory.backups(subject.directory.centres[centre])}
                others = sorted(backups - out - {*move.to.state.tried})
                if centre in out and others:
                    message = f"{centre} is rung, which is out of service, and {others[0]} could be"
                    yield Found(("node", move.to.node), message)


def _rung(subject: Subject, move: Move) -> str:
    number = move.to.dial.target.number.national if move.to.dial else ""
    centre = subject.directory.by_number(number)
    return centre.id if centre else ""
