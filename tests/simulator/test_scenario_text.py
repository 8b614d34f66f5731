"""A plan that is written as a scenario file is read back as the same plan."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ivr.base.clock import OSLO
from ivr.base.strict_yaml import load
from ivr.simulator.plan import (
    ANY,
    CallPlan,
    Fault,
    HangUp,
    Hear,
    Leg,
    Noise,
    Press,
    PressNow,
    Speak,
    SpeechFault,
    Step,
    Wait,
)
from ivr.simulator.scenario import read_scenario
from ivr.simulator.scenario_text import scenario_text

seconds = st.integers(0, 100_000_000).map(lambda milliseconds: milliseconds / 1000)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: bool(text.strip()))
keys = st.text("0123456789*#", min_size=1, max_size=8)
steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(Hear, texts),
    st.builds(Press, keys),
    st.builds(PressNow, keys),
    st.builds(Wait, seconds),
    st.builds(Speak, texts, st.none() | texts | st.just(""), st.sampled_from((0.0, 0.25, 0.9, 1.0))),
    st.builds(Noise, seconds, texts | st.just(""), st.sampled_from((0.4, 0.9))),
    st.just(HangUp()),
)
once = st.one_of(
    st.builds(
        Leg,
        st.just("answer"),
        rings=seconds,
        talk=st.none() | seconds,
        keys=keys | st.just(""),
        machine=st.booleans(),
        thinks=seconds,
        leaves=st.none() | seconds,
    ),
    st.builds(Leg, st.sampled_from(["busy", "failed"]), after=st.none() | seconds),
    st.just(Leg.no_answer()),
)


def _in_turn(turns: list[Leg]) -> Leg:
    *before, leg = turns
    for earlier in reversed(before):
        leg = replace(earlier, then=leg)
    return leg


legs = st.lists(once, min_size=1, max_size=3).map(_in_turn)
simple = ("timeout", "refuse", "reset", "duplicate", "oversized", "bad_xml", "wrong_type", "lost")
faults = st.one_of(
    st.builds(SpeechFault, st.integers(0, 9), st.sampled_from(("", "Os", "no")), st.sampled_from((0.0, 0.4, 0.9, 1.0))),
    st.builds(Fault, st.integers(1, 99), st.sampled_from(simple)),
    st.builds(Fault, st.just(ANY), st.just("status"), st.integers(100, 599).map(float)),
    st.builds(Fault, st.integers(1, 9), st.just("delay"), seconds),
    st.builds(Fault, st.integers(1, 9), st.just("late"), seconds, st.just("status")),
    st.builds(Fault, st.integers(1, 9), st.just("redirects"), st.integers(1, 20).map(float)),
    st.just(Fault(ANY, "reordered", purpose="status")),
)
moments = st.integers(946_684_800, 4_070_908_800).map(lambda second: datetime.fromtimestamp(second, OSLO))
plans = st.builds(
    CallPlan,
    st.just("http://127.0.0.1:5000/voice"),
    from_=st.sampled_from(["+4791234567", "anonymous"]),
    method=st.sampled_from(["POST", "GET"]),
    fallback_url=st.none() | st.just("http://127.0.0.1:5000/fallback"),
    status_callback=st.none() | st.just("http://127.0.0.1:5000/status"),
    account_sid=st.sampled_from(["AC" + "1" * 32, "AC" + "0" * 32]),
    steps=st.lists(steps, max_size=6).map(tuple),
    legs=st.dictionaries(st.sampled_from(["+4755568700", "sip:a@example.org", "*"]), legs, min_size=1),
    faults=st.lists(faults, max_size=4).map(tuple),
    started=moments,
)


@given(name=texts, plan=plans)
def test_a_written_plan_is_read_back_as_the_same(name: str, plan: CallPlan) -> None:
    text = scenario_text(name, plan, comments=("Written by a test.",), ended="completed")
    scenario = read_scenario(load(text, "written.yaml"), Path("written.yaml"))
    assert scenario.plan == plan
    assert (scenario.name, scenario.expect.ended) == (name, "completed")


def test_the_auth_token_is_never_written() -> None:
    assert "a secret of mine" not in scenario_text(
        "x", CallPlan(url="http://127.0.0.1/", auth_token="a secret of mine")
    )


def test_a_call_that_failed_is_written_with_its_end_and_codes_so_that_it_holds_again() -> None:
    text = scenario_text("broken", CallPlan(url="http://127.0.0.1/"), ended="failed", warnings=[11217])
    expect = read_scenario(load(text, "written.yaml"), Path("written.yaml")).expect
    assert (expect.ended, expect.warnings) == ("failed", (11217,))
