"""Two directories compared, in words for whoever has to say yes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ivr.base.ids import CentreId, MunicipalityNumber, PlaceKey
from ivr.base.short_list import short_list
from ivr.line.directory import Centre, Directory, Place
from ivr.line.directory.coverage import CoverageRow, Timetable
from ivr.line.directory.roster import when

_MOST_NAMES = 12  # of a list; the rest is counted


@dataclass(frozen=True)
class DirectoryChange:
    """`kind`: number, centre, moved, coverage, backups, place, register. `subject`: whom it is about."""

    kind: str
    subject: str
    words: str


def compare(old: Directory, new: Directory) -> tuple[DirectoryChange, ...]:
    """What callers and operators will notice, most important first; () if nothing would be different."""
    parts = (_centres, _moved, _default, _ladders, _places, _registers, _treatments)
    return tuple(change for part in parts for change in part(old, new))


def _centres(old: Directory, new: Directory) -> Iterator[DirectoryChange]:
    for identifier, centre in new.centres.items():
        before = old.centres.get(identifier)
        if before is None:
            words = f"new centre {centre.spoken} [{identifier}]: {_pairs(centre)}, {centre.status} ({_origin(centre)})"
            yield DirectoryChange("centre", identifier, words)
        else:
            yield from _centre(before, centre)
    for identifier in old.centres.keys() - new.centres.keys():
        yield DirectoryChange("centre", identifier, f"{old.centres[identifier].spoken} [{identifier}] is gone")


def _centre(old: Centre, new: Centre) -> Iterator[DirectoryChange]:
    name = f"{new.spoken} [{new.id}]"
    was, now = old.number_provenance, new.number_provenance
    if old.number != new.number:
        words = (
            f"{name}: number changed from {_pairs(old)} ({old.status}) to {_pairs(new)} ({new.status}; {_origin(new)})"
        )
        yield DirectoryChange("number", new.id, words)
    elif old.status != new.status:
        yield DirectoryChange(
            "number", new.id, f"{name}: its number {_pairs(new)} was {old.status} and is now {new.status}"
        )
    elif (was.source, was.date, was.confidence) != (now.source, now.date, now.confidence):
        yield DirectoryChange("number", new.id, f"{name}: the same number has another origin: {_origin(new)}")
    if now.last_verified != was.last_verified:
        words = f"verified on {now.last_verified} by {now.verified_by}" if now.last_verified else "no longer verified"
        yield DirectoryChange(
            "number", new.id, f"{name}: its number is {words} (before: {was.last_verified or 'never'})"
        )
    for what, value in _DETAILS.items():
        if value(old) != value(new):
            yield DirectoryChange(
                "centre", new.id, f"{name}: {what} changed from {_or_none(value(old))} to {_or_none(value(new))}"
            )


_DETAILS: Mapping[str, Callable[[Centre], str]] = {
    "the spoken name": lambda centre: centre.spoken,
    "the name": lambda centre: centre.name,
    "other numbers": lambda centre: " ".join(number.national for number in centre.other_numbers),
    "the backup": lambda centre: centre.backup or "",
    "the desk it belongs to": lambda centre: centre.same_desk or "",
    "validity": lambda centre: _days(centre.valid.start, centre.valid.end),
    "the note": lambda centre: centre.note,
    "where its coverage is known from": lambda centre: centre.structure_provenance.source,
}


def _moved(old: Directory, new: Directory) -> Iterator[DirectoryChange]:
    """Whole places that another centre answers for, together if they move the same way; then other hours or days."""
    together: dict[tuple[CentreId, CentreId], list[PlaceKey]] = {}
    odd: list[PlaceKey] = []
    tables = new.tables.timetables
    for key in dict.fromkeys((*old.tables.timetables, *tables)):
        was, now = _duty(old.tables.timetables.get(key)), _duty(tables.get(key))
        if was == now or not (new.knows(Place.from_key(key)) and old.knows(Place.from_key(key))):
            continue
        if _plain(was) and _plain(now):
            together.setdefault((was[0][0], now[0][0]), []).append(key)
        else:
            odd.append(key)
    for (left, right), keys in together.items():
        yield DirectoryChange("moved", right, _move(old, new, (left, right), keys))
    for key in odd:
        was, now = _duty(old.tables.timetables.get(key)), _duty(tables.get(key))
        words = f"{_place(new, key)}: answered {_roster(old, was)} before, {_roster(new, now)} now"
        yield DirectoryChange("coverage", key, words)


def _move(old: Directory, new: Directory, way: tuple[CentreId, CentreId], keys: list[PlaceKey]) -> str:
    whole = (MunicipalityNumber(key) for key in keys)
    people = sum(new.municipalities[number].population for number in whole if number in new.municipalities)
    what = [f"{len(keys)} {'place' if len(keys) == 1 else 'places'} moved"]
    if all("-" not in key for key in keys):
        what = [f"{len(keys)} {'municipality' if len(keys) == 1 else 'municipalities'} moved"]
    if people:
        what.append(f"({people} people)")
    left, right = old.centres[way[0]], new.centres[way[1]]
    names = _names(_place(new, key) for key in keys)
    return f"{' '.join(what)} from {left.spoken} [{left.id}] to {right.spoken} [{right.id}]: {names}"


Duty = tuple[tuple[CentreId, str, str], ...]  # centre, days and hours, validity


def _duty(table: Timetable | None) -> Duty:
    return tuple(sorted(map(_rule, table.rules))) if table else ()


def _rule(rule: CoverageRow) -> tuple[CentreId, str, str]:
    return rule.centre, "" if rule.always else when(rule), _days(rule.valid.start, rule.valid.end)


def _plain(duty: Duty) -> bool:
    """One centre, round the clock and without end."""
    return len(duty) == 1 and duty[0][1:] == ("", "")


def _roster(directory: Directory, duty: Duty) -> str:
    lines = [
        " ".join(filter(None, (f"by {directory.centres[centre].spoken}", hours, days))) for centre, hours, days in duty
    ]
    return ", ".join(lines) or "with its municipality"


def _default(old: Directory, new: Directory) -> Iterator[DirectoryChange]:
    was, now = old.default_centre, new.default_centre
    if was.id != now.id:
        words = f"the centre for callers about whom nothing is known changed from {was.spoken} to {now.spoken}"
        yield DirectoryChange("centre", now.id, words)


def _ladders(old: Directory, new: Directory) -> Iterator[DirectoryChange]:
    """Also by what is no centre's own row: who borders on whom, and who answers where."""
    both = [identifier for identifier in new.centres if identifier in old.centres]
    changed = [identifier for identifier in both if _ladder(old, identifier) != _ladder(new, identifier)]
    if changed:
        centres = "1 centre" if len(changed) == 1 else f"{len(changed)} centres"
        yield DirectoryChange(
            "backups", "centres", f"others stand in, or in another order, for {centres}: {_names(changed)}"
        )


