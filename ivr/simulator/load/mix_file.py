"""Mix files: YAML to a `Mix`. The schema's keys stand here and nowhere else (docs/load.md tells them to a reader).

Everything that is wrong with a file is said at once, with line, column and what was expected. Must not draw.
"""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.base.strict_yaml import Sequence as YamlSequence
from ivr.base.strict_yaml import Text, Value, load_file
from ivr.base.yaml_reader import YamlReader, decimal
from ivr.simulator.load.chance import Distribution, Exponential, Fixed, Uniform, Weighted
from ivr.simulator.load.mix import A_MOMENT, A_SHORT_TALK, AT_ONCE, KEYS, CallerKind, FarEndKind, KeySlot, Mix, Outcome

T = TypeVar("T")
MOST_VALUES = 100_000
LONGEST = 14_400.0  # seconds; no call is longer
DEFAULT_MIX = Path(__file__).parent / "mix.yaml"
_CALLER = ("name", "weight", "keys", "values", "think", "slip", "hang_up", "from", "to")
_FAR_END = ("end", "weight", "rings", "talk", "keys", "machine")
_ENDS: dict[str, Outcome] = {"answer": "answer", "busy": "busy", "no-answer": "no-answer", "failed": "failed"}
_SECONDS = "expected seconds: 2, {uniform: [1, 4]} or {exponential: 3}"
_PARTS = re.compile(r"\{([a-z][a-z0-9_]*)\}|([0-9*#]+)")
_NUMBER = re.compile(r"\+[1-9][0-9x]{2,14}|[a-z0-9]{0,30}")


def load_mix(path: Path) -> Mix:
    """Raises DefinitionError with every complaint."""
    return _Reader(path).mix(load_file(path))


