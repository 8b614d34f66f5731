"""Nothing of the simulator is undocumented, and it keeps the names of its contract."""

from pathlib import Path

import click
import pytest

from ivr.cli.call import call
from ivr.cli.simulate import simulate
from ivr.simulator import Outcome
from tests.simulator.test_trace import FIELDS

TEXT = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [call, simulate], ids=["call", "simulate"])
def test_every_option_is_documented(command: click.Command) -> None:
    options = [name for parameter in command.params for name in parameter.opts if name.startswith("--")]
    assert options
    assert [name for name in options if f"`{name}" not in TEXT and f" {name} " not in TEXT] == []


@pytest.mark.parametrize("event", FIELDS)
def test_every_event_and_field_is_documented(event: str) -> None:
    table = TEXT.split("## Trace")[1].splitlines()
    row = next(line for line in table if line.startswith("|") and f"`{event}`" in line.split("|")[1])
    assert [field for field in FIELDS[event] if f"`{field}`" not in row] == []


def test_every_property_of_an_outcome_is_documented() -> None:
    names = [name for name in vars(Outcome) if not name.startswith("_")]
    assert [name for name in names if f"`{name}" not in TEXT] == []
