"""How long a caller heard nothing while it was not their turn: call time and real time together.

Between two things heard or done: a prompt, a ringing or talking leg, a Gather that listens (the caller's turn). What a
webhook really took counts, unless call time shows it already. Must not know what may be said.
"""

from typing import Any

_TERMINAL = ("completed", "busy", "no-answer", "failed", "canceled")


def worst_silence(events: list[dict[str, Any]]) -> float:
    """Seconds. Events as in tests.chaos.checker, of one call, in order."""
    worst = quiet = covered = 0.0  # covered: the call time up to which something was heard or done
    legs: set[str] = set()
    listening = told = False
    for event in events:
        at, name = event["t"], event["event"]
        if legs or listening:
            covered = max(covered, at)
        if name == "webhook":
            quiet += 0.0 if legs or told else event["waited"]
        elif name == "request":
            told = event["purpose"] == "status"
        elif name == "say" and "leg" in event:
            pass
        elif name in ("say", "play", "listen", "leg", "hangs_up", "ended"):
            worst = max(worst, quiet + max(at - covered, 0.0))
            quiet, covered = 0.0, max(covered, at, event.get("until", 0.0))
            listening = listening or (name == "listen" and "leg" not in event)
        elif name == "gather" and "leg" not in event:
            listening = False
        if name == "leg":
            (legs.discard if event["status"] in _TERMINAL else legs.add)(event["sid"])
    return worst
