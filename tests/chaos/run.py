"""Faults, one after another, and what the checker says of each. Writes no report and knows no terminal."""

import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.chaos.checker import Verdict, check, read_history
from tests.chaos.fallback import fallback_host
from tests.chaos.faults import Fault
from tests.chaos.rules import Rules, bundled_rules
from tests.chaos.service import free_port
from tests.chaos.testbed import Stage


@dataclass(frozen=True)
class Result:
    """`broken`: what the service itself did wrong, or why the fault could not be played."""

    fault: Fault
    verdict: Verdict
    restarts: int
    seconds: float
    broken: str = ""

    @property
    def good(self) -> bool:
        return not self.broken and not self.verdict.complaints and self.verdict.calls > 0


def run_faults(
    faults: Sequence[Fault],
    *,
    seed: int = 0,
    scale: float = 1.0,
    histories: Path | None = None,
    done: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """`scale`: of the numbers of calls; `histories`: where the files stay, else they are removed; `done`: is told
    each result as soon as it is there."""
    results = []
    with _folder(histories) as folder:
        port = free_port()
        document = export_fallback(folder / "fallback.xml", port)
        rules = bundled_rules(document)
        with fallback_host(folder / "fallback.xml") as fallback_url:
            stage = Stage(folder, port, fallback_url, seed, scale)
            try:
                for fault in faults:
                    results.append(_play(stage, fault, rules))
                    done(results[-1])
            finally:
                stage.close()
    return results


def _play(stage: Stage, fault: Fault, rules: Rules) -> Result:
    began, before, broken = time.monotonic(), stage.restarts, ""
    with stage.recording(fault.id) as file:
        try:
            fault.play(stage)
        except (AssertionError, RuntimeError) as error:
            broken = f"{type(error).__name__} {error} at {_place(error)}"
            stage.close()
    verdict = check(read_history(file), replace(rules, most_silence=fault.silence, repeats=fault.repeats))
    return Result(fault, verdict, stage.restarts - before, time.monotonic() - began, broken)


def export_fallback(file: Path, port: int) -> bytes:
    """The document of `ivr fallback export`, for the other host; `port`: where the service is, or will be again."""
    command = [sys.executable, "-m", "ivr", "fallback", "export", "--simulator", "-o", str(file)]
    environment = os.environ | {"PUBLIC_BASE_URL": f"http://127.0.0.1:{port}"}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return file.read_bytes()


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
    else:
        with tempfile.TemporaryDirectory(prefix="chaos-") as name:
            yield Path(name)


def _place(error: BaseException) -> str:
    """`file.py:12` of the innermost frame."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
