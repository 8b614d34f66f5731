"""µ-law, tones and WAV files, held to an ear that shares nothing with them."""

import io
import struct
import wave

import pytest

from ivr.simulator.media.tones import KEYS, SPEECH, key_frames, speech_frame, tone
from ivr.simulator.media.ulaw import FRAME, SILENCE, decode, encode
from ivr.simulator.media.wav import as_wav
from tests.media.hearing import key_of, keys_in, linear, power


def test_each_byte_of_ulaw_is_the_sample_that_the_standard_says() -> None:
    every = bytes(range(256))
    assert list(decode(every)) == [round(sample * 8031 * 4) for sample in linear(every)]


def test_a_sample_becomes_the_nearest_byte_and_a_byte_comes_back_as_itself() -> None:
    every = bytes(range(256))
    assert encode(decode(every)) == every.replace(b"\x7f", b"\xff")  # there are two zeros
    for sample in range(-32_000, 32_001):
        half_a_step = (abs(sample) + 132) / 32
        assert abs(decode(encode([sample]))[0] - sample) <= half_a_step


def test_what_is_louder_than_16_bits_is_cut_off() -> None:
    assert encode([40_000, -40_000]) == encode([32_767, -32_768]) == b"\x80\x00"


@pytest.mark.parametrize("key", KEYS)
def test_a_key_sounds_as_its_two_frequencies_and_ends_in_silence(key: str) -> None:
    frames = key_frames(key)
    assert keys_in(b"".join(frames)) == key
    assert {len(frame) for frame in frames} == {FRAME}
    assert frames[-1] == SILENCE * FRAME


def test_w_is_half_a_second_of_silence_and_capital_w_a_whole_one() -> None:
    assert [len(key_frames(wait)) * 0.02 for wait in "wW"] == [0.5, 1.0]
    assert not key_of(b"".join(key_frames("w")))


def test_speech_is_a_chord_that_no_key_has() -> None:
    samples = linear(speech_frame() * 10)
    assert all(power(samples, each) > 0.005 for each in SPEECH)
    assert key_of(speech_frame()) == ""


def test_a_wav_file_has_8000_samples_a_second_of_16_bits_and_the_same_tone() -> None:
    sound = tone((440,), 50)
    with wave.open(io.BytesIO(as_wav(sound))) as file:
        about = (file.getframerate(), file.getsampwidth(), file.getnchannels(), file.getnframes())
        raw = file.readframes(file.getnframes())
    assert about == (8000, 2, 1, 8000)
    samples = [sample / 32_768 for (sample,) in struct.iter_unpack("<h", raw)]
    assert power(samples, 440) > 100 * power(samples, 660)
