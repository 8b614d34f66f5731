"""Two shares of a period, without the spread of times behind them: counted without sorting, so over weeks at once.

The definitions are those of figures.py.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, func, select

from ivr.operations.records.figures import GOAL_SECONDS, Period, answer_seconds, holds_legs, seconds_between
from ivr.operations.records.summary import NOBODY_ANSWERED
from ivr.operations.records.tables import calls


@dataclass(frozen=True)
class Shares:
    """`person_in_time`: calls that had a person within two minutes; `nobody`: calls that no centre took.
    `answered_in_time`: legs that were answered within two minutes of ringing."""

    calls: int = 0
    person_in_time: int = 0
    nobody: int = 0
    legs: int = 0
    answered_in_time: int = 0

    def __add__(self, other: "Shares") -> "Shares":
        return Shares(*(mine + its for mine, its in zip(vars(self).values(), vars(other).values(), strict=True)))

    @property
    def official(self) -> float | None:
        return self.answered_in_time / self.legs if self.legs else None

    @property
    def lived(self) -> float | None:
        return self.person_in_time / self.calls if self.calls else None


def shares(connection: Connection, period: Period, now: datetime) -> Shares:
    in_time = seconds_between(calls.c.started_at, calls.c.human_at) <= GOAL_SECONDS
    nobody = calls.c.disposition == NOBODY_ANSWERED
    of_calls = select(func.count(), _times(in_time), _times(nobody)).where(period.holds_calls(), calls.c.arrived)
    of_legs = select(func.count(), _times(answer_seconds() <= GOAL_SECONDS)).where(holds_legs(period, now))
    return Shares(*connection.execute(of_calls).one(), *connection.execute(of_legs).one())


def _times(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How often it is true."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
