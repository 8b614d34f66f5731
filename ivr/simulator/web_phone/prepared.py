"""Calls that play by themselves: the scenario files in `calls/`, in the order of their names. Must not play them."""

from functools import cache
from pathlib import Path

from ivr.simulator.scenario import Scenario, load_scenario

FOLDER = Path(__file__).parent / "calls"


def prepared(url: str) -> dict[str, Scenario]:
    """Every prepared call by the name of its file, to be placed at `url`."""
    return {path.stem.partition("_")[2]: load_scenario(path, url) for path in sorted(FOLDER.glob("*.yaml"))}


@cache
def titles() -> tuple[tuple[str, str], ...]:
    """The name of each and its English title."""
    return tuple((name, scenario.name) for name, scenario in prepared("http://127.0.0.1/").items())
