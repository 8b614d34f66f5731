"""An announcement for the whole line: heard once, where keys can cut it, and nothing else changes while it is on.

Each step that asks for the announcement is held against the same step without it. The two differ in the words of the
announcement alone, so what every other rule proves of a line without one holds while one is on. What seconds it adds is
counted by the rules about them (`routes.py`).
"""

from collections.abc import Iterator

from ivr.base.ids import LanguageCode
from ivr.line.flow.actions import Action, ListenAction, Prompt, SayAction
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found
from ivr.proof.check.graphs import reaching
from ivr.proof.check.situations import Move

MOST_SECONDS = 12.0  # of one announcement: the caller waits for the menu behind it


def added(subject: Subject) -> Iterator[Found]:
    """It is the first that is said where keys are listened to, in the caller's language, and it is all that is new."""
    for move, usual in _announced(subject):
        if move.to.first is not usual.to.first or move.facts != usual.facts:
            yield _found(move, "leads elsewhere while it is on")
        for code in subject.languages(move.to):
            if move.to.spoken(code) != _with(subject, move, usual.to.spoken(code), code):
                yield _found(
                    move, f"is not the first that is heard in {code!r} where keys can cut it, and nothing else"
                )


def once(subject: Subject) -> Iterator[Found]:
    """Nobody hears it twice in a call."""
    moves = [move for move, _ in _announced(subject)]
    again = {move.origin.first for move in moves}
    led_back = reaching(subject.states, lambda situation: situation.first in again)
    for move in moves:
        if move.to.first in led_back:
            yield _found(move, "can be heard again in the same call")


def worded(subject: Subject) -> Iterator[Found]:
    """It is short, and the same for every caller. That it names no key of the menu behind it is V18."""
    for node, described in subject.flow.described.items():
        for name, keys in described.announcements.items():
            where = ("node", node, "announcements", name)
            if any(subject.catalogue.slots(key) for key in keys):
                yield Found(where, f"the announcement {name!r} has a slot: it must be the same for every caller")
            for code in subject.codes:
                seconds = sum(subject.speech.length(key, code) for key in keys)
                if seconds > MOST_SECONDS:
                    message = f"the announcement {name!r} takes {seconds:.1f} s in {code!r}; at most {MOST_SECONDS:.0f}"
                    yield Found(where, message)


def _announced(subject: Subject) -> Iterator[tuple[Move, Move]]:
    """Each move while an announcement is on, and the same without."""
    for situation in subject.states:
        for usual in situation.moves if situation.moves.of_announcements else ():
            yield from ((move, usual) for move in situation.moves.announced(usual))


def _with(subject: Subject, move: Move, usual: tuple[Action, ...], code: LanguageCode) -> tuple[Action, ...]:
    """What is to be done: the usual, with the announcement at the start of what keys can cut."""
    keys = subject.flow.announcements[move.doing.announced]
    said = tuple(SayAction(Prompt(key, code)) for key in keys if not subject.catalogue.slots(key))
    listens = next((each for each in usual if isinstance(each, ListenAction) and not each.to_the_end), None)
    if listens is None:
        return ()
    heard = listens._replace(prompts=(*said, *listens.prompts))
    return tuple(heard if each is listens else each for each in usual)


def _found(move: Move, message: str) -> Found:
    where = ("node", move.origin.node, "announcements", move.doing.announced)
    return Found(where, f"the announcement {move.doing.announced!r} {message} (after {move.origin.path()})")
