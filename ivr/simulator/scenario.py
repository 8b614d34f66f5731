"""Scenario files: YAML to a plan and what is expected of it. The contract's keys stand here and nowhere else.

Everything that is wrong with a file is said at once, with line, column and what was expected.
"""

from collections.abc import Callable
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, replace
from pathlib import Path

from ivr.base.strict_yaml import Mapping, Text, Value, load_file
from ivr.base.yaml_reader import YamlReader
from ivr.simulator.plan import CallPlan, HangUp, Hear, Leg, Press, PressNow, Step, Wait
from ivr.simulator.scenario_call import read_call
from ivr.simulator.scenario_faults import read_fault
from ivr.simulator.scenario_legs import KEYS, read_legs, read_seconds
from ivr.simulator.scenario_speech import read_noise, read_say
from ivr.simulator.scenario_url import moved_to

STATUSES = ("completed", "busy", "no-answer", "failed", "canceled")
_EXPECT = (
    "ended",
    "heard",
    "never_heard",
    "dialled",
    "never_dialled",
    "requests",
    "max_seconds",
    "warnings",
)


_WITH_TEXT: dict[str, Callable[[str], Step]] = {"hear": Hear, "press": Press, "press_now": PressNow}


@dataclass(frozen=True, slots=True)
class Expectations:
    """What must be true of the call; None or empty: not checked (`warnings` and `dialled` check an empty list too)."""

    ended: str | None = None
    heard: tuple[str, ...] = ()
    never_heard: tuple[str, ...] = ()
    dialled: tuple[str, ...] | None = None
    never_dialled: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    first_leg: float | None = None
    end: float | None = None
    warnings: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    file: str
    plan: CallPlan
    expect: Expectations


def load_scenario(path: Path, url: str | None = None) -> Scenario:
    """`url` takes the place of `call.url`, and its origin that of every other URL with the origin of `call.url`.

    Raises DefinitionError with every complaint.
    """
    return read_scenario(load_file(path), path, url)


def read_scenario(root: Value, path: Path, url: str | None = None) -> Scenario:
    """The same for a scenario that was read already; complaints name `path`."""
    reader = _Reader(path.name)
    keys = reader.mapping(root, "scenario", ("name", "call", "steps", "legs", "faults", "expect"))
    if isinstance(root, Mapping) and "call" not in keys:
        reader.wrong(root, "'call' is missing: which URL is called, from and to which number")
    name = reader.text(keys["name"]) if "name" in keys else ""
    plan = read_call(reader, keys.get("call"), url)
    steps: tuple[Step, ...] = reader.each(keys.get("steps"), reader.step)
    faults = reader.each(keys.get("faults"), lambda item: read_fault(reader, item))
    legs = read_legs(reader, keys["legs"]) if "legs" in keys else plan.legs
    expect = reader.expectations(keys["expect"]) if "expect" in keys else Expectations()
    reader.done()
    scenario = Scenario(name or path.stem, path.name, replace(plan, steps=steps, faults=faults, legs=legs), expect)
    return scenario if url is None else moved_to(url, scenario)


def load_legs(path: Path) -> dict[str, Leg]:
    """A file that holds what `legs` holds in a scenario, with or without that word. Raises DefinitionError."""
    reader, root = YamlReader(path.name), load_file(path)
    word = root.key("legs") if isinstance(root, Mapping) else None
    legs = read_legs(reader, root[word] if isinstance(root, Mapping) and word else root)
    reader.done()
    return legs


class _Reader(YamlReader):
    """The blocks `steps` and `expect`; the others have modules of their own."""

    def step(self, value: Value) -> Step | None:
        names = ("hear", "press", "wait", "press_now", "say", "noise", "hang_up")
        if not isinstance(value, Mapping) or len(value) != 1 or next(iter(value)) not in names:
            self.wrong(value, f'expected one step, {", ".join(names)}, e.g. - press: "1"')
            return None
        name, argument = next(iter(value.items()))
        if name == "wait":
            seconds = read_seconds(self, argument)
            return None if seconds is None else Wait(seconds)
        if name in ("say", "noise"):
            return read_say(self, argument) if name == "say" else read_noise(self, argument)
        if name == "hang_up":
            return HangUp() if self.one_of(argument, ("true",)) else None
        text = self.text(argument)
        if isinstance(argument, Text) and not text.strip():
            self.wrong(argument, f"{name} needs a text")
        elif name in ("press", "press_now") and text.strip(KEYS):
            self.wrong(argument, 'expected keys: 0-9, * and #, in quotes, e.g. "5003"')
        return _WITH_TEXT[str(name)](text)

    def expectations(self, value: Value) -> Expectations:
        keys = self.mapping(value, "expect", _EXPECT)
        within = self.mapping(keys["max_seconds"], "max_seconds", ("first_leg", "end")) if "max_seconds" in keys else {}

        def texts(name: str) -> tuple[str, ...]:
            return self.each(keys.get(name), self.text)

        return Expectations(
            ended=self.one_of(keys["ended"], STATUSES) if "ended" in keys else None,
            heard=texts("heard"),
            never_heard=texts("never_heard"),
            dialled=texts("dialled") if "dialled" in keys else None,
            never_dialled=texts("never_dialled"),
            requests=self.each(keys.get("requests"), self._request),
            first_leg=self._within(within, "first_leg"),
            end=self._within(within, "end"),
            warnings=self.each(keys["warnings"], self.whole) if "warnings" in keys else None,
        )

    def _within(self, keys: MappingABC[str, Value], name: str) -> float | None:
        return read_seconds(self, keys[name]) if name in keys else None

    def _request(self, value: Value) -> str:
        text = self.text(value)
        method, _, where = text.partition(" ")
        if text and (method not in ("GET", "POST") or not where.startswith(("/", "http://", "https://"))):
            self.wrong(value, 'expected a method and a path or URL, e.g. "POST /voice"')
        return text
