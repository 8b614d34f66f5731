"""A console over made-up records, for pictures: a day of calls, some weeks before it, two centres out of service."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from ivr.base.clock import ManualClock
from ivr.line.flow.events import OutageKind
from ivr.line.service.bootstrap import create_app, load_edition
from ivr.line.service.reload import Editions
from ivr.line.service.settings import Settings
from ivr.operations.records.changes import ChangedBy
from ivr.operations.records.database import database_url, open_database, upgrade
from ivr.operations.records.made_up import MadeUp
from ivr.operations.records.outages import Marked, switch
from ivr.operations.records.writing import write
from tests.conftest import EVENING
from tests.planner.sample import PLANNED
from tests.records.recorded_calls import beginning
from tests.web.console.operator import PASSWORD_HASH, SECRET
from tests.web.console.served import serving_console

_TODAY, _EARLIER = 300, 700  # calls


@contextmanager
def made_up_console(folder: Path) -> Iterator[str]:
    """Its address on this machine. `folder`: for the database."""
    settings = Settings(
        secret_key=SECRET,
        console_password_hash=PASSWORD_HASH,
        database_url=f"sqlite:///{folder}/records.sqlite3",
        plan_answer=PLANNED,
    )
    clock = ManualClock(EVENING + timedelta(seconds=41))
    _fill(settings, clock)
    app = create_app(settings, clock=clock, editions=Editions(settings, clock).loaded)
    app.extensions["ivr"].past_weeks.count_now()
    logging.getLogger("werkzeug").setLevel("ERROR")
    with serving_console(app) as url:
        yield url


def _fill(settings: Settings, clock: ManualClock) -> None:
    engine = open_database(database_url(settings.database_url))
    upgrade(engine)
    made_up = MadeUp(load_edition(settings, clock).engine.directory, ("nb", "en"))
    beginnings = [EVENING - timedelta(seconds=200 * number) for number in range(_TODAY)]
    beginnings += [EVENING - timedelta(hours=17 + 3.5 * number) for number in range(1, _EARLIER)]
    notes = [noted for number, begin in enumerate(beginnings) for noted in made_up.call(number, begin)]
    notes = [noted for noted in notes if noted.at <= EVENING]
    for number, steps in enumerate((2, 3, 4, 5, 5)):
        notes += beginning(f"live{number:08}", EVENING - timedelta(seconds=7 * number))[:steps]
    with engine.begin() as connection:
        write(connection, [(noted, noted.at) for noted in notes])
    closed = Marked(OutageKind.CLOSED, EVENING + timedelta(hours=12), "moving house, back at 8")
    for hours, kind in ((1, OutageKind.FAULT), (4, OutageKind.FAULT)):
        marked = Marked(kind, EVENING + timedelta(hours=hours), "fibre cut, provider's case 4711")
        seen = 0 if hours == 1 else 1
        switch(engine, "bergen", marked, seen, ChangedBy("Kari", EVENING - timedelta(minutes=30 - hours)))
    switch(engine, "tromso", closed, 0, ChangedBy("Ola", EVENING - timedelta(hours=2)))
    engine.dispose()
