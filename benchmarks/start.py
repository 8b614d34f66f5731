"""4. From a command to the first prompt, to a service that answers; what each import costs; memory of a worker.

The only wall times here, because a person waits for them. What is judged is the processor time, as long as it would be
on the machine that the bounds were set on (`reference`): by the wall, all other work on this one would be measured.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from statistics import median
from typing import Any, NamedTuple

from benchmarks.measure import Spread
from benchmarks.reference import slowness
from benchmarks.servers import Running

CALL, READY, ANEW, MEMORY = 0.8, 0.75, 1.0, 64.0  # seconds, megabytes; at most
_IVR = (sys.executable, "-m", "ivr")
_IMPORTS = (
    "ivr",
    "ivr.simulator",
    "ivr.line.flow.engine",
    "ivr.line.directory",
    "ivr.line.twilio",
    "ivr.proof.check.run",
    "ivr.line.service.bootstrap",
    "flask",
    "twilio.twiml.voice_response",
    "gunicorn.app.base",
)
_NOT_AT_START = ("twilio.rest", "sqlalchemy", "alembic", "prometheus_client", "requests", "defusedxml")


def measure(times: int = 5) -> dict[str, Any]:
    phone = [*_IVR, "call", "--keys", "1 1 5003"]
    ready, memory = _ready(times, anew=False)
    anew, memory_anew = _ready(times, anew=True)
    return {
        "interpreter that does nothing": _timed([sys.executable, "-c", "pass"], times),
        "ivr call, a whole call with its service": _timed(phone, times),
        "service ready": {**_judged(ready), "at most": READY},
        "service ready, everything proved anew": {**_judged(anew), "at most": ANEW},
        "megabytes of a worker": {"median": round(memory, 1), "at most": MEMORY},
        "megabytes of a worker, everything proved anew": {"median": round(memory_anew, 1), "at most": MEMORY},
        "imports": imports(),
        "loaded when the service is ready": _loaded(),
    }


class _Seconds(NamedTuple):
    wall: float
    spent: float  # of processor time
    slow: float  # how much longer a thing took here at that moment than on the machine of the bounds


def _ready(times: int, *, anew: bool) -> tuple[list[_Seconds], float]:
    """How long until the service has answered, and the megabytes of its largest process. `anew`: nothing kept."""
    ready, memory = [], 0.0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as nothing_kept:
            environment = {"XDG_CACHE_HOME": nothing_kept} if anew else {}
            slow, began = slowness(), time.perf_counter()
            with Running("ivr serve", "line", environment) as server:
                ready.append(_Seconds(time.perf_counter() - began, server.processor_seconds(), slow))
                memory = max(memory, server.worker_megabytes())
    return ready, memory


def _timed(command: Sequence[str], times: int) -> dict[str, Any]:
    found = []
    for _ in range(times):
        slow, began, spent = slowness(), time.perf_counter(), _children()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        found.append(_Seconds(time.perf_counter() - began, _children() - spent, slow))
    return _judged(found)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _judged(found: Sequence[_Seconds]) -> dict[str, Any]:
    """Medians; of what is held against a bound, the spread too."""
    there = Spread.of([each.spent / each.slow for each in found])
    return {
        "wall seconds": round(median(each.wall for each in found), 2),
        "processor seconds": round(median(each.spent for each in found), 2),
        "on the machine of the bounds": there.as_json(),
    }


def imports() -> dict[str, float]:
    """Milliseconds of processor time that each takes in an interpreter that has imported nothing, the least of two."""
    return {name: min(_import(name) for _ in range(2)) for name in _IMPORTS}


def _import(name: str) -> float:
    code = f"import time; began = time.process_time(); import {name}; print((time.process_time() - began) * 1000)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return round(float(done.stdout), 1)


def _loaded() -> dict[str, bool]:
    """Whether what a call has no need of is in the memory of the service."""
    code = (
        "import sys, ivr.line.service.reload; from ivr.line.service.bootstrap import create_app; create_app();"
        " print(*sys.modules)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LOG_LEVEL": "error"},
    )
    modules = set(done.stdout.split())
    return {name: name in modules for name in _NOT_AT_START}
