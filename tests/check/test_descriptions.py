"""A node that does not say what it reads, where it leads or when it changes is a finding (V46)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from ivr.base.bundled import bundled
from ivr.base.errors import EngineError
from ivr.line.flow.describe import ClockReading, Description, Reads
from ivr.line.flow.model import Entry, Flow, Go, Node
from ivr.line.flow.nodes import NODE_TYPES, Fields
from ivr.line.flow.nodes.by_caller import ByCaller
from ivr.line.flow.nodes.connect import ConnectNode
from ivr.line.flow.nodes.say import SayNode
from ivr.line.flow.turn import Turn
from ivr.proof.check.checked_flow import Definition, Ground, Subject
from ivr.proof.check.run import findings_of, prove
from ivr.proof.check.table import BY_ID
from ivr.proof.check.watch import Watch
from tests.check.damage import FLOW

Read = Callable[[Turn], object]


@dataclass(frozen=True)
class Reading(SayNode):
    """Speaks and goes on; reads something of the moment, and says of itself what `says` has."""

    read: Read
    says: frozenset[Reads] = frozenset()
    clock: ClockReading | None = None

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        return Go("red") if self.read(turn) == "elsewhere" else super().enter(turn, entry)

    def describe(self) -> Description:
        return replace(super().describe(), reads=self.says, clock=self.clock)


def found(
    ground: Ground, read: Read, says: frozenset[Reads] = frozenset(), clock: ClockReading | None = None
) -> list[str]:
    """What V46 says of a small flow with such a node in it."""
    definition = Definition.load(bundled("call_flows") / FLOW, ground)
    flow = _small(definition.flow, Reading("seen", ("OPEN_113",), "person", False, False, read, says, clock))
    small = replace(definition, flow=flow, practice_flow=flow, moments=ground.moments(flow))
    subject = Subject(small, Ground(ground.real, ground.mute))
    return list(dict.fromkeys(finding.complaint.message for finding in findings_of(BY_ID["V46"], subject)))


def _small(flow: Flow, node: Node) -> Flow:
    """Four nodes of the bundled flow, and this one on the way in."""
    opening, person = flow.nodes["open"], flow.nodes["person"]
    assert isinstance(opening, SayNode)
    assert isinstance(person, ConnectNode)
    nodes: dict[str, Node] = {
        "open": replace(opening, next="seen"),
        "seen": node,
        "person": replace(person, failed="open", no_line="red"),
        "after_talk": flow.nodes["after_talk"],
        "red": flow.nodes["red"],
    }
    return replace(flow, nodes=nodes, start="open", resume="open", ringing=frozenset({"person"}))


SEEN: dict[str, tuple[Read, Reads]] = {
    "the clock": (lambda turn: turn.moment.now.hour, Reads.CLOCK),
    "who has duty": (lambda turn: turn.moment.duty, Reads.DUTY),
    "the country of the caller's number": (lambda turn: turn.moment.caller.abroad, Reads.COUNTRY),
    "the area of the caller's number": (lambda turn: turn.moment.caller.area, Reads.AREA),
    "whether a text message can reach the caller": (lambda turn: turn.moment.caller.textable, Reads.TEXTABLE),
    "the outages": (lambda turn: turn.moment.outages, Reads.OUTAGES),
}


def test_a_node_is_watched_in_the_list_of_outages_as_in_those_in_force(ground: Ground) -> None:
    told = "node 'seen' of the type '' reads the outages and does not say so"
    assert told in found(ground, lambda turn: turn.moment.in_force)


@pytest.mark.parametrize("what", SEEN)
def test_a_node_that_reads_something_without_saying_so_is_a_finding(what: str, ground: Ground) -> None:
    read, reads = SEEN[what]
    assert f"node 'seen' of the type '' reads {what} and does not say so" in found(ground, read)
    if reads is not Reads.CLOCK:  # which is said with the times at which it changes
        assert found(ground, read, frozenset({reads})) == []


def test_a_node_that_leads_where_it_does_not_say_is_a_finding(ground: Ground) -> None:
    assert found(ground, lambda _: "elsewhere") == ["node 'seen' of the type '' leads to 'red' and does not say so"]


def _is_day(moment: datetime) -> bool:
    return 8 <= moment.hour < 16


def test_a_node_that_says_how_it_goes_by_the_clock_is_none(ground: Ground) -> None:
    clock = ClockReading(_is_day, frozenset({8 * 60, 16 * 60}))
    assert found(ground, lambda turn: _is_day(turn.moment.now), clock=clock) == []


def test_a_time_of_day_that_is_not_named_is_a_finding(ground: Ground) -> None:
    told = found(ground, lambda turn: turn.moment.now, clock=ClockReading(_is_day, frozenset({8 * 60})))
    assert (
        "node 'seen' of the type '' changes at 16:00, Tuesday 3 March 2026 and does not name that time of day" in told
    )


def test_a_node_that_does_something_else_at_moments_of_one_meaning_is_a_finding(ground: Ground) -> None:
    def late(turn: Turn) -> str:
        return "elsewhere" if turn.moment.now > ground.real.now + timedelta(days=100) else ""

    told = found(ground, late, clock=ClockReading(_is_day, frozenset({8 * 60, 16 * 60})))
    assert any("does not do the same at 20:00, Tuesday 3 March 2026 and at" in message for message in told)


def test_a_node_that_fails_at_some_moments_of_one_meaning_is_a_finding(ground: Ground) -> None:
    def fails_late(turn: Turn) -> None:
        if turn.moment.now > ground.real.now + timedelta(days=100):
            raise EngineError("no value for slot sunrise")

    told = found(ground, fails_late, clock=ClockReading(_is_day, frozenset({8 * 60, 16 * 60})))
    assert any("does not do the same at 20:00, Tuesday 3 March 2026 and at" in message for message in told)


def test_a_watched_node_says_of_itself_what_the_node_says(ground: Ground) -> None:
    flow = Definition.load(bundled("call_flows") / FLOW, ground).flow
    watched = Watch().flow(flow)
    for name, node in flow.nodes.items():
        assert watched.nodes[name].describe() == node.describe()
        assert list(watched.nodes[name].prompts()) == list(node.prompts())


@dataclass(frozen=True)
class Nightly(ByCaller):
    """Goes by the clock, and describes itself as one that goes by the caller."""

    @classmethod
    def parse(cls, node_id: str, fields: Fields) -> "Nightly":
        return cls(node_id, fields.node("abroad"), fields.node("otherwise"))

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        return super().enter(turn, entry) if 8 <= turn.moment.now.hour < 22 else Go("language")


def test_a_new_node_type_that_reads_the_clock_in_secret_is_refused(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NODE_TYPES, "by_caller", Nightly.parse)
    (told,) = prove(bundled("call_flows") / FLOW, Ground(ground.real, ground.mute)).findings
    assert "error V46: node 'caller' of the type 'by_caller' reads the clock and does not say so" in str(told)
