"""How many SMS a text takes, by the characters in it (GSM 03.38, or else UCS-2)."""

import pytest

from ivr.proof.check.rules.messages import segments


@pytest.mark.parametrize(
    ("character", "alone", "each"), [("ø", 160, 153), ("€", 80, 76.5), ("š", 70, 67), ("🏥", 35, 33.5)]
)
def test_a_text_takes_a_segment_more_where_the_last_one_is_full(character: str, alone: int, each: float) -> None:
    lengths = (alone, alone + 1, int(2 * each), int(2 * each) + 1)
    assert [segments(character * length) for length in lengths] == [1, 2, 2, 3]
