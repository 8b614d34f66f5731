"""What no file that loads can break is broken here by hand: hanging up, documents, an engine that is not steady."""

import gc
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from ivr.base.bundled import bundled
from ivr.base.errors import EngineError
from ivr.base.ids import NodeId
from ivr.line.directory import load_directory
from ivr.line.flow.actions import HangUpAction, ListenAction, PauseAction
from ivr.line.flow.nodes.choose_language import ChooseLanguage
from ivr.line.flow.nodes.end import End
from ivr.line.flow.nodes.menu import Choice, Menu
from ivr.line.flow.nodes.pick_place import PickPlace
from ivr.line.flow.turn import Turn
from ivr.proof.check import run
from ivr.proof.check.checked_flow import Definition, Ground, RenderedDocument, Subject
from ivr.proof.check.figures import _figures
from ivr.proof.check.merge import Merging
from ivr.proof.check.routes import unanswered_route
from ivr.proof.check.rules import announcements, danger, documents, outages, patience, seconds, ways
from ivr.proof.check.run import check_flow, lay_ground
from ivr.proof.check.situations import Move, Moves
from ivr.proof.check.stimuli import Did
from ivr.proof.check.walk import Walk
from tests.check.damage import FLOW
from tests.conftest import EVENING


def _changed(ground: Ground, **nodes: Any) -> Subject:
    """The bundled flow with nodes that no loader would let through."""
    definition = Definition.load(bundled("call_flows") / FLOW, ground)
    flow = replace(definition.flow, nodes={**definition.flow.nodes, **nodes})
    return Subject(replace(definition, flow=flow), Ground(ground.real, ground.mute))


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
        turn.actions.append(PauseAction(1))


def test_a_reply_that_ends_without_a_next_step_is_told(ground: Ground) -> None:
    subject = _changed(ground, info=Mumbling("info", ("INFO",)))
    found = [each.message for each in ways.helped(subject)]
    assert any(each.startswith("the call stops here without a next step") for each in found)


@pytest.fixture(scope="module")
def nowhere(ground: Ground) -> Subject:
    """A flow that rings nobody."""
    subject = _changed(ground, person=Mumbling("person", ("TO_PERSON",)), connect=Mumbling("connect", ("CONNECT",)))
    subject.practice = subject.walk  # a second walk would show nothing more
    return subject


def test_a_place_from_which_no_centre_is_reached_is_told(nowhere: Subject) -> None:
    found = [each.message for each in ways.helped(nowhere)]
    assert "no way leads from here to a ringing centre (after the call arrives)" in found


def test_silence_and_the_plain_way_that_come_to_no_centre_are_told(nowhere: Subject) -> None:
    found = [each.message for rule in (ways.answered, seconds.plain, seconds.silent) for each in rule(nowhere)]
    assert "silence never leads to a ringing centre" in found
    assert "the plain way to a centre does not exist in 'nb'; at most 4" in found
    assert "from silence to ringing never comes (a call from home); at most 90" in found


def test_a_flow_that_rings_nobody_has_no_figures_of_a_way_to_a_centre(nowhere: Subject, subject: Subject) -> None:
    whole, rest = (dict(_figures(each)) for each in (subject, nowhere))
    missing = [name for name in whole if name not in rest]
    assert len(missing) == 3 * len(subject.codes) + 2 * len(subject.walk.starts)
    assert all(name.startswith(("plain case", "silence to ringing", "silence, with the longest")) for name in missing)
    assert list(seconds.equal(nowhere)) == [], "no language waits longer for a centre that none comes to"


def test_a_flow_without_announcements_has_no_figures_of_them(ground: Ground, subject: Subject) -> None:
    language = subject.flow.nodes[NodeId("language")]
    assert isinstance(language, ChooseLanguage)
    silent = _changed(ground, language=replace(language, announcements={}))
    silent.practice = silent.walk
    whole, rest = (dict(_figures(each)) for each in (subject, silent))
    missing = [name for name in whole if name not in rest]
    assert len(missing) == len(subject.codes) + len(subject.walk.starts)
    assert all("with the longest announcement" in name for name in missing)


