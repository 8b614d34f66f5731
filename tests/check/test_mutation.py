"""A small run of `python -m tests.check.mutation`: damages to the texts, which share one walk of the flow."""

from pathlib import Path

import pytest

from ivr.proof.check.checked_flow import Ground
from tests.check.mutation import caught_by, damages

pytestmark = pytest.mark.unmeasured  # forty checks, of which every line is run through by other tests


def test_nearly_every_damage_to_a_text_is_caught(ground: Ground, tmp_path: Path) -> None:
    survivors = [each for each in damages(40, flow_share=0) if caught_by(each, ground, tmp_path) is None]
    assert len(survivors) <= 4, [(each.kind, each.file, each.what) for each in survivors]


def test_the_same_seed_gives_the_same_damages() -> None:
    assert list(damages(20)) == list(damages(20))
