"""`ring_later`: no centre answered. The caller chooses what to do, or waits and is rung again after a pause.

    all_fail: {type: ring_later, say: [ALL_FAIL, READ_NUM, ALL_FAIL_MENU], again: [ALL_FAIL, ALL_FAIL_MENU],
               waiting: [STILL_WAITING], minutes: [1, 2, 4, 8, 15], choices: {"1": read, "2": connect},
               ring: ring_again, back: place_help}

A menu whose silence lasts: `minutes` are the pauses before one ring each, for a caller who presses nothing; the last of
them stays. `waiting` is said at the end of every minute. `ring` is the node that rings once. A pocket call must not
ring for hours, and nobody who may still need help is hung up on. Any key, here or elsewhere, makes the next pause the
first one again (the engine sees to that).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ivr.base.ids import NodeId, PromptKey
from ivr.line.flow.actions import PauseAction, SayAction
from ivr.line.flow.describe import Description, Reads
from ivr.line.flow.events import Event, Keys
from ivr.line.flow.model import Entry, Go
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.nodes.menu import Menu
from ivr.line.flow.turn import AGAIN, Turn

MOST_MINUTES = 30  # of one pause
QUIET = 50  # seconds of each minute in which nothing is said


@dataclass(frozen=True)
class RingLater(Menu):
    waiting: tuple[PromptKey, ...]
    minutes: tuple[int, ...]
    ring: NodeId

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "RingLater":
        ring = fields.node("ring")
        menu = Menu.parse_with(node_id, fields, (ring,))
        minutes = fields.numbers("minutes", 1, MOST_MINUTES)
        return cls(**vars(menu), waiting=fields.prompts("waiting"), minutes=minutes, ring=ring)

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        first = entry is Entry.FIRST and not turn.state.unattended
        if first:
            turn.change(tried=())
        said = turn.say(self.said if first else self.again)
        minute: tuple[SayAction | PauseAction, ...] = (PauseAction(QUIET), *turn.say(self.waiting))
        pause = minute * self.minutes[min(turn.state.unattended, len(self.minutes) - 1)]
        turn.listen_for_key((*turn.retry_prefix(entry), *said, *pause))
        return None

    def receive(self, turn: Turn, event: Event) -> Go | None:
        if isinstance(event, Keys):
            choice = self.choices.get(event.digits)
            return Go(choice.to) if choice else turn.misunderstood((AGAIN, self.ring), silence=False)
        turn.change(unattended=min(turn.state.unattended + 1, len(self.minutes) - 1))
        return Go(self.ring)

    def describe(self) -> Description:
        menu = super().describe()
        pauses = f"pauses: {', '.join(map(str, self.minutes))} min"
        return replace(menu, reads=menu.reads | {Reads.AREA}, notes=(*menu.notes, pauses))

    def prompts(self) -> Iterable[PromptKey]:
        return (*super().prompts(), *self.waiting)


PARSER: Parser = RingLater.parse
