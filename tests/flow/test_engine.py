"""What holds of every step: pure, bounded, and safe when the state is not what it should be."""

from dataclasses import replace

import pytest

from ivr.base.errors import EngineError
from ivr.line.directory import Directory
from ivr.line.flow.actions import Prompt
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Keys, LegEnded, LegOutcome, Lost, Moment, Silence
from ivr.line.flow.facts import StateLost
from ivr.line.flow.model import Flow
from ivr.line.flow.nodes.say import SayNode
from ivr.line.flow.state import CallState
from ivr.line.flow.turn import Turn
from ivr.line.languages import Catalogue
from tests.conftest import EVENING
from tests.flow.played import Played


def test_the_same_event_and_state_give_the_same_step(engine: Engine) -> None:
    state = Played(engine).press("1", "1").step.state
    moment = Moment(EVENING)
    assert engine.step(Keys("5003"), state, moment) == engine.step(Keys("5003"), state, moment)


def test_a_node_that_is_gone_leads_to_the_resume_node_in_the_same_language(engine: Engine) -> None:
    step = engine.step(Silence(), CallState("gone", language="en"), Moment(EVENING))
    assert step.state.node == "main"
    assert step.state.language == "en"
    assert StateLost() in step.facts


def test_a_lost_state_leads_to_the_resume_node(engine: Engine) -> None:
    call = Played(engine).press("2").lost()
    assert call.said == ["OPEN_113", "MAIN"]


def test_an_unreadable_state_leads_to_the_start(engine: Engine) -> None:
    assert engine.step(Lost(), None, Moment(EVENING)).state.node == "language"


@pytest.mark.parametrize("node", ["open", "caller"])
def test_an_event_at_a_node_that_waits_for_nothing_enters_it_again(engine: Engine, node: str) -> None:
    step = engine.step(Keys("9"), CallState(node, language="nb"), Moment(EVENING))
    assert step.state.node in ("language", "main")


def test_the_end_of_a_leg_at_a_menu_is_silence(engine: Engine) -> None:
    assert Played(engine).press("1").happen(LegEnded(LegOutcome.TALKED)).said == ["MAIN_SHORT"]


def test_a_slot_that_is_empty_is_refused() -> None:
    with pytest.raises(EngineError, match="slot centre is empty"):
        Prompt("CONNECT", "nb", (("centre", " "),))


def test_a_flow_that_turns_in_a_circle_is_a_fault_of_ours(
    flow: Flow, directory: Directory, catalogue: Catalogue
) -> None:
    circle = SayNode("open", ("OPEN_113",), "open", in_every_language=False, only_in_practice=False)
    engine = Engine(replace(flow, nodes={**flow.nodes, "open": circle}), directory, catalogue)
    with pytest.raises(EngineError, match="more than 20 nodes"):
        Played(engine)


def test_a_slot_that_nobody_fills_is_a_fault_of_ours(flow: Flow, directory: Directory, catalogue: Catalogue) -> None:
    turn = Turn(flow, directory, catalogue, CallState("main"), Moment(EVENING))
    with pytest.raises(EngineError, match="no value for slot weather"):
        turn._slot("weather", "nb")


def test_when_no_backup_is_left_a_prompt_that_names_one_is_refused(
    flow: Flow, directory: Directory, catalogue: Catalogue
) -> None:
    everyone = tuple(directory.centres)
    turn = Turn(flow, directory, catalogue, CallState("fail", language="nb", tried=everyone), Moment(EVENING))
    with pytest.raises(EngineError, match="slot backup is empty"):
        turn.say(("FAIL",))


def test_when_every_centre_of_the_ladder_was_rung_nobody_is_rung_again_in_circles(engine: Engine) -> None:
    everyone = tuple(centre for centre in engine.directory.centres if centre != "bergen")
    call = Played(engine).press("1", "1", "5003", "1")
    call.step = call.step._replace(state=call.step.state.but(tried=everyone))
    assert call.leg(LegOutcome.BUSY).said == ["ALL_FAIL", "READ_NUM", "ALL_FAIL_MENU", "STILL_WAITING"]


def test_the_same_centre_that_fails_twice_is_counted_once(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1")
    call.leg(LegOutcome.BUSY, LegOutcome.BUSY).press("2").leg(LegOutcome.BUSY)
    assert call.step.state.tried.count("bergen") == 1


def test_a_fault_says_the_113_words_in_every_language_and_rings_the_default_centre(engine: Engine) -> None:
    actions = engine.fault()
    spoken = [(a.prompt.key, a.prompt.language) for a in actions[:-1]]
    assert spoken == [("ERROR", "nb"), ("ERROR", "en"), ("TO_PERSON", "nb"), ("TO_PERSON", "en")]
    assert actions[-1].target == engine.directory.default_centre.target


def test_a_fault_on_a_line_that_may_ring_nobody_still_says_the_113_words(practice_engine: Engine) -> None:
    assert [a.prompt.key for a in practice_engine.fault()] == ["ERROR", "ERROR"]


def test_every_node_names_its_prompts_and_targets(flow: Flow) -> None:
    for node in flow.nodes.values():
        assert set(node.describe().targets) <= set(flow.nodes)
        assert node.back(_turn_at(flow, node.id)) in flow.nodes
        assert all(isinstance(key, str) for key in node.prompts())


def _turn_at(flow: Flow, node: str) -> Turn:
    return Turn(flow, None, None, CallState(node), Moment(EVENING))  # type: ignore[arg-type]
