"""Was a caller spoken to in another language than the chosen one?

The choice is read from the history: the key that was gathered behind the question for the language. Texts that are said
in every language by design are allowed, and names are Norwegian in every language. Must not know nodes or URLs.
"""

from typing import Any

from ivr.simulator.prompts import normal
from tests.chaos.rules import Rules

_ENDS = " .,:;!?"


def wrong_tongue(events: list[dict[str, Any]], rules: Rules) -> str:
    """The first text in a wrong language; empty if there is none."""
    chosen: str | None = None
    asked = faulty = False  # the question was asked in this Gather; this document says that something broke
    for event in events:
        match event["event"]:
            case "webhook":
                faulty = False
            case "listen" if "leg" not in event:
                asked = False
            case "gather" if "leg" not in event and asked:
                chosen, asked = rules.choices.get(event["digits"]) if event["ended_by"] != "hangup" else None, False
            case "say" if "leg" not in event:
                text = normal(event["text"])
                faulty = faulty or text in rules.faults
                if text in rules.choosing:
                    chosen, asked = None, True
                elif chosen not in (None, event["language"]) and not _is_allowed(text, rules, faulty=faulty):
                    return f"{event['language']} in place of {chosen}: {event['text'][:60]!r}"
    return ""


def _is_allowed(text: str, rules: Rules, *, faulty: bool) -> bool:
    return text in rules.anywhere or text.rstrip(_ENDS) in rules.names or (faulty and text in rules.after_fault)
