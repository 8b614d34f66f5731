"""`ivr explore`: play every call that can happen against the line in this process, and say what was found.

Exit codes: 0 everything holds and nothing was left out, 1 something does not hold or the bound was reached, 2 the
command line is wrong or a file cannot be read.
"""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivr.cli.options import DIRECTORY, FLOW, JSON

if TYPE_CHECKING:
    from datetime import datetime

    from ivr.proof.explore.states import StateName

_SECONDS_BETWEEN = 0.5  # two lines of progress


@click.command()
@FLOW
@DIRECTORY
@click.option("--practice", is_flag=True, help="Explore the practice line, which rings nobody.")
@click.option(
    "--bound",
    type=click.IntRange(1),
    default=20_000,
    show_default=True,
    help="Maximum number of states at each moment.",
)
@JSON
def explore(flow: Path, folder: Path, practice: bool, bound: int, as_json: bool) -> None:
    """Explore FLOW (IVR_FLOW, else the bundled one): every key, silence and slip, every end of every leg.

    \b
    Examples:
      ivr explore
      ivr explore my/flow.yaml --directory my/directory --json

    \b
    Exit codes:
      0    no problem was found, and everything was played
      1    a problem was found, or the bound was reached
      2    the command line or a file is wrong
    """
    from ivr.base.clock import SystemClock
    from ivr.cli.files import must_be_readable
    from ivr.line.service.settings import Profile, Settings
    from ivr.proof.explore import ExploredService
    from ivr.proof.explore import explore as explored
    from ivr.proof.explore.report import as_json as in_json
    from ivr.proof.explore.report import as_text

    now = SystemClock().now()
    must_be_readable([flow])
    profile = Profile.PRACTICE if practice else Profile.SIMULATOR
    service = ExploredService(Settings(profile=profile, flow=flow, directory=folder), now)
    result = explored(service, bound, StateCounter().tell, known_to_check(flow, folder, now, practice=practice))
    click.echo(in_json(result) if as_json else as_text(result))
    raise SystemExit(0 if result.holds else 1)


def known_to_check(path: Path, folder: Path | None, now: "datetime", *, practice: bool = False) -> "set[StateName]":
    """The names of the states that `ivr check` walks through, on the same line: one without text messages."""
    from ivr.proof.check.checked_flow import Subject
    from ivr.proof.check.run import lay_ground
    from ivr.proof.explore.states import name_of

    walks = [each.practice if practice else each.walk for each in Subject(path, lay_ground(folder, now)).each]
    return {
        name_of(situation.state.but(language=code), walk.flow)
        for walk in walks
        for situation in walk.situations
        if not situation.caller.textable and not walk.flow.described[situation.node].messages
        for code in situation.by_language
    }


class StateCounter:
    """One line that is written over, on a terminal only."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def tell(self, states: int, moves: int, waiting: int) -> None:
        now = time.monotonic()
        if sys.stderr.isatty() and (now - self._told > _SECONDS_BETWEEN or not waiting):
            self._told = now
            click.echo(f"\r{states} states, {moves} moves, {waiting} states to go   ", nl=not waiting, err=True)
