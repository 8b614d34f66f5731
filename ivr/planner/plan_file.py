"""Plan files: YAML to a `Plan`. All that is wrong with a file is said at once, with file, line and column.

The keys stand here and in `change_file.py`, and nowhere else; docs/planner.md explains them to a reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from ivr.base.errors import Complaint, DefinitionError
from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.base.strict_yaml import Sequence as YamlSequence
from ivr.base.strict_yaml import Text, Value, load_file
from ivr.line.directory import Directory
from ivr.planner.assumptions import YEARLY_CALLS, Assumptions
from ivr.planner.change_file import Changes
from ivr.planner.counted_calls import Counted, read_counted
from ivr.planner.period import PlannedPeriod, whole_year
from ivr.planner.plan import DEFAULT_REPLICATIONS, DEFAULT_SEED, Plan
from ivr.planner.reader import FIRST_YEAR, LAST_YEAR, Reader

TODAY = "today"
MOST_PLANS = 1000  # of a sweep
_KEYS = (
    "name",
    "base",
    "year",
    "from",
    "to",
    "calls",
    "seed",
    "replications",
    "callers",
    "assumptions",
    "changes",
    "sweep",
)
_LONGEST = 366
_LISTS = {"weekday": 24, "weekend": 24, "months": 12}
_SHARES = ("redial_share", "weekend_share", "aim")
_DEEPEST = 5


@dataclass(frozen=True)
class Lines:
    """How the directory of a plan is had: None for the one that is in use today. Raises DefinitionError."""

    load: Any

    def directory(self, folder: Path | None) -> Directory:
        found: Directory = self.load(folder)
        return found


@dataclass(frozen=True)
class Question:
    """A plan and what it is compared with."""

    plan: Plan
    base: Plan


def today(year: int) -> Plan:
    return Plan(TODAY, whole_year(date(year, 1, 1)))


def read_plan(path: Path, lines: Lines, year: int) -> Question:
    """`year`: where the file names none. Raises DefinitionError with every complaint."""
    found = read_sweep(path, lines, year)
    if len(found) > 1:
        message = "has a sweep: run it with --sweep, or take `sweep` out"
        raise DefinitionError([Complaint(path.name, 1, 1, message)])
    return found[0]


def read_sweep(path: Path, lines: Lines, year: int) -> list[Question]:
    """One question for each cell of the file's grid; one question without `sweep`."""
    root = load_file(path)
    grid = _grid(path, root)
    questions = []
    for values in product(*grid.values()):
        chosen = dict(zip(grid, values, strict=True))
        filled = _filled(root, chosen)
        question = _PlanReader(path, lines, year).question(filled)
        added = ", ".join(f"{name} {value}" for name, value in chosen.items())
        plan = replace(question.plan, name=f"{question.plan.name}: {added}") if added else question.plan
        questions.append(replace(question, plan=plan))
    return questions


def _grid(path: Path, root: Value) -> dict[str, list[Text]]:
    """The values of each name of `sweep`. Raises DefinitionError."""
    reader = Reader(path)
    sweep = root.get(Text("sweep")) if isinstance(root, YamlMapping) else None
    grid: dict[str, list[Text]] = {}
    for name, values in (sweep or {}).items() if isinstance(sweep, YamlMapping | None) else ():
        items = values if isinstance(values, YamlSequence) else ()
        grid[str(name)] = [each for each in items if isinstance(each, Text)]
        if not items or len(grid[str(name)]) < len(items):
            reader.wrong(values, "expected a list of values, e.g. [0, 2, 4]")
    if sweep is not None and not isinstance(sweep, YamlMapping):
        reader.wrong(sweep, "expected names and their values, e.g. {more: [+0, +2, +4]}; $more stands for each")
    many = 1
    for each in grid.values():
        many *= max(len(each), 1)
    if many > MOST_PLANS and sweep is not None:
        reader.wrong(sweep, f"makes {many} plans; {MOST_PLANS} are the most")
    reader.done()
    return grid


def _filled(value: Value, chosen: Mapping[str, Text]) -> Value:
    """The same with `$name` replaced; a value keeps the place of what it stands for."""
    if isinstance(value, YamlMapping):
        mapping = YamlMapping({key: _filled(item, chosen) for key, item in value.items()})
        mapping.line, mapping.column = value.line, value.column
        return mapping
    if isinstance(value, YamlSequence):
        items = YamlSequence(_filled(item, chosen) for item in value)
        items.line, items.column = value.line, value.column
        return items
    if value.startswith("$") and value[1:] in chosen:
        text = Text(chosen[value[1:]])
        text.line, text.column = value.line, value.column
        return text
    return value


