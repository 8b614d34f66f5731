"""`confirm_place`: the place and its centre by name, before anything is dialled. Waiting means yes.

    confirm: {type: confirm_place, say: [CONFIRM], say_centre: [...], say_other_duty: [...], say_number: [...],
              say_outage: {fault: [...], closed: [...]}, connect: connect, read: read, elsewhere: place_help}

A single wrong digit of a postcode is another municipality in 35 of 100 cases: hence the name, never the digits.
Keys: 1 yes, 2 a different place; where another centre has duty at this hour too, 2 is that centre and 3 the
different place. Who wants the number of a centre that is out of service hears so, and gets the one of its stand-in
(who wants to be connected hears it in the node `connect`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from ivr.flow.describe import Description, Edge, Kind, Reads, Shape
from ivr.flow.events import Event, Keys, OutageKind
from ivr.flow.model import Entry, Go, Hears
from ivr.flow.nodes.fields import Fields
from ivr.flow.state import Purpose
from ivr.flow.turn import AGAIN, Turn


@dataclass(frozen=True)
class ConfirmPlace:
    hears: ClassVar[Hears] = Hears.MENU

    id: str
    said: tuple[str, ...]
    said_centre: tuple[str, ...]
    said_other_duty: tuple[str, ...]
    said_number: tuple[str, ...]
    said_outage: Mapping[OutageKind, tuple[str, ...]]
    connect: str
    read: str
    elsewhere: str

    @classmethod
    def parse(cls, node_id: str, fields: Fields) -> "ConfirmPlace":
        said, centre = fields.prompts("say"), fields.prompts("say_centre")
        other, number = fields.prompts("say_other_duty"), fields.prompts("say_number")
        connect, read, elsewhere = fields.node("connect"), fields.node("read"), fields.node("elsewhere")
        return cls(node_id, said, centre, other, number, fields.outage_prompts(), connect, read, elsewhere)

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        turn.listen_for_key((*turn.retry_prefix(entry), *turn.say(self._said(turn))))
        return None

    def _said(self, turn: Turn) -> tuple[str, ...]:
        if not turn.state.place:
            return self.said_centre
        if turn.state.purpose is Purpose.NUMBER:
            return self.said_number
        return self.said_other_duty if turn.state.other else self.said

    def receive(self, turn: Turn, event: Event) -> Go | None:
        wanted = self.read if turn.state.purpose is Purpose.NUMBER else self.connect
        if not isinstance(event, Keys) or event.digits == "1":
            return self._go(turn, wanted)
        other_offered = turn.state.other and wanted == self.connect
        if event.digits == "2" and other_offered:
            turn.change(centre=turn.state.other, other=turn.state.centre)
            return Go(wanted)
        if event.digits == ("3" if other_offered else "2"):
            return Go(self.elsewhere)
        return turn.misunderstood((AGAIN, wanted), silence=False)

    def _go(self, turn: Turn, wanted: str) -> Go:
        if wanted == self.read:
            turn.divert(self.said_outage)
        return Go(wanted)

    def back(self, turn: Turn) -> str:
        return self.elsewhere

    def prompts(self) -> Iterable[str]:
        said = (*self.said, *self.said_centre, *self.said_other_duty, *self.said_number)
        return (*said, *chain(*self.said_outage.values()))

    def describe(self) -> Description:
        ways = (
            Edge(self.connect, Kind.KEY, "1 or silence", "connect"),
            Edge(self.read, Kind.KEY, "1 (number)", "read"),
            Edge(self.elsewhere, Kind.KEY, "other place", "elsewhere"),
            Edge(self.elsewhere, Kind.BACK, "*", "elsewhere"),
        )
        return Description(Shape.MENU, ways, frozenset({Reads.PLACE, Reads.OUTAGES}))
