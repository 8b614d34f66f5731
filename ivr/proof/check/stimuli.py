"""What can happen to a call that waits: every key, entries and spoken names of each outcome, silence, ends of a leg."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum

from ivr.base.ids import CentreId
from ivr.line.flow.actions import DialAction, ListenAction
from ivr.line.flow.describe import Description
from ivr.line.flow.events import (
    Announcement,
    Caller,
    Event,
    Keys,
    LegEnded,
    LegOutcome,
    Moment,
    Outage,
    OutageKind,
    Silence,
    SpokenWords,
)
from ivr.proof.check.classes import Places

KEYS = "0123456789*#"
NO_KEY = "?"  # what the line makes of something that was no key at all


class Did(Enum):
    """What happened, as far as it matters to the rules."""

    ARRIVED = "the call arrives"
    KEY = "key"
    FOUND = "an entry that names one place or centre"
    SEVERAL = "an entry that names several places"
    UNKNOWN = "an entry that names nothing"
    STAR = "an entry left by *"
    SPOKEN = "a spoken name:"
    MISHEARD = "spoken words that name no place:"
    SILENCE = "silence"
    LEG = "the leg ends:"

    __hash__ = object.__hash__  # that of an Enum is slow


@dataclass(frozen=True)
class Doing:
    """One thing that can happen. `key`: the key, the digits, or the outcome of the leg."""

    did: Did
    event: Event
    moment: Moment
    key: str = ""

    @property
    def outage(self) -> bool:
        """Centres are out of service meanwhile."""
        return bool(self.moment.outages)

    @property
    def announced(self) -> str:
        """The name of the announcement that is on meanwhile; "" for none."""
        return self.moment.switched_on.name if self.moment.switched_on else ""

    def __str__(self) -> str:
        what = f"{self.did.value} {self.key}".strip()
        announced = f" while {self.announced!r} is announced" if self.announced else ""
        return what + (" during an outage" if self.outage else "") + announced


def doings(
    wait: ListenAction | DialAction | None, node: Description, places: Places, caller: Caller
) -> Iterator[Doing]:
    """All that can happen while `node` waits."""
    moment = Moment(places.now, caller)
    if isinstance(wait, DialAction):
        yield from (Doing(Did.LEG, LegEnded(outcome), moment, outcome.value) for outcome in LegOutcome)
        return
    if wait is None:
        return
    yield Doing(Did.SILENCE, Silence(), moment)
    if wait.speech:
        yield from _spoken(places, caller)
    if node.entry:
        yield from _entries(node.entry, wait.finish_on, places, moment)
        return
    yield from (Doing(Did.KEY, Keys(key), moment, key) for key in KEYS + NO_KEY)


def _spoken(places: Places, caller: Caller) -> Iterator[Doing]:
    for name in places.spoken():
        did = Did.SPOKEN if name.understood else Did.MISHEARD
        event = SpokenWords(name.words, name.confidence)
        yield Doing(did, event, Moment(name.now, caller), f'"{name.words}"')


def _entries(by: str, finish_on: str, places: Places, moment: Moment) -> Iterator[Doing]:
    for entry in places.entries(by):
        did = {"one": Did.FOUND, "none": Did.UNKNOWN}.get(entry.found, Did.SEVERAL)
        yield Doing(did, Keys(entry.digits), Moment(entry.now, moment.caller), entry.digits)
    # A `*` that ends the entry is told apart from one among the digits: see the docs on Twilio's finish key.
    star = Keys("", star=True) if finish_on == "*" else Keys("*")
    yield Doing(Did.STAR, star, moment, "*")
    yield from (Doing(Did.KEY, Keys(keys), moment, keys) for keys in ("*9", "*0"))


def with_announcements(doing: Doing, names: Iterable[str]) -> Iterator[Doing]:
    """The same while one of these announcements is on, each in turn."""
    until = doing.moment.now + timedelta(hours=1)
    for name in names:
        yield replace(doing, moment=replace(doing.moment, switched_on=Announcement(name, until)))


def during_outages(doing: Doing, ladder: Sequence[CentreId]) -> Iterator[Doing]:
    """The same while centres are out of service. `ladder`: ids of whom the call may ring next, in order."""
    fault, first, until = OutageKind.FAULT, ladder[:1], doing.moment.now + timedelta(hours=1)
    for kind, centres in ((fault, first), (OutageKind.CLOSED, first), (fault, ladder[:2]), (fault, ladder)):
        outages = tuple(Outage(centre, kind, until) for centre in centres)
        yield replace(doing, moment=replace(doing.moment, outages=outages))