class _PlanReader(Reader):
    def __init__(self, path: Path, lines: Lines, year: int, depth: int = 0) -> None:
        super().__init__(path)
        self._lines = lines
        self._year = year
        self._depth = depth

    def question(self, root: Value) -> Question:
        keys = self.mapping(root, "plan", _KEYS)
        if "name" not in keys:
            self.wrong(root, "'name' is missing: the answer is called by it")
        base = self._base(keys.get("base"))
        period = self._period(keys, root, base)
        assumed, stated = self._assumptions(keys.get("assumptions"), base)
        changes = Changes(self, self._lines.directory, base.directory if base else None)
        found = changes.read(keys.get("changes"), period)
        plan = Plan(
            name=self.text(keys["name"]) if "name" in keys else "",
            period=period,
            seed=self._whole(keys.get("seed"), base.seed if base else DEFAULT_SEED, 0, 2**32),
            replications=self._whole(
                keys.get("replications"), base.replications if base else DEFAULT_REPLICATIONS, 1, 1000
            ),
            assumed=assumed,
            changes=(*(base.changes if base else ()), *found),
            flow=changes.flow or (base.flow if base else None),
            directory=changes.folder or (base.directory if base else None),
            callers=self.file(keys["callers"]) if "callers" in keys else base.callers if base else None,
            menu=changes.menu + (base.menu if base else 0.0),
            stated=stated,
        )
        plan = self._with_calls(plan, keys.get("calls"), base)
        self.done()
        return Question(plan, self._compared(plan, base))

    def _compared(self, plan: Plan, base: Plan | None) -> Plan:
        """The base over the same days with the same callers and assumptions."""
        same = replace(plan, name=TODAY, changes=(), flow=None, directory=None, menu=0.0)
        if base is None:
            return same
        more = {"changes": base.changes, "flow": base.flow, "directory": base.directory, "menu": base.menu}
        return replace(same, name=base.name, **more)  # type: ignore[arg-type]

    def _base(self, value: Value | None) -> Plan | None:
        """The plan of another file; None for today."""
        if value is None or self.text(value) == TODAY:
            return None
        if self._depth >= _DEEPEST:
            self.wrong(value, f"more than {_DEEPEST} plans are built on each other; is this a circle?")
            return None
        path = self.file(value)
        if path is None:
            return None
        return _PlanReader(path, self._lines, self._year, self._depth + 1).question(load_file(path)).plan

    def _period(self, keys: dict[str, Value], root: Value, base: Plan | None) -> PlannedPeriod:
        fallback = base.period if base else whole_year(date(self._year, 1, 1))
        if "year" in keys:
            for name in ("from", "to"):
                if name in keys:
                    self.wrong(keys[name], "'year' says the days already: leave one of them out")
            return whole_year(date(self._whole(keys["year"], self._year, FIRST_YEAR, LAST_YEAR), 1, 1))
        if "from" not in keys and "to" not in keys:
            return fallback
        for name in ("from", "to"):
            if name not in keys:
                self.wrong(root, f"{name!r} is missing: a period has both, or is a 'year'")
                return fallback
        first, last = self.day(keys["from"]), self.day(keys["to"])
        if first is None or last is None:
            return fallback
        if not 0 <= (last - first).days < _LONGEST:
            self.wrong(keys["to"], f"expected a day on or after {first}, and at most {_LONGEST} days")
            return fallback
        return PlannedPeriod(first, last)

    def _with_calls(self, plan: Plan, value: Value | None, base: Plan | None) -> Plan:
        """Calls of a year, or a file of counted calls."""
        if value is None:
            return replace(plan, calls=base.calls, counted=base.counted) if base else plan
        if isinstance(value, Text) and not value[:1].isdigit() and not value.startswith("-"):
            path = self.file(value)
            return replace(plan, counted=self._counted(path, plan)) if path else plan
        return replace(plan, calls=self.number(value, 1, 100_000_000, YEARLY_CALLS))

    def _counted(self, path: Path, plan: Plan) -> Counted:
        directory = self._lines.directory(plan.directory)
        places = {*directory.municipalities, *directory.centres}
        return read_counted(path, places, plan.period.first, plan.period.last)

    def _whole(self, value: Value | None, default: int, low: int, high: int) -> int:
        return default if value is None else int(self.number(value, low, high, default, whole=True))

    def _assumptions(self, value: Value | None, base: Plan | None) -> tuple[Assumptions, dict[str, str]]:
        assumed = base.assumed if base else Assumptions()
        stated = dict(base.stated) if base else {}
        if value is None:
            return assumed, stated
        names = tuple(each.name for each in fields(Assumptions))
        chosen: dict[str, Any] = {}
        for name, item in self.mapping(value, "assumptions", names).items():
            chosen[name] = self._assumption(name, item)
            stated[name] = f"{self.path.name}:{item.line}"
        return replace(assumed, **chosen), stated

    def _assumption(self, name: str, value: Value) -> Any:
        default = getattr(Assumptions(), name)
        if name in _LISTS:
            return self._numbers(value, _LISTS[name], default)
        if name == "aims":
            return self._aims(value)
        if isinstance(default, bool):
            return self.yes_or_no(value, default)
        if name in _SHARES:
            return self.number(value, 0.01 if name != "redial_share" else 0.0, 0.99, default)
        low = 1.0 if name.startswith("talk") or name == "redial_after" else 0.0
        return self.number(value, low, 14_400.0, default)

    def _numbers(self, value: Value, many: int, default: tuple[float, ...]) -> tuple[float, ...]:
        if not isinstance(value, YamlSequence) or len(value) != many:
            self.wrong(value, f"expected a list of {many} numbers")
            return default
        weights = tuple(self.number(each, 0.0, 1e6, 1.0) for each in value)
        if not any(weights):
            self.wrong(value, "the numbers are shares of one another; one of them must be more than 0")
            return default
        return weights

    def _aims(self, value: Value) -> tuple[tuple[str, float], ...]:
        if not isinstance(value, YamlMapping):
            self.wrong(value, "expected centres and shares, e.g. {oslo: 0.41}")
            return ()
        centres = self._lines.directory(None).centres
        for name in value:
            if str(name) not in centres:
                self.wrong(name, f"there is no centre {str(name)!r}; `ivr directory search` finds its id")
        return tuple((str(name), self.number(each, 0.01, 0.99, 0.8)) for name, each in value.items())
