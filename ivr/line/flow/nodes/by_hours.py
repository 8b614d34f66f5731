"""`by_hours`: tells the opening hours from all other times; says nothing.

    hours: {type: by_hours, open: {days: mon-fri, from: "08:00", until: "16:00"}, inside: main, outside: evening}

Hours are those of the clock on the wall in Norway: from the first minute up to the last, which is outside. Hours that
pass midnight belong to the day on which they began. `days` has the words of the column `days` in coverage.csv
(docs/directory.md); without it the hours are those of every day. A weekday word leaves public holidays out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from ivr.base.clock import OSLO
from ivr.base.ids import NodeId, PromptKey
from ivr.line.directory.days import Days, Exactness
from ivr.line.directory.hours import Hours, clock
from ivr.line.flow.describe import ClockReading, Description, Edge, Kind, Shape
from ivr.line.flow.events import Event
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import Turn


@dataclass(frozen=True)
class ByHours:
    hears: ClassVar[NodeInput] = NodeInput.NOTHING

    id: NodeId
    days: Days | None
    hours: Hours
    inside: NodeId
    outside: NodeId

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "ByHours":
        opened = fields.inner("open", fields.block_of("open"))
        days = opened.days("days")
        hours = opened.hours("from", "until", of_some_days=days is not None)
        opened.unread()
        return cls(node_id, days, hours, fields.node("inside"), fields.node("outside"))

    def is_open(self, moment: datetime) -> bool:
        wall = moment.astimezone(OSLO)
        minute = wall.hour * 60 + wall.minute
        if not self.hours.covers(minute):
            return False
        began_before = minute < self.hours.past_midnight
        day = wall.date() - timedelta(days=1) if began_before else wall.date()
        return self.days is None or self.days.names(day) is not Exactness.NOT

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        return Go(self.inside if self.is_open(turn.moment.now) else self.outside)

    def receive(self, turn: Turn, event: Event) -> Go | None:
        return Go(self.id)  # it waits for nothing: an event can only be a repetition

    def back(self, turn: Turn) -> NodeId:
        return self.outside

    def prompts(self) -> Iterable[PromptKey]:
        return ()

    def describe(self) -> Description:
        days = f"{self.days} " if self.days else ""
        label = f"{days}{clock(self.hours.start)}-{clock(self.hours.end)}"
        ways = (Edge(self.inside, Kind.CASE, label, "inside"), Edge(self.outside, Kind.CASE, "otherwise", "outside"))
        return Description(
            Shape.SAY, ways, clock=ClockReading(self.is_open, frozenset({self.hours.start, self.hours.end}))
        )


PARSER: Parser = ByHours.parse
