"""How long `ivr check` takes beside another build of it, in turns: `python -m benchmarks.checker FOLDER`.

FOLDER is a work tree of the other build with a `.venv` of its own. Each round runs both in processes of their own:
`ivr check` as a whole, and the checker alone (`check_flow`, once it has its directory), which is divided by the
situations that this build walks through. Each build checks the line that it bundles. Processor time
only, and every module was compiled before.
"""

import argparse
import json
import resource
import subprocess
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks.measure import Rounds, start_with_bytecode

HERE = Path(__file__).parent.parent
# Works in builds before and after the folders were renamed. Prints seconds and situations of one check.
ALONE = """
import json, time
from datetime import datetime
from pathlib import Path
try:
    from ivr.proof.check.figures import figures_of
    from ivr.proof.check.run import check_flow, lay_ground
    from ivr.base.clock import OSLO
except ImportError:
    from ivr.check.figures import figures_of
    from ivr.check.run import check_flow, lay_ground
    from ivr.clock import OSLO
flow = Path("call_flows/legevakt.yaml")
ground = lay_ground(None, datetime(2026, 11, 26, 20, tzinfo=OSLO))
began = time.process_time()
check_flow(flow, ground)
seconds = time.process_time() - began
lines = [line for line in figures_of(flow, ground).splitlines() if line.startswith("situations")]
print(json.dumps([seconds, sum(int(line.split(")")[1].split(",")[0]) for line in lines)]))
"""


class Cost(NamedTuple):
    """Processor seconds of a whole `ivr check`, and of the checker for each situation."""

    whole: float
    situation: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checker", description=__doc__)
    parser.add_argument("folder", type=Path, help="the work tree of the other build")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    start_with_bytecode()
    for tree in (HERE, options.folder):
        cost(tree)  # the first run compiles the modules
    rounds = []
    for _ in range(options.rounds):
        rounds.append((cost(HERE), cost(options.folder)))
        click.echo(f"here {rounds[-1][0].whole:.2f} s, there {rounds[-1][1].whole:.2f} s")
    for field, what in (("whole", "ivr check as a whole"), ("situation", "the checker, for each situation")):
        mine, other = ([getattr(each[index], field) for each in rounds] for index in (0, 1))
        ratio = Rounds({"here": mine, "there": other}).ratio("here", "there")
        times = f"{1 / ratio.median:.2f} times as fast"
        click.echo(f"{what}: {ratio.median:.2f} of the other build ({ratio.low:.2f} to {ratio.high:.2f}), {times}")


def cost(tree: Path) -> Cost:
    """Of one round in this work tree."""
    before = _children()
    _run(tree, "ivr", "check")
    whole = _children() - before
    seconds, situations = json.loads(_run(tree, "python", "-c", ALONE))
    return Cost(whole, seconds / situations)


def _run(tree: Path, command: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own commands
        [str(tree / ".venv" / "bin" / command), *arguments], cwd=tree, check=True, capture_output=True, text=True
    )
    return done.stdout


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
