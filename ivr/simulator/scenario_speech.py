"""The steps `say` and `noise` of a scenario: what is spoken, and what a recogniser of speech makes of it."""

from ivr.base.strict_yaml import Mapping, Text, Value
from ivr.base.yaml_reader import YamlReader
from ivr.simulator.plan import CONFIDENCE, Noise, Speak
from ivr.simulator.printable import json_text, seconds_text
from ivr.simulator.scenario_legs import read_seconds


def read_say(reader: YamlReader, value: Value) -> Speak | None:
    """Words, or {words: Bergen, heard_as: Berger, confidence: 0.4}."""
    if not isinstance(value, Mapping):
        text = reader.text(value)
        if isinstance(value, Text) and not text.strip():
            reader.wrong(value, "say needs a text")
        return Speak(text)
    keys = reader.mapping(value, "say", ("words", "heard_as", "confidence"))
    words = reader.text(keys["words"]) if "words" in keys else ""
    if not words.strip():
        reader.wrong(keys.get("words", value), "say needs words, e.g. {words: Bergen, heard_as: Berger}")
    heard_as = reader.text(keys["heard_as"]) if "heard_as" in keys else None
    return Speak(words, heard_as, read_confidence(reader, keys))


def read_noise(reader: YamlReader, value: Value) -> Noise | None:
    """Seconds, or {seconds: 3, heard_as: Bergen, confidence: 0.2}."""
    if not isinstance(value, Mapping):
        seconds = read_seconds(reader, value)
        return None if seconds is None else Noise(seconds)
    keys = reader.mapping(value, "noise", ("seconds", "heard_as", "confidence"))
    if "seconds" not in keys:
        reader.wrong(value, "noise needs seconds, e.g. {seconds: 3, heard_as: Bergen}")
        return None
    seconds = read_seconds(reader, keys["seconds"])
    heard_as = reader.text(keys["heard_as"]) if "heard_as" in keys else ""
    return None if seconds is None else Noise(seconds, heard_as, read_confidence(reader, keys))


def read_confidence(reader: YamlReader, keys: dict[str, Value]) -> float:
    if "confidence" not in keys:
        return CONFIDENCE
    value = keys["confidence"]
    text = str(value) if isinstance(value, Text) else ""
    number = float(text) if text.isascii() and text.replace(".", "", 1).isdigit() else -1.0
    if not 0 <= number <= 1:
        reader.wrong(value, "expected a confidence from 0 to 1, e.g. 0.4")
        return CONFIDENCE
    return number


def speech_text(step: Speak | Noise) -> str:
    """The step as it stands in the file."""
    nothing = None if isinstance(step, Speak) else ""
    heard = [] if step.heard_as == nothing else [f"heard_as: {json_text(step.heard_as or '')}"]
    sure = [] if step.confidence == CONFIDENCE else [f"confidence: {step.confidence:g}"]
    name, key, value = _parts(step)
    return f"{name}: {{{', '.join((f'{key}: {value}', *heard, *sure))}}}" if heard or sure else f"{name}: {value}"


def _parts(step: Speak | Noise) -> tuple[str, str, str]:
    """The word of the step, the key of its value in a mapping, and the value."""
    if isinstance(step, Speak):
        return "say", "words", json_text(step.text)
    return "noise", "seconds", seconds_text(step.seconds)
