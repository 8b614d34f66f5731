"""The block `legs` of a scenario: how the far ends behave when they are dialled."""

from collections.abc import Mapping as MappingABC
from dataclasses import replace

from ivr.base.strict_yaml import Mapping, Sequence, Text, Value
from ivr.base.yaml_reader import YamlReader, decimal
from ivr.simulator.plan import Leg

KEYS = "0123456789*#"
_SIMPLE = {"busy": Leg.busy(), "no-answer": Leg.no_answer(), "failed": Leg.failed(), "answer": Leg.answer()}


def read_seconds(reader: YamlReader, value: Value) -> float | None:
    number = decimal(value)
    if number is not None and number >= 0:
        return number
    reader.wrong(value, "expected a number of seconds, e.g. 2 or 0.5")
    return None


def read_legs(reader: YamlReader, value: Value) -> dict[str, Leg]:
    if not isinstance(value, Mapping):
        reader.wrong(value, 'expected a mapping of numbers to what happens there, e.g. "*": busy')
        return {}
    legs = {str(pattern): _leg(reader, item) for pattern, item in value.items()}
    return {pattern: leg for pattern, leg in legs.items() if leg is not None}


def _leg(reader: YamlReader, value: Value) -> Leg | None:
    """One behaviour, or a list: how the number behaves the first time it is dialled, the second, ...; the last
    stays."""
    if not isinstance(value, Sequence):
        return _once(reader, value)
    if not value:
        reader.wrong(value, "expected at least one behaviour")
    leg: Leg | None = None
    for item in reversed(value):
        this = _once(reader, item)
        leg = replace(this, then=leg) if this is not None else leg
    return leg


def _once(reader: YamlReader, value: Value) -> Leg | None:
    if isinstance(value, Text):
        name = reader.one_of(value, tuple(_SIMPLE))
        return _SIMPLE[name] if name else None
    keys = reader.mapping(value, "leg", ("answer", "talk", "keys", "machine", "thinks", "leaves", "busy", "failed"))
    if set(keys) in ({"busy"}, {"failed"}):
        after = read_seconds(reader, next(iter(keys.values())))
        return None if after is None else Leg("busy" if "busy" in keys else "failed", after=after)
    if "answer" not in keys or {"busy", "failed"} & set(keys):
        reader.wrong(value, "expected busy, no-answer, failed, {busy: SECONDS} or {answer: SECONDS, talk: SECONDS}")
        return None
    return _answering(reader, keys)


def _answering(reader: YamlReader, keys: MappingABC[str, Value]) -> Leg | None:
    times = {name: read_seconds(reader, keys[name]) for name in ("answer", "talk", "thinks", "leaves") if name in keys}
    pressed = reader.text(keys["keys"]) if "keys" in keys else "1"
    machine = "machine" in keys and reader.one_of(keys["machine"], ("true", "false")) == "true"
    if pressed.strip(KEYS):
        reader.wrong(keys["keys"], "expected keys: 0-9, * and #")
    rings = times["answer"]
    if rings is None:
        return None
    leg = Leg.answer(rings, times.get("talk"), keys=pressed, machine=machine)
    return replace(leg, thinks=times.get("thinks") or 0.0, leaves=times.get("leaves"))
