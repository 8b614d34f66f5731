"""Calls of the plain case in this build and in another one, in turns: `python -m benchmarks calls --against TREE`.

TREE is a work tree of an older commit with an environment of its own in `.venv`. Each build plays its calls in a
process of its own, with its own simulator and its own service, and says what they took in processor time.
"""

import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.measure import Spread

HERE = Path(__file__).parent.parent
JUDGED, AT_LEAST = "aac14d9", 1.5  # the build of 26 November 2026, and how many times as many calls are wanted
_PLAY = """
import sys, time
from benchmarks.calls import _TEMPLATE, KEYS, Job, Mix, _must_have_gone_well, bundled_line, play_share
app = bundled_line()
for seed, line in enumerate(sys.stdin):
    calls = int(line)
    job = Job(_TEMPLATE, Mix.of_keys(KEYS), lambda: app, calls=calls, concurrent=1, seed=seed)
    began = time.process_time()
    tally = play_share(job)
    print(time.process_time() - began, flush=True)
    _must_have_gone_well(tally, calls)
"""


class _Build:
    """A build that plays calls when it is asked to."""

    def __init__(self, tree: Path, running: ExitStack) -> None:
        python = tree / ".venv" / "bin" / "python"
        if not python.is_file():
            raise SystemExit(f"{tree} has no environment: run `make .venv/installed` there first")
        command = [str(python), "-c", _PLAY]
        self._process = running.enter_context(
            subprocess.Popen(command, cwd=tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        )
        running.callback(self._process.terminate)

    def play(self, calls: int) -> float:
        """Seconds of processor time for one call, in the mean of so many."""
        told, heard = self._process.stdin, self._process.stdout
        assert told is not None  # noqa: S101 - both are pipes
        assert heard is not None  # noqa: S101
        told.write(f"{calls}\n")
        told.flush()
        return float(heard.readline()) / calls


def measure(tree: Path, turns: int = 25, calls: int = 20) -> dict[str, Any]:
    commit = _commit(tree)
    with ExitStack() as running:
        builds = {"this": _Build(HERE, running), "other": _Build(tree, running)}
        spent: dict[str, list[float]] = {name: [] for name in builds}
        for build in builds.values():
            build.play(50)
        for turn in range(turns):
            for name in sorted(builds, reverse=bool(turn % 2)):
                spent[name].append(builds[name].play(calls))
    ratio = Spread.of([other / this for this, other in zip(spent["this"], spent["other"], strict=True)])
    bound = {"at least": AT_LEAST} if commit == JUDGED else {}
    return {
        "turns": turns,
        "calls in a turn": calls,
        "milliseconds a call": {name: Spread.of([each * 1000 for each in spent[name]]).as_json() for name in spent},
        "ratios": {f"calls a core second: this build / the build {commit}": {**ratio.as_json(), **bound}},
    }


def _commit(tree: Path) -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short=7", "HEAD"],  # noqa: S607
        cwd=tree,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
