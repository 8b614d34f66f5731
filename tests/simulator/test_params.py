"""Parameters that a call sets itself are refused wherever parameters can be given, in the same words."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.base.errors import DefinitionError, SimulatorError
from ivr.cli.call import call
from ivr.simulator import Call, CallPlan
from ivr.simulator.load import DEFAULT_MIX, load_mix
from ivr.simulator.plan import OWN_PARAMS
from ivr.simulator.scenario import load_scenario
from tests.simulator.webhook import URL, webhook


@pytest.mark.parametrize("name", sorted(OWN_PARAMS))
def test_a_plan_cannot_set_what_the_call_sets_itself(name: str) -> None:
    with pytest.raises(SimulatorError, match=f"^{name} is set by the call itself$"):
        CallPlan(url=URL, params={name: "x"})
    with pytest.raises(ValueError, match=f"{name} is set by the call itself"):
        CallPlan(url=URL, params={"ForwardedFrom": "116117", name: "x"})


def test_a_call_as_an_object_says_the_same() -> None:
    with pytest.raises(SimulatorError, match="CallSid is set by the call itself"):
        Call(webhook(voice="<Hangup/>"), params={"CallSid": "CA" + "0" * 32})


def test_a_scenario_and_the_command_line_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f'call: {{url: "{URL}", params: {{CallSid: x, ToCity: y}}}}\n', "utf-8")
    with pytest.raises(DefinitionError, match=r"a\.yaml:1:\d+: CallSid is set by the call itself"):
        load_scenario(path)
    result = CliRunner().invoke(call, [URL, "--keys", "", "--param", "CallSid=x"])
    assert (result.exit_code, "CallSid is set by the call itself" in result.stderr) == (2, True)


def test_other_parameters_reach_every_call_of_a_load_test() -> None:
    template = CallPlan(url=URL, params={"ForwardedFrom": "116117"})
    plan, _ = load_mix(DEFAULT_MIX).draw(template, 1, 1)
    assert plan.params == {"ForwardedFrom": "116117"}
