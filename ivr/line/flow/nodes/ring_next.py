"""`ring_next`: ring one centre for a caller who waits after nobody answered: each time the next of a few.

    ring_again: {type: ring_next, say: [CONNECT], say_backup: [CONNECT_BACKUP], failed: all_fail, ended: after_talk,
                 no_line: practice_centre}

The centre of the call and its first backups, in turn; one that is out of service is passed over, unless all are.
`say_backup` is said if it is a backup.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.base.ids import NO_NODE, NodeId, PromptKey
from ivr.line.directory import Centre
from ivr.line.flow.facts import Reason
from ivr.line.flow.model import Entry, Go
from ivr.line.flow.nodes.connect import ConnectNode
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import Turn

MOST_CENTRES = 3


@dataclass(frozen=True)
class RingNext(ConnectNode):
    said_backup: tuple[PromptKey, ...]

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "RingNext":
        said, backup = fields.prompts("say"), fields.prompts("say_backup")
        failed, ended, no_line = fields.node("failed"), fields.node("ended"), fields.node("no_line")
        return cls(node_id, "next", said, (), (), {}, failed, ended, NO_NODE, no_line, backup)

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        turn.change(centre=turn.centre.id)
        centre = self._next(turn)
        if centre is None:
            turn.change(tried=())
            centre = self._next(turn) or turn.centre
        if centre.target is None:
            return Go(self.no_line)
        is_backup = centre is not turn.centre
        turn.speak(self.said_backup if is_backup else self.said)
        turn.ring(centre.target, centre, Reason.BACKUP if is_backup else Reason.AGAIN)
        return None

    def _next(self, turn: Turn) -> Centre | None:
        own = turn.centre
        if own.id not in turn.state.tried and not turn.is_out(own):
            return own
        backup = turn.next_backup()
        return backup if backup in turn.directory.backups(own)[: MOST_CENTRES - 1] else None

    def prompts(self) -> Iterable[PromptKey]:
        return (*super().prompts(), *self.said_backup)


PARSER: Parser = RingNext.parse
