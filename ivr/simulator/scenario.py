"""Scenario files: YAML to a plan and what is expected of it. The contract's keys stand here and in `scenario_...`.

Everything that is wrong with a file is said at once, with line, column and what was expected.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from ivr.base.strict_yaml import Mapping, Value, load_file
from ivr.base.yaml_reader import YamlReader
from ivr.simulator.plan import CallPlan, Fault, Leg, SpeechFault, Step
from ivr.simulator.scenario_call import read_call
from ivr.simulator.scenario_expect import Expectations, read_expectations
from ivr.simulator.scenario_faults import read_fault
from ivr.simulator.scenario_legs import read_legs, read_seconds
from ivr.simulator.scenario_steps import read_step
from ivr.simulator.scenario_url import moved_to


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
    reader = YamlReader(path.name)
    keys = reader.mapping(root, "scenario", ("name", "call", "steps", "stay", "legs", "faults", "expect"))
    if isinstance(root, Mapping) and "call" not in keys:
        reader.wrong(root, "'call' is missing: which URL is called, from and to which number")
    name = reader.text(keys["name"]) if "name" in keys else ""
    plan = read_call(reader, keys.get("call"), url)
    steps: tuple[Step, ...] = reader.each(keys.get("steps"), lambda item: read_step(reader, item))
    stay = read_seconds(reader, keys["stay"]) if "stay" in keys else None
    faults: tuple[Fault | SpeechFault, ...] = reader.each(keys.get("faults"), lambda item: read_fault(reader, item))
    legs = read_legs(reader, keys["legs"]) if "legs" in keys else plan.legs
    expect = read_expectations(reader, keys["expect"]) if "expect" in keys else Expectations()
    reader.done()
    scenario = Scenario(
        name or path.stem, path.name, replace(plan, steps=steps, faults=faults, legs=legs, stay=stay), expect
    )
    return scenario if url is None else moved_to(url, scenario)


def load_legs(path: Path) -> dict[str, Leg]:
    """A file that holds what `legs` holds in a scenario, with or without that word. Raises DefinitionError."""
    reader, root = YamlReader(path.name), load_file(path)
    word = root.key("legs") if isinstance(root, Mapping) else None
    legs = read_legs(reader, root[word] if isinstance(root, Mapping) and word else root)
    reader.done()
    return legs
