"""`by_caller`: a foreign number is offered the abroad menu first; everyone else goes on.

    caller: {type: by_caller, abroad: abroad, otherwise: main}

+47 does not prove Norway, nor a foreign number abroad: so it is an offer, with a way on to the main menu.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ivr.base.ids import NodeId, PromptKey
from ivr.line.flow.describe import Description, Edge, Kind, Reads, Shape
from ivr.line.flow.events import Event
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import Turn


@dataclass(frozen=True)
class ByCaller:
    hears: ClassVar[NodeInput] = NodeInput.NOTHING

    id: NodeId
    abroad: NodeId
    otherwise: NodeId

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "ByCaller":
        return cls(node_id, fields.node("abroad"), fields.node("otherwise"))

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        return Go(self.abroad if turn.moment.caller.abroad else self.otherwise)

    def receive(self, turn: Turn, event: Event) -> Go | None:
        return Go(self.id)  # it waits for nothing: an event can only be a repetition

    def back(self, turn: Turn) -> NodeId:
        return self.otherwise

    def prompts(self) -> Iterable[PromptKey]:
        return ()

    def describe(self) -> Description:
        abroad = Edge(self.abroad, Kind.CASE, "from abroad", "abroad")
        others = Edge(self.otherwise, Kind.CASE, "others", "otherwise")
        return Description(Shape.SAY, (abroad, others), frozenset({Reads.COUNTRY}))


PARSER: Parser = ByCaller.parse
