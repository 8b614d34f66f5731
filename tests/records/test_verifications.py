"""Numbers that were rung: two people for a verification, no step on an outdated page, and nothing is ever changed."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from ivr.base.ids import CentreId
from ivr.operations.records.changes import ChangedBy, Outdated
from ivr.operations.records.verifications import (
    ConfirmedNumber,
    RungNumber,
    SamePerson,
    VerificationStep,
    confirm,
    confirmed_numbers,
    latest_step,
    record_ring,
    reject,
    standing_entries,
    verification_trail,
)
from tests.conftest import EVENING

BERGEN, OSLO = CentreId("bergen"), CentreId("oslo")
DAY = date(2026, 3, 2)
KARI, OLA = ChangedBy("Kari", EVENING), ChangedBy("Ola", EVENING + timedelta(minutes=5))


def _rung(found: VerificationStep = VerificationStep.REACHED, *, number: str = "55568700") -> RungNumber:
    return RungNumber(number, found, DAY, "the nurse on duty", "asked twice")


def _ring(engine: Engine, found: VerificationStep = VerificationStep.REACHED, centre: CentreId = BERGEN) -> int:
    with engine.connect() as connection:
        seen = latest_step(connection, centre)
    record_ring(engine, centre, _rung(found), seen, KARI)
    with engine.connect() as connection:
        return latest_step(connection, centre)


def _confirmed(engine: Engine) -> list[ConfirmedNumber]:
    with engine.connect() as connection:
        return confirmed_numbers(connection)


def test_what_one_has_found_waits_until_another_confirms_it(engine_of_records: Engine) -> None:
    number = _ring(engine_of_records)
    with engine_of_records.connect() as connection:
        entry = standing_entries(connection)[BERGEN]
    assert (entry.waits, entry.who, entry.at, entry.rung_on) == (True, "Kari", EVENING, DAY)
    assert (entry.number, entry.answered_by, entry.note) == ("55568700", "the nurse on duty", "asked twice")
    assert _confirmed(engine_of_records) == []
    assert confirm(engine_of_records, number, OLA) == BERGEN
    assert _confirmed(engine_of_records) == [ConfirmedNumber(BERGEN, "55568700", DAY, "Kari, Ola")]
    with engine_of_records.connect() as connection:
        assert not standing_entries(connection)[BERGEN].waits


@pytest.mark.parametrize("name", ["Kari", "kari", " KARI "])
def test_whoever_rang_cannot_confirm_it_under_any_spelling(engine_of_records: Engine, name: str) -> None:
    number = _ring(engine_of_records)
    with pytest.raises(SamePerson):
        confirm(engine_of_records, number, ChangedBy(name, EVENING))
    assert _confirmed(engine_of_records) == []


def test_what_was_rejected_is_not_confirmed_any_more(engine_of_records: Engine) -> None:
    number = _ring(engine_of_records)
    assert reject(engine_of_records, number, "the hours were not asked for", OLA) == BERGEN
    with pytest.raises(Outdated):
        confirm(engine_of_records, number, OLA)
    assert _confirmed(engine_of_records) == []


@pytest.mark.parametrize("found", [VerificationStep.WRONG_NUMBER, VerificationStep.NO_ANSWER])
def test_nothing_but_a_centre_that_was_reached_can_be_confirmed(
    engine_of_records: Engine, found: VerificationStep
) -> None:
    number = _ring(engine_of_records, found)
    for entry in (number, number + 1, 0):
        with pytest.raises(LookupError):
            confirm(engine_of_records, entry, OLA)


def test_a_confirmation_cannot_be_confirmed(engine_of_records: Engine) -> None:
    number = _ring(engine_of_records)
    confirm(engine_of_records, number, OLA)
    with pytest.raises(LookupError):
        confirm(engine_of_records, number + 1, KARI)
    with pytest.raises(Outdated):
        confirm(engine_of_records, number, OLA)


def test_only_the_newest_finding_of_a_centre_can_be_confirmed(engine_of_records: Engine) -> None:
    first, second = _ring(engine_of_records), _ring(engine_of_records)
    with pytest.raises(Outdated):
        confirm(engine_of_records, first, OLA)
    confirm(engine_of_records, second, OLA)
    assert len(_confirmed(engine_of_records)) == 1


def test_a_finding_from_an_outdated_page_is_refused(engine_of_records: Engine) -> None:
    _ring(engine_of_records)
    with pytest.raises(Outdated):
        record_ring(engine_of_records, BERGEN, _rung(), 0, KARI)


def test_a_number_that_was_found_wrong_later_is_confirmed_no_longer(engine_of_records: Engine) -> None:
    confirm(engine_of_records, _ring(engine_of_records), OLA)
    _ring(engine_of_records, VerificationStep.NO_ANSWER)
    assert len(_confirmed(engine_of_records)) == 1
    _ring(engine_of_records, VerificationStep.WRONG_NUMBER)
    assert _confirmed(engine_of_records) == []


def test_each_centre_stands_for_itself(engine_of_records: Engine) -> None:
    bergen = _ring(engine_of_records)
    _ring(engine_of_records, VerificationStep.NO_ANSWER, OSLO)
    confirm(engine_of_records, bergen, OLA)
    with engine_of_records.connect() as connection:
        steps = {centre: entry.step for centre, entry in standing_entries(connection).items()}
    assert steps == {BERGEN: VerificationStep.CONFIRMED, OSLO: VerificationStep.NO_ANSWER}
    assert [each.centre for each in _confirmed(engine_of_records)] == [BERGEN]


def test_every_step_stays_in_the_trail_with_who_and_when_the_newest_first(engine_of_records: Engine) -> None:
    first = _ring(engine_of_records, VerificationStep.NO_ANSWER)
    second = _ring(engine_of_records)
    reject(engine_of_records, second, "why", OLA)
    _ring(engine_of_records, centre=OSLO)
    with engine_of_records.connect() as connection:
        found = verification_trail(connection)
        assert [each.centre for each in found] == [OSLO, BERGEN, BERGEN, BERGEN]
        assert [(each.who, each.step.value, each.note) for each in found[1:]] == [
            ("Ola", "rejected", "why"),
            ("Kari", "reached", "asked twice"),
            ("Kari", "no_answer", "asked twice"),
        ]
        assert [each.id for each in verification_trail(connection, centre="bergen", most=1)] == [second + 1]
        assert [each.id for each in verification_trail(connection, below=second)] == [first]
        assert found[1].about == second
        assert found[1].at == EVENING + timedelta(minutes=5)


def test_of_two_who_confirm_and_reject_at_once_one_is_told_to_look_again(engine_of_records: Engine) -> None:
    number = _ring(engine_of_records)
    answers: list[str] = []

    def decide(name: str) -> None:
        for _ in range(20):
            try:
                if name == "Ola":
                    confirm(engine_of_records, number, OLA)
                else:
                    reject(engine_of_records, number, "", ChangedBy(name, EVENING))
                answers.append("done")
            except Outdated:
                answers.append("outdated")
            except OperationalError:  # SQLite: the other one is at it
                continue
            return

    threads = [threading.Thread(target=decide, args=(name,)) for name in ("Ola", "Siri")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", "outdated"]
