"""What no file that loads can break is broken here by hand: hanging up, documents, an engine that is not steady."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from ivr.bundled import bundled
from ivr.check.merge import Merging
from ivr.check.rules import documents, ways
from ivr.check.run import lay_ground
from ivr.check.subject import Ground, Subject
from ivr.check.walk import Walk
from ivr.errors import EngineError
from ivr.flow.actions import HangUp, Pause
from ivr.flow.nodes.end import End
from ivr.flow.nodes.menu import Choice, Menu
from ivr.flow.nodes.pick_place import PickPlace
from ivr.flow.turn import Turn
from tests.check.damage import FLOW
from tests.conftest import EVENING


def _changed(ground: Ground, **nodes: Any) -> Subject:
    """The bundled flow with nodes that no loader would let through."""
    subject = Subject(bundled("call_flows") / FLOW, Ground(ground.real, ground.mute))
    subject.flow = replace(subject.flow, nodes={**subject.flow.nodes, **nodes})
    return subject


def test_hanging_up_on_a_caller_who_waits_is_told(ground: Ground) -> None:
    main = ground_menu(ground, "main", "1", "after_talk")
    found = [each.message for each in ways.ended(_changed(ground, main=main))]
    assert "hangs up on a caller after key 1 in 'main'" in found


def ground_menu(ground: Ground, node: str, key: str, target: str) -> Menu:
    menu = Subject(bundled("call_flows") / FLOW, ground).flow.nodes[node]
    assert isinstance(menu, Menu)
    return replace(menu, choices={**menu.choices, key: Choice(target)})


class Mumbling(End):
    """Says its text and then nothing: neither listens, rings nor hangs up."""

    def enter(self, turn: Turn, entry: Any) -> None:
        turn.speak(self.said)
        turn.actions.append(Pause(1))


def test_a_reply_that_ends_without_a_next_step_is_told(ground: Ground) -> None:
    subject = _changed(ground, info=Mumbling("info", ("INFO",)))
    found = [each.message for each in ways.helped(subject)]
    assert any(each.startswith("the call stops here without a next step") for each in found)


def test_a_place_from_which_no_centre_is_reached_is_told(ground: Ground) -> None:
    subject = _changed(ground, person=Mumbling("person", ("TO_PERSON",)), connect=Mumbling("connect", ("CONNECT",)))
    found = [each.message for each in ways.helped(subject)]
    assert "no way leads from here to a ringing centre (after the call arrives)" in found


def test_a_step_that_is_not_steady_is_told(subject: Subject) -> None:
    steps = iter(range(10_000))
    walk = SimpleNamespace(situations=subject.walk.situations[:1], replay=lambda *_: next(steps))
    found = list(ways.steady(SimpleNamespace(walk=walk)))  # type: ignore[arg-type]
    assert "gives two different steps" in found[0].message


def test_a_flow_that_counts_without_end_is_a_fault(
    ground: Ground, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.check.walk.MOST_SITUATIONS", 10)
    with pytest.raises(EngineError, match="counts without end"):
        Walk(subject.flow, subject.directory, subject.catalogue, ground.real)


def test_candidates_are_kept_where_another_way_leads_to_the_choice(ground: Ground, subject: Subject) -> None:
    pick = next(node.id for node in subject.flow.nodes.values() if isinstance(node, PickPlace))
    flow = replace(subject.flow, nodes={**subject.flow.nodes, "main": ground_menu(ground, "main", "1", pick)})
    assert "main" in Merging(flow, ground.real, subject.catalogue)._picks
    assert "main" not in Merging(subject.flow, ground.real, subject.catalogue)._picks


SAY = '<Say voice="v" language="l">x</Say>'
DOCUMENTS = {
    "<Response>": "not XML",
    "<Say>x</Say>": "without a next step",
    "<Response/>": "without a next step",
    f"<Response>{SAY}</Response>": "without a next step",
    '<Response><Say loud="yes">x</Say><Hangup/></Response>': "<Say>: unknown loud",
    "<Response><Play>x</Play><Hangup/></Response>": "<Play>: not a verb that we use",
    '<Response><Dial action="a" timeout="1" timeLimit="1"/></Response>': "<Dial>: no callerId",
    f"<Response><Gather action='a' timeout='1' numDigits='1'><Hangup/></Gather>{SAY}<Hangup/></Response>": (
        "<Hangup> may not stand inside <Gather>"
    ),
}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_that_twilio_would_not_play_is_told(document: str) -> None:
    assert DOCUMENTS[document] in " | ".join(documents.complaints(document.encode()))


def test_a_document_that_twilio_plays_is_not_told() -> None:
    assert not list(documents.complaints(f"<Response>{SAY}<Hangup/></Response>".encode()))


def test_a_say_that_is_too_long_is_told(subject: Subject) -> None:
    long = f"<Response><Say>{'å' * 800}</Say><Hangup/></Response>".encode()
    found = list(documents.sizes(SimpleNamespace(documents=[(("node", "main"), long)])))  # type: ignore[arg-type]
    assert "a <Say> of 800 letters (4800 in an address)" in found[0].message


def test_the_end_of_a_call_needs_no_wait(subject: Subject) -> None:
    ends = [each for each in subject.walk.situations if each.ends]
    assert ends
    assert all(each.wait is None and HangUp() in each.actions for each in ends)


def test_a_line_without_area_centres_is_walked_from_home_and_abroad(ground: Ground) -> None:
    assert set(lay_ground(None, EVENING).real.directory.tables.area_centres)
    assert set(Subject(bundled("call_flows") / FLOW, ground).walk.starts) == {"home", "abroad", "area"}
