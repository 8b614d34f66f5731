"""One call in plain words: what happened when, and why the centre that was rung was the one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ivr.line.flow.events import LegOutcome
from ivr.line.flow.facts import LegStatus, Misunderstanding, Reason
from ivr.operations.records import rows
from ivr.operations.records.reading import RecordedCall
from ivr.operations.records.rows import FactRow


@dataclass(frozen=True)
class Names:
    """`centre`: of a centre's id; `municipality`: of its number. Each gives back what it was asked for if it does not
    know it. `duty`: the row of the roster by which a centre answered for a municipality at a moment (milliseconds);
    empty if it answers always, or if that cannot be told."""

    centre: Callable[[str], str]
    municipality: Callable[[str], str]
    duty: Callable[[str, str, int], str] = lambda centre, municipality, at: ""


_HOW = {
    "postcode": "a postcode was keyed",
    "municipality_number": "a municipality number was keyed",
    "spelling": "the name was spelled on the keys",
    "spoken": "the name was spoken",
    "picked": "the caller picked it among places of that number, spelling or spoken name",
    "centre_number": "the centre's own number was keyed",
}
_BECAUSE = {
    Reason.FOUND: "it answers for the place that the caller gave",
    Reason.AREA: "the caller gave no place, and this centre alone serves the area of the caller's number",
    Reason.DEFAULT: "the caller gave no place and the number shows none: this is the default centre",
    Reason.BACKUP: "it is the next backup of the centre that did not take the call",
    Reason.AGAIN: "the caller chose to try it again, or waited",
    Reason.OUTAGE: "it replaces a centre that is out of service",
}
_ENDED = {
    LegOutcome.TALKED: "they talked",
    LegOutcome.BUSY: "it was busy",
    LegOutcome.NO_ANSWER: "no person answered",
    LegOutcome.FAILED: "the connection failed",
}
_MISSED: Mapping[str, str] = {
    Misunderstanding.SILENCE: "silence",
    Misunderstanding.WRONG_KEY: "a key without meaning there",
    Misunderstanding.NOT_FOUND: "what was keyed or spoken was not found",
}
_CLOSED = {
    "connected": "The caller was connected.",
    "red_flag": "The caller pressed 9, heard the 113 instruction, and talked to no centre.",
    "nobody_answered": "No centre answered.",
    "informed": "The caller heard information or a number, and was not connected.",
    "failed": "The call failed.",
    "abandoned": "The caller hung up before any of this.",
}


def story(recorded: RecordedCall, names: Names) -> Iterator[tuple[float, str]]:
    """Seconds since the call began, and what happened then."""
    for fact in recorded.facts:
        words = _words(fact, names)
        if words:
            yield (fact.at - recorded.call["started_at"]) / 1000, words


def reasons(recorded: RecordedCall, names: Names) -> Iterator[str]:
    """Why each centre was rung, a sentence each; then how the call ended."""
    found: FactRow | None = None
    for fact in recorded.facts:
        if fact.kind == rows.FOUND:
            found = fact
        elif fact.kind == rows.DIALLED:
            yield _because(fact, found, names)
    if not recorded.legs:
        yield "No centre was rung."
    yield _CLOSED[recorded.call["disposition"]]


def _because(dialled: FactRow, found: FactRow | None, names: Names) -> str:
    centre = names.centre(dialled.centre)
    if dialled.value == Reason.FOUND and found and found.centre != dialled.centre:
        return f"{centre} was rung because the caller chose it beside {names.centre(found.centre)}, which has duty too."
    if dialled.value == Reason.FOUND and found:
        place = f" in {names.municipality(found.municipality)}" if found.municipality else ""
        duty = names.duty(found.centre, found.municipality, found.at) if found.municipality else ""
        by = f": {duty}" if duty else ""
        return f"{centre} was rung because {_HOW.get(found.value, found.value)}{place}, and it answers there{by}."
    return f"{centre} was rung because {_BECAUSE[Reason(dialled.value)]}."


def _words(fact: FactRow, names: Names) -> str:  # noqa: C901, PLR0911, PLR0912 - a table
    centre = names.centre(fact.centre)
    match fact.kind:
        case rows.ARRIVED:
            place = "from abroad" if fact.flag else "in"
            return f"a call came {place}; the reply with the 113 words was ready after {fact.number} ms"
        case rows.MARKED:
            return f"no person made this call: {fact.value}"
        case rows.ENTERED:
            return f"to {fact.node}" + (f" ({fact.language})" if fact.language else "")
        case rows.INFORMED:
            return f"heard the information of {fact.node}"
        case rows.MISUNDERSTOOD:
            return f"{_MISSED.get(fact.value, fact.value)} at {fact.node}"
        case rows.TOO_EARLY:
            return f"a key before the name was spoken to its end, at {fact.node}: the name is spoken again"
        case rows.RED_FLAG:
            return f"key 9, signs of danger to life, at {fact.node}"
        case rows.FOUND:
            place = f"{names.municipality(fact.municipality)}, where " if fact.municipality else ""
            return f"{_HOW.get(fact.value, fact.value)}: {place}{centre} answers"
        case rows.DIALLED:
            return f"{centre} is rung" + (", with the red flag" if fact.flag else "")
        case rows.CENTRE_OUT:
            return f"{centre} is out of service ({fact.value})"
        case rows.PICKED_UP:
            return f"{centre}: the call was picked up; the whisper says where the patient is"
        case rows.SCREENED:
            return f"{centre}: {'a person took the call' if fact.flag else 'nobody took the call'}"
        case rows.LEG_ENDED:
            return f"{centre}: {_ENDED[LegOutcome(fact.value)]}"
        case rows.LEG_TOLD:
            return (
                f"{centre}: {'the caller gave up' if fact.value == LegStatus.CANCELED else f'Twilio says {fact.value}'}"
            )
        case rows.OVER:
            return f"the call is over after {fact.number} s: {fact.value}"
        case rows.STATE_LOST:
            return "the call's state could not be used; it continued at a safe node"
        case rows.FALLBACK:
            return f"Twilio could not use our reply (error {fact.value or 'unknown'}) and used the fail-safe reply"
        case rows.RESCUED:
            return f"the default centre, rung by the fail-safe reply: {_ENDED[LegOutcome(fact.value)]}"
    return ""
