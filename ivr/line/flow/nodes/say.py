"""`say`: speak, listen to nothing, go on.

open: {type: say, say: [OPEN_113], in_every_language: true, next: language}
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ivr.base.ids import NodeId, PromptKey
from ivr.line.flow.describe import Description, Edge, Kind, Shape
from ivr.line.flow.events import Event
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import Turn


@dataclass(frozen=True)
class SayNode:
    hears: ClassVar[NodeInput] = NodeInput.NOTHING

    id: NodeId
    said: tuple[PromptKey, ...]
    next: NodeId
    in_every_language: bool
    only_in_practice: bool

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "SayNode":
        return cls(
            node_id,
            fields.prompts("say"),
            fields.node("next"),
            fields.flag("in_every_language"),
            fields.text("only_in", needed=False, one_of=("practice",)) == "practice",
        )

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        if turn.flow.practice or not self.only_in_practice:
            turn.speak(self.said, turn.flow.said_to_all if self.in_every_language else None)
        return Go(self.next)

    def receive(self, turn: Turn, event: Event) -> Go | None:
        return Go(self.id)  # it waits for nothing: an event can only be a repetition

    def back(self, turn: Turn) -> NodeId:
        return self.next

    def prompts(self) -> Iterable[PromptKey]:
        return self.said

    def describe(self) -> Description:
        return Description(Shape.SAY, (Edge(self.next, Kind.NEXT, "", "next"),))


PARSER: Parser = SayNode.parse
