"""Many runs: in this process, on all cores, or on the workers of a Dask scheduler. The answer is the same everywhere.

A run depends on its scene, seed and replication alone, so it does not matter who plays it. Knows no plan and no words.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from ivr.planner.scene import PlannedScene, play
from ivr.planner.tally import PlannedTally

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Run:
    scene: PlannedScene
    seed: int
    replication: int


@dataclass(frozen=True)
class Where:
    """Where runs are played. `scheduler`: the address of a Dask scheduler, in place of processes of this machine."""

    processes: int = 1
    scheduler: str = ""


def run_all(runs: Sequence[Run], where: Where, progress: Progress = lambda _: None) -> list[PlannedTally]:
    """The tallies, in the order of the runs. `progress` is told of callers as they are played."""
    if where.scheduler:
        return list(_on_dask(runs, where.scheduler, progress))
    if where.processes == 1 or len(runs) == 1:
        return [play(run.scene, run.seed, run.replication, progress) for run in runs]
    with ProcessPoolExecutor(min(where.processes, len(runs)), get_context("spawn")) as pool:
        futures = [pool.submit(play, run.scene, run.seed, run.replication) for run in runs]
        return [_counted(future.result(), progress) for future in futures]


def _counted(tally: PlannedTally, progress: Progress) -> PlannedTally:
    progress(tally.callers)
    return tally


def _on_dask(runs: Sequence[Run], address: str, progress: Progress) -> Iterator[PlannedTally]:
    with _client(address) as client:
        scenes = {id(run.scene): client.scatter(run.scene, hash=False) for run in runs}
        # pure=False: two runs of the same scene, seed and replication are asked for twice, and never mixed up by a key.
        futures = [client.submit(play, scenes[id(run.scene)], run.seed, run.replication, pure=False) for run in runs]
        for future in futures:
            yield _counted(future.result(), progress)


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Raises OSError where no scheduler answers."""
    from distributed import Client  # noqa: PLC0415 - an extra of its own

    with Client(address, set_as_default=False, timeout=10) as client:  # type: ignore[no-untyped-call]
        yield client
