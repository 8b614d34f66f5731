"""`red_flag`: signs of danger to life. The instruction twice, uncut; then the signs and the offer, listening.

    red: {type: red_flag, first: RED_1, signs: RED_2, stay: RED_STAY, silence: person}

Keys, once the list of signs has begun: 9 from the start again, 2 pressed by mistake (back to where the caller was),
# only the offer. Waiting rings a person with the red flag whispered to them. Never bridged to 113: a call that we
bridged would lose the position and number that a phone dialling 113 itself gives.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ivr.base.ids import NodeId, PromptKey
from ivr.line.flow.actions import PauseAction
from ivr.line.flow.describe import Description, Edge, Kind, Shape
from ivr.line.flow.events import Event, Keys
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import AGAIN, Turn

MISTAKE = "2"
BREATH = 4  # seconds of silence in which a caller may hang up and dial 113


@dataclass(frozen=True)
class RedFlagNode:
    hears: ClassVar[NodeInput] = NodeInput.MENU

    id: NodeId
    first: PromptKey
    signs: PromptKey
    stay: PromptKey
    silence: NodeId

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "RedFlagNode":
        first, signs, stay = fields.prompt("first"), fields.prompt("signs"), fields.prompt("stay")
        return cls(node_id, first, signs, stay, fields.node("silence"))

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        stay = turn.say((self.stay,))
        if entry is not Entry.FIRST:
            turn.listen_for_key((*turn.retry_prefix(entry), *stay))
            return None
        if turn.state.language:
            turn.speak((self.first, self.first))
            turn.listen_for_key((*turn.say((self.signs, self.first)), PauseAction(BREATH), *stay))
        else:  # in every language; the list of signs would keep who cannot dial from a person for two minutes
            turn.speak((self.first,))
            turn.listen_for_key((PauseAction(BREATH), *stay))
        return None

    def receive(self, turn: Turn, event: Event) -> Go | None:
        if not isinstance(event, Keys):
            return Go(self.silence)
        if event.digits == MISTAKE:
            return Go(self.back(turn))
        return turn.misunderstood((AGAIN, self.silence), silence=False)

    def back(self, turn: Turn) -> NodeId:
        """It was a mistake: to where the caller was, without the flag."""
        turn.change(red_flag=False)
        return turn.state.back or turn.flow.resume

    def prompts(self) -> Iterable[PromptKey]:
        return (self.first, self.signs, self.stay)

    def describe(self) -> Description:
        """The way back is to wherever key 9 was pressed."""
        silence = Edge(self.silence, Kind.SILENCE, "silence", "silence")
        return Description(Shape.DANGER, (silence,), returns=frozenset({MISTAKE}))


PARSER: Parser = RedFlagNode.parse
