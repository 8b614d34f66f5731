"""One call in plain words: what happened when, and why the centre that was rung was the one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ivr.line.flow.events import LegOutcome
from ivr.line.flow.facts import LegStatus, Reason
from ivr.operations.languages import OperatorLanguage
from ivr.operations.records import rows
from ivr.operations.records.reading import RecordedCall
from ivr.operations.records.rows import FactRow


@dataclass(frozen=True)
class Names:
    """`centre`: of a centre's id; `municipality`: of its number. Each gives back what it was asked for if it does not
    know it. `duty`: the row of the roster by which a centre answered for a municipality at a moment (milliseconds);
    empty if it answers always, or if that cannot be told. `node`: of a node's id."""

    centre: Callable[[str], str]
    municipality: Callable[[str], str]
    duty: Callable[[str, str, int], str] = lambda centre, municipality, at: ""
    node: Callable[[str], str] = str


_PLAIN = {
    rows.INFORMED: "informed",
    rows.TOO_EARLY: "too_early",
    rows.RED_FLAG: "red_flag",
    rows.PICKED_UP: "picked_up",
    rows.STATE_LOST: "state_lost",
}  # facts that are told with their centre and node alone


def story(recorded: RecordedCall, names: Names, language: OperatorLanguage) -> Iterator[tuple[float, str]]:
    """Seconds since the call began, and what happened then."""
    teller = _Teller(names, language)
    for fact in recorded.facts:
        words = teller.words(fact)
        if words:
            yield (fact.at - recorded.call["started_at"]) / 1000, words


def reasons(recorded: RecordedCall, names: Names, language: OperatorLanguage) -> Iterator[str]:
    """Why each centre was rung, a sentence each; then how the call ended."""
    teller = _Teller(names, language)
    found: FactRow | None = None
    for fact in recorded.facts:
        if fact.kind == rows.FOUND:
            found = fact
        elif fact.kind == rows.DIALLED:
            yield teller.because(fact, found)
    if not recorded.legs:
        yield language.say("because.nobody")
    yield language.say(f"closed.{recorded.call['disposition']}")


class _Teller:
    def __init__(self, names: Names, language: OperatorLanguage) -> None:
        self._names = names
        self._language = language
        self._say = language.say

    def because(self, dialled: FactRow, found: FactRow | None) -> str:
        names, centre = self._names, self._names.centre(dialled.centre)
        if dialled.value != Reason.FOUND or not found:
            return self._say(f"because.{Reason(dialled.value)}", centre=centre)
        if found.centre != dialled.centre:
            return self._say("because.beside", centre=centre, other=names.centre(found.centre))
        how = self._named(f"how.{found.value}", found.value)
        if not found.municipality:
            return self._say("because.no_place", centre=centre, how=how)
        place, duty = names.municipality(found.municipality), names.duty(found.centre, found.municipality, found.at)
        return self._say(
            "because.on_duty" if duty else "because.in_place", centre=centre, how=how, place=place, duty=duty
        )

    def words(self, fact: FactRow) -> str:
        key, slots = self._told(fact)
        slots |= {"centre": self._names.centre(fact.centre), "node": self._names.node(fact.node)}
        return self._say(f"story.{key}", **slots) if key else ""

    def _told(self, fact: FactRow) -> tuple[str, dict[str, object]]:  # noqa: C901, PLR0911, PLR0912 - a table
        """The key of what is told of a fact, and its slots beside centre and node. Empty: nothing is told."""
        match fact.kind:
            case rows.ARRIVED:
                return "arrived_abroad" if fact.flag else "arrived", {"milliseconds": fact.number}
            case rows.MARKED:
                return "marked", {"origin": fact.value}
            case rows.ENTERED:
                return "entered_in" if fact.language else "entered", {"language": fact.language}
            case rows.MISUNDERSTOOD:
                return "misunderstood", {"what": self._named(f"missed.{fact.value}", fact.value)}
            case rows.FOUND:
                how = self._named(f"how.{fact.value}", fact.value)
                if not fact.municipality:
                    return "found_centre", {"how": how}
                return "found", {"how": how, "place": self._names.municipality(fact.municipality)}
            case rows.DIALLED:
                return "dialled_red" if fact.flag else "dialled", {}
            case rows.CENTRE_OUT:
                return "centre_out", {"kind": fact.value}
            case rows.SCREENED:
                return "accepted" if fact.flag else "not_accepted", {}
            case rows.LEG_ENDED | rows.RESCUED:
                key = "leg_ended" if fact.kind == rows.LEG_ENDED else "rescued"
                return key, {"how": self._say(f"leg.{LegOutcome(fact.value)}")}
            case rows.LEG_TOLD:
                return "gave_up" if fact.value == LegStatus.CANCELED else "twilio_says", {"status": fact.value}
            case rows.OVER:
                return "over", {"seconds": fact.number, "disposition": fact.value}
            case rows.FALLBACK:
                return "fallback" if fact.value else "fallback_unknown", {"error": fact.value}
        return _PLAIN.get(fact.kind, ""), {}

    def _named(self, key: str, value: str) -> str:
        """A value that the language has no word for stays as it is."""
        return self._say(key) if self._language.says(key) else value
