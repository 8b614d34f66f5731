"""What the planner takes for granted, each with its source or the word assumption. A plan may change every one.

Values alone; nothing here is computed. docs/planner.md discusses them.
"""

from dataclasses import dataclass, field, fields
from typing import Any

ASSUMPTION = "assumption"
GOAL_SECONDS, GOAL_SHARE, LATE_SECONDS = 120, 0.8, 600  # akuttmedisinforskriften § 13; the national statistics
YEARLY_CALLS = 3_200_000.0
CALLS_SOURCE = "Norwegian Directorate of Health: calls to 116 117 and to the centres' own numbers, 2023"
DAY_BEGINS, EVENING_BEGINS, NIGHT_BEGINS = 8, 15, 23  # hours of the day

# Shares of a day's calls by hour, 0 to 23; they are scaled, so only their proportions count.
_WEEKDAY = (
    *(2.5, 1.9, 1.5, 1.3, 1.3, 1.5, 2.2, 3.0),
    *(2.6, 2.3, 2.1, 2.1, 2.2, 2.4, 3.2),
    *(6.8, 8.2, 8.8, 8.8, 8.2, 7.4, 6.2, 4.9, 3.6),
)
_WEEKEND = (
    *(4.0, 3.2, 2.7, 2.3, 2.2, 2.3, 2.8, 4.1),
    *(5.6, 7.0, 7.2, 6.8, 6.2, 5.8, 5.5),
    *(5.3, 5.2, 5.3, 5.3, 5.0, 4.6, 4.1, 3.5, 3.9),
)


def _stated(default: Any, source: str) -> Any:
    return field(default=default, metadata={"source": source})


@dataclass(frozen=True)
class Assumptions:
    """Seconds where nothing else is said. `talk_day`, `talk_evening`, `talk_night`: means of an exponential time from
    08, 15 and 23 o'clock. `patience`: mean of an exponential time, counted from the first ringing; 0: endless."""

    talk_day: float = _stated(240.0, "assumption: near what the Erlang figures of Raknes et al. 2017 imply")
    talk_evening: float = _stated(240.0, ASSUMPTION)
    talk_night: float = _stated(240.0, ASSUMPTION)
    after_call: float = _stated(60.0, "assumption: notes; added to every talk, exponential as well")
    pick_up: float = _stated(5.0, "assumption: until a free operator has taken a call that rings")
    whisper: float = _stated(8.0, "assumption: what the operator hears before the caller; part of the operator's time")
    patience: float = _stated(
        420.0, "assumption; Koole (Call Center Optimization) and Garnett et al. 2002: no model without"
    )
    redial_share: float = _stated(0.5, "assumption: of those who give up")
    redial_after: float = _stated(300.0, "assumption: mean of an exponential time")
    overflow: bool = _stated(True, "the flow's own: ring time, then its backups; false: all wait at the first centre")
    weekend_share: float = _stated(0.365, "Vakttårn report 2022 (NKLM): contacts on Saturdays and Sundays")
    holiday_factor: float = _stated(1.15, "assumption: a public holiday, as a multiple of a Sunday")
    weekday: tuple[float, ...] = _stated(
        _WEEKDAY, "assumption: 17 % from 08 to 15, as consultations by day in 2021 (Directorate of Health)"
    )
    weekend: tuple[float, ...] = _stated(_WEEKEND, "assumption; a quarter by night, as 9.67 contacts of 29 134 imply")
    months: tuple[float, ...] = _stated(
        (1.04, 1.02, 1.02, 1.0, 1.0, 0.98, 1.0, 0.96, 0.96, 0.98, 1.0, 1.04), "assumption: January to December"
    )
    aim: float = _stated(0.8, "akuttmedisinforskriften § 13, as the aim by which centres are staffed: assumption")
    aims: tuple[tuple[str, float], ...] = _stated(
        (("oslo", 0.41), ("trondheim", 0.29), ("haugesund", 0.77), ("karasjok", 0.94)),
        "shares within two minutes that the Directorate published for 2022, as aims of the staffing",
    )


def sources() -> dict[str, str]:
    """For each assumption where it is from."""
    return {each.name: str(each.metadata["source"]) for each in fields(Assumptions)}
