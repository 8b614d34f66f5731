"""`end`: a conversation has taken place and is over: a last word, and the line closes.

    after_talk: {type: end, say: [AFTER_TALK]}

The only node that hangs up, and only `connect` may lead to it (the loader sees to that).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ivr.base.ids import NodeId, PromptKey
from ivr.line.flow.actions import HangUpAction
from ivr.line.flow.describe import Description, Shape
from ivr.line.flow.events import Event
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import Turn


@dataclass(frozen=True)
class End:
    hears: ClassVar[NodeInput] = NodeInput.NOTHING

    id: NodeId
    said: tuple[PromptKey, ...]

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "End":
        return cls(node_id, fields.prompts("say"))

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        turn.speak(self.said)
        turn.actions.append(HangUpAction())
        return None

    def receive(self, turn: Turn, event: Event) -> Go | None:
        """A call that is over is still over when the same request comes twice."""
        return Go(self.id)

    def back(self, turn: Turn) -> NodeId:
        return self.id

    def prompts(self) -> Iterable[PromptKey]:
        return self.said

    def describe(self) -> Description:
        return Description(Shape.END)


PARSER: Parser = End.parse
