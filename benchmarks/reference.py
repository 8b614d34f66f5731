"""Bounds in seconds were set on one machine; on another, or on a busy one, a second buys less.

That machine answers a request of the plain application in 227 µs of processor time. What the same request takes here
and now says how much slower this is, and times that are held against a bound are divided by that.
"""

from benchmarks.measure import once
from benchmarks.requests import ask
from benchmarks.yardsticks import PATH, plain_app

PLAIN = 227e-6


def slowness() -> float:
    """How many times as long as there a thing takes here, now."""
    plain = ask(plain_app(), PATH)
    once(plain, 300)
    return once(plain, 500) / PLAIN
