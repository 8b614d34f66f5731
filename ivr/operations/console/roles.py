"""Which role may do what: the one table that every request is held against, and that pages ask before they show a form.

An address that changes something and has no action here is refused to everybody.
"""

from collections.abc import Mapping
from enum import StrEnum

from ivr.line.service.console_accounts import ConsoleRole


class ConsoleAction(StrEnum):
    READ = "read"  # every page
    SWITCH = "switch"  # a centre's outages, now and planned; the announcement; taking a change back
    RING = "ring"  # write down what was found when a number was rung
    DECIDE = "decide"  # confirm or reject what another account has written down


_READER = frozenset({ConsoleAction.READ})
_OPERATOR = _READER | {ConsoleAction.SWITCH, ConsoleAction.RING}
MAY: Mapping[ConsoleRole, frozenset[ConsoleAction]] = {
    ConsoleRole.READER: _READER,
    ConsoleRole.OPERATOR: _OPERATOR,
    ConsoleRole.VERIFIER: _OPERATOR | {ConsoleAction.DECIDE},
    # A password that several people know proves no two people, so it has no part in a verification.
    ConsoleRole.SHARED: _READER | {ConsoleAction.SWITCH},
}
# The function behind each form that changes something.
CHANGES: Mapping[str, ConsoleAction] = {
    "log_out": ConsoleAction.READ,
    "out_of_service": ConsoleAction.SWITCH,
    "in_service": ConsoleAction.SWITCH,
    "planned": ConsoleAction.SWITCH,
    "not_planned": ConsoleAction.SWITCH,
    "announced": ConsoleAction.SWITCH,
    "not_announced": ConsoleAction.SWITCH,
    "take_back": ConsoleAction.SWITCH,
    "ring": ConsoleAction.RING,
    "confirm_ring": ConsoleAction.DECIDE,
    "reject_ring": ConsoleAction.DECIDE,
}


def may(role: ConsoleRole | None, action: ConsoleAction) -> bool:
    """`role`: None for somebody who is not logged in."""
    return role is not None and action in MAY[role]


def may_ask(role: ConsoleRole | None, method: str, endpoint: str) -> bool:
    """Whether a request to a function of the console is allowed to the role."""
    if method in ("GET", "HEAD"):
        return may(role, ConsoleAction.READ)
    action = CHANGES.get(endpoint.removeprefix("console."))
    return action is not None and may(role, action)
