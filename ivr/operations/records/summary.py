"""What the facts of one call amount to: its row in `calls`, and one in `legs` for every centre that was rung.

Pure, and a function of the *set* of facts: in whatever order, how often and how late they came, the rows are the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from ivr.line.flow.events import LegOutcome
from ivr.line.flow.facts import LegStatus, Misunderstanding
from ivr.operations.records import rows
from ivr.operations.records.rows import FactRow

CONNECTED, RED_FLAG, NOBODY_ANSWERED, INFORMED, FAILED, ABANDONED = (
    "connected",
    "red_flag",
    "nobody_answered",
    "informed",
    "failed",
    "abandoned",
)
GAVE_UP = "gave_up"  # the outcome of a leg that the caller did not wait for
# Where Twilio told how a leg ended, and the request that says so never came.
_OUTCOMES = {
    LegStatus.COMPLETED: LegOutcome.NO_ANSWER.value,  # somebody answered, but nobody took the call
    LegStatus.BUSY: LegOutcome.BUSY.value,
    LegStatus.NO_ANSWER: LegOutcome.NO_ANSWER.value,
    LegStatus.FAILED: LegOutcome.FAILED.value,
    LegStatus.CANCELED: GAVE_UP,
}
_LEG_KINDS = (rows.PICKED_UP, rows.SCREENED, rows.LEG_ENDED, rows.LEG_TOLD)

Columns = dict[str, Any]


def summarise(facts: Iterable[FactRow]) -> tuple[Columns, list[Columns]]:
    """The columns of the call (without id and fingerprint) and of its legs (without the call's id).

    There must be at least one fact.
    """
    told = sorted(facts, key=lambda row: (row.at, *row.identity))
    legs = _legs(told)
    marked = _first(told, rows.MARKED)
    origin = marked.value if marked else ""
    call = {**_call(told, legs), "origin": origin}
    return call, [{**leg, "language": call["language"], "origin": origin} for leg in legs]


def _call(told: Sequence[FactRow], legs: Sequence[Columns]) -> Columns:
    arrived, over = _first(told, rows.ARRIVED), _first(told, rows.OVER)
    found = _last(told, rows.FOUND)
    entered = [row for row in told if row.kind == rows.ENTERED]
    started, talked = told[0].at, [leg for leg in legs if leg["outcome"] == LegOutcome.TALKED]
    if arrived is None and over is not None:
        started = min(started, over.at - 1000 * (over.number or 0))
    leg = talked[0] if talked else legs[-1] if legs else None
    flow, _, directory = arrived.value.rpartition("-") if arrived else ("", "", "")
    answered = talked[0]["answered_at"] if talked else None
    taken = [row.at for row in told if talked and (row.kind, row.step) == (rows.SCREENED, talked[0]["step"])]
    kinds = [row.kind for row in told]
    missed = [row.value for row in told if row.kind == rows.MISUNDERSTOOD]
    return {
        "started_at": started,
        "last_at": told[-1].at,
        "ended_at": over.at if over else None,
        "rang_at": min((each["rang_at"] or each["dialled_at"] for each in legs), default=None),
        "answered_at": answered,
        "human_at": taken[-1] if taken else answered,
        "status": over.value if over else "",
        "disposition": _disposition(told, legs),
        "flow": flow,
        "directory": directory,
        "language": next((row.language for row in reversed(entered) if row.language), ""),
        "node": entered[-1].node if entered else "",
        "route": found.value if found else legs[0]["reason"] if legs else "",
        "municipality": found.municipality if found else leg["municipality"] if leg else "",
        "centre": leg["centre"] if leg else found.centre if found else "",
        "first_words_ms": arrived.number if arrived else None,
        "silences": missed.count(Misunderstanding.SILENCE),
        "wrong_keys": missed.count(Misunderstanding.WRONG_KEY),
        "not_found": missed.count(Misunderstanding.NOT_FOUND),
        "faults": kinds.count(rows.STATE_LOST) + kinds.count(rows.FALLBACK) + kinds.count(rows.RESCUED),
        "arrived": arrived is not None,
        "abroad": arrived.flag if arrived else False,
        "red_flag": rows.RED_FLAG in kinds,
        "way": "\n".join(row.node for row in entered),
    }


def _disposition(told: Sequence[FactRow], legs: Sequence[Columns]) -> str:
    """How the call ended; of one that is not over, how it would have ended had it ended now."""
    over = _first(told, rows.OVER)
    outcomes = {leg["outcome"] for leg in legs}
    if LegOutcome.TALKED in outcomes or _first(told, rows.RESCUED, LegOutcome.TALKED):
        return CONNECTED
    if _first(told, rows.RED_FLAG):
        return RED_FLAG
    if outcomes - {GAVE_UP, ""}:
        return NOBODY_ANSWERED
    if over and over.value != LegStatus.COMPLETED:
        return FAILED
    return INFORMED if _first(told, rows.INFORMED) else ABANDONED


def _legs(told: Sequence[FactRow]) -> list[Columns]:
    """In the order in which they were dialled. A leg is known by the step of the request that tells its end, which is
    one more than that of the request which dialled it."""
    steps: dict[int, list[FactRow]] = {}
    for row in told:
        if row.kind in _LEG_KINDS:
            steps.setdefault(row.step, []).append(row)
        elif row.kind == rows.DIALLED:
            steps.setdefault(row.step + 1, []).append(row)
    found = [_leg(step, about) for step, about in steps.items()]
    return sorted(found, key=lambda leg: (leg["dialled_at"], leg["step"]))


def _leg(step: int, about: Sequence[FactRow]) -> Columns:
    dialled, ended = _first(about, rows.DIALLED), _first(about, rows.LEG_ENDED)
    final = [row for row in about if row.kind == rows.LEG_TOLD and LegStatus(row.value).is_final]
    taken = _first(about, rows.SCREENED, rows.ACCEPTED) is not None
    return {
        "step": step,
        "dialled_at": about[0].at,
        "rang_at": _at(_first(about, rows.LEG_TOLD, LegStatus.RINGING)),
        "answered_at": _earliest(_first(about, rows.PICKED_UP), _first(about, rows.LEG_TOLD, LegStatus.IN_PROGRESS)),
        "ended_at": _earliest(ended, *final),
        "centre": next((row.centre for row in about if row.centre), ""),
        "municipality": dialled.municipality if dialled else "",
        "reason": dialled.value if dialled else "",
        "outcome": _outcome(ended, final, taken=taken),
        "accepted": taken or bool(ended and ended.value == LegOutcome.TALKED),
        "red_flag": dialled.flag if dialled else False,
    }


def _outcome(ended: FactRow | None, final: Sequence[FactRow], *, taken: bool) -> str:
    """`ended`: the request that tells how the leg ended; `final`: callbacks that do; `taken`: a person accepted."""
    if not taken and any(row.value == LegStatus.CANCELED for row in final):
        return GAVE_UP  # the request after such a leg says no more than that it failed
    if ended:
        return ended.value
    if taken:
        return LegOutcome.TALKED.value
    return min((_OUTCOMES[LegStatus(row.value)] for row in final), default="")


def _first(told: Iterable[FactRow], kind: str, value: str | None = None) -> FactRow | None:
    return next((row for row in told if row.kind == kind and value in (None, row.value)), None)


def _last(told: Sequence[FactRow], kind: str) -> FactRow | None:
    return _first(reversed(told), kind)


def _at(row: FactRow | None) -> int | None:
    return row.at if row else None


def _earliest(*found: FactRow | None) -> int | None:
    return min((row.at for row in found if row), default=None)
