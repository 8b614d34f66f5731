"""`menu`: speak while listening for one key.

    info: {type: menu, say: [INFO], choices: {"1": when_centre, "2": when_gp}, silence: [again, person], back: main}

A choice is the id of a node, or `{to: node, for: connection | number}` when it says what the caller wants of a centre.
`again` are the prompts for a second hearing and for the key #; `say`, if there are none. `informs: true`: who
hears this has been helped, even if they hang up then.

    text_message: {say: [READ_TEXT], to: send_number}

One choice more, with the next key, for a caller whom a text message can reach. Where text messages are off the loader
leaves it out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from ivr.base.ids import NodeId, PromptKey
from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.base.strict_yaml import Text
from ivr.line.flow.actions import PauseAction, SayAction
from ivr.line.flow.describe import Description, Edge, Kind, Reads, Shape, silence
from ivr.line.flow.events import Event, Keys
from ivr.line.flow.facts import Informed
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.state import Purpose
from ivr.line.flow.turn import Turn


@dataclass(frozen=True)
class Choice:
    to: NodeId
    purpose: Purpose | None = None


@dataclass(frozen=True)
class TextOffer:
    said: tuple[PromptKey, ...]
    to: NodeId


@dataclass(frozen=True)
class Menu:
    hears: ClassVar[NodeInput] = NodeInput.MENU

    id: NodeId
    said: tuple[PromptKey, ...]
    again: tuple[PromptKey, ...]
    choices: Mapping[str, Choice]
    silence: tuple[NodeId, ...]
    back_to: NodeId
    informs: bool
    text_message: TextOffer | None

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "Menu":
        return cls.parse_with(node_id, fields, fields.ladder())

    @classmethod
    def parse_with(cls, node_id: NodeId, fields: Fields, silence: tuple[NodeId, ...]) -> "Menu":
        """`silence`: the ladder, for a node type that has no field for it."""
        said = fields.prompts("say")
        return cls(
            node_id,
            said,
            fields.prompts("again", needed=False) or said,
            _choices(fields),
            silence,
            fields.node("back"),
            fields.flag("informs"),
            _text_message(fields),
        )

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        said = self.said if entry is Entry.FIRST else self.again
        if self.text_message and turn.moment.caller.textable:
            said += self.text_message.said
        prompts: tuple[SayAction | PauseAction, ...] = (*turn.retry_prefix(entry), *turn.say(said))
        turn.listen_for_key(prompts)
        if self.informs and entry is Entry.FIRST:
            turn.facts.append(Informed(self.id))
        return None

    def receive(self, turn: Turn, event: Event) -> Go | None:
        choice = self._choice(turn, event.digits) if isinstance(event, Keys) else None
        if choice is None:
            return turn.misunderstood(self.silence, silence=not isinstance(event, Keys))
        if choice.purpose:
            turn.change(purpose=choice.purpose)
        return Go(choice.to)

    def _choice(self, turn: Turn, key: str) -> Choice | None:
        if self.text_message and turn.moment.caller.textable and key == str(len(self.choices) + 1):
            return Choice(self.text_message.to)
        return self.choices.get(key)

    def back(self, turn: Turn) -> NodeId:
        return self.back_to

    def without_text_message(self) -> "Menu":
        return replace(self, text_message=None)

    def prompts(self) -> Iterable[PromptKey]:
        return (*self.said, *self.again, *(self.text_message.said if self.text_message else ()))

    def describe(self) -> Description:
        ways = [Edge(choice.to, Kind.KEY, key, "choices") for key, choice in self.choices.items()]
        if self.text_message:
            key = str(len(self.choices) + 1)
            ways.append(Edge(self.text_message.to, Kind.TEXT_MESSAGE, f"{key} (text message)", "text_message"))
        ways += (*silence(self.silence, self.id), Edge(self.back_to, Kind.BACK, "*", "back"))
        reads = frozenset({Reads.TEXTABLE} if self.text_message else ())
        return Description(Shape.MENU, tuple(ways), reads)


def _text_message(fields: Fields) -> TextOffer | None:
    if "text_message" not in fields.block:
        return None
    inner = fields.inner("text_message", fields.block_of("text_message"))
    offer = TextOffer(inner.prompts("say"), inner.node("to"))
    inner.unread()
    return offer


def _choices(fields: Fields) -> dict[str, Choice]:
    found: dict[str, Choice] = {}
    for key, value in fields.keys().items():
        if isinstance(value, YamlMapping):
            inner = fields.inner(f"choice {key}", value)
            purpose = inner.text("for", one_of=[each.value for each in Purpose])
            found[key] = Choice(inner.node("to"), Purpose(purpose) if purpose in list(Purpose) else None)
            inner.unread()
        elif isinstance(value, Text):
            fields.references.append((value, "node"))
            found[key] = Choice(NodeId(value))
        else:
            fields.complain(f"choice {key} must be the id of a node", value)
    return found


PARSER: Parser = Menu.parse
