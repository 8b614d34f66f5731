"""`ivr directory confirmed`: what two people verified in the console reaches the files and the gate of live."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from ivr.base.clock import SystemClock
from ivr.base.ids import CentreId
from ivr.cli import group
from ivr.line.directory import Directory, load_directory
from ivr.line.directory.standing import live_complaints
from ivr.line.service.expiries import expiries
from ivr.operations.records.changes import ChangedBy
from ivr.operations.records.verifications import RungNumber, VerificationStep, confirm, latest_step, record_ring

NOW = SystemClock().now()
DAY = NOW.date() - timedelta(days=3)
BERGEN = "bergen"
NUMBER = "55568700"

Confirmed = Callable[..., Result]


@pytest.fixture
def confirmed(small: Path, database: str) -> Confirmed:
    def run(*arguments: str, answer: str = "") -> Result:
        words = ["directory", "confirmed", *arguments]
        return CliRunner().invoke(
            group, words, input=answer, env={"IVR_DIRECTORY": str(small), "DATABASE_URL": database}
        )

    return run


def _verify(engine: Engine, centre: str = BERGEN, number: str = NUMBER, day: date = DAY, *, by: str = "Ola") -> None:
    """Kari reaches the centre; `by` confirms it, "" for nobody."""
    with engine.connect() as connection:
        seen = latest_step(connection, CentreId(centre))
    rung = RungNumber(number, VerificationStep.REACHED, day, "the nurse on duty")
    record_ring(engine, CentreId(centre), rung, seen, ChangedBy("Kari", NOW))
    with engine.connect() as connection:
        newest = latest_step(connection, CentreId(centre))
    if by:
        confirm(engine, newest, ChangedBy(by, NOW))


def _known(folder: Path) -> tuple[date | None, str]:
    known = load_directory(folder).centres[CentreId(BERGEN)].number_provenance
    return known.last_verified, known.verified_by


def _complains(directory: Directory) -> bool:
    return any(each.startswith(f"{BERGEN}:") for each in live_complaints(directory, NOW.date()))


def test_the_day_of_the_call_and_both_people_are_written_into_the_files(
    engine_of_records: Engine, confirmed: Confirmed, small: Path
) -> None:
    _verify(engine_of_records)
    result = confirmed("--yes")
    assert result.exit_code == 0, result.output
    assert f"Bergen legevakt [bergen]: its number is verified on {DAY} by Kari, Ola" in result.stdout
    assert _known(small) == (DAY, "Kari, Ola")


def test_the_gate_of_live_and_the_warnings_of_dates_see_it(
    engine_of_records: Engine, confirmed: Confirmed, small: Path
) -> None:
    before = load_directory(small)
    assert _complains(before)
    assert BERGEN not in {each.what for each in expiries(before, None)}
    _verify(engine_of_records)
    confirmed("--yes")
    after = load_directory(small)
    assert not _complains(after)
    assert {each.what: each.day for each in expiries(after, None)}[BERGEN] == DAY + timedelta(days=366)


def test_what_nobody_has_confirmed_is_not_written(engine_of_records: Engine, confirmed: Confirmed, small: Path) -> None:
    _verify(engine_of_records, by="")
    assert "nothing to do" in confirmed("--yes").stdout
    assert _known(small) == (None, "")


def test_it_is_shown_and_asked_for_before_it_is_written(
    engine_of_records: Engine, confirmed: Confirmed, small: Path
) -> None:
    _verify(engine_of_records)
    for arguments, answer, code in (((), "n\n", 1), (("--dry-run",), "", 0)):
        result = confirmed(*arguments, answer=answer)
        assert (result.exit_code, "verified on" in result.stdout) == (code, True)
        assert _known(small) == (None, "")


def test_the_same_again_has_nothing_to_do_and_an_older_one_changes_nothing(
    engine_of_records: Engine, confirmed: Confirmed, small: Path
) -> None:
    _verify(engine_of_records)
    confirmed("--yes")
    assert "nothing to do" in confirmed("--yes").stdout
    _verify(engine_of_records, day=DAY - timedelta(days=1))
    assert "nothing to do" in confirmed("--yes").stdout
    assert _known(small)[0] == DAY


def test_what_does_not_fit_the_files_is_left_out_and_named_and_the_rest_is_written(
    engine_of_records: Engine, confirmed: Confirmed, small: Path
) -> None:
    _verify(engine_of_records)
    _verify(engine_of_records, "sogn_vik", "57698711")
    _verify(engine_of_records, "nowhere")
    result = confirmed("--yes")
    left_out = [line for line in result.stderr.splitlines() if line.startswith("left out: ")]
    assert len(left_out) == 2
    assert "centres.csv: no centre has the id 'nowhere'" in left_out[0]
    assert "sogn_vik: the number here is not the one that was dialled" in left_out[1]
    assert _known(small)[0] == DAY


def test_without_a_database_it_says_what_to_set(small: Path) -> None:
    environment = {"IVR_DIRECTORY": str(small), "DATABASE_URL": "off"}
    result = CliRunner().invoke(group, ["directory", "confirmed"], env=environment)
    assert (result.exit_code, "DATABASE_URL does not name a database" in result.output) == (2, True)
