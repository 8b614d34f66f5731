"""A scenario of several calls that was played, as `ivr simulate` prints and writes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ivr.simulator.account.scenario_outcome import AccountOutcome, at_of
from ivr.simulator.printable import printable
from ivr.simulator.report import Result, TranscriptLine, folded, line_of, outcome_json
from ivr.simulator.trace import Event


@dataclass(frozen=True, slots=True)
class AccountResult(Result):
    """Of several calls in one account."""

    outcome: AccountOutcome

    def events(self) -> Iterator[Event]:
        return self.outcome.events()

    def transcript(self) -> list[TranscriptLine]:
        """All calls in the order of the account's time, each line with whose call it is."""
        places = self.outcome.places
        width = max((len(call.name) for call in self.outcome.calls), default=0)
        lines = [
            (note["t"], places[id(note)], line)
            for note in self.outcome.notes
            if (line := _of_account(note, self.outcome)) is not None
        ]
        for call in self.outcome.calls:
            for event in call.outcome.trace:
                if (line := line_of(event)) is not None:
                    at, text = at_of(call, event), f"{printable(call.name):{width}}  {line.text}"
                    lines.append((at, places[id(event)], TranscriptLine(at, text, line.kind)))
        return folded([line for _, _, line in sorted(lines, key=lambda each: each[:2])])

    def summary(self) -> str:
        calls = (f"{call.name} {call.outcome.ended}" for call in self.outcome.calls)
        wrong = ", ".join(str(code) for code in self.outcome.warnings) or "none"
        sent = f"{len(self.outcome.messages)} messages; " if self.outcome.messages else ""
        return printable(f"{', '.join(calls)}; {sent}warnings and errors: {wrong}")

    def json(self) -> dict[str, Any]:
        return {
            "seconds": self.outcome.seconds,
            "calls": [{"name": call.name, **call.told, **outcome_json(call.outcome)} for call in self.outcome.calls],
            "messages": [note for note in self.outcome.notes if note["event"] == "message"],
            "warnings": self.outcome.warnings,
            "not_simulated": self.outcome.not_simulated,
        }


def _of_account(note: Event, outcome: AccountOutcome) -> TranscriptLine | None:
    match note["event"]:
        case "trigger":
            text = f"trigger {note['method']} {note['url']} {note['status'] or note['message']}"
        case "rest":
            return line_of(note)
        case _:
            ends = f"{outcome.name_of(note['from'])} to {outcome.name_of(note['to'])}"
            text = f"message {ends}: {note['body']} ({note['status']})"
    return TranscriptLine(note["t"], printable(text), "note")
