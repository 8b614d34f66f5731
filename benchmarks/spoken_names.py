"""What it costs to look up a name that was said: `python -m benchmarks.spoken_names`.

Memory of the index beside the directory, and the processor's time of a look-up: each municipality and postal place as
it is written, in sentences, and with a letter that was heard wrongly.
"""

import gc
import time
import tracemalloc
from collections.abc import Callable
from typing import NamedTuple

import click

from ivr.line.directory import Directory, load_directory
from ivr.line.directory.spoken_names import SpokenNames

MOST_MEGABYTES, MOST_MILLISECONDS = 10.0, 2.0  # the time is that of 99 in 100 look-ups
SAID: dict[str, Callable[[str], str]] = {
    "a name": str,
    "a name in four words": lambda name: f"jeg er i {name}",
    "a name, its last letter wrong": lambda name: f"{name[:-1]}x",
    "a name in twelve words": lambda name: f"hei jeg er på hytta i {name} nå og mor er syk",
}


class LookUp(NamedTuple):
    """Milliseconds of the processor."""

    median: float
    ninety_nine: float


def megabytes(directory: Directory) -> float:
    SpokenNames(directory)  # what the directory itself makes at its first use is not the index's
    gc.collect()
    tracemalloc.start()
    names = SpokenNames(directory)
    _ = names.hints  # made at its first use
    gc.collect()
    found = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    return found


def look_ups(directory: Directory) -> dict[str, LookUp]:
    """By how the names are said."""
    names, known = SpokenNames(directory), _names(directory)
    found = {}
    for how, words in SAID.items():
        times = sorted(_milliseconds(names, words(name)) for name in known)
        found[how] = LookUp(times[len(times) // 2], times[len(times) * 99 // 100])
    return found


def _names(directory: Directory) -> list[str]:
    towns = {town.lower() for _, town in directory.tables.postcodes.values()}
    return sorted(towns | {name.lower() for each in directory.municipalities.values() for name in each.names})


def _milliseconds(names: SpokenNames, words: str) -> float:
    began = time.thread_time()
    names.heard(words)
    return (time.thread_time() - began) * 1000


def main() -> None:
    directory = load_directory()
    click.echo(f"memory of the index: {megabytes(directory):.1f} MB, at most {MOST_MEGABYTES:.0f}")
    click.echo(f"{'milliseconds of a look-up':34}{'median':>8}{'99 %':>8}   at most {MOST_MILLISECONDS:.0f}")
    for how, found in look_ups(directory).items():
        met = "yes" if found.ninety_nine <= MOST_MILLISECONDS else "no"
        click.echo(f"{how:34}{found.median:8.2f}{found.ninety_nine:8.2f}   {met}")


if __name__ == "__main__":
    main()
