"""Calls as they are noted, for the tests of records."""

from datetime import datetime, timedelta

from ivr.line.calls import CallId, Noted
from ivr.line.flow.events import LegOutcome
from ivr.line.flow.facts import (
    CallOver,
    CallStarted,
    CentreDialled,
    CentreEnded,
    CentrePickedUp,
    CentreScreened,
    Fact,
    LegStatus,
    LegTold,
    NodeEntered,
    PlaceFound,
    Reason,
)
from tests.conftest import EVENING

EDITION = "f1f1f1f1-d2d2d2d2"


def note(*facts: Fact, call: str = "a" * 12, step: int = 0, after: float = 0.0, start: datetime = EVENING) -> Noted:
    """`after`: seconds since the call began."""
    return Noted(CallId(call), step, start + timedelta(seconds=after), EDITION, facts)


def beginning(call: str = "a" * 12, start: datetime = EVENING) -> list[Noted]:
    """From the arrival to the dialling of a centre, after 20 s."""
    at = {"call": call, "start": start}
    return [
        note(CallStarted(abroad=False), NodeEntered("open", ""), NodeEntered("language", ""), **at),
        note(NodeEntered("main", "nb"), step=1, after=9, **at),
        note(NodeEntered("ask_postcode", "nb"), step=2, after=11, **at),
        note(PlaceFound("postcode", "4601", "bergen"), NodeEntered("confirm", "nb"), step=3, after=16, **at),
        note(
            NodeEntered("connect", "nb"),
            CentreDialled("bergen", "4601", red_flag=False, reason=Reason.FOUND),
            step=4,
            after=20,
            **at,
        ),
    ]


def callbacks(call: str = "a" * 12, start: datetime = EVENING) -> list[Noted]:
    """What comes from elsewhere: it rings after 29 s, is answered after 40 s, taken after 45 s, over after 100 s."""
    at = {"call": call, "start": start}
    return [
        note(LegTold("bergen", LegStatus.RINGING), step=5, after=29, **at),
        note(LegTold("bergen", LegStatus.IN_PROGRESS), step=5, after=40, **at),
        note(CentreScreened("bergen", accepted=True), step=5, after=45, **at),
        note(LegTold("bergen", LegStatus.COMPLETED), step=5, after=99, **at),
        note(CallOver(LegStatus.COMPLETED, 100), after=100, **at),
    ]


def end_of_leg(call: str = "a" * 12, outcome: LegOutcome = LegOutcome.TALKED, start: datetime = EVENING) -> list[Noted]:
    """The requests about the leg that Twilio sends in any case."""
    at = {"call": call, "start": start}
    return [
        note(CentrePickedUp("bergen"), step=5, after=40, **at),
        note(CentreEnded("bergen", outcome), NodeEntered("after_talk", "nb"), step=5, after=99, **at),
    ]


def facts_in(notes: list[Noted]) -> int:
    return sum(len(noted.facts) for noted in notes)
