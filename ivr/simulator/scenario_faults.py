"""The block `faults` of a scenario: what goes wrong between Twilio and the webhook, or is misheard."""

from collections.abc import Mapping as MappingABC
from typing import get_args

from ivr.base.strict_yaml import Mapping, Text, Value
from ivr.base.yaml_reader import YamlReader
from ivr.simulator.plan import ANY, Fault, FaultKind, Purpose, SpeechFault
from ivr.simulator.scenario_speech import read_confidence

_PURPOSES: dict[str, Purpose] = {purpose: purpose for purpose in get_args(Purpose)}
PURPOSES = tuple(_PURPOSES)
_SIMPLE: dict[str, FaultKind] = {
    "timeout": "timeout",
    "refuse": "refuse",
    "reset": "reset",
    "duplicate": "duplicate",
    "oversized": "oversized",
    "bad_xml": "bad_xml",
    "wrong_type": "wrong_type",
    "lost": "lost",
}
FAULTS = f"{', '.join(_SIMPLE)}, status 503, delay 4, late 5 or redirects 11"


def read_fault(reader: YamlReader, value: Value) -> Fault | SpeechFault | None:
    if isinstance(value, Mapping) and value.key("speech"):
        return _misheard(reader, value)
    keys = reader.mapping(value, "fault", ("request", "purpose", "fault", "callbacks"))
    if "callbacks" in keys:
        return _callbacks(reader, value, keys)
    if not isinstance(value, Mapping):
        return None
    if "fault" not in keys or not {"request", "purpose"} & set(keys):
        reader.wrong(value, "expected {request: N, fault: timeout} or {purpose: status, fault: lost}")
        return None
    request = _which(reader, keys["request"], "requests") if "request" in keys else ANY
    purpose = reader.one_of(keys["purpose"], PURPOSES) if "purpose" in keys else None
    kind = _kind(reader, keys["fault"], purpose)
    if request is None or kind is None:
        return None
    return Fault(request, *kind, _PURPOSES.get(purpose or ""))


def _misheard(reader: YamlReader, value: Value) -> SpeechFault | None:
    """{speech: 1, heard_as: Oslo, confidence: 0.4}; without `heard_as`, nothing is recognised."""
    keys = reader.mapping(value, "fault", ("speech", "heard_as", "confidence"))
    speech = _which(reader, keys["speech"], "the times that the caller speaks")
    heard_as = reader.text(keys["heard_as"]) if "heard_as" in keys else ""
    confidence = read_confidence(reader, keys)
    return None if speech is None else SpeechFault(speech, heard_as, confidence)


def _callbacks(reader: YamlReader, value: Value, keys: MappingABC[str, Value]) -> Fault | None:
    if set(keys) != {"callbacks"}:
        reader.wrong(value, "expected {callbacks: reordered} alone")
        return None
    found = reader.one_of(keys["callbacks"], ("reordered",))
    return Fault(ANY, "reordered", purpose="status") if found else None


def _which(reader: YamlReader, value: Value, what: str) -> int | None:
    """The number of one of `what`, or any."""
    if isinstance(value, Text) and value == "any":
        return ANY
    number = reader.whole(value)
    if number is not None and number < 1:
        reader.wrong(value, f"{what} are counted from 1")
        return None
    return number


def _kind(reader: YamlReader, value: Value, purpose: str | None) -> tuple[FaultKind, float] | None:
    if not isinstance(value, Text):
        reader.text(value)
        return None
    kind = _in_words(value.split())
    if kind is None:
        reader.wrong(value, f"expected {FAULTS}")
    elif kind[0] == "late" and purpose not in (None, "status"):
        reader.wrong(value, "late is for status callbacks; other requests can have a delay")
        return None
    return kind


def _in_words(words: list[str]) -> tuple[FaultKind, float] | None:
    match words:
        case [name] if name in _SIMPLE:
            return _SIMPLE[name], 0.0
        case ["status", code] if len(code) == 3 and code.isascii() and code.isdigit() and "100" <= code <= "599":
            return "status", float(code)
        case ["delay" | "late" as kind, seconds] if seconds.replace(".", "", 1).isdigit() and seconds.isascii():
            return ("delay" if kind == "delay" else "late"), float(seconds)
        case ["redirects", number] if number.isascii() and number.isdigit() and int(number) >= 1:
            return "redirects", float(number)
        case _:
            return None
