"""The page of the announcement for the whole line: which there are, which one is on, and until when."""

from datetime import timedelta

from flask import render_template

from ivr.operations.console.context import ConsoleContext, NoDatabase
from ivr.operations.console.wording import spoken
from ivr.operations.records.announcements import switched_on
from ivr.operations.records.changes import LINE, latest_change

_USUAL = timedelta(hours=2)


def announcement(desk: ConsoleContext) -> str:
    now = desk.clock.now()
    texts = {name: spoken(desk, keys) for name, keys in desk.flow.announcements.items()}
    try:
        on, seen = desk.read(lambda c: (switched_on(c, now), latest_change(c, LINE)))
    except NoDatabase as error:
        return render_template("console/announcement.html", texts=texts, problem=str(error))
    until = on.until if on else (now + _USUAL).replace(minute=0)
    shown = {"on": on, "seen": seen, "until": until}
    return render_template("console/announcement.html", texts=texts, **shown)
