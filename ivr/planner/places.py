"""Where callers are: each municipality with one of its postcodes, and the parts that other centres answer for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ivr.base.ids import CentreId, MunicipalityNumber, Postcode
from ivr.line.directory import Directory, Place
from ivr.line.flow.events import Outage, OutageKind
from ivr.planner.period import PlannedPeriod


@dataclass(frozen=True)
class Origin:
    """Callers of one place: `people` are those of its municipality, in shares of its postcodes where a part of them
    has rows of its own (the directory does not know the people of a postcode)."""

    municipality: MunicipalityNumber
    postcode: Postcode
    name: str
    county: str
    people: float


@dataclass(frozen=True)
class Closing:
    """A centre is out of service from one second of the period to another."""

    centre: str
    kind: OutageKind
    start: float
    end: float


@dataclass(frozen=True)
class PlaceSituation:
    """What a caller of a place meets from `start` on (seconds of the period). `example`: a moment of that time."""

    start: float
    centre: str
    example: datetime
    outages: tuple[Outage, ...]
    meaning: str


def origins(directory: Directory) -> tuple[Origin, ...]:
    """In the order of the directory."""
    parts: dict[MunicipalityNumber, dict[str, list[Postcode]]] = {}
    for postcode, (municipality, _) in sorted(directory.tables.postcodes.items()):
        key = Place(municipality, postcode).key
        table = directory.tables.timetables.get(key)
        rows = "" if table is None else repr([(rule.centre, rule.row.line) for rule in table.rules])
        parts.setdefault(municipality, {}).setdefault(rows, []).append(postcode)
    return tuple(each for number in directory.municipalities for each in _parts(directory, number, parts))


def _parts(
    directory: Directory, number: MunicipalityNumber, parts: dict[MunicipalityNumber, dict[str, list[Postcode]]]
) -> Iterator[Origin]:
    municipality, found = directory.municipalities[number], parts.get(number, {})
    total = sum(map(len, found.values()))
    for postcodes in found.values():
        people = municipality.population * len(postcodes) / total
        middle = postcodes[len(postcodes) // 2]
        yield Origin(number, middle, municipality.spoken, municipality.county, people)


def situations(
    directory: Directory,
    origin: Origin | None,
    period: PlannedPeriod,
    closings: tuple[Closing, ...],
    meanings: "Meanings",
) -> tuple[PlaceSituation, ...]:
    """The first is that of the start. Without `origin`: what a caller meets of whom no place is known."""
    starts = {0.0, *meanings.starts}
    if origin is not None and _part_time(directory, origin):
        changes = directory.duty_changes(period.first, period.last)
        starts |= {period.seconds(moment) for moment in changes}
    asked = _asked(directory, origin)
    nearby = [each for each in closings if asked is None or each.centre in asked]
    starts |= {second for each in nearby for second in (each.start, each.end)}
    found: list[PlaceSituation] = []
    for start in sorted(each for each in starts if 0 <= each < period.hours * 3600):
        new = _situation(directory, origin, period, nearby, meanings, start)
        if not found or (new.centre, new.outages, new.meaning) != (
            found[-1].centre,
            found[-1].outages,
            found[-1].meaning,
        ):
            found.append(new)
    return tuple(found)


@dataclass(frozen=True)
class Meanings:
    """What the flow itself makes of the clock: the seconds at which it may change, and what it is at a moment."""

    starts: tuple[float, ...] = ()
    at: Callable[[datetime], object] | None = None

    def of(self, moment: datetime) -> str:
        return str(self.at(moment)) if self.at else ""


def _place(origin: Origin) -> Place:
    return Place(origin.municipality, origin.postcode)


def _part_time(directory: Directory, origin: Origin) -> bool:
    table = (
        directory.tables.timetables.get(_place(origin).key)
        or directory.tables.timetables[Place(origin.municipality).key]
    )
    return not all(rule.always and rule.valid.start is None and rule.valid.end is None for rule in table.rules)


def _asked(directory: Directory, origin: Origin | None) -> set[str] | None:
    """The centres that a caller of this place can be about, and those that stand in for them."""
    if origin is None:
        firsts = {directory.default_centre.id}
    else:
        keys = (_place(origin).key, Place(origin.municipality).key)
        tables = [directory.tables.timetables[key] for key in keys if key in directory.tables.timetables]
        firsts = {rule.centre for table in tables for rule in table.rules}
    return firsts | {each.id for first in firsts for each in directory.backups(directory.centres[first])}


def _situation(  # noqa: PLR0913, PLR0917 - what a moment is made of
    directory: Directory,
    origin: Origin | None,
    period: PlannedPeriod,
    closings: list[Closing],
    meanings: Meanings,
    start: float,
) -> PlaceSituation:
    moment = period.moment(start)
    centre, other = directory.default_centre.id, ""
    if origin is not None:
        answer = directory.answering(_place(origin), moment)
        centre, other = answer.centre.id, answer.alternative.id if answer.alternative else ""
    never = datetime.max.replace(tzinfo=moment.tzinfo)
    outages = tuple(
        Outage(CentreId(each.centre), each.kind, never) for each in closings if each.start <= start < each.end
    )
    return PlaceSituation(start, centre, moment, outages, f"{other} {meanings.of(moment)}")
