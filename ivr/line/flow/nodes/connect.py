"""`connect`: say to whom, ring them, and go by how that ends.

    connect: {type: connect, to: centre, say: [CONNECT], failed: go_on, ended: after_talk, no_line: practice_centre,
              name: [ENTERED], say_outage: {fault: [OUTAGE, STAND_IN], closed: [OUTAGE_CLOSED, STAND_IN]}}

`to`: centre (the one the call is about), person (the same for a caller who asked for one), or backup (the next of
its ladder). `name` (not for a backup): a place was entered, and its name was not spoken to the end yet, because the
caller asked for a person first: it is spoken before the ring, where no key cuts it. `say_named` follows it, or `say`
where it is missing. `say_outage` (not for a backup): the centre is out of service, and the backup that `{backup}` names
is rung in its place. `none_left` (backup only): every centre of the ladder was rung. `no_line`: a practice line without
a number to ring. Only a `DialTarget` of the directory can be rung.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from ivr.base.ids import NO_NODE, NodeId, PromptKey
from ivr.line.flow.describe import Description, Edge, Kind, Reads, Shape, edges
from ivr.line.flow.events import Event, LegEnded, LegOutcome, OutageKind
from ivr.line.flow.facts import CentreEnded, Reason
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import Turn


@dataclass(frozen=True)
class ConnectNode:
    hears: ClassVar[NodeInput] = NodeInput.NOTHING

    id: NodeId
    to: str
    said: tuple[PromptKey, ...]
    name: tuple[PromptKey, ...]
    said_named: tuple[PromptKey, ...]
    said_outage: Mapping[OutageKind, tuple[PromptKey, ...]]
    failed: NodeId
    ended: NodeId
    none_left: NodeId
    no_line: NodeId

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "ConnectNode":
        to = fields.text("to", one_of=("centre", "person", "backup"))
        return cls(
            node_id,
            to,
            fields.prompts("say"),
            () if to == "backup" else fields.prompts("name"),
            () if to == "backup" else fields.prompts("say_named", needed=False),
            {} if to == "backup" else fields.outage_prompts(),
            fields.node("failed"),
            fields.node("ended"),
            fields.node("none_left") if to == "backup" else NO_NODE,
            fields.node("no_line"),
        )

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        reason = Reason.BACKUP if self.to == "backup" else turn.reason()
        turn.change(centre=turn.centre.id)
        said = self._named(turn) if self._unheard(turn) else self.said
        diverted = self.to != "backup" and turn.divert(self.said_outage)
        centre = turn.next_backup() if self.to == "backup" else turn.centre
        if centre is None:
            return Go(self.none_left)
        if centre.target is None:
            return Go(self.no_line)
        if not diverted:
            turn.speak(said)
        turn.ring(centre.target, centre, Reason.OUTAGE if diverted else reason)
        return None

    def _unheard(self, turn: Turn) -> bool:
        return self.to != "backup" and bool(turn.state.place) and not turn.state.heard

    def _named(self, turn: Turn) -> tuple[PromptKey, ...]:
        """Speak the name of the place, once: it is the same in every language. Returns what to say after it."""
        turn.speak(self.name, turn.languages[:1])
        turn.change(heard=True)
        return self.said_named or self.said

    def receive(self, turn: Turn, event: Event) -> Go | None:
        # Anything but the end of the leg means that its end was not told: as good as failed.
        outcome = event.outcome if isinstance(event, LegEnded) else LegOutcome.FAILED
        dialled = turn.state.dialled
        turn.facts.append(CentreEnded(dialled, outcome))
        if outcome is LegOutcome.TALKED:
            return Go(self.ended)
        if dialled not in turn.state.tried:
            turn.change(tried=(*turn.state.tried, dialled))
        return Go(self.failed)

    def back(self, turn: Turn) -> NodeId:
        return self.failed

    def prompts(self) -> Iterable[PromptKey]:
        return (*self.said, *self.name, *self.said_named, *chain(*self.said_outage.values()))

    def describe(self) -> Description:
        ways = edges(
            Edge(self.failed, Kind.FAILED, "no answer", "failed", failure=True),
            Edge(self.ended, Kind.ENDED, "talked", "ended"),
            Edge(self.none_left, Kind.NONE_LEFT, "none left", "none_left", failure=True),
            Edge(self.no_line, Kind.NO_LINE, "practice", "no_line", failure=True),
        )
        return Description(Shape.RING, ways, frozenset({Reads.AREA, Reads.OUTAGES}), outages=self.said_outage)


PARSER: Parser = ConnectNode.parse
