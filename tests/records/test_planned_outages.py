"""Outages that begin later: in the database, in every process that watches it, and when the clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, text

from ivr.base.clock import OSLO, ManualClock
from ivr.line.flow.events import Moment, Outage, OutageKind
from ivr.operations.records.changes import ChangedBy, Outdated, latest_change
from ivr.operations.records.database import database_url
from ivr.operations.records.outage_watch import OutageWatch
from ivr.operations.records.outages import Marked, Overlapping, in_force, known_outages, plan, planned, switch
from ivr.operations.records.tables import outages
from ivr.operations.records.trail import trail, undo
from tests.conftest import EVENING

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAULT, CLOSED = OutageKind.FAULT, OutageKind.CLOSED
KARI = ChangedBy("Kari", EVENING)
NIGHT = Marked(CLOSED, EVENING + DAY + 8 * HOUR, "new exchange", EVENING + DAY)


def _by(now: datetime) -> ChangedBy:
    return ChangedBy("Ola", now)


def _state(engine: Engine, now: datetime) -> tuple[Marked | None, list[Marked]]:
    """Of Bergen: what is in force, and what is planned."""
    with engine.connect() as connection:
        known = known_outages(connection, now)
    return in_force(known, now).get("bergen"), [marked for _, marked in planned(known, now)]


def _seen(engine: Engine) -> int:
    with engine.connect() as connection:
        return latest_change(connection, "bergen")


def test_a_planned_outage_begins_and_ends_by_itself(engine_of_records: Engine) -> None:
    plan(engine_of_records, "bergen", None, NIGHT, 0, KARI)
    assert _state(engine_of_records, EVENING) == (None, [NIGHT])
    assert _state(engine_of_records, NIGHT.since - timedelta(milliseconds=1)) == (None, [NIGHT])
    assert _state(engine_of_records, NIGHT.since) == (NIGHT, [])
    assert _state(engine_of_records, NIGHT.until) == (None, [])


def test_what_happens_now_leaves_what_is_planned(engine_of_records: Engine) -> None:
    plan(engine_of_records, "bergen", None, NIGHT, 0, KARI)
    now = Marked(FAULT, EVENING + HOUR)
    switch(engine_of_records, "bergen", now, 1, KARI)
    assert _state(engine_of_records, EVENING) == (now, [NIGHT])
    switch(engine_of_records, "bergen", None, 2, KARI)
    assert _state(engine_of_records, EVENING) == (None, [NIGHT])


def test_a_planned_outage_is_changed_and_taken_back_before_it_begins(engine_of_records: Engine) -> None:
    later = Marked(FAULT, NIGHT.until + HOUR, "", NIGHT.since + HOUR)
    plan(engine_of_records, "bergen", None, NIGHT, 0, KARI)
    plan(engine_of_records, "bergen", NIGHT.begins, later, 1, KARI)
    assert _state(engine_of_records, EVENING) == (None, [later])
    plan(engine_of_records, "bergen", later.begins, None, 2, KARI)
    assert _state(engine_of_records, EVENING) == (None, [])


def test_a_planned_outage_that_has_begun_is_lengthened_and_ended_like_any_other(engine_of_records: Engine) -> None:
    plan(engine_of_records, "bergen", None, NIGHT, 0, KARI)
    during = NIGHT.since + HOUR
    switch(engine_of_records, "bergen", Marked(CLOSED, NIGHT.until + HOUR, "takes longer"), 1, _by(during))
    longer = Marked(CLOSED, NIGHT.until + HOUR, "takes longer", NIGHT.since)
    assert _state(engine_of_records, during) == (longer, [])
    switch(engine_of_records, "bergen", None, 2, _by(during))
    assert _state(engine_of_records, during) == (None, [])


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(NIGHT.since, NIGHT.until), (EVENING, NIGHT.since + HOUR), (NIGHT.until - HOUR, NIGHT.until + HOUR)],
)
def test_an_outage_that_overlaps_with_another_one_is_refused(
    engine_of_records: Engine, begins: datetime, ends: datetime
) -> None:
    plan(engine_of_records, "bergen", None, NIGHT, 0, KARI)
    with pytest.raises(Overlapping) as refused:
        plan(engine_of_records, "bergen", None, Marked(FAULT, ends, "", begins), 1, KARI)
    assert refused.value.other == NIGHT
    with pytest.raises(Overlapping):
        switch(engine_of_records, "bergen", Marked(FAULT, NIGHT.since + HOUR), 1, KARI)
    assert (_state(engine_of_records, EVENING), _seen(engine_of_records)) == ((None, [NIGHT]), 1)


def test_one_may_begin_when_another_ends_and_another_centre_may_be_out_then(engine_of_records: Engine) -> None:
    plan(engine_of_records, "bergen", None, NIGHT, 0, KARI)
    switch(engine_of_records, "bergen", Marked(FAULT, NIGHT.since), 1, KARI)
    after = Marked(FAULT, NIGHT.until + HOUR, "", NIGHT.until)
    plan(engine_of_records, "bergen", None, after, 2, KARI)
    plan(engine_of_records, "oslo", None, NIGHT, 0, KARI)
    assert _state(engine_of_records, EVENING)[1] == [NIGHT, NIGHT, after]


def test_every_change_is_in_the_trail_and_the_latest_is_taken_back(engine_of_records: Engine) -> None:
    plan(engine_of_records, "bergen", None, NIGHT, 0, KARI)
    switch(engine_of_records, "bergen", Marked(FAULT, EVENING + HOUR), 1, KARI)
    plan(engine_of_records, "bergen", NIGHT.begins, None, 2, KARI)
    assert undo(engine_of_records, 3, KARI) == "bergen"
    assert _state(engine_of_records, EVENING) == (Marked(FAULT, EVENING + HOUR), [NIGHT])
    with engine_of_records.connect() as connection:
        back, taken, switched, made = trail(connection)
    assert (made.planned_before, made.planned_after, made.after) == ((), (NIGHT,), None)
    assert (switched.before, switched.after) == (None, Marked(FAULT, EVENING + HOUR))
    assert (taken.planned_before, taken.planned_after, taken.after) == ((NIGHT,), (), switched.after)
    assert (back.undoes, back.planned_after, back.latest) == (3, (NIGHT,), True)


def test_a_change_of_what_is_not_planned_any_more_is_refused(engine_of_records: Engine) -> None:
    plan(engine_of_records, "bergen", None, NIGHT, 0, KARI)
    with pytest.raises(Outdated):
        plan(engine_of_records, "bergen", NIGHT.begins, None, 0, KARI)
    with pytest.raises(Outdated):
        plan(engine_of_records, "bergen", NIGHT.begins, None, 1, _by(NIGHT.until))
    with pytest.raises(Outdated):
        plan(engine_of_records, "bergen", NIGHT.begins + 1, None, 1, KARI)


def test_a_version_that_knows_no_plans_sees_none_that_has_not_begun(engine_of_records: Engine) -> None:
    """It reads the table `outages` alone, and what it writes there is known here."""
    plan(engine_of_records, "bergen", None, NIGHT, 0, KARI)
    with engine_of_records.begin() as connection:
        assert connection.execute(text("SELECT * FROM outages")).all() == []
        row = {"centre": "oslo", "kind": "fault", "until_at": NIGHT.begins, "note": ""}
        connection.execute(insert(outages).values(row))
        assert in_force(known_outages(connection, EVENING), EVENING) == {"oslo": Marked(FAULT, NIGHT.since)}


def test_a_process_knows_before_it_begins_and_needs_no_database_then(
    database: str, engine_of_records: Engine, clock: ManualClock
) -> None:
    plan(engine_of_records, "bergen", None, NIGHT, 0, KARI)
    watch = OutageWatch(database_url(database), clock)
    watch.start()
    with engine_of_records.begin() as connection:
        connection.execute(text("ALTER TABLE planned_outages RENAME TO elsewhere"))
    watch.look_now()
    assert watch() == (Outage("bergen", CLOSED, NIGHT.until, NIGHT.since),)
    watch.close()


# The night to 25 October 2026: 02:00 to 03:00 comes twice. The night to 29 March 2026: it does not come at all.
TWICE = datetime(2026, 10, 25, 2, 30, tzinfo=OSLO)
SECOND = TWICE.replace(fold=1)


@pytest.mark.parametrize(
    ("now", "out"),
    [
        (TWICE.replace(minute=29), False),
        (TWICE, True),
        (TWICE.replace(minute=59), True),
        (SECOND.replace(minute=0), True),
        (SECOND.replace(minute=9), True),
        (SECOND.replace(minute=10), False),
    ],
)
def test_in_the_night_with_an_hour_twice_it_lasts_as_long_as_was_meant(
    engine_of_records: Engine, now: datetime, out: bool
) -> None:
    """From 02:30 of the first time to 02:10 of the second: 40 minutes."""
    marked = Marked(FAULT, SECOND.replace(minute=10), "", TWICE)
    plan(engine_of_records, "bergen", None, marked, 0, ChangedBy("Kari", TWICE - DAY))
    assert (_state(engine_of_records, now)[0] is not None) is out
    moment = Moment(now, outages=(Outage("bergen", FAULT, marked.until, marked.since),))
    assert bool(moment.in_force) is out


def test_in_the_night_without_an_hour_it_is_an_hour_shorter() -> None:
    begins, ends = datetime(2026, 3, 29, 1, 30, tzinfo=OSLO), datetime(2026, 3, 29, 3, 30, tzinfo=OSLO)
    out = Outage("bergen", FAULT, ends, begins)
    lasts = [minute for minute in range(240) if out.is_on(begins.astimezone(UTC) + timedelta(minutes=minute))]
    assert lasts == list(range(60))
