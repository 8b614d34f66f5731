"""Numbers are text of one shape; time goes only where it is told."""

import subprocess
import sys
from datetime import datetime

import pytest

from ivr.base.clock import OSLO, ManualClock, SystemClock
from ivr.base.phone_number import PhoneNumber


@pytest.mark.parametrize(
    "text", ["113", "116117", "+47113", "55568700", "+4655568700", "+475556870０", "+4755568700\n", ""]
)
def test_what_is_not_plus_47_and_eight_digits_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"\+47 and eight digits"):
        PhoneNumber(text)


def test_a_number_is_read_in_pairs() -> None:
    assert PhoneNumber("+4755568700").pairs == ("55", "56", "87", "00")
    assert str(PhoneNumber("+4755568700")) == "+4755568700"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("+4755568700", (True, False, False)),
        ("+4779021234", (False, True, False)),
        ("+4739000301", (False, False, True)),
        ("+4791234567", (False, False, False)),
        ("+4782000000", (False, False, False)),
    ],
)
def test_fixed_svalbard_and_synthetic_numbers_are_told_apart(text: str, kinds: tuple[bool, bool, bool]) -> None:
    number = PhoneNumber(text)
    assert (number.is_fixed_line, number.is_svalbard, number.is_synthetic) == kinds


def test_a_manual_clock_counts_elapsed_time_over_a_change_of_the_clocks() -> None:
    clock = ManualClock(datetime(2026, 3, 29, 1, 30, tzinfo=OSLO))
    clock.advance(3600)
    assert clock.now() == datetime(2026, 3, 29, 3, 30, tzinfo=OSLO)
    assert clock.seconds() == 3600


def test_a_manual_clock_does_not_go_back_and_starts_at_an_aware_moment() -> None:
    with pytest.raises(ValueError, match="aware"):
        ManualClock(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="does not go back"):
        ManualClock(datetime(2026, 1, 1, tzinfo=OSLO)).advance(-1)


def test_the_zone_is_known_where_the_system_has_no_time_zones() -> None:
    environment = {"PYTHONTZPATH": ""}  # a slim container
    code = "from ivr.base.clock import SystemClock; print(SystemClock().now().tzinfo)"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "Europe/Oslo\n"


def test_the_system_clock_is_aware_and_in_oslo() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is OSLO
    assert clock.seconds() <= clock.seconds()
