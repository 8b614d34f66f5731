"""`confirm_place`: the place and its centre by name, to the end; then what to do with them. Waiting means yes.

    confirm: {type: confirm_place, name: [PLACE], name_centre: [PLACE_CENTRE], name_other_duty: [PLACE_DUTY],
              say: [CONFIRM], say_other_duty: [CONFIRM_DUTY], say_number: [CONFIRM_READ],
              say_outage: {fault: [...], closed: [...]}, connect: connect, read: read, elsewhere: place_help}

A single wrong digit of a postcode is another municipality in 35 of 100 cases: hence the name, never the digits. A key
that bounces, or one too many, arrives while the name is spoken. So no key accepts a place before its name was spoken to
the end: until then 9, 0 and * act, and any other key has the name spoken again; after MOST_CUT of these nothing listens
while it is spoken.

Then the keys are: 1 yes, 2 a different place; where another centre has duty at this hour too, 2 is that centre and 3
the different place. Who wants the number of a centre that is out of service hears so, and gets the one of its stand-in
(who wants to be connected hears it in the node `connect`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from ivr.base.ids import NodeId, PromptKey
from ivr.line.flow.actions import ListenAction
from ivr.line.flow.describe import Description, Edge, Kind, Reads, Shape
from ivr.line.flow.events import Event, Keys, OutageKind
from ivr.line.flow.facts import KeyTooEarly
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.state import Purpose
from ivr.line.flow.turn import AGAIN, Turn

MOST_CUT = 2  # times that a key may cut the name short
AFTER_NAME = 1  # second of silence that shows that the name was spoken to its end; the shortest that Twilio waits


@dataclass(frozen=True)
class ConfirmPlace:
    hears: ClassVar[NodeInput] = NodeInput.MENU

    id: NodeId
    name: tuple[PromptKey, ...]
    name_centre: tuple[PromptKey, ...]
    name_other_duty: tuple[PromptKey, ...]
    said: tuple[PromptKey, ...]
    said_other_duty: tuple[PromptKey, ...]
    said_number: tuple[PromptKey, ...]
    said_outage: Mapping[OutageKind, tuple[PromptKey, ...]]
    connect: NodeId
    read: NodeId
    elsewhere: NodeId

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "ConfirmPlace":
        name, centre, duty = fields.prompts("name"), fields.prompts("name_centre"), fields.prompts("name_other_duty")
        said, other, number = fields.prompts("say"), fields.prompts("say_other_duty"), fields.prompts("say_number")
        connect, read, elsewhere = fields.node("connect"), fields.node("read"), fields.node("elsewhere")
        outage = fields.outage_prompts()
        return cls(node_id, name, centre, duty, said, other, number, outage, connect, read, elsewhere)

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        name, question = turn.say(self._name(turn)), turn.say(self._question(turn))
        if turn.state.heard:
            again = () if entry is Entry.AGAIN else name
            turn.listen_for_key((*turn.retry_prefix(entry), *again, *question))
        elif turn.state.attempt < MOST_CUT:
            turn.actions.append(ListenAction(name, digits=1, finish_on="", seconds=AFTER_NAME, to_the_end=True))
        else:
            turn.actions += name
            turn.change(heard=True, attempt=0)
            turn.listen_for_key(question)
        return None

    def _name(self, turn: Turn) -> tuple[PromptKey, ...]:
        if not turn.state.place:
            return self.name_centre
        return self.name_other_duty if self._other_offered(turn) else self.name

    def _question(self, turn: Turn) -> tuple[PromptKey, ...]:
        if turn.state.purpose is Purpose.NUMBER:
            return self.said_number
        return self.said_other_duty if self._other_offered(turn) else self.said

    def _other_offered(self, turn: Turn) -> bool:
        return bool(turn.state.other) and turn.state.purpose is Purpose.CONNECTION

    def receive(self, turn: Turn, event: Event) -> Go | None:
        if turn.state.heard:
            return self._answered(turn, event)
        if isinstance(event, Keys):
            turn.facts.append(KeyTooEarly(self.id))
            turn.change(attempt=turn.state.attempt + 1)
        else:
            turn.change(heard=True, attempt=0)
        return Go(self.id, Entry.AGAIN)

    def _answered(self, turn: Turn, event: Event) -> Go | None:
        wanted = self.read if turn.state.purpose is Purpose.NUMBER else self.connect
        if not isinstance(event, Keys) or event.digits == "1":
            return self._go(turn, wanted)
        other_offered = self._other_offered(turn)
        if event.digits == "2" and other_offered:
            turn.change(centre=turn.state.other, other=turn.state.centre)
            return Go(wanted)
        if event.digits == ("3" if other_offered else "2"):
            return Go(self.back(turn))
        return turn.misunderstood((AGAIN, wanted), silence=False)

    def _go(self, turn: Turn, wanted: NodeId) -> Go:
        if wanted == self.read:
            turn.divert(self.said_outage)
        return Go(wanted)

    def back(self, turn: Turn) -> NodeId:
        """Not this place: a person who is rung from now on is not told of it."""
        turn.forget_place()
        return self.elsewhere

    def prompts(self) -> Iterable[PromptKey]:
        names = (*self.name, *self.name_centre, *self.name_other_duty)
        said = (*self.said, *self.said_other_duty, *self.said_number)
        return (*names, *said, *chain(*self.said_outage.values()))

    def describe(self) -> Description:
        ways = (
            Edge(self.connect, Kind.KEY, "1 or silence", "connect"),
            Edge(self.read, Kind.KEY, "1 (number)", "read"),
            Edge(self.elsewhere, Kind.KEY, "other place", "elsewhere"),
            Edge(self.elsewhere, Kind.BACK, "*", "elsewhere"),
        )
        return Description(Shape.MENU, ways, frozenset({Reads.PLACE, Reads.OUTAGES}), outages=self.said_outage)


PARSER: Parser = ConfirmPlace.parse
