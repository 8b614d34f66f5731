"""How long things take: to a ringing centre, by silence, round the ladder; and the waits that a flow may set.

Seconds are those of `speech.py`: an estimate. What a person needs to find a key is not counted.
"""

from collections.abc import Iterator

from ivr.line.flow.describe import Kind
from ivr.line.flow.events import LegOutcome
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found
from ivr.proof.check.routes import Route, plain_route, silent_route, unanswered_route
from ivr.proof.check.stimuli import Did

PLAIN_KEYS = 4  # language, local centre, the postcode, connect: the published keys
PLAIN_SECONDS, QUICK_SECONDS = 90.0, 45.0
SILENT_SECONDS = 90.0
LADDER_SECONDS = 120.0
UNEQUAL_SECONDS = 5.0
KEY_WAIT, DIGIT_WAIT = (5, 10), (6, 12)
MOST_CENTRES = 4
RING, LONGEST, TALK, ACCEPT = (15, 40), (1800, 10800), (1, 5), (5, 12)
UNCUT_SECONDS, TEXT_SECONDS = 15.0, 35.0
LONGER, LONGER_SECONDS = 1.4, 3.0  # how much longer a text may be in one language than in another


def plain(subject: Subject) -> Iterator[Found]:
    for code in subject.codes:
        route = plain_route(subject, code)
        if route is None or route.keys > PLAIN_KEYS:
            count = f"takes {route.keys} entries" if route else "does not exist"
            yield Found(("flow", "start"), f"the plain way to a centre {count} in {code!r}; at most {PLAIN_KEYS}")
            continue
        if route.longest > PLAIN_SECONDS:
            message = f"the plain way takes {route.longest:.0f} s in {code!r} when all is heard"
            yield Found(("flow", "start"), f"{message}; at most {PLAIN_SECONDS:.0f}")
        if route.quick > QUICK_SECONDS:
            message = f"the plain way takes {route.quick:.0f} s in {code!r} with keys pressed at once"
            yield Found(("flow", "start"), f"{message}; at most {QUICK_SECONDS:.0f}")


def silent(subject: Subject) -> Iterator[Found]:
    """A caller who can press nothing is rung through."""
    for name, start in subject.walk.starts.items():
        route = silent_route(subject, start)
        if route is None or route.longest > SILENT_SECONDS:
            takes = f"takes {route.longest:.0f} s" if route else "never comes"
            message = f"from silence to ringing {takes} (a call from {name}); at most {SILENT_SECONDS:.0f}"
            yield Found(("flow", "waits"), message)


def ladder(subject: Subject) -> Iterator[Found]:
    """Centres that do not answer, one after the other, until the caller has a choice again."""
    for situation in subject.walk.situations:
        if situation.dial and not (situation.reached_by and situation.reached_by.origin.dial):
            for code in subject.languages(situation):
                route = unanswered_route(subject, situation, code)
                if route is None or route.seconds > LADDER_SECONDS:
                    takes = f"for {route.seconds:.0f} s" if route else "without end"
                    message = f"centres are rung {takes} before a choice in {code!r}; at most {LADDER_SECONDS:.0f}"
                    yield Found(("flow", "ring", "seconds"), message)
    for situation in subject.walk.states:
        for outcome in (each for each in LegOutcome if each is not LegOutcome.TALKED):
            for move in situation.on(Did.LEG, outcome.value):
                same = move.to.dial and situation.dial and move.to.dial.target == situation.dial.target
                if same and situation in subject.walk_set and not situation.only_in_outage:
                    yield Found(("node", situation.node, "failed"), "the centre that failed is rung again at once")


def told_when_none_is_left(subject: Subject) -> Iterator[Found]:
    """When the last centre of the ladder failed, the caller hears so and has a choice before any other is rung."""
    for situation in subject.walk.states:
        for move in situation.on(Did.LEG):
            given_up = [node for node in move.passed[:-1] if any(subject.flow.described[node].on(Kind.NONE_LEFT))]
            if given_up and move.to.dial:
                where = ("node", given_up[0], "none_left")
                yield Found(where, "when no centre is left the next one is rung, and nobody says that none answers")


def texts(subject: Subject) -> Iterator[Found]:
    """No single text goes on for too long: less where no key can cut it."""
    longest: dict[tuple[str, str, bool], float] = {}
    for each in subject.all_heard:
        if each.language in subject.codes:
            key = (each.language, each.key, each.uncut)
            longest[key] = max(each.seconds, longest.get(key, 0.0))
    for (code, text, uncut), seconds in sorted(longest.items()):
        most = UNCUT_SECONDS if uncut else TEXT_SECONDS
        if seconds > most:
            how = "where no key can cut it" if uncut else "without a key"
            yield Found(("prompt", code, text), f"takes {seconds:.1f} s {how}; at most {most:.0f}")


def translated(subject: Subject) -> Iterator[Found]:
    """A text that is much longer in one language says more there, or less in the other."""
    for key in subject.catalogue.languages[subject.flow.languages[0]].texts:
        seconds = {code: subject.speech.length(key, code) for code in subject.codes}
        shortest = min(seconds.values(), default=0.0)
        for code, mine in seconds.items():
            if mine > LONGER * shortest + LONGER_SECONDS:
                message = f"takes {mine:.1f} s in {code!r}, and {shortest:.1f} s in another language"
                yield Found(("prompt", code, key), message)


def waits(subject: Subject) -> Iterator[Found]:
    flow = subject.flow
    for where, value, (low, high) in (
        (("waits", "key"), flow.key_seconds, KEY_WAIT),
        (("waits", "digits"), flow.digit_seconds, DIGIT_WAIT),
        (("ring", "seconds"), flow.ring.seconds, RING),
        (("ring", "longest_call"), flow.ring.longest_call, LONGEST),
        (("ring", "shortest_talk"), flow.ring.shortest_talk, TALK),
        (("whisper", "wait"), flow.whisper.wait, ACCEPT),
    ):
        if not low <= value <= high:
            yield Found(("flow", *where), f"{' '.join(where)} is {value} s; from {low} to {high}")
    low, high = KEY_WAIT
    for situation in subject.worded_menus:
        wait = situation.listen.seconds if situation.listen else low
        if subject.chooses_language(situation) and not low <= wait <= high:
            yield Found(("node", situation.node, "wait"), f"wait is {wait} s; from {low} to {high}")
    for name, node in flow.described.items():
        if node.most_centres > MOST_CENTRES:
            message = f"{node.most_centres} centres are rung before somebody says that none answers"
            yield Found(("node", name, "most_centres"), f"{message}; at most {MOST_CENTRES}")


def equal(subject: Subject) -> Iterator[Found]:
    """No language waits much longer than the first for its centre, all heard."""
    routes: dict[str, Route | None] = {code: plain_route(subject, code) for code in subject.codes}
    first, *others = subject.codes
    mine = routes[first]
    for code in others:
        route = routes[code]
        if mine is None or route is None:
            continue
        longer = max(route.seconds - mine.seconds, route.longest - mine.longest)
        if longer > UNEQUAL_SECONDS:
            message = f"the plain way takes {longer:.1f} s longer in {code!r} than in {first!r}"
            yield Found(("language", code, "texts"), f"{message}; at most {UNEQUAL_SECONDS:.0f}")