class _Reader(YamlReader):
    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self._folder = path.parent

    def mix(self, root: Value) -> Mix:
        keys = self.mapping(root, "mix", ("callers", "far_ends"))
        if "callers" not in keys:
            self.wrong(root, "'callers' is missing: a list of kinds of callers")
        kinds = self._weighted(keys.get("callers"), self._kind, CallerKind(""))
        far_ends = self._weighted(keys.get("far_ends"), self._far_end, FarEndKind("answer"))
        self.done()
        return Mix(kinds, far_ends)

    def _weighted(self, value: Value | None, read: Callable[[Value], T], default: T) -> Weighted[T]:
        """A list whose items have a weight, 1 when they name none; one `default` when there is no list."""
        if value is None:
            return Weighted.of((default,), (1.0,))
        items = self.items(value)
        weights = [self._weight(item) for item in items]
        if not items:
            if isinstance(value, YamlSequence):
                self.wrong(value, "expected at least one")
            return Weighted.of((default,), (1.0,))
        return Weighted.of([read(item) for item in items], weights)

    def _weight(self, item: Value) -> float:
        value = item.get(Text("weight")) if isinstance(item, YamlMapping) else None
        if value is None:
            return 1.0
        number = decimal(value)
        if number is None or not 0 < number <= 1_000_000:
            self.wrong(value, "expected a weight: a number above 0")
            return 1.0
        return number

    def _kind(self, value: Value) -> CallerKind:
        keys = self.mapping(value, "caller", _CALLER)
        if "name" not in keys and isinstance(value, YamlMapping):
            self.wrong(value, "'name' is missing: results are counted under it")
        values = self._values(keys["values"]) if "values" in keys else {}
        chance, after = self._hang_up(keys["hang_up"]) if "hang_up" in keys else (0.0, AT_ONCE)
        return CallerKind(
            name=self.text(keys["name"]) if "name" in keys else "",
            keys=self._keys(keys.get("keys"), values, keys.get("values")),
            values=values,
            think=self._seconds(keys.get("think"), AT_ONCE),
            slip=self._chance(keys["slip"]) if "slip" in keys else 0.0,
            leaves=chance,
            leaves_after=after,
            from_=self._numbers(keys["from"]) if "from" in keys else CallerKind("").from_,
            to=self._numbers(keys["to"]) if "to" in keys else (),
        )

    def _keys(
        self, value: Value | None, values: Mapping[str, object], stated: Value | None
    ) -> tuple[tuple[str | KeySlot, ...], ...]:
        groups = [self._group(value, group) for group in self.text(value).split()] if value is not None else []
        used = {part.name for group in groups for part in group if isinstance(part, KeySlot)}
        for name in sorted(used - set(values)):
            assert value is not None  # noqa: S101 - a slot was read from it
            self.wrong(value, f"{{{name}}} has no values: add values: {{{name}: [...]}}")
        if isinstance(stated, YamlMapping):
            for key in stated:
                if key not in used:
                    self.wrong(key, f"no {{{key}}} in keys")
        return tuple(groups)

    def _group(self, value: Value, group: str) -> tuple[str | KeySlot, ...]:
        parts = [KeySlot(match[1]) if match[1] else match[2] for match in _PARTS.finditer(group)]
        if _PARTS.sub("", group):
            self.wrong(value, f'{group!r}: expected keys 0-9, * and #, and {{slots}}, e.g. "1 1 {{postcode}} 1"')
        return tuple(parts)

    def _values(self, value: Value) -> dict[str, tuple[str, ...]]:
        if not isinstance(value, YamlMapping):
            self.wrong(value, 'expected a mapping of slots to values, e.g. {postcode: ["0150", "5003"]}')
            return {}
        return {str(name): self._one_slot(item) for name, item in value.items()}

    def _one_slot(self, value: Value) -> tuple[str, ...]:
        return self._column(value) if isinstance(value, YamlMapping) else self._listed(value)

    def _listed(self, value: Value) -> tuple[str, ...]:
        items = self.items(value)
        if isinstance(value, YamlSequence) and not items:
            self.wrong(value, "expected at least one value")
        for item in items:
            if not _is_keys(text := self.text(item)):
                self.wrong(item, f"expected keys 0-9, * and #, not {text!r}")
        return tuple(str(item) for item in items)

    def _column(self, value: YamlMapping) -> tuple[str, ...]:
        """Values of a column of a CSV file beside the mix; lines that begin with # are comments."""
        keys = self.mapping(value, "values", ("csv", "column"))
        if set(keys) != {"csv", "column"}:
            self.wrong(value, "expected a list, or {csv: FILE, column: NAME}")
            return ()
        file, column = self.text(keys["csv"]), self.text(keys["column"])
        try:
            found = _read_column(self._folder / file, column)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.wrong(keys["csv"], f"{file} cannot be read ({error})")
            return ()
        if found is None:
            self.wrong(keys["column"], f"{file} has no column {column!r}")
            return ()
        bad = next((number for number, text in found if not _is_keys(text)), None)
        if bad is not None or not found:
            place = f"row {bad} of {column}" if bad is not None else f"column {column}"
            self.wrong(keys["column"], f"{file}: {place} holds no keys (0-9, * and #)")
        return tuple(text for _, text in found)

    def _hang_up(self, value: Value) -> tuple[float, Distribution]:
        keys = self.mapping(value, "hang_up", ("chance", "after"))
        if "after" not in keys and isinstance(value, YamlMapping):
            self.wrong(value, "'after' is missing: seconds of call time until the caller hangs up")
        return self._chance(keys["chance"]) if "chance" in keys else 1.0, self._seconds(keys.get("after"), AT_ONCE)

    def _far_end(self, value: Value) -> FarEndKind:
        keys = self.mapping(value, "far end", _FAR_END)
        outcome = str(keys.get("end", ""))
        if outcome not in _ENDS:
            self.wrong(keys.get("end", value), f"expected end: {', '.join(_ENDS)}")
        elif outcome != "answer":
            for name in keys.keys() - {"end", "weight"}:
                self.wrong(keys[name], f"{name} has no meaning for an end that is {outcome}")
        pressed = self.text(keys["keys"]) if "keys" in keys else "1"
        if pressed and not _is_keys(pressed):
            self.wrong(keys["keys"], "expected keys 0-9, * and #: what the person who answers presses")
        machine = str(keys.get("machine", "false"))
        if machine not in ("true", "false"):
            self.wrong(keys["machine"], "expected true or false")
        rings, talk = self._seconds(keys.get("rings"), A_MOMENT), self._seconds(keys.get("talk"), A_SHORT_TALK)
        return FarEndKind(_ENDS.get(outcome, "answer"), rings, talk, pressed, machine == "true")

    def _seconds(self, value: Value | None, default: Distribution) -> Distribution:
        if value is None:
            return default
        if isinstance(value, Text):
            return Fixed(self._duration(value))
        if isinstance(value, YamlMapping) and len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "exponential" and isinstance(argument, Text):
                mean = self._duration(argument)
                if mean <= 0:
                    self.wrong(argument, "expected a mean above 0")
                return Exponential(mean or 1.0)
            if name == "uniform" and isinstance(argument, YamlSequence) and len(argument) == 2:
                low, high = (self._duration(item) for item in argument)
                if low > high:
                    self.wrong(argument, "the first is larger than the second")
                return Uniform(low, high)
        self.wrong(value, _SECONDS)
        return default

    def _duration(self, value: Value) -> float:
        number = decimal(value)
        if number is None or not 0 <= number <= LONGEST:
            self.wrong(value, f"{_SECONDS} (0 to {LONGEST:g})")
            return 0.0
        return number

    def _chance(self, value: Value) -> float:
        number = decimal(value)
        if number is None or not 0 <= number <= 1:
            self.wrong(value, "expected a chance from 0 to 1, e.g. 0.02")
            return 0.0
        return number

    def _numbers(self, value: Value) -> tuple[str, ...]:
        items: Sequence[Value] = [value] if isinstance(value, Text) else self.items(value)
        if isinstance(value, YamlSequence) and not items:
            self.wrong(value, "expected at least one number")
        for item in items:
            if not _NUMBER.fullmatch(self.text(item)):
                self.wrong(item, 'expected a number in E.164 (x: any digit), e.g. "+479xxxxxxx", or anonymous')
        return tuple(str(item) for item in items)


def _is_keys(text: str) -> bool:
    return bool(text) and all(key in KEYS for key in text)


def _read_column(path: Path, column: str) -> list[tuple[int, str]] | None:
    """Row numbers (from 1, the head not counted) and values; None when there is no such column."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        if column not in (rows.fieldnames or ()):
            return None
        return [(number, row[column] or "") for number, row in enumerate(islice(rows, MOST_VALUES), 1)]
