"""Which centres are out of service while a call goes on: sets that stand for all others."""

from datetime import datetime, timedelta

from ivr.line.directory import Directory
from ivr.line.flow.events import Outage, OutageKind
from ivr.line.flow.state import CallState


def outages(directory: Directory, memory: CallState, at: datetime) -> tuple[tuple[Outage, ...], ...]:
    """While a call rings or speaks of a centre: that one, in each way; the next to ring as well; all that it could
    ring. None where no centre is known."""
    centre = directory.centres.get(memory.centre) or directory.centres.get(memory.dialled)
    if centre is None:
        return ()
    ladder = [each.id for each in (centre, *directory.backups(centre))]
    left = [each for each in ladder if each == memory.dialled or each not in memory.tried]
    some = (
        (OutageKind.FAULT, left[:1]),
        (OutageKind.CLOSED, left[:1]),
        (OutageKind.FAULT, left[:2]),
        (OutageKind.FAULT, left),
    )
    until = at + timedelta(hours=1)
    return tuple(tuple(Outage(each, kind, until) for each in out) for kind, out in some)
