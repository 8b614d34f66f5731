"""`ask_place`: an entry of digits that names where the patient is, or the centre itself.

    ask_postcode: {type: ask_place, by: postcode, say: [ASK_POST], found: confirm, unknown: ask_postcode_again,
                   star: place_help, silence: place_help}

`by` is postcode, municipality_number, spelling or centre_number. A `*` leaves the entry; `*9` and `*0` act as the
keys 9 and 0 do in a menu (the engine sees to that before this node is asked). `several` is where two or three
possible places are chosen from; more than that is as good as none. `unknown` is for what names nothing, and for keys
that are no entry, such as a `#` alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ivr.base.ids import NO_NODE, CentreNumber, MunicipalityNumber, NodeId, Postcode, PromptKey, Spelling
from ivr.line.directory import Place
from ivr.line.flow.actions import Listen
from ivr.line.flow.describe import Description, Edge, Kind, Reads, Shape, edges
from ivr.line.flow.events import Event, Keys
from ivr.line.flow.facts import Misunderstanding
from ivr.line.flow.model import Entry, Go, Hears
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import Turn

MOST_CANDIDATES = 3

# How many keys an entry takes, and the key that ends it early.
# finishOnKey is a single key with Twilio: a name needs `#` for the short ones, so its `*` arrives among the digits.
_ENTRIES = {
    "postcode": (4, "*"),
    "municipality_number": (4, "*"),
    "spelling": (5, "#"),
    "centre_number": (8, "*"),
}
_MAY_FIND_SEVERAL = {"municipality_number", "spelling"}


@dataclass(frozen=True)
class AskPlace:
    hears: ClassVar[Hears] = Hears.ENTRY

    id: NodeId
    by: str
    said: tuple[PromptKey, ...]
    found: NodeId
    several: NodeId
    unknown: NodeId
    star: NodeId
    silence: NodeId

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "AskPlace":
        by = fields.text("by", one_of=_ENTRIES)
        return cls(
            node_id,
            by,
            fields.prompts("say"),
            fields.node("found"),
            fields.node("several") if by in _MAY_FIND_SEVERAL else NO_NODE,
            fields.node("unknown"),
            fields.node("star"),
            fields.node("silence"),
        )

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        digits, finish_on = _ENTRIES[self.by]
        turn.actions.append(Listen(turn.say(self.said), digits, finish_on, turn.flow.digit_seconds))
        return None

    def receive(self, turn: Turn, event: Event) -> Go | None:
        if not isinstance(event, Keys):
            return turn.no_entry(Misunderstanding.SILENCE, self.silence)
        if event.star or "*" in event.digits:
            return Go(self.star)
        keyed = any(key.isdigit() for key in event.digits)
        kind = Misunderstanding.NOT_FOUND if keyed else Misunderstanding.WRONG_KEY
        return self._look_up(turn, event.digits) or turn.no_entry(kind, self.unknown)

    def _look_up(self, turn: Turn, digits: str) -> Go | None:
        directory = turn.directory
        match self.by:
            case "centre_number":
                centre = directory.by_number(CentreNumber(digits))
                if centre:
                    turn.settle_on_centre(centre, self.by)
                return Go(self.found) if centre else None
            case "postcode":
                place = directory.by_postcode(Postcode(digits))
                return self._choose(turn, (place,) if place else ())
            case "municipality_number":
                return self._choose(turn, directory.by_municipality(MunicipalityNumber(digits)))
            case _:
                return self._choose(turn, directory.by_spelling(Spelling(digits)))

    def _choose(self, turn: Turn, places: tuple[Place, ...]) -> Go | None:
        if len(places) == 1:
            turn.settle(places[0], self.by)
            return Go(self.found)
        if 1 < len(places) <= MOST_CANDIDATES:
            turn.change(candidates=tuple(place.key for place in places))
            return Go(self.several)
        return None

    def back(self, turn: Turn) -> NodeId:
        return self.star

    def prompts(self) -> Iterable[PromptKey]:
        return self.said

    def describe(self) -> Description:
        ways = edges(
            Edge(self.found, Kind.FOUND, "found", "found"),
            Edge(self.several, Kind.SEVERAL, "several", "several"),
            Edge(self.star, Kind.STAR, "*", "star"),
            Edge(self.unknown, Kind.UNKNOWN, "not found", "unknown", failure=True),
            Edge(self.silence, Kind.SILENCE, "silence", "silence", failure=True),
        )
        by = self.by.replace("_", " ")
        return Description(Shape.ENTRY, ways, frozenset({Reads.DUTY}), notes=(by,), entry=self.by)


PARSER: Parser = AskPlace.parse
