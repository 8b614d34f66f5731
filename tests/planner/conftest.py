"""A small nation: four municipalities, four centres that serve a place, one week, the bundled flow."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ivr.line.directory import load_directory
from ivr.line.service.settings import Settings
from ivr.planner.build import Builder
from ivr.planner.journey_cache import Store
from ivr.planner.period import PlannedPeriod
from ivr.planner.plan import Plan
from ivr.planner.plan_file import Lines, Question, read_plan

SMALL = Path(__file__).parents[1] / "directory" / "small"
WEEK = PlannedPeriod(date(2027, 5, 10), date(2027, 5, 16))
TODAY = Plan("today", WEEK, calls=600_000, replications=2)


@pytest.fixture(scope="session")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    return Builder(Settings(directory=SMALL), Store(tmp_path_factory.mktemp("journeys")))


@pytest.fixture(scope="session")
def today() -> Plan:
    return TODAY


Reader = Callable[..., Question]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Reads the text of a plan file, as one of the small nation."""

    def reading(text: str, name: str = "plan.yaml") -> Question:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return read_plan(path, Lines(lambda folder: load_directory(folder or SMALL)), 2027)

    return reading


def changed(plan: Plan, question: Question) -> Plan:
    """The plan's days and calls with the question's changes."""
    return replace(plan, name=question.plan.name, changes=question.plan.changes, menu=question.plan.menu)
