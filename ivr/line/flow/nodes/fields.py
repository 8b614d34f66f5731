"""Reading the fields of one node from YAML, with every complaint at its line. Knows no node type."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from ivr.base.complaints import Complaints, suggestion
from ivr.base.ids import NO_NODE, NodeId, PromptKey
from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.base.strict_yaml import Sequence, Text, Value
from ivr.line.directory.days import Days, parse_days
from ivr.line.directory.hours import Hours, parse_hours
from ivr.line.flow.events import OutageKind
from ivr.line.flow.model import Node
from ivr.line.flow.turn import AGAIN

RESERVED_KEYS = {"0": "a person", "9": "danger to life"}  # the same in every flow


class Fields:
    """The fields of one block (`name` is what complaints call it). Whatever is not read is unknown."""

    def __init__(self, file: str, name: str, block: YamlMapping, complaints: Complaints) -> None:
        self.name = name
        self.block = block
        self.references: list[tuple[Text, str]] = []  # (the word, what it names) to be checked later
        self._file = file
        self._complaints = complaints
        self._read: set[str] = {"type"}

    def complain(self, message: str, at: Value | None = None) -> None:
        at = self.block if at is None else at
        self._complaints.about(self._file, at, f"{self.name}: {message}")

    def unread(self) -> None:
        """Complain of every field that nobody asked for."""
        for key in self.block:
            if key not in self._read:
                self.complain(f"unknown field {key!r}{suggestion(key, self._read)}", key)

    @property
    def asked(self) -> frozenset[str]:
        """The fields that were asked for, whether they are there or not."""
        return frozenset(self._read - {"type"})

    def known(self, field: str) -> None:
        """`field` was read from the block itself."""
        self._read.add(field)

    def inner(self, name: str, block: YamlMapping) -> "Fields":
        """The fields of a block within this one."""
        inner = Fields(self._file, f"{self.name}: {name}", block, self._complaints)
        inner.references = self.references
        return inner

    # One field

    def _get(self, field: str, needed: bool) -> Value | None:
        self._read.add(field)
        value = self.block.get(Text(field))
        if value is None and needed:
            self.complain(f"{field} is missing")
        return value

    def text(self, field: str, *, needed: bool = True, one_of: Iterable[str] = ()) -> str:
        value = self._get(field, needed)
        if value is None:
            return ""
        if not isinstance(value, Text):
            self.complain(f"{field} must be text", value)
            return ""
        known = tuple(one_of)
        if known and value not in known:
            self.complain(f"{field} is {value!r}, must be one of {', '.join(known)}{suggestion(value, known)}", value)
        return str(value)

    def number(self, field: str, lowest: int, highest: int) -> int:
        value = self._get(field, needed=True)
        number = _whole(value, lowest, highest)
        if number is not None:
            return number
        if value is not None:
            self.complain(f"{field} must be a whole number from {lowest} to {highest}", value)
        return lowest

    def numbers(self, field: str, lowest: int, highest: int) -> tuple[int, ...]:
        """A list of whole numbers."""
        value = self._get(field, needed=True)
        items = list(value) if isinstance(value, Sequence) else []
        found = [_whole(item, lowest, highest) for item in items]
        if found and None not in found:
            return tuple(number for number in found if number is not None)
        if value is not None:
            self.complain(f"{field} must be a list of whole numbers from {lowest} to {highest}", value)
        return (lowest,)

    def flag(self, field: str) -> bool:
        return self.text(field, needed=False, one_of=("true", "false")) == "true"

    def node(self, field: str, *, needed: bool = True) -> NodeId:
        value = self._get(field, needed)
        if isinstance(value, Text):
            self.references.append((value, "node"))
            return NodeId(str(value))
        if value is not None:
            self.complain(f"{field} must be the id of a node", value)
        return NO_NODE

    def days(self, field: str) -> Days | None:
        """Words as in the column `days` of coverage.csv; None is every day."""
        text = self.text(field, needed=False)
        try:
            days = parse_days(text)
        except ValueError as error:
            self.complain(f"{field}: {error}", self.block.get(Text(field)))
            return None
        if days and days.otherwise:
            self.complain(f"{field}: {text!r} has no meaning here; name the days", self.block.get(Text(field)))
        return days

    def hours(self, first: str, last: str, *, of_some_days: bool) -> Hours:
        """Two times of a day. Of every day, they may not be the same."""
        texts = {field: self.text(field) for field in (first, last)}
        found = {field: self._time(field, text) for field, text in texts.items() if text}
        if texts[first] and texts[first] == texts[last] and not of_some_days:
            message = f"{first} and {last} are the same time, every day: that is not an opening hour"
            self.complain(message, self.block.get(Text(last)))
        return Hours(found.get(first, 0), found.get(last, 0))

    def _time(self, field: str, text: str) -> int:
        """Minutes after midnight."""
        try:
            hours = parse_hours(text, text, of_some_days=True)
        except ValueError as error:
            self.complain(f"{field}: {error}", self.block.get(Text(field)))
            hours = None
        return hours.start if hours else 0

    def prompt(self, field: str) -> PromptKey:
        return self._id(self._get(field, needed=True), field, "prompt")

    def prompts(self, field: str, *, needed: bool = True) -> tuple[PromptKey, ...]:
        value = self._get(field, needed)
        return self._ids(value, field, "prompt")

    def messages(self, field: str) -> tuple[PromptKey, ...]:
        return self._ids(self._get(field, needed=True), field, "message")

    def _ids(self, value: Value | None, field: str, kind: str) -> tuple[PromptKey, ...]:
        if isinstance(value, Sequence) and value:
            return tuple(self._id(item, field, kind) for item in value)
        if value is not None:
            self.complain(f"{field} must be a list of {kind} ids", value)
        return ()

    def outage_prompts(self) -> dict[OutageKind, tuple[PromptKey, ...]]:
        """The block `say_outage`: prompts for each kind of outage."""
        block = self.inner("say_outage", self.block_of("say_outage"))
        found = {kind: block.prompts(kind.value) for kind in OutageKind}
        block.unread()
        return found

    def _id(self, value: Value | None, field: str, kind: str) -> PromptKey:
        if isinstance(value, Text):
            self.references.append((value, kind))
            return PromptKey(str(value))
        if value is not None:
            self.complain(f"{field} must be the id of a {kind}", value)
        return PromptKey("")

    def ladder(self, field: str = "silence") -> tuple[NodeId, ...]:
        """A list of steps: ids of nodes, or `again`."""
        value = self._get(field, needed=True)
        if not isinstance(value, Sequence) or not all(isinstance(step, Text) for step in value) or not value:
            if value is not None:
                self.complain(f"{field} must be a list of node ids or {AGAIN!r}", value)
            return (NO_NODE,)
        for step in value:
            if isinstance(step, Text) and str(step) != AGAIN:
                self.references.append((step, "node"))
        return tuple(NodeId(str(step)) for step in value)

    def block_of(self, field: str, *, needed: bool = True) -> YamlMapping:
        value = self._get(field, needed)
        if isinstance(value, YamlMapping):
            return value
        if value is not None:
            self.complain(f"{field} must be a mapping", value)
        return YamlMapping()

    def keys(self) -> Mapping[str, Value]:
        """The block `choices`: key 1-8 to whatever the node type makes of it; 0 and 9 are never choices."""
        choices = self.block_of("choices")
        wanted = [str(number) for number in range(1, len(choices) + 1)]
        for key, expected in zip(choices, wanted, strict=True):
            if key in RESERVED_KEYS:
                self.complain(f"key {key} means {RESERVED_KEYS[key]} everywhere; take another", key)
            elif key != expected:
                self.complain(f"choices must be the keys {', '.join(wanted)}, in this order; {key!r} is not next", key)
        return {str(key): value for key, value in choices.items()}


def _whole(value: Value | None, lowest: int, highest: int) -> int | None:
    digits = str(value) if isinstance(value, Text) and value.isascii() and value.isdigit() else ""
    return int(digits) if digits and len(digits) < 7 and lowest <= int(digits) <= highest else None


# Reads one node of the flow file: its id and its fields. Each node type's module has one, as PARSER.
Parser: TypeAlias = Callable[[NodeId, Fields], Node]