def test_an_announcement_that_leads_elsewhere_is_told(subject: Subject) -> None:
    situation = next(each for each in subject.states if each.moves.of_announcements)
    usual = next(move for move in situation.moves if situation.moves.announced(move))
    astray = replace(situation.moves.announced(usual)[0], to=situation)

    class Astray(list[Move]):
        of_announcements = True

        def announced(self, _: Move) -> list[Move]:
            return [astray]

    hand_made = SimpleNamespace(states=[SimpleNamespace(moves=Astray([usual]))], languages=lambda _: ())
    (found,) = announcements.added(hand_made)  # type: ignore[arg-type]
    assert found.message.startswith("the announcement 'waiting' leads elsewhere while it is on")


def test_a_document_without_a_next_step_is_told_of_its_node(nowhere: Subject) -> None:
    assert {each.where for each in documents.forms(nowhere)} >= {("node", "person"), ("node", "connect")}


def test_a_key_of_one_meaning_that_leads_elsewhere_is_told(subject: Subject) -> None:
    menu = subject.walk.menus[0]
    wrong = replace(menu, moves=Moves(replace(move, facts=()) for move in menu.moves))
    hand_made = SimpleNamespace(flow=subject.flow, menus=lambda: [menu, wrong])
    found = [each.message for each in danger.keys_of_one_meaning(hand_made)]  # type: ignore[arg-type]
    assert found == ["key 9 does not lead to 'red' here", "key 0 does not lead to 'person' here"]


def test_a_hash_that_does_not_tell_the_choices_again_is_told(subject: Subject) -> None:
    menu, other = (next(each for each in subject.walk.menus if each.node == node) for node in ("main", "other"))
    wrong = replace(menu, moves=Moves(replace(move, to=other) for move in menu.on(Did.KEY, "#")))
    hand_made = SimpleNamespace(flow=subject.flow, situations=subject.situations, menus=lambda: [menu, wrong])
    found = [each.message for each in ways.star_and_hash(hand_made)]  # type: ignore[arg-type]
    assert found == ["key # leads to 'other' and does not tell the choices again"]


def test_an_entry_that_a_star_cannot_leave_has_no_way_to_113(subject: Subject) -> None:
    entry = next(each for each in subject.walk.situations if each.listen and each.listen.finish_on == "*")
    stuck = replace(entry, moves=Moves(move for move in entry.moves if move.doing.did is not Did.STAR))
    assert danger.seconds_to_danger(subject, entry, "nb") is not None
    assert danger.seconds_to_danger(subject, stuck, "nb") is None


def test_a_ring_after_which_nothing_happens_comes_to_no_choice(subject: Subject) -> None:
    ringing = next(each for each in subject.walk.situations if each.dial)
    assert unanswered_route(subject, ringing, "nb") is not None
    assert unanswered_route(subject, replace(ringing, moves=Moves()), "nb") is None


def test_a_step_that_is_not_steady_is_told(subject: Subject) -> None:
    steps = iter(range(10_000))
    walk = SimpleNamespace(states=subject.walk.states[:1], replay=lambda *_, **__: next(steps))
    found = list(ways.steady(SimpleNamespace(walk=walk)))  # type: ignore[arg-type]
    assert "gives two different steps" in found[0].message


