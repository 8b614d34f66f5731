"""The changes of a plan file: read, and held against the directory and against each other."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.base.strict_yaml import Sequence as YamlSequence
from ivr.base.strict_yaml import Text, Value
from ivr.line.directory import Directory
from ivr.planner.period import PlannedPeriod
from ivr.planner.plan import Change, Closed, DemandChange, Mask, Operators, OutOfService, When
from ivr.planner.reader import Reader

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KINDS = ("operators", "closed", "demand", "outage", "directory", "flow", "menu")
_WHEN = ("hours", "days", "from", "to")
_HOURS = re.compile(r"([01][0-9]|2[0-4]):00-([01][0-9]|2[0-4]):00")
_MOST_OPERATORS, _LONGEST_MENU = 500, 600
_FORMS = "operators, closed, demand, outage, directory, flow or menu"


@dataclass(frozen=True)
class _Placed:
    """A change, what it is about, the hours it lies on, and where it stands."""

    change: Change
    about: tuple[str, str]
    mask: Mask
    value: Value


class Changes:
    """`folder`, `flow`, `menu`: what the changes say of the whole line."""

    def __init__(self, reader: Reader, load: Callable[[Path | None], Directory], folder: Path | None) -> None:
        self.folder: Path | None = None
        self.flow: Path | None = None
        self.menu = 0.0
        self._reader = reader
        self._load = load
        self._base_folder = folder
        self._directory: Directory | None = None
        self._once: dict[str, Value] = {}

    def read(self, value: Value | None, period: PlannedPeriod) -> tuple[Change, ...]:
        if value is None:
            return ()
        if not isinstance(value, YamlSequence):
            self._reader.wrong(value, "expected a list of changes, e.g. - {centre: oslo, operators: +2}")
            return ()
        kinds = [(item, self._kind(item)) for item in value]
        before = len(self._reader.complaints)
        for item, kind in kinds:
            self._whole_line(item, kind)
        if len(self._reader.complaints) > before and (self.folder is None and "directory" in self._once):
            return ()  # of which directory the rest is, is not known
        self._directory = self._load(self.folder or self._base_folder)
        placed: list[_Placed] = []
        for item, kind in kinds:
            placed += self._one(item, kind, period)
        self._overlaps(placed)
        return tuple(each.change for each in placed)

    def _kind(self, item: Value) -> str:
        """Which change it is: the one key of it that names a kind."""
        found = [kind for kind in _KINDS if isinstance(item, YamlMapping) and kind in item]
        if len(found) != 1:
            self._reader.wrong(item, f"expected a change with one of {_FORMS}")
            return ""
        return found[0]

    def _whole_line(self, item: Value, kind: str) -> None:
        """Another directory, another flow, a longer menu: of each, one at most."""
        if kind not in ("directory", "flow", "menu"):
            return
        value = self._reader.mapping(item, "change", (kind,)).get(kind, item)
        if kind in self._once:
            self._reader.wrong(item, f"{kind} again (first on line {self._once[kind].line})")
        self._once[kind] = item
        if kind == "menu":
            self.menu = self._reader.number(value, -_LONGEST_MENU, _LONGEST_MENU, 0.0)
        elif kind == "flow":
            self.flow = self._reader.file(value)
        else:
            self.folder = self._reader.file(value)

    def _one(self, item: Value, kind: str, period: PlannedPeriod) -> Iterator[_Placed]:
        if kind == "operators":
            yield from self._operators(item, period)
        elif kind == "closed":
            yield from self._closed(item, period)
        elif kind == "demand":
            yield from self._demand(item, period)
        elif kind == "outage":
            yield from self._outage(item, period)

    def _operators(self, item: Value, period: PlannedPeriod) -> Iterator[_Placed]:
        keys = self._reader.mapping(item, "change", ("centre", "operators", *_WHEN))
        centre, when = self._centre(keys, item), self._when(keys)
        text = str(keys["operators"])
        exactly = not text.startswith(("+", "-"))
        low = 0 if exactly else -_MOST_OPERATORS
        number = int(self._reader.number(keys["operators"], low, _MOST_OPERATORS, 0, whole=True))
        yield from self._placed(Operators(centre, number, exactly, when), ("operators of", centre), when, period, item)

    def _closed(self, item: Value, period: PlannedPeriod) -> Iterator[_Placed]:
        keys = self._reader.mapping(item, "change", ("centre", "closed", "days", "from", "to"))
        when = self._when({**keys, "hours": keys["closed"]})
        centre = self._centre(keys, item)
        yield from self._placed(Closed(centre, when), ("closing of", centre), when, period, item)

    def _demand(self, item: Value, period: PlannedPeriod) -> Iterator[_Placed]:
        outer = self._reader.mapping(item, "change", ("demand",))
        where = ("county", "municipality", "centre")
        keys = self._reader.mapping(outer["demand"], "demand", (*where, "factor", "from", "to"))
        if "factor" not in keys:
            self._reader.wrong(outer["demand"], "'factor' is missing: 1.4 is 40 % more calls")
            return
        named = [name for name in where if name in keys]
        if len(named) > 1:
            self._reader.wrong(keys[named[1]], "expected one of county, municipality and centre")
        places = {name: self._known(name, keys[name]) if name in keys else "" for name in where}
        factor = self._reader.number(keys["factor"], 0.0, 50.0, 1.0)
        when = self._when({name: keys[name] for name in ("from", "to") if name in keys})
        about = ("demand of", next((value for value in places.values() if value), "all"))
        change = DemandChange(**places, factor=factor, first=when.first, last=when.last)
        yield from self._placed(change, about, when, period, item)

    def _outage(self, item: Value, period: PlannedPeriod) -> Iterator[_Placed]:
        outer = self._reader.mapping(item, "change", ("outage",))
        keys = self._reader.mapping(outer["outage"], "outage", ("centre", "from", "to"))
        missing = [name for name in ("from", "to") if name not in keys]
        centre = self._centre(keys, outer["outage"])
        if missing:
            self._reader.wrong(outer["outage"], f'{missing[0]!r} is missing: a moment like "2027-05-16 18:00"')
            return
        start, end = self._reader.moment(keys["from"]), self._reader.moment(keys["to"])
        if start is None or end is None:
            return
        if not start < end:
            self._reader.wrong(keys["to"], "an outage ends after it begins")
            return
        begins = np.arange(period.hours) * 3600.0
        mask = (begins + 3600 > period.seconds(start)) & (begins < period.seconds(end))
        yield from self._inside(_Placed(OutOfService(centre, start, end), ("closing of", centre), mask, item))

    def _placed(
        self, change: Change, about: tuple[str, str], when: When, period: PlannedPeriod, item: Value
    ) -> Iterator[_Placed]:
        yield from self._inside(_Placed(change, about, when.mask(period), item))

    def _inside(self, placed: _Placed) -> Iterator[_Placed]:
        if not placed.mask.any():
            self._reader.wrong(placed.value, "changes no hour of the plan's days")
        yield placed

    def _overlaps(self, placed: list[_Placed]) -> None:
        for number, each in enumerate(placed):
            for before in placed[:number]:
                if before.about == each.about and (before.mask & each.mask).any():
                    message = f"overlaps the {' '.join(each.about)} on line {before.value.line}: part their hours"
                    self._reader.wrong(each.value, message)

    def _centre(self, keys: dict[str, Value], item: Value) -> str:
        if "centre" not in keys:
            self._reader.wrong(item, "'centre' is missing: the id of one, as in centres.csv")
            return ""
        return self._known("centre", keys["centre"])

    def _known(self, what: str, value: Value) -> str:
        assert self._directory is not None  # noqa: S101 - read() has loaded it
        of_kind: dict[str, Collection[str]] = {
            "centre": self._directory.centres,
            "county": self._directory.counties,
            "municipality": self._directory.municipalities,
        }
        known = of_kind[what]
        name = self._reader.text(value)
        if name and name not in known:
            close = get_close_matches(name, known, 1, 0.6)
            hint = f"did you mean {close[0]!r}?" if close else "`ivr directory search` finds it"
            self._reader.wrong(value, f"there is no {what} {name!r}; {hint}")
        return name

    def _when(self, keys: dict[str, Value]) -> When:
        start, end = self._hours(keys["hours"]) if "hours" in keys else (0, 24)
        days = self._days(keys["days"]) if "days" in keys else frozenset(range(7))
        first = self._reader.day(keys["from"]) if "from" in keys else None
        last = self._reader.day(keys["to"]) if "to" in keys else None
        if first and last and last < first:
            self._reader.wrong(keys["to"], f"lies before {first}")
        return When(start, end, days, first, last)

    def _hours(self, value: Value) -> tuple[int, int]:
        match = _HOURS.fullmatch(str(value)) if isinstance(value, Text) else None
        if match is None or match[1] == match[2]:
            self._reader.wrong(value, 'expected whole hours like "22:00-08:00"')
            return 0, 24
        return int(match[1]) % 24, int(match[2]) or 24

    def _days(self, value: Value) -> frozenset[int]:
        items = value if isinstance(value, YamlSequence) else ()
        days = [WEEKDAYS.index(str(each)) for each in items if str(each) in WEEKDAYS]
        if not items or len(days) < len(items):
            self._reader.wrong(value, f"expected a list of {', '.join(WEEKDAYS)}; a public holiday counts as sun")
        return frozenset(days)
