"""What a number is worth on a day, and who depends on it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ivr.base.ids import CentreId
from ivr.line.directory import Directory, NumberStatus
from ivr.line.directory.standing import NumberStanding, number_standing, verification_ends, work_list
from tests.conftest import EVENING

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("days", "standing"),
    [
        (0, NumberStanding.VERIFIED),
        (305, NumberStanding.VERIFIED),
        (306, NumberStanding.DUE),
        (365, NumberStanding.DUE),
        (366, NumberStanding.STALE),
    ],
)
def test_a_verification_is_due_60_days_before_it_is_12_months_old(
    days: int, standing: NumberStanding, directory: Directory
) -> None:
    bergen = directory.centres[CentreId("bergen")]
    known = replace(bergen.number_provenance, last_verified=TODAY - timedelta(days=days))
    verified = replace(bergen, number_provenance=known)
    assert number_standing(verified, TODAY) is standing
    assert verification_ends(verified) == TODAY - timedelta(days=days) + timedelta(days=366)


@pytest.mark.parametrize("status", NumberStatus)
def test_a_stand_in_reaches_nobody_whatever_its_dates_say(status: NumberStatus, directory: Directory) -> None:
    bergen = directory.centres[CentreId("bergen")]
    known = replace(bergen.number_provenance, last_verified=TODAY)
    found = number_standing(replace(bergen, status=status, number_provenance=known), TODAY)
    assert found.reaches_nobody == (status is not NumberStatus.SOURCED)
    assert found.is_fit == (status is NumberStatus.SOURCED)


def test_every_centre_and_everybody_is_on_the_list_once(directory: Directory) -> None:
    items = work_list(directory, EVENING)
    assert {item.centre.id for item in items} == set(directory.centres)
    assert sum(item.population for item in items) == sum(m.population for m in directory.municipalities.values())
    assert sorted(number for item in items for number in item.municipalities) == sorted(directory.municipalities)
    assert [item.population for item in items] == sorted((item.population for item in items), reverse=True)
