"""What is switched on a line, for whoever looks after it: outages in force and planned, and the announcement."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from ivr.base.clock import Clock
from ivr.base.errors import SettingsError
from ivr.line.calls import Outages, SwitchedOn
from ivr.line.flow.events import Announcement, Moment
from ivr.line.flow.model import Flow
from ivr.line.service.settings import Settings


class Switched(NamedTuple):
    """`out`: how many centres are out of service now, `planned`: how many outages begin later; `announcement`: the name
    of the one that is on, "" for none."""

    out: int
    planned: int
    announcement: str

    def as_dict(self) -> dict[str, Any]:
        return {"out_of_service": self.out, "planned_outages": self.planned, "announcement": self.announcement}


def announced_by(settings: Settings, flow: Flow, otherwise: SwitchedOn | None) -> SwitchedOn:
    """The announcement of the settings, if they name one; else the one that the console switches on. Raises
    SettingsError."""
    name = settings.announcement
    if name and name not in flow.announcements:
        known = ", ".join(flow.announcements) or "none"
        raise SettingsError([f"IVR_ANNOUNCEMENT is {name!r}; the flow has {known}"])
    if name:
        always = Announcement(name, datetime.max.replace(tzinfo=UTC))
        return lambda: always
    return otherwise or (lambda: None)


def switched(outages: Outages, announced: SwitchedOn, clock: Clock) -> Switched:
    """As this process knows it now."""
    moment = Moment(clock.now(), outages=outages(), switched_on=announced())
    now = moment.now.astimezone(UTC)
    planned = sum(each.since is not None and now < each.since for each in moment.outages)
    return Switched(len({each.centre for each in moment.in_force}), planned, moment.announcement)
