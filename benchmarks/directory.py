"""5. The directory: how long its files take to load, and what a look-up costs beside that of a dict."""

from typing import Any

from benchmarks.measure import Spread, in_turns, once
from benchmarks.reference import slowness
from ivr.base.clock import SystemClock
from ivr.line.directory import Place, load_directory

LOAD, SPELLING = 130.0, 1.0  # milliseconds, microseconds; at most


def measure() -> dict[str, Any]:
    load = Spread.of([once(load_directory, 1) * 1000 / slowness() for _ in range(7)])
    directory, now = load_directory(), SystemClock().now()
    plain = {code: Place(found[0], code) for code, found in directory.tables.postcodes.items()}
    looked_up = in_turns(
        {
            "a dict": lambda: plain.get("5003"),
            "postcode": lambda: directory.by_postcode("5003"),
            "municipality": lambda: directory.by_municipality("4601"),
            "number of a centre": lambda: directory.by_number("55568700"),
            "spelling": lambda: directory.by_spelling("23743"),
            "who answers now": lambda: directory.answering(Place("4601", "5003"), now),
            "backups": lambda: directory.backups(directory.default_centre),
        },
        rounds=40,
        each=1000,
    )
    return {
        "milliseconds to load all files, on the machine of the bounds": {**load.as_json(), "at most": LOAD},
        "microseconds of a look-up": looked_up.microseconds(),
        "spelling at most": SPELLING,
    }
