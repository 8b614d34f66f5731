"""Ways through the flow: all of it is reached, nobody is stuck, nothing turns in a circle, every end is allowed."""

from collections.abc import Iterable, Iterator

from ivr.line.flow.actions import ListenAction
from ivr.line.flow.describe import Description, Kind, Reads
from ivr.line.flow.events import LegOutcome
from ivr.line.flow.model import NodeInput
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found
from ivr.proof.check.graphs import circles, reaching
from ivr.proof.check.situations import CHOICES, Move, Situation
from ivr.proof.check.stimuli import KEYS, Did

MOST_SILENCES = 4  # in a row, from anywhere, until a centre rings
MOST_MISHEARD = 2  # names that are not understood, in a row, until keys alone are listened to
LEAST_ERRORS, MOST_ERRORS = 2, 4  # the call's budget of silences and wrong keys


def reached(subject: Subject) -> Iterator[Found]:
    entered = {
        node for each in subject.each for situation in each.states for move in situation.moves for node in move.passed
    }
    for each in subject.each:
        entered |= each.walk.passed_on_arrival | each.practice.passed_on_arrival
    # The resume node is entered by a call whose token cannot be used: an event that no state of this flow has.
    entered |= {subject.flow.start, subject.flow.resume}
    for node in subject.flow.nodes:
        if node not in entered:
            yield Found(("node", node), f"no call ever comes to node {node!r}")


def helped(subject: Subject) -> Iterator[Found]:
    """From everywhere on the real line some way leads to a ringing centre; nothing ends without a next step."""
    walk = subject.walk
    saved = reaching(walk.states, lambda each: each.dial is not None or each.ends)
    for situation in walk.situations:
        if situation.wait is None and not situation.ends:
            yield _at(situation, f"the call stops here without a next step (after {situation.path()})")
        elif situation.first not in saved:
            yield _at(situation, f"no way leads from here to a ringing centre (after {situation.path()})")
    for fault in (*walk.faults, *subject.practice.faults):
        yield Found(("node", fault.node), f"{fault.doing}: {fault.message}; the caller would hear the fail-safe text")


def ended(subject: Subject) -> Iterator[Found]:
    """A call is hung up on after a conversation and at no other time."""
    for situation in subject.states:
        for move in situation.moves:
            if move.to.ends and move.doing.key != LegOutcome.TALKED.value:
                yield Found(("node", move.to.node), f"hangs up on a caller after {move.doing} in {situation.node!r}")


def over(subject: Subject) -> Iterator[Found]:
    """After a conversation the call is over: nobody who was helped is asked or rung again."""
    described = subject.flow.described
    for name, node in described.items():
        for edge in node.on(Kind.ENDED):
            if not described[edge.to].ends:
                message = f"a conversation ends in {edge.to!r}, which does not end the call"
                yield Found(("node", name, edge.field), message)


def answered(subject: Subject) -> Iterator[Found]:
    """Silence leads on to a ringing centre, in a few steps; so do wrong keys, once the budget is spent."""
    if not LEAST_ERRORS <= subject.flow.errors <= MOST_ERRORS:
        message = f"{subject.flow.errors} errors before a person is rung; from {LEAST_ERRORS} to {MOST_ERRORS}"
        yield Found(("flow", "errors"), message)
    for situation in subject.walk.states:
        if situation.listen:
            steps = _silences(situation)
            if steps is None or steps > MOST_SILENCES:
                said = "never" if steps is None else f"only after {steps} silences"
                yield Found(("node", situation.node, "silence"), f"silence {said} leads to a ringing centre")
        for move in situation.moves:
            # At the language question a spent budget leads on, in the language that silence would take.
            if move.spent and not move.to.dial and not subject.chooses_language(situation):
                message = f"{move.doing} with the budget of errors spent does not ring a person"
                yield Found(("flow", "person"), message)


def misheard(subject: Subject) -> Iterator[Found]:
    """Names that are not understood lead to keys: noise must not keep a caller in speech."""
    for situation in subject.states:
        here, count = situation, 0
        while here.listen and here.listen.speech and count <= MOST_MISHEARD:
            missed = [move.to for move in here.on(Did.MISHEARD)]
            here, count = (missed[0], count + 1) if missed else (here, MOST_MISHEARD + 1)
        if count > MOST_MISHEARD:
            message = f"after {MOST_MISHEARD} names that are not understood speech is still listened to"
            yield _at(situation, f"{message} (after {situation.path()})")


def _silences(situation: Situation) -> int | None:
    here = situation
    for count in range(len(KEYS)):
        if here.dial:
            return count
        following = next(here.on(Did.SILENCE), None)
        if following is None:
            return None
        here = following.to
    return None


def bounded(subject: Subject) -> Iterator[Found]:
    """What happens to a caller without a choice of theirs does not go round for ever, unless a centre is rung."""
    quiet = [each for each in subject.walk.states if not each.dial]
    for circle in circles(quiet, lambda each: (move.to.first for move in each.moves if _unchosen(move))):
        names = " → ".join(dict.fromkeys(each.node for each in circle))
        message = f"silence or wrong keys go round for ever, and no centre is rung: {names}"
        yield Found(("node", circle[0].node), message)


def _unchosen(move: Move) -> bool:
    return not move.spent and (move.misunderstood or move.doing.did in (Did.SILENCE, Did.UNKNOWN, Did.LEG))


