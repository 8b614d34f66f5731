"""What was told already, in a file: an alarm is told once, again every four hours, and when it is over."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ivr.base.whole_file import write_whole
from ivr.operations.alarms.look import Alarm

AGAIN = timedelta(hours=4)


@dataclass(frozen=True)
class News:
    """`firing`: alarms to tell. `cleared`: words of those told before that are over."""

    firing: tuple[Alarm, ...]
    cleared: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.firing or self.cleared)


class Memory:
    """`file`: need not be there yet; one that cannot be read counts as empty, so that an alarm is rather told twice."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._told: dict[str, dict[str, str]] = {}
        try:
            read = json.loads(file.read_text("utf-8"))
            self._told = {key: {"at": str(each["at"]), "words": str(each["words"])} for key, each in read.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return

    def news(self, alarms: Iterable[Alarm], now: datetime) -> News:
        here = {alarm.key: alarm for alarm in alarms}
        firing = tuple(alarm for key, alarm in here.items() if self._is_due(key, now))
        return News(firing, tuple(each["words"] for key, each in self._told.items() if key not in here))

    def keep(self, alarms: Iterable[Alarm], told: News, now: datetime) -> None:
        """Call it when the news was told. Raises OSError."""
        new = {}
        for alarm in alarms:
            at = now.isoformat() if alarm in told.firing else self._told[alarm.key]["at"]
            new[alarm.key] = {"at": at, "words": alarm.words}
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._file, json.dumps(new, ensure_ascii=False, indent=2).encode())

    def _is_due(self, key: str, now: datetime) -> bool:
        if key not in self._told:
            return True
        try:
            return abs(now - datetime.fromisoformat(self._told[key]["at"])) >= AGAIN
        except (ValueError, TypeError):
            return True
