"""A key that bounces sends nobody to a centre whose place was not spoken to its end."""

import pytest

from ivr.simulator import WsgiTransport
from tests.journeys.doubled_keys import count, doubled, outcome_of

ENDING_IN_1 = ("1461", "5011", "0151", "9991", "4621", "7041")


def test_each_key_is_doubled_in_turn() -> None:
    assert list(doubled("1461")) == ["11461", "14461", "14661", "14611"]


@pytest.mark.parametrize("late", [False, True])
def test_a_bounced_digit_of_a_postcode_sends_nobody_to_a_place_they_did_not_hear(
    service: WsgiTransport, late: bool
) -> None:
    assert outcome_of("14461", service, late=late) == "heard"


def test_no_digit_of_a_postcode_that_bounces_is_put_through_unheard(service: WsgiTransport) -> None:
    found = count(ENDING_IN_1, service)
    assert found["unheard"] == 0
    assert found["heard"] > 0


def test_a_doubled_key_of_a_menu_is_put_through_nowhere_unheard(service: WsgiTransport) -> None:
    """The second one is the first digit of the entry, and the last digit of the postcode is left over."""
    found = [outcome_of(f"1{code}", service) for code in ENDING_IN_1]
    assert "unheard" not in found
    assert "heard" in found
