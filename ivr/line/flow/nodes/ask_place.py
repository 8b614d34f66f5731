"""`ask_place`: an entry of digits that names where the patient is, or the centre itself. A place may be spoken.

    ask_postcode: {type: ask_place, by: postcode, say: [ASK_POST], found: confirm, unknown: ask_postcode_again,
                   star: place_help, silence: place_help}

`by` is postcode, municipality_number, spelling or centre_number. A `*` leaves the entry; `*9` and `*0` act as the
keys 9 and 0 do in a menu (the engine sees to that before this node is asked). `several` is where two or three
possible places are chosen from; more than that is as good as none. `unknown` is for what names nothing, and for keys
that are no entry, such as a `#` alone.

    say_spoken: [ASK_POST_SPOKEN]

Said instead where speech is on: the name of the place may then be spoken. It is matched against the names of the
directory. After MOST_MISHEARD times without a place keys alone are asked for: where it is noisy, or a dialect is not
understood, speech gets in the way of the keys.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from ivr.base.ids import NO_LANGUAGE, NO_NODE, CentreNumber, MunicipalityNumber, NodeId, Postcode, PromptKey, Spelling
from ivr.line.directory import Place
from ivr.line.flow.actions import ListenAction
from ivr.line.flow.describe import Description, Edge, Kind, Reads, Shape, edges
from ivr.line.flow.events import Event, Keys, SpokenWords
from ivr.line.flow.facts import Misunderstanding
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import Turn

MOST_CANDIDATES = 3
MOST_MISHEARD = 2  # times that what was spoken named no place; then keys alone are listened to
LEAST_CONFIDENCE = 0.3  # of the recogniser, from 0 to 1: below it what was heard is a guess

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
    hears: ClassVar[NodeInput] = NodeInput.ENTRY

    id: NodeId
    by: str
    said: tuple[PromptKey, ...]
    found: NodeId
    several: NodeId
    unknown: NodeId
    star: NodeId
    silence: NodeId
    said_spoken: tuple[PromptKey, ...]

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "AskPlace":
        by = fields.text("by", one_of=_ENTRIES)
        said_spoken = fields.prompts("say_spoken", needed=False)
        if said_spoken and by == "centre_number":
            fields.complain("say_spoken is for places, and by is centre_number: a centre is named by its number alone")
        return cls(
            node_id,
            by,
            fields.prompts("say"),
            fields.node("found"),
            fields.node("several") if by in _MAY_FIND_SEVERAL or said_spoken else NO_NODE,
            fields.node("unknown"),
            fields.node("star"),
            fields.node("silence"),
            said_spoken,
        )

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        digits, finish_on = _ENTRIES[self.by]
        listens = self._listens_to_speech(turn)
        said = turn.say(self.said_spoken if listens else self.said)
        speech = turn.languages[0] if listens else NO_LANGUAGE
        turn.actions.append(ListenAction(said, digits, finish_on, turn.flow.digit_seconds, speech=speech))
        return None

    def _listens_to_speech(self, turn: Turn) -> bool:
        return bool(self.said_spoken) and turn.state.misheard < MOST_MISHEARD

    def receive(self, turn: Turn, event: Event) -> Go | None:
        if isinstance(event, SpokenWords) and self._listens_to_speech(turn):
            return self._heard(turn, event)
        if not isinstance(event, Keys):
            return turn.no_entry(Misunderstanding.SILENCE, self.silence)
        if event.star or "*" in event.digits:
            return Go(self.star)
        keyed = any(key.isdigit() for key in event.digits)
        kind = Misunderstanding.NOT_FOUND if keyed else Misunderstanding.WRONG_KEY
        return self._look_up(turn, event.digits) or turn.no_entry(kind, self.unknown)

    def _heard(self, turn: Turn, spoken: SpokenWords) -> Go | None:
        sure = spoken.confidence >= LEAST_CONFIDENCE
        go = self._choose(turn, turn.directory.by_spoken(spoken.words) if sure else (), "spoken")
        if go is None:
            turn.change(misheard=turn.state.misheard + 1)
        return go or turn.no_entry(Misunderstanding.NOT_FOUND, self.unknown)

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
                return self._choose(turn, (place,) if place else (), self.by)
            case "municipality_number":
                return self._choose(turn, directory.by_municipality(MunicipalityNumber(digits)), self.by)
            case _:
                return self._choose(turn, directory.by_spelling(Spelling(digits)), self.by)

    def _choose(self, turn: Turn, places: tuple[Place, ...], by: str) -> Go | None:
        if len(places) == 1:
            turn.settle(places[0], by)
            return Go(self.found)
        if 1 < len(places) <= MOST_CANDIDATES:
            turn.change(candidates=tuple(place.key for place in places))
            return Go(self.several)
        return None

    def back(self, turn: Turn) -> NodeId:
        return self.star

    def prompts(self) -> Iterable[PromptKey]:
        return (*self.said, *self.said_spoken)

    def without_speech(self) -> "AskPlace":
        several = self.several if self.by in _MAY_FIND_SEVERAL else NO_NODE
        return replace(self, said_spoken=(), several=several)

    def describe(self) -> Description:
        ways = edges(
            Edge(self.found, Kind.FOUND, "found", "found"),
            Edge(self.several, Kind.SEVERAL, "several", "several"),
            Edge(self.star, Kind.STAR, "*", "star"),
            Edge(self.unknown, Kind.UNKNOWN, "not found", "unknown", failure=True),
            Edge(self.silence, Kind.SILENCE, "silence", "silence", failure=True),
        )
        notes = (self.by.replace("_", " "), *(("or spoken",) if self.said_spoken else ()))
        speech = bool(self.said_spoken)
        return Description(Shape.ENTRY, ways, frozenset({Reads.DUTY}), notes=notes, entry=self.by, speech=speech)


PARSER: Parser = AskPlace.parse
