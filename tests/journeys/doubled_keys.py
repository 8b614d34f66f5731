"""Callers whose keys bounce: one key of an entry counts twice, and what is left over arrives while the line speaks.

`python -m tests.journeys.doubled_keys` calls with every postcode of the directory and each of its digits doubled, and
counts who was put through to a centre that was told of a place whose name the caller had not heard to its end.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from ivr.line.directory import load_directory
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, Leg, Wait, WsgiTransport, keys_to_steps, play
from ivr.simulator.plan import PressNow

VOICE = "http://127.0.0.1:5000/voice"
BEFORE = "1 1"  # the published keys up to the postcode
LATE = 1.0  # seconds after which a key that comes late arrives
_TOLD = re.compile(r"Pasienten er i (.+)\.$")


def doubled(keys: str) -> Iterator[str]:
    """The keys with each of them doubled in turn."""
    for at, key in enumerate(keys):
        yield keys[:at] + key + keys[at:]


def outcome_of(keys: str, transport: WsgiTransport, *, length: int = 4, late: bool = False) -> str:
    """What becomes of a caller who presses these and then nothing: `heard` or `unheard`, if a centre was told of a
    place; `no place` if it was told that none is known. `late`: the surplus key comes while the line speaks."""
    surplus = keys[length:]
    pressed = f"{BEFORE} {keys[:length]}" if late else f"{BEFORE} {keys}"
    steps = (*keys_to_steps(pressed), *((Wait(LATE), PressNow(surplus)) if late and surplus else ()))
    events = play(CallPlan(url=VOICE, steps=steps, legs={"*": Leg.answer(3, talk=10)}), transport).trace
    rung = next(n for n, event in enumerate(events) if event["event"] == "leg" and event["status"] == "initiated")
    told = next((match[1] for event in events[rung:] if (match := _TOLD.search(event.get("text", "")))), None)
    if told is None:
        return "no place"
    whole = (event["text"] for event in events[:rung] if event["event"] == "say" and not event["cut"])
    return "heard" if any(re.search(rf"\b{re.escape(told)}\.", text) for text in whole) else "unheard"


def count(codes: Iterable[str], transport: WsgiTransport) -> Counter[str]:
    """Every digit of every one of these postcodes doubled, the surplus key early and late."""
    found: Counter[str] = Counter()
    for code in codes:
        for keys in doubled(code):
            found.update(outcome_of(keys, transport, late=late) for late in (False, True))
    return found


if __name__ == "__main__":
    everywhere = sorted(load_directory().tables.postcodes)
    line = WsgiTransport(create_app(Settings()))
    total: Counter[str] = Counter()
    for first in range(0, len(everywhere), 100):
        total += count(everywhere[first : first + 100], line)
        print(f"{min(first + 100, len(everywhere))} of {len(everywhere)} postcodes", end="\r", file=sys.stderr)  # noqa: T201
    calls = sum(total.values())
    print(f"{len(everywhere)} postcodes, {calls} calls: " + ", ".join(f"{total[x]} {x}" for x in sorted(total)))  # noqa: T201
