"""Calls of the plain case in this build and in another one, in turns: `python -m benchmarks calls --against TREE`.

TREE is a work tree of an older commit with an environment of its own in `.venv`. Each build plays its calls in a
process of its own, with its own simulator and its own service, and says what they took in processor time. Where
valgrind is there, the instructions of a call are counted too: other work on the machine does not change them.
"""

import os
import subprocess
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.instructions import available, total
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
_COUNT = f"""{_PLAY.partition("for seed")[0]}
import os, subprocess
def child(calls):
    pid = os.fork()
    if not pid:
        play_share(Job(_TEMPLATE, Mix.of_keys(KEYS), lambda: app, calls=calls, concurrent=1))
        os._exit(0)
    os.waitpid(pid, 0)
    return pid
play_share(Job(_TEMPLATE, Mix.of_keys(KEYS), lambda: app, calls=30, concurrent=1))
subprocess.run(["callgrind_control", "-i", "on", str(os.getpid())], check=True, stdout=subprocess.DEVNULL)
print(child(2), child(22))
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
    ratios = {f"calls a core second: this build / the build {commit}": {**ratio.as_json(), **bound}}
    counted = {"this": _instructions(HERE), "other": _instructions(tree)} if available() else {}
    if counted:
        name = f"calls by instructions: this build / the build {commit}"
        ratios[name] = {"median": counted["other"] / counted["this"], **bound}
    return {
        "turns": turns,
        "calls in a turn": calls,
        "milliseconds a call": {name: Spread.of([each * 1000 for each in spent[name]]).as_json() for name in spent},
        "thousands of instructions a call": {name: round(each / 1000) for name, each in counted.items()},
        "ratios": ratios,
    }


def _instructions(tree: Path) -> int:
    """Of one call, counted by valgrind's callgrind."""
    with TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder}/%p"]
        done = subprocess.run(  # noqa: S603
            [*command, str(tree / ".venv" / "bin" / "python"), "-c", _COUNT],
            cwd=tree,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            check=True,
        )
        few, many = (total(folder, int(pid)) for pid in done.stdout.split())
    return (many - few) // 20


def _commit(tree: Path) -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short=7", "HEAD"],  # noqa: S607
        cwd=tree,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
