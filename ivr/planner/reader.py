"""Reads values out of strict YAML and collects what is wrong with them; what it returns then is of no use."""

import re
from datetime import date, datetime
from math import isfinite
from pathlib import Path

from ivr.base.clock import OSLO, is_on_the_wall
from ivr.base.strict_yaml import Text, Value
from ivr.base.yaml_reader import YamlReader
from ivr.line.directory.hours import parse_date

FIRST_YEAR, LAST_YEAR = 2020, 2100
_NUMBER = re.compile(r"[+-]?[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([01][0-9]|2[0-3]):([0-5][0-9])")


class Reader(YamlReader):
    """`path`: the file, which complaints name, and beside which other files lie."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self.path = path

    def text(self, value: Value) -> str:
        if isinstance(value, Text) and value.strip():
            return str(value)
        self.wrong(value, "expected a text")
        return ""

    def number(self, value: Value, low: float, high: float, default: float, *, whole: bool = False) -> float:
        kind = "a whole number" if whole else "a number"
        text = str(value) if isinstance(value, Text) else ""
        found = float(text.replace("_", "")) if _NUMBER.fullmatch(text) and len(text) <= 20 else None
        if found is None or not isfinite(found) or (whole and found != int(found)):
            self.wrong(value, f"expected {kind} from {low:g} to {high:g}")
            return default
        if not low <= found <= high:
            self.wrong(value, f"{text} is outside {low:g} to {high:g}")
            return default
        return found

    def yes_or_no(self, value: Value, default: bool) -> bool:
        if value in ("yes", "true"):
            return True
        if value in ("no", "false"):
            return False
        self.wrong(value, "expected yes or no")
        return default

    def day(self, value: Value) -> date | None:
        try:
            found = parse_date(value) if isinstance(value, Text) else None
        except ValueError:
            found = None
        if found is None:
            self.wrong(value, "expected a day of the calendar like 2027-01-31")
        elif not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.wrong(value, f"{found.year} is outside {FIRST_YEAR} to {LAST_YEAR}")
            return None
        return found

    def moment(self, value: Value) -> datetime | None:
        match = _MOMENT.fullmatch(str(value)) if isinstance(value, Text) else None
        if match is None:
            self.wrong(value, 'expected a moment like "2027-05-16 18:00"')
            return None
        day = Text(match[1])
        day.line, day.column = value.line, value.column
        found = self.day(day)
        if found is None:
            return None
        moment = datetime(found.year, found.month, found.day, int(match[2]), int(match[3]), tzinfo=OSLO)
        if not is_on_the_wall(moment):
            self.wrong(value, f"there is no {value}: the clocks are put forward that night")
            return None
        return moment

    def file(self, value: Value) -> Path | None:
        """A file or folder beside this one."""
        path = self.path.parent / self.text(value)
        if not path.exists():
            self.wrong(value, f"there is no {path}")
            return None
        return path