def _ladder(directory: Directory, identifier: CentreId) -> list[str]:
    return [centre.id for centre in directory.backups(directory.centres[identifier])]


def _places(old: Directory, new: Directory) -> Iterator[DirectoryChange]:
    was, now = {**old.municipalities, **old.areas}, {**new.municipalities, **new.areas}
    for number in now.keys() - was.keys():
        yield DirectoryChange("place", number, f"new municipality {now[number].spoken} ({number})")
    for number in was.keys() - now.keys():
        successors = " and ".join(new.place_name(place) for place in new.by_municipality(number))
        became = f", now {successors}" if successors else ", and no successor is known"
        yield DirectoryChange("place", number, f"municipality {was[number].spoken} ({number}) is gone{became}")
    for number in was.keys() & now.keys():
        if was[number].spoken != now[number].spoken:
            words = f"municipality {number} is called {now[number].spoken}, before {was[number].spoken}"
            yield DirectoryChange("place", number, words)
    others = [n for n in was.keys() & now.keys() if was[n] != now[n] and was[n].spoken == now[n].spoken]
    if others:
        words = f"other facts (people, names, position ...) changed of {_names(now[n].spoken for n in sorted(others))}"
        yield DirectoryChange("place", "municipalities", words)


def _registers(old: Directory, new: Directory) -> Iterator[DirectoryChange]:
    was, now = old.tables.postcodes, new.tables.postcodes
    both = was.keys() & now.keys()
    moved = sorted(code for code in both if was[code][0] != now[code][0])
    renamed = [code for code in both if was[code][0] == now[code][0] and was[code] != now[code]]
    counts = {
        "new": len(now.keys() - was.keys()),
        "gone": len(was.keys() - now.keys()),
        "in another municipality": len(moved),
        "with another postal place": len(renamed),
    }
    if any(counts.values()):
        listed = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        examples = f": {_names(moved)} moved" if moved else ""
        yield DirectoryChange("register", "postcodes", f"postcodes: {listed}{examples}")
    for what, left, right in (
        ("old municipality numbers", old.tables.merged, new.tables.merged),
        ("counties", old.counties, new.counties),
        ("area codes", _ids(old.tables.area_centres), _ids(new.tables.area_centres)),
    ):
        if left != right:
            changed = [key for key in dict.fromkeys((*left, *right)) if left.get(key) != right.get(key)]
            yield DirectoryChange("register", what, f"{what}: {len(changed)} changed: {_names(sorted(changed))}")


def _ids(centres: Mapping[str, Centre]) -> dict[str, str]:
    return {key: centre.id for key, centre in centres.items()}


def _treatments(old: Directory, new: Directory) -> Iterator[DirectoryChange]:
    was, now = old.tables.treatments, new.tables.treatments
    for number in dict.fromkeys((*was, *now)):
        if was.get(number) != now.get(number) and new.knows(Place(number)):
            clinics = ", ".join(treatment.clinic for treatment in now.get(number, ()))
            words = f"{_place(new, number)}: treated at {clinics or 'where it is answered'} (or facts about it changed)"
            yield DirectoryChange("coverage", number, words)


def _place(directory: Directory, key: str) -> str:
    place = Place.from_key(key)
    name = directory.place_name(place)
    return f"{name} ({key.partition('-')[2]})" if place.postcode else name


def _names(names: Iterable[str]) -> str:
    return short_list(names, _MOST_NAMES)


def _pairs(centre: Centre) -> str:
    return " ".join(centre.number.pairs)


def _origin(centre: Centre) -> str:
    origin = centre.number_provenance
    return ", ".join(filter(None, (origin.source, origin.date, f"confidence {origin.confidence}")))


def _days(first: date | None, last: date | None) -> str:
    return " ".join(filter(None, (f"from {first}" if first else "", f"until {last}" if last else "")))


def _or_none(text: str) -> str:
    return repr(text) if text else "none"
