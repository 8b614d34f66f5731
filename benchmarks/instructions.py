"""Instructions that one webhook takes, counted by valgrind's callgrind: the same on a busy machine as on an idle one.

`python -m benchmarks.instructions` counts and prints JSON. It starts itself again under callgrind; there the subjects
are made and warmed up, and a forked child for each runs it so many times, or not at all: the difference is its cost.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.calls import WEBHOOKS, one_call
from benchmarks.guarded import OF_CALLS_BY_INSTRUCTIONS, OF_PLAIN_BY_INSTRUCTIONS, guarded

TIMES = 20
WARM = 15
_ROOT = Path(__file__).parent.parent
_TOTAL = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)


def available() -> bool:
    return shutil.which("valgrind") is not None


def count() -> dict[str, int]:
    """Instructions of one call of each guarded subject."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise RuntimeError("valgrind is not here")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603
            [
                *(valgrind, "--tool=callgrind", f"--callgrind-out-file={folder}/%p"),
                *(sys.executable, "-m", "benchmarks.instructions", folder),
            ],
            cwd=_ROOT,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            check=True,
            capture_output=True,
        )
        children: dict[str, list[int]] = json.loads((Path(folder) / "children").read_text("utf-8"))
        return {name: (total(folder, many) - total(folder, none)) // TIMES for name, (none, many) in children.items()}


def measure() -> dict[str, Any]:
    """The two ratios that matter most, as no other work on the machine can change them."""
    if not available():
        return {"skipped": "valgrind is not here"}
    found = count()
    return {
        "thousands": {name: round(each / 1000) for name, each in found.items()},
        "ratios": {
            "line / plain": {"median": found["line"] / found["plain"], "at most": OF_PLAIN_BY_INSTRUCTIONS},
            "webhooks of calls / plain requests": {
                "median": WEBHOOKS * found["plain"] / found["call"],
                "at least": OF_CALLS_BY_INSTRUCTIONS,
            },
        },
    }


def total(folder: str, pid: int) -> int:
    found = _TOTAL.search((Path(folder) / str(pid)).read_text("utf-8"))
    if found is None:
        raise RuntimeError("callgrind has counted nothing")
    return int(found[1])


def _under_callgrind(folder: Path) -> None:
    subjects = {**guarded(), "call": one_call()}
    for subject in subjects.values():
        for _ in range(WARM):
            subject()
    children = {name: [_child(subject, times) for times in (0, TIMES)] for name, subject in subjects.items()}
    (folder / "children").write_text(json.dumps(children), "utf-8")


def _child(subject: Callable[[], object], times: int) -> int:
    pid = os.fork()
    if not pid:
        for _ in range(times):
            subject()
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        raise RuntimeError("a subject failed")
    return pid


if __name__ == "__main__":
    if sys.argv[1:]:
        _under_callgrind(Path(sys.argv[1]))
    else:
        sys.stdout.write(json.dumps(count(), indent=1) + "\n")
