"""Calls that play by themselves: the scenario files in `calls/`, in the order of their names. Must not play them."""

from functools import cache
from pathlib import Path

from ivr.simulator.plan import CallPlan
from ivr.simulator.scenario import Scenario, load_scenario

FOLDER = Path(__file__).parent / "calls"


def prepared(url: str) -> dict[str, Scenario]:
    """Every prepared call by the name of its file, to be placed at `url`."""
    return {path.stem.partition("_")[2]: load_scenario(path, url) for path in sorted(FOLDER.glob("*.yaml"))}


@cache
def titles(has_clock: bool) -> tuple[tuple[str, str], ...]:
    """The name of each and its English title. `has_clock`: those of a certain hour too."""
    found = prepared("http://127.0.0.1/").items()
    usual = CallPlan("").started
    return tuple((name, each.name) for name, each in found if has_clock or each.plan.started == usual)
