"""A scenario against another URL (`ivr simulate --url`). What belongs to the same application moves with it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ivr.simulator.urls import UrlError, head, origin

if TYPE_CHECKING:
    from ivr.simulator.scenario import Scenario


def moved_to(url: str, scenario: "Scenario") -> "Scenario":
    """`url` is called. Other URLs with the origin of the former one get the origin of `url` and keep their paths."""
    plan, expect, before = scenario.plan, scenario.expect, _origin(scenario.plan.url)

    def moved(other: str) -> str:
        return head(url) + other[len(head(other)) :] if _origin(other) == before else other

    requests = (request.partition(" ") for request in expect.requests)
    return replace(
        scenario,
        plan=replace(
            plan,
            url=url,
            fallback_url=plan.fallback_url and moved(plan.fallback_url),
            status_callback=plan.status_callback and moved(plan.status_callback),
        ),
        expect=replace(expect, requests=tuple(f"{method} {moved(where)}" for method, _, where in requests)),
    )


def _origin(url: str) -> str | None:
    """None for a path, and for what is not a URL."""
    try:
        return origin(url)
    except UrlError:
        return None
