"""The block `expect` of a scenario: what must be true of a call."""

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass

from ivr.base.strict_yaml import Value
from ivr.base.yaml_reader import YamlReader
from ivr.simulator.scenario_legs import read_seconds

STATUSES = ("completed", "busy", "no-answer", "failed", "canceled")
EXPECT = (
    "ended",
    "heard",
    "never_heard",
    "dialled",
    "never_dialled",
    "requests",
    "max_seconds",
    "warnings",
)


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


def read_expectations(reader: YamlReader, value: Value) -> Expectations:
    keys = reader.mapping(value, "expect", EXPECT)
    within = reader.mapping(keys["max_seconds"], "max_seconds", ("first_leg", "end")) if "max_seconds" in keys else {}

    def texts(name: str) -> tuple[str, ...]:
        return reader.each(keys.get(name), reader.text)

    return Expectations(
        ended=reader.one_of(keys["ended"], STATUSES) if "ended" in keys else None,
        heard=texts("heard"),
        never_heard=texts("never_heard"),
        dialled=texts("dialled") if "dialled" in keys else None,
        never_dialled=texts("never_dialled"),
        requests=reader.each(keys.get("requests"), lambda item: read_request(reader, item)),
        first_leg=_within(reader, within, "first_leg"),
        end=_within(reader, within, "end"),
        warnings=reader.each(keys["warnings"], reader.whole) if "warnings" in keys else None,
    )


def _within(reader: YamlReader, keys: MappingABC[str, Value], name: str) -> float | None:
    return read_seconds(reader, keys[name]) if name in keys else None


def read_request(reader: YamlReader, value: Value) -> str:
    """A method and a path, or a whole URL."""
    text = reader.text(value)
    method, _, where = text.partition(" ")
    if text and (method not in ("GET", "POST") or not where.startswith(("/", "http://", "https://"))):
        reader.wrong(value, 'expected a method and a path or URL, e.g. "POST /voice"')
    return text
