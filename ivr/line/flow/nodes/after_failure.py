"""`after_failure`: the centres rung so far did not answer; the caller chooses, or waits and the next one is rung.

    fail: {type: after_failure, say: [FAIL], most_centres: 3, choices: {"1": backup, "2": connect, "3": read},
           silence: [backup], back: place_help, none_left: all_fail}

A menu that is not offered any more once `most_centres` were rung, or no centre is left: then `none_left`.
"""

from dataclasses import dataclass, replace

from ivr.base.ids import NodeId
from ivr.line.flow.describe import Description, Edge, Kind, Reads
from ivr.line.flow.model import Entry, Go
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.nodes.menu import Menu
from ivr.line.flow.turn import Turn


@dataclass(frozen=True)
class AfterFailure(Menu):
    most_centres: int
    none_left: NodeId

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "AfterFailure":
        menu = Menu.parse(node_id, fields)
        most_centres, none_left = fields.number("most_centres", 2, 9), fields.node("none_left")
        return cls(**vars(menu), most_centres=most_centres, none_left=none_left)

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        if len(turn.state.tried) >= self.most_centres or turn.next_backup() is None:
            turn.change(tried=())
            return Go(self.none_left)
        return super().enter(turn, entry)

    def describe(self) -> Description:
        menu = super().describe()
        none_left = Edge(self.none_left, Kind.NONE_LEFT, "none left", "none_left", failure=True)
        reads = menu.reads | {Reads.AREA, Reads.OUTAGES}
        return replace(menu, edges=(*menu.edges, none_left), reads=reads, most_centres=self.most_centres)


PARSER: Parser = AfterFailure.parse