def test_a_flow_that_counts_without_end_is_a_fault(
    ground: Ground, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.proof.check.walk.MOST_SITUATIONS", 10)
    with pytest.raises(EngineError, match="counts without end"):
        Walk(subject.flow, subject.directory, subject.catalogue, ground.real, {})


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
    "<Response><Record>x</Record><Hangup/></Response>": "<Record>: not a verb that we use",
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


def test_a_fallback_document_that_asks_the_line_is_told(subject: Subject) -> None:
    engine = subject.walk.engine
    asking = SimpleNamespace(fallback=lambda: (*engine.fallback(), ListenAction((), digits=1, finish_on="", seconds=7)))
    parts = {"catalogue": subject.catalogue, "said_to_all": subject.said_to_all, "speech": subject.speech}
    hand_made = SimpleNamespace(walk=SimpleNamespace(engine=asking), **parts)
    found = [each.message for each in documents.fallback(hand_made)]  # type: ignore[arg-type]
    assert [each.partition(" before")[0] for each in found] == ["the fallback document asks something of the line"]


def test_a_say_that_is_too_long_is_told(subject: Subject) -> None:
    long = f"<Response><Say>{'å' * 800}</Say><Hangup/></Response>".encode()
    document = RenderedDocument(("node", "main"), long, ElementTree.fromstring(long))  # noqa: S314 - our own bytes
    found = list(documents.sizes(SimpleNamespace(documents=[document])))  # type: ignore[arg-type]
    assert "a <Say> of 800 letters (4800 in an address)" in found[0].message


def test_the_end_of_a_call_needs_no_wait(subject: Subject) -> None:
    ends = [each for each in subject.walk.situations if each.ends]
    assert ends
    assert all(each.wait is None and HangUpAction() in each.actions for each in ends)


def test_a_ring_of_a_centre_out_of_service_is_told_while_another_could_be_rung(subject: Subject) -> None:
    move = next(each for here in subject.walk.situations for each in here.moves if each.doing.outage and each.to.dial)
    assert move.to.dial is not None
    rung = subject.directory.by_number(move.to.dial.target.number.national)
    assert rung is not None
    moment = replace(move.doing.moment, outages=(replace(move.doing.moment.outages[0], centre=rung.id),))
    wrong = replace(move, doing=replace(move.doing, moment=moment))
    walk = SimpleNamespace(states=[SimpleNamespace(moves=[move, wrong])])
    found = list(outages.rung(SimpleNamespace(walk=walk, directory=subject.directory)))  # type: ignore[arg-type]
    assert [each.message.partition(",")[0] for each in found] == [f"{rung.id} is rung"]


@pytest.mark.parametrize("collects", [True, False])
def test_a_check_leaves_the_collector_of_garbage_as_it_was(ground: Ground, collects: bool) -> None:
    during: list[bool] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(run, "_findings", lambda _: iter(during.append(gc.isenabled()) or ()))
        if not collects:
            gc.disable()
        try:
            check_flow(bundled("call_flows") / FLOW, ground)
            after = gc.isenabled()
        finally:
            gc.enable()
    assert (during, after) == ([False], collects)


def test_what_a_check_has_made_is_old_when_it_is_done() -> None:
    with run.uncollected():
        made: list[list[int]] = [[] for _ in range(5000)]
    young = {id(each) for generation in (0, 1) for each in gc.get_objects(generation)}
    assert not [each for each in made if id(each) in young]


def test_a_ground_is_the_same_of_files_and_of_a_directory_that_was_loaded() -> None:
    of_files, loaded = lay_ground(None, EVENING), run.ground_of(load_directory(None, today=EVENING.date()), EVENING)
    for one, other in ((of_files.real, loaded.real), (of_files.mute, loaded.mute)):
        assert one.directory.version == other.directory.version
        assert (one.examples, one.keyed, one.moments) == (other.examples, other.keyed, other.moments)


def test_a_line_without_area_centres_is_walked_from_home_and_abroad(ground: Ground) -> None:
    assert set(lay_ground(None, EVENING).real.directory.tables.area_centres)
    assert set(Subject(bundled("call_flows") / FLOW, ground).walk.starts) == {"home", "abroad", "area"}


def test_a_pause_in_which_the_line_seems_dead_is_told(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(patience.told(subject)) == []
    monkeypatch.setattr(patience, "QUIET_SECONDS", 40)
    assert {each.message for each in patience.told(subject)} == {"nothing is said for more than 40 s"}
