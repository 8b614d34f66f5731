"""The tones of each key, measured in the page: ITU-T Q.23, rendered without a loudspeaker."""

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.phone_page.conftest import Lifter

ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477)
KEYS = {
    key: (row, column)
    for row, keys in zip(ROWS, ("123", "456", "789", "*0#"), strict=True)
    for key, column in zip(keys, COLUMNS, strict=True)
}
RATE = 8000
RENDER = """async ([key, rate]) => {
  const { sound } = await import("./static/tones.js");
  const context = new OfflineAudioContext(1, rate * 0.2, rate);
  sound(context, key, 0, 0.2);
  return [...(await context.startRendering()).getChannelData(0)];
}"""


def strength(samples: list[float], frequency: float) -> float:
    """How much of a frequency is in the sound."""
    turns = np.exp(-2j * np.pi * frequency / RATE * np.arange(len(samples)))
    return float(abs(np.dot(samples, turns)) / len(samples))


def peak(samples: list[float], near: float) -> float:
    """The frequency that is loudest within 40 Hz of `near`."""
    return max((near + step / 2 for step in range(-80, 81)), key=lambda frequency: strength(samples, frequency))


def _rendered(page: Page, key: str) -> list[float]:
    samples: list[float] = page.evaluate(RENDER, [key, RATE])
    return samples[200:-200]  # without the rise and the fall


def test_each_key_sounds_with_its_own_two_frequencies(lift: Lifter) -> None:
    page = lift().page
    for key, frequencies in KEYS.items():
        samples = _rendered(page, key)
        loudest = sorted((*ROWS, *COLUMNS), key=lambda frequency: strength(samples, frequency))[-2:]
        assert set(loudest) == set(frequencies), key
        for frequency in frequencies:
            assert peak(samples, frequency) == pytest.approx(frequency, rel=0.015), (
                key
            )  # the tolerance of Q.23 is 1.5 %


def test_a_tone_does_not_overdrive(lift: Lifter) -> None:
    samples = _rendered(lift().page, "5")
    assert 0.05 < max(samples) <= 1.0
