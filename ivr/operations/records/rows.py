"""What was noted of a call, as rows of the table `facts`. Pure: no database, no clock.

Nothing that a caller keyed and no number can get into a row: facts do not hold them.
"""

from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, assert_never

from ivr.base.clock import OSLO
from ivr.line.calls import Noted
from ivr.line.flow.facts import (
    CallMarked,
    CallOver,
    CallStarted,
    CentreDialled,
    CentreEnded,
    CentreOut,
    CentrePickedUp,
    CentreScreened,
    Fact,
    FallbackAsked,
    Informed,
    KeyTooEarly,
    LegTold,
    Misunderstood,
    NodeEntered,
    PlaceFound,
    RedFlag,
    RescueEnded,
    StateLost,
)

HOUR = 3_600_000  # milliseconds
# The column `kind`, one for each class of fact.
ARRIVED = "arrived"
MARKED = "marked"
ENTERED = "entered"
MISUNDERSTOOD = "misunderstood"
TOO_EARLY = "too_early"
RED_FLAG = "red_flag"
FOUND = "found"
DIALLED = "dialled"
PICKED_UP = "picked_up"
SCREENED = "screened"
LEG_ENDED = "leg_ended"
CENTRE_OUT = "centre_out"
LEG_TOLD = "leg_told"
OVER = "over"
INFORMED = "informed"
STATE_LOST = "state_lost"
FALLBACK = "fallback"
RESCUED = "rescued"

ACCEPTED = "accepted"


class FactRow(NamedTuple):
    """The columns of a fact, but for the call that it belongs to. `at` is milliseconds since 1970.

    `flag` is `abroad` of an arrival, `accepted` of a screening, `red_flag` of a leg that was dialled. `number` is the
    seconds of a call that is over, or the milliseconds from an arrival to the reply.
    """

    step: int
    position: int
    at: int
    kind: str
    node: str = ""
    value: str = ""
    language: str = ""
    centre: str = ""
    municipality: str = ""
    number: int | None = None
    flag: bool = False

    @property
    def identity(self) -> tuple[int, int, str, str, str]:
        """The same request twice gives the same one."""
        return self.step, self.position, self.kind, self.node, self.value

    def columns(self, call_id: str) -> dict[str, Any]:
        """The row as the table has it."""
        return {"call_id": call_id, "hour": self.at // HOUR, **self._asdict()}


def moment(at: int) -> datetime:
    """The moment of so many milliseconds since 1970, in Oslo."""
    return datetime.fromtimestamp(at / 1000, OSLO)


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def fact_rows(noted: Noted, replied: datetime) -> list[FactRow]:
    """`replied`: when the reply to the request was ready."""
    return [_row(fact, position, noted, replied) for position, fact in enumerate(noted.facts)]


def _row(fact: Fact, position: int, noted: Noted, replied: datetime) -> FactRow:  # noqa: C901, PLR0911, PLR0912 - a table
    at = milliseconds(noted.at)
    row = partial(FactRow, noted.step, position, at)
    match fact:
        case CallStarted():
            took = max(0, milliseconds(replied) - at)
            return row(ARRIVED, value=noted.edition, flag=fact.abroad, number=took)
        case CallMarked():
            return row(MARKED, value=fact.origin.value)
        case NodeEntered():
            return row(ENTERED, fact.node, language=fact.language)
        case Misunderstood():
            return row(MISUNDERSTOOD, fact.node, fact.misunderstanding.value)
        case KeyTooEarly():
            return row(TOO_EARLY, fact.node)
        case RedFlag():
            return row(RED_FLAG, fact.node)
        case Informed():
            return row(INFORMED, fact.node)
        case PlaceFound():
            return row(FOUND, value=fact.by, centre=fact.centre, municipality=fact.municipality)
        case CentreDialled():
            where = row(DIALLED, value=fact.reason.value, centre=fact.centre, municipality=fact.municipality)
            return where._replace(flag=fact.red_flag)
        case CentrePickedUp():
            return row(PICKED_UP, centre=fact.centre)
        case CentreScreened():
            return row(SCREENED, value=ACCEPTED if fact.accepted else "", centre=fact.centre, flag=fact.accepted)
        case CentreEnded():
            return row(LEG_ENDED, value=fact.outcome.value, centre=fact.centre)
        case CentreOut():
            return row(CENTRE_OUT, value=fact.kind.value, centre=fact.centre)
        case LegTold():
            return row(LEG_TOLD, value=fact.status.value, centre=fact.centre)
        case CallOver():
            return row(OVER, value=fact.status.value, number=fact.seconds)
        case StateLost():
            return row(STATE_LOST)
        case FallbackAsked():
            return row(FALLBACK, value=fact.code if fact.code.isascii() and fact.code.isdigit() else "")
        case RescueEnded():
            return row(RESCUED, value=fact.outcome.value)
        case _:
            assert_never(fact)
