"""Where in a flow a call is, told by what its webhook answers.

A reply names the next request's URL, `/voice/<node>`: that is the node which the caller is in now. A reply that names
none is the end of a conversation. Between two nodes that were reached, the way runs along the lines of the picture.
"""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_NEXT = re.compile(rb"/voice/([a-z0-9_]+)[?\"]")


@dataclass(frozen=True)
class MapEdge:
    """A line of the picture. `label`: the keys or the happening that lead along it."""

    start: str
    end: str
    label: str


@dataclass(frozen=True)
class FlowWords:
    """The map in one language. `svg`: the picture. `titles`: of nodes; one without is called by its id. `labels`: what
    stands at each of the ways, in their order."""

    svg: str
    titles: Mapping[str, str]
    labels: Sequence[str]


@dataclass(frozen=True)
class FlowMap:
    """`words`: by language of the page. `nodes`: each with what kind it is. `ends`: those that end a conversation."""

    name: str
    words: Mapping[str, FlowWords]
    start: str
    nodes: Mapping[str, str]
    ways: Sequence[MapEdge]
    ends: frozenset[str]
    red_flag: str
    person: str

    def node_of(self, reply: bytes, before: str) -> str:
        """The node that the caller is in once `reply` is played; `before`: the one before it."""
        for found in _NEXT.finditer(reply):
            name = found[1].decode()
            if name in self.nodes:
                return name
        following = [way.end for way in self.ways if way.start == before and way.end in self.ends]
        return following[0] if following else before

    def path(self, start: str, end: str) -> list[str]:
        """The nodes from `start` (left out) to `end`, along the lines where there is a way, else in one step."""
        if start == end:
            return []
        before: dict[str, str] = {start: ""}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            for way in self.ways:
                if way.start == node and way.end not in before:
                    before[way.end] = node
                    waiting.append(way.end)
        if end not in before or end in (self.red_flag, self.person):
            return [end]
        nodes = [end]
        while before[nodes[-1]] != start:
            nodes.append(before[nodes[-1]])
        return nodes[::-1]


@dataclass
class Position:
    """Where one call is. `way`: every node so far, in order."""

    plan: FlowMap
    way: list[str] = field(default_factory=list)

    @property
    def node(self) -> str:
        return self.way[-1] if self.way else ""

    def reply(self, body: bytes) -> None:
        """What the webhook answered to a request about the caller's own leg."""
        if not self.way:
            self.way.append(self.plan.start)
        node = self.plan.node_of(body, self.node)
        self.way += self.plan.path(self.node, node)