def star_and_hash(subject: Subject) -> Iterator[Found]:
    """In a menu `*` goes back and `#` tells the choices again; neither ever rings, ends or counts as an error."""
    depth = _depths(subject)
    for situation in subject.menus():
        for key in "*#":
            for move in situation.on(Did.KEY, key):
                if move.misunderstood or not isinstance(move.to.wait, ListenAction):
                    yield _at(situation, f"key {key} does not lead to a menu or an entry (after {situation.path()})")
                elif key == "*" and depth[move.to.node] > depth[situation.node] and not _is_red(subject, situation):
                    yield _at(situation, f"key * leads on to {move.to.node!r} and not back")
                elif key == "#" and move.to.node != situation.node:
                    yield _at(situation, f"key # leads to {move.to.node!r} and does not tell the choices again")


def back(subject: Subject) -> Iterator[Found]:
    """`*` leads to something that listens, and from there keys lead to where it was pressed."""
    for walk in (subject.walk, subject.practice):
        ahead = _ahead(walk.states)
        for situation in walk.states:
            if situation.listen and any(subject.node(situation).on(Kind.BACK)):
                for move in situation.on(Did.KEY, "*"):
                    first, *_ = (*move.passed, situation.node)
                    if subject.flow.nodes[first].hears is NodeInput.NOTHING:
                        yield Found(
                            ("node", situation.node, "back"), f"key * leads to {first!r}, which does not listen"
                        )
                    elif walk is subject.walk and situation.node not in ahead.get(first, set()) | {first}:
                        message = f"key * leads to {first!r}, from where no keys lead here"
                        yield Found(("node", situation.node, "back"), message)


def _ahead(situations: Iterable[Situation]) -> dict[str, set[str]]:
    """The nodes that a call can come to from each node, without going back and without the keys that are everywhere."""
    after: dict[str, set[str]] = {}
    for situation in situations:
        found = after.setdefault(situation.node, set())
        for move in situation.moves:
            did = move.doing.did
            if did is not Did.STAR and not (did is Did.KEY and move.doing.key[-1] in "09*"):
                found.update(move.passed)
    while True:
        grown = {node: found.union(*(after.get(each, set()) for each in found)) for node, found in after.items()}
        if grown == after:
            return after
        after = grown


def other_ways(subject: Subject) -> Iterator[Found]:
    """Who could not give the place in one way is offered another, or a menu of several."""
    described = subject.flow.described
    for name, node in described.items():
        for edge in node.on(Kind.UNKNOWN, Kind.STAR, Kind.SILENCE) if node.entry else ():
            target = described[edge.to]
            if edge.to == name or len(_ways_to_ask(subject, target)) < (1 if target.entry else 2):
                message = f"leads to {edge.to!r}, which offers no other way to give the place"
                yield Found(("node", name, edge.field), message)


def _ways_to_ask(subject: Subject, node: Description) -> set[str]:
    """How the place can be given at this node, or one key behind it."""
    nodes = (node, *(subject.flow.described[each] for each in node.targets))
    return {each.entry for each in nodes if each.entry}


def deciding(subject: Subject) -> Iterator[Found]:
    """A node that tells calls apart leads them to different places."""
    for name, node in subject.flow.described.items():
        cases = list(node.on(Kind.CASE))
        if cases and len({edge.to for edge in cases}) == 1:
            message = f"every caller is led to {cases[0].to!r}: nothing is decided"
            yield Found(("node", name, cases[0].field), message)


def _is_red(subject: Subject, situation: Situation) -> bool:
    """Behind key 9 the way back is to wherever it was pressed."""
    return situation.node == subject.flow.red_flag


def _depths(subject: Subject) -> dict[str, int]:
    """In how few steps a call comes to each node first, no centre being out of service."""
    found: dict[str, int] = {}
    for situation in (each for each in subject.situations if not each.only_in_outage):
        found[situation.node] = min(situation.steps, found.get(situation.node, situation.steps))
    return found


def picked(subject: Subject) -> Iterator[Found]:
    """Only the entry that found several places leads to the choice among them: any other way finds it empty."""
    described = subject.flow.described
    for name, node in described.items():
        for target in set(node.targets) - {edge.to for edge in node.on(Kind.SEVERAL)}:
            if Reads.CANDIDATES in described[target].reads:
                message = f"leads to {target!r}, where one of several places is picked, and none was looked for"
                yield Found(("node", name), message)


def corrected(subject: Subject) -> Iterator[Found]:
    """Where a place is confirmed, one key leads to where another can be given."""
    asks = {each for each in subject.states if subject.node(each).entry and each.listen}
    for situation in subject.states:
        listen = situation.listen
        if listen and not listen.to_the_end and Reads.PLACE in subject.node(situation).reads:
            keys = (move for move in situation.moves if move.doing.did is Did.KEY and move.doing.key in CHOICES)
            tries = (move.to.first for move in keys)
            if not any(to in asks or any(move.to.first in asks for move in _choices(to)) for to in tries):
                message = "a wrong place cannot be corrected with one key"
                yield Found(("node", situation.node, "elsewhere"), message)


def _choices(situation: Situation) -> Iterable[Move]:
    return (move for move in situation.moves if move.doing.did is Did.KEY and not move.misunderstood)


def steady(subject: Subject) -> Iterator[Found]:
    """The same event in the same state gives the same step, and every wait has an answer to every event."""
    for situation in subject.walk.states:
        for move in situation.moves[:1]:
            again, first = (subject.walk.replay(situation, move.doing, remembering=each) for each in (False, True))
            if again != first:
                yield _at(situation, f"{move.doing} gives two different steps")


def _at(situation: Situation, message: str) -> Found:
    return Found(("node", situation.node), message)
