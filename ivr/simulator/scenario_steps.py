"""A step of a scenario: what the caller, or a person at a phone, does."""

from collections.abc import Callable

from ivr.base.strict_yaml import Mapping, Text, Value
from ivr.base.yaml_reader import YamlReader
from ivr.simulator.plan import AwaitUpdate, HangUp, Hear, Press, PressNow, Step, Wait
from ivr.simulator.scenario_legs import KEYS, read_seconds
from ivr.simulator.scenario_speech import read_noise, read_say

STEPS = ("hear", "press", "wait", "press_now", "say", "noise", "update", "hang_up")
_ALONE: dict[str, Step] = {"hang_up": HangUp(), "update": AwaitUpdate()}
_WITH_TEXT: dict[str, Callable[[str], Step]] = {"hear": Hear, "press": Press, "press_now": PressNow}


def read_step(reader: YamlReader, value: Value) -> Step | None:
    if not isinstance(value, Mapping) or len(value) != 1 or next(iter(value)) not in STEPS:
        reader.wrong(value, f'expected one step, {", ".join(STEPS)}, e.g. - press: "1"')
        return None
    name, argument = next(iter(value.items()))
    if name == "wait":
        seconds = read_seconds(reader, argument)
        return None if seconds is None else Wait(seconds)
    if name in ("say", "noise"):
        return read_say(reader, argument) if name == "say" else read_noise(reader, argument)
    if name in _ALONE:
        return _ALONE[str(name)] if reader.one_of(argument, ("true",)) else None
    text = reader.text(argument)
    if isinstance(argument, Text) and not text.strip():
        reader.wrong(argument, f"{name} needs a text")
    elif name in ("press", "press_now") and text.strip(KEYS):
        reader.wrong(argument, 'expected keys: 0-9, * and #, in quotes, e.g. "5003"')
    return _WITH_TEXT[str(name)](text)
