"""7. Where the time of a webhook goes, by the part of the code that it is spent in."""

import cProfile
import pstats
import time
from typing import Any

from benchmarks.requests import ask, main_menu
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings

_PARTS = {
    "/flask/": "Flask",
    "/werkzeug/": "Werkzeug",
    "/blinker/": "Flask's signals",
    "/ivr/line/web/": "ivr/line/web",
    "/ivr/line/twilio/": "ivr/line/twilio",
    "/ivr/line/calls/": "ivr/line/calls",
    "/ivr/line/flow/": "ivr/line/flow",
    "/ivr/line/directory/": "ivr/line/directory",
    "/ivr/": "ivr, the rest",
    "/urllib/": "urllib: percent-escapes",
    "/json/": "json",
}


def measure(times: int = 3000) -> dict[str, Any]:
    """Hundredths of the time inside Python functions, built-in ones counted where they were called from."""
    app = create_app(Settings())
    webhook = ask(app, main_menu(app))
    for _ in range(300):
        webhook()
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    for _ in range(times):
        webhook()
    profile.disable()
    spent: dict[str, float] = {}
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if file == "~":
            for (caller, _, _), (_, _, share, _) in callers.items():
                spent[_part(caller)] = spent.get(_part(caller), 0.0) + share
        else:
            spent[_part(file)] = spent.get(_part(file), 0.0) + own
    whole = sum(spent.values())
    ordered = sorted(spent.items(), key=lambda each: -each[1])
    return {"hundredths": {part: round(100 * seconds / whole, 1) for part, seconds in ordered}}


def _part(file: str) -> str:
    return next((name for mark, name in _PARTS.items() if mark in file), "the rest")
