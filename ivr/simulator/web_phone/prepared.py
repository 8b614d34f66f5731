"""Scenarios that lie beside the page: calls that play by themselves, in `calls/`, and tasks for a class, in `tasks/`.

Each stands in the order of the names of its files. Must not play them.
"""

from functools import cache
from pathlib import Path

from ivr.simulator.plan import CallPlan
from ivr.simulator.scenario import Scenario, load_scenario

CALLS = Path(__file__).parent / "calls"
TASKS = Path(__file__).parent / "tasks"


def scenarios(folder: Path, url: str) -> dict[str, Scenario]:
    """Every scenario of the folder by the name of its file, to be placed at `url`."""
    return {path.stem.partition("_")[2]: load_scenario(path, url) for path in sorted(folder.glob("*.yaml"))}


@cache
def titles(folder: Path, has_clock: bool) -> tuple[tuple[str, str], ...]:
    """The name of each and its English title. `has_clock`: those of a certain hour too."""
    found = scenarios(folder, "http://127.0.0.1/").items()
    usual = CallPlan("").started
    return tuple((name, each.name) for name, each in found if has_clock or each.plan.started == usual)
