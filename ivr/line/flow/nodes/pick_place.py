"""`pick_place`: two or three places could be meant; the caller picks one by name.

pick_name: {type: pick_place, say_two: [PICK_NAME_2], say_three: [PICK_NAME_3], found: confirm,
            silence: [place_help], back: place_help}
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ivr.base.ids import NodeId, PromptKey
from ivr.line.directory import Place
from ivr.line.flow.describe import Description, Edge, Kind, Reads, Shape, silence
from ivr.line.flow.events import Event, Keys
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import Turn


@dataclass(frozen=True)
class PickPlace:
    hears: ClassVar[NodeInput] = NodeInput.MENU

    id: NodeId
    said_two: tuple[PromptKey, ...]
    said_three: tuple[PromptKey, ...]
    found: NodeId
    silence: tuple[NodeId, ...]
    back_to: NodeId

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "PickPlace":
        return cls(
            node_id,
            fields.prompts("say_two"),
            fields.prompts("say_three"),
            fields.node("found"),
            fields.ladder(),
            fields.node("back"),
        )

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        candidates = turn.state.candidates
        if not candidates:  # a place was settled meanwhile, and the caller came back by way of the red-flag text
            return Go(self.back_to)
        said = self.said_two if len(candidates) == 2 else self.said_three
        turn.listen_for_key((*turn.retry_prefix(entry), *turn.say(said)))
        return None

    def receive(self, turn: Turn, event: Event) -> Go | None:
        keys = {str(number): key for number, key in enumerate(turn.state.candidates, start=1)}
        picked = keys.get(event.digits) if isinstance(event, Keys) else None
        if picked is None:
            return turn.misunderstood(self.silence, silence=not isinstance(event, Keys))
        turn.settle(Place.from_key(picked), "picked")
        return Go(self.found)

    def back(self, turn: Turn) -> NodeId:
        return self.back_to

    def prompts(self) -> Iterable[PromptKey]:
        return (*self.said_two, *self.said_three)

    def describe(self) -> Description:
        ways = (
            Edge(self.found, Kind.FOUND, "1–3", "found"),
            *silence(self.silence, self.id),
            Edge(self.back_to, Kind.BACK, "*", "back"),
        )
        return Description(Shape.MENU, ways, frozenset({Reads.CANDIDATES, Reads.DUTY}))


PARSER: Parser = PickPlace.parse
