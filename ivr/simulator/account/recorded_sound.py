"""What a recording sounds like, as a WAV file: keys and tones, at the moments at which the traces have them, and words
where there is a speaker. Other words, and recordings that are played, are silence of their length.

The first channel is the caller, as Twilio
hears it (inbound); the second one is what the caller hears (outbound).
"""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from ivr.simulator.engine.recordings import Recording, Stretch, Voice
from ivr.simulator.media.speaker import Speaker
from ivr.simulator.media.tones import KEYS, key_frames
from ivr.simulator.media.ulaw import RATE, decode
from ivr.simulator.media.wav import wav_file

_LOUDEST = 32_767
_UNTOLD = "en-US"  # of a caller: nothing says in which language somebody speaks
_TONES = f"{KEYS}wW"


class _Sound(NamedTuple):
    """`at`: the account's time. `channel`: 0 inbound, 1 outbound."""

    at: float
    channel: int
    samples: "array[int]"


def recorded_wav(tape: Recording, channels: int, speaker: Speaker) -> bytes:
    """The whole file, of one channel or two. `speaker`: speaks the words; one without a program leaves silence."""
    parts = tape.parts()
    length = sum(_samples(part.ended - part.began) for part in parts)
    audio = array("h", bytes(2 * length * channels))
    for voice in tape.voices:
        for sound in _sounds(voice, speaker):
            if tape.told.track in ("both", ("inbound", "outbound")[sound.channel]):
                _put(audio, channels, parts, sound)
    return wav_file(audio, channels)


def _samples(seconds: float) -> int:
    return round(seconds * RATE)


def _sounds(voice: Voice, speaker: Speaker) -> Iterator[_Sound]:
    """Of one call, while it is recorded."""
    call = voice.call
    offset = call.shared.now(call) - call.now if call.shared is not None else 0.0
    for began, words in call.speeches:
        if voice.since <= offset + began < voice.until:
            yield _Sound(offset + began, 0, speaker.samples(words, _UNTOLD))
    for event in call.trace.events:
        at = offset + event["t"]
        if not voice.since <= at < voice.until:
            continue
        match event["event"]:
            case "key":
                yield _Sound(at, int("leg" in event), _tones(event["digit"]))
            case "play" if "digits" in event:
                yield _Sound(at, 1, _tones(event["digits"]))
            case "say":
                # No longer than the event lasts: a key cuts the voice too.
                said = speaker.samples(event["text"], event["language"])
                yield _Sound(at, 1, said[: _samples(event["until"] - event["t"])])


def _tones(digits: str) -> "array[int]":
    return decode(b"".join(frame for digit in digits if digit in _TONES for frame in key_frames(digit)))


def _put(audio: "array[int]", channels: int, parts: list[Stretch], sound: _Sound) -> None:
    """Add the sound where its moment is in the recording; what falls into a pause is not heard."""
    done = 0
    for part in parts:
        length, first = _samples(part.ended - part.began), _samples(sound.at - part.began)
        if not part.is_silent:
            for place in range(max(first, 0), min(first + len(sound.samples), length)):
                where = (done + place) * channels + (sound.channel if channels == 2 else 0)
                audio[where] = max(-_LOUDEST, min(audio[where] + sound.samples[place - first], _LOUDEST))
        done += length
