"""A node type's case file: the node in YAML, and what it says and where it goes in each case.

`tests/flow/node_types/<type>.yaml`. The node is called `here` and stands in the bundled flow, so its fields name nodes
and prompts of that one. A case has a `name`; what happens (`enters`, `press`, `spoken`, `silence` or `leg`); the
circumstances (`state`, `caller`, `at`, `out`: a centre with a fault, `announced`: what is on, `practice`, `mute`: none
may be rung); and what must follow: `says` and `uncut` (prompt ids), `listens` (for how many digits), `goes` (the nodes
passed on the way), `rings`, `sends` (a centre), `hangs_up`, `becomes` (fields of the state).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from ivr.base.bundled import bundled
from ivr.base.clock import OSLO
from ivr.base.errors import Complaint
from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.base.strict_yaml import load_file
from ivr.line.directory import Directory
from ivr.line.flow.actions import DialAction, HangUpAction, ListenAction, SayAction
from ivr.line.flow.describe import Edge, Kind
from ivr.line.flow.engine import Engine, Step
from ivr.line.flow.events import (
    Announcement,
    Caller,
    Event,
    Keys,
    LegEnded,
    LegOutcome,
    Lost,
    Moment,
    Outage,
    OutageKind,
    Silence,
    SpokenWords,
)
from ivr.line.flow.facts import NodeEntered
from ivr.line.flow.loader import load_flow
from ivr.line.flow.model import Flow, Node
from ivr.line.flow.nodes import NODE_TYPES, Fields
from ivr.line.flow.state import CallState, Purpose
from ivr.line.languages import Catalogue
from ivr.proof.check.picture import as_mermaid
from tests.conftest import EVENING

FOLDER = Path(__file__).parent / "node_types"
DOCS = Path(__file__).parents[2] / "docs" / "flow.md"
HAPPENINGS = ("enters", "press", "spoken", "silence", "leg")
EXPECTED = ("says", "uncut", "listens", "goes", "rings", "sends", "hangs_up", "becomes")
GIVEN = ("name", "state", "caller", "at", "out", "announced", "practice", "mute")
_LANGUAGE = "nb"

Case = Mapping[str, Any]


@dataclass(frozen=True)
class CaseFile:
    path: Path

    @cached_property
    def content(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = yaml.safe_load(self.path.read_text("utf-8"))
        return found

    @property
    def cases(self) -> list[Case]:
        found: list[Case] = self.content["cases"]
        return found

    def flow(self, folder: Path, catalogue: Catalogue, *, practice: bool = False) -> Flow:
        """The bundled flow with the node of this file, and one that leads to it."""
        text = (bundled("call_flows") / "legevakt.yaml").read_text("utf-8")
        node = yaml.safe_dump(self.content["node"], default_flow_style=True, width=10_000).strip()
        if "say_spoken" in self.content["node"]:
            text = text.replace("\nspeech: false ", "\nspeech: true ")
        target = folder / "legevakt.yaml"
        target.write_text(text.replace("\nnodes:\n", f"\nnodes:\n  here: {node}\n{self._door()}"), "utf-8")
        return load_flow(target, catalogue, practice=practice, texting=True)

    def _door(self) -> str:
        """A node that says nothing and leads to `here`, by the only kind of way that may."""
        led_to_by = self.content.get("led_to_by")
        if led_to_by is None:
            return "  door: {type: by_caller, abroad: here, otherwise: here}\n"
        if led_to_by == "ended":
            fields = "say_outage: {fault: [OUTAGE], closed: [OUTAGE]}, failed: go_on, ended: here, no_line: main"
            return f"  door: {{type: connect, to: centre, say: [CONNECT], name: [ENTERED], {fields}}}\n"
        fields = 'choices: {"1": main}, silence: [person], back: main, text_message: {say: [READ_TEXT], to: here}'
        return f"  door: {{type: menu, say: [MAIN], {fields}}}\n"

    def how_in(self) -> Event:
        """What leads from the door to `here`."""
        return {None: Silence(), "ended": LegEnded(LegOutcome.TALKED)}.get(self.content.get("led_to_by"), Keys("2"))


def play(file: CaseFile, case: Case, flow: Flow, directory: Directory, catalogue: Catalogue) -> Step:
    given = dict(case.get("state", {}))
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    purpose = {"purpose": Purpose(given["purpose"])} if "purpose" in given else {}
    enters = case.get("enters", False)
    state = CallState("door" if enters else "here", _LANGUAGE).but(**{**given, **lists, **purpose})
    caller = Caller(**case.get("caller", {}))
    if enters and file.content.get("led_to_by") == "text_message":
        caller = Caller(caller.abroad, caller.area, textable=True)
    now = datetime.fromisoformat(case["at"]).replace(tzinfo=OSLO) if "at" in case else EVENING
    out = (Outage(case["out"], OutageKind.FAULT, now + timedelta(hours=1)),) if "out" in case else ()
    announced = Announcement(case["announced"], now + timedelta(hours=1)) if "announced" in case else None
    return Engine(flow, directory, catalogue).step(_event(file, case), state, Moment(now, caller, out, announced))


def _event(file: CaseFile, case: Case) -> Event:
    if "press" in case:
        return Keys(case["press"])
    if "spoken" in case:
        return SpokenWords(case["spoken"])
    if "leg" in case:
        return LegEnded(LegOutcome(case["leg"]))
    return Silence() if "silence" in case else file.how_in() if "enters" in case else Lost()


def outcome(step: Step, case: Case) -> dict[str, Any]:
    """What followed, in the words of the case file; of the fields that it names and of all that it must."""
    listens = [action for action in step.actions if isinstance(action, ListenAction)]
    uncut = [action.prompt.key for action in step.actions if isinstance(action, SayAction)]
    spoken = [each.prompt.key for listen in listens for each in listen.prompts if isinstance(each, SayAction)]
    passed = [fact.node for fact in step.facts if isinstance(fact, NodeEntered)]
    found = {
        "says": [*uncut, *spoken],
        "uncut": uncut,
        "listens": listens[0].digits if listens else 0,
        "goes": passed[passed.index("here") + 1 :] if case.get("enters") else passed,
        "rings": step.state.dialled if any(isinstance(action, DialAction) for action in step.actions) else "",
        "sends": step.message.centre if step.message else "",
        "hangs_up": any(isinstance(action, HangUpAction) for action in step.actions),
        "becomes": {name: _plain(getattr(step.state, name)) for name in case.get("becomes", {})},
    }
    always = {"goes": [], "rings": "", "sends": "", "hangs_up": False}
    return {name: found[name] for name in EXPECTED if name in case or found[name] != always.get(name, found[name])}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Purpose) else value


# Completeness


def lacking(name: str, folder: Path, docs: str, tmp_path: Path, catalogue: Catalogue) -> list[str]:
    """What a node type needs and has not: a case file, its fields in the docs, every way of it in the picture."""
    file = CaseFile(folder / f"{name}.yaml")
    if not file.path.is_file():
        return [f"{name}: no case file {file.path.name}"]
    if not file.cases:
        return [f"{name}: {file.path.name} plays no case"]
    read, named = _read_by(NODE_TYPES[name], file, tmp_path)
    row = next((line for line in docs.splitlines() if line.startswith(f"| `{name}` |")), "")
    undocumented = [f"{name}: docs/flow.md has no `{field}`" for field in read if f"`{field}`" not in row]
    return undocumented + [f"{name}: {each}" for each in _undrawn(file.flow(tmp_path, catalogue), named)]


def _read_by(parse: Callable[[str, Fields], Node], file: CaseFile, tmp_path: Path) -> tuple[list[str], set[str]]:
    """The fields that the type reads of its case, and the nodes that they name."""
    alone = tmp_path / "node.yaml"
    alone.write_text(yaml.safe_dump(file.content["node"]), "utf-8")
    complaints: list[Complaint] = []
    block = load_file(alone)
    assert isinstance(block, YamlMapping)
    fields = Fields(alone.name, "node", block, complaints)
    parse("here", fields)
    fields.unread()
    assert not complaints
    return sorted(fields.asked), {str(word) for word, kind in fields.references if kind == "node"}


def _undrawn(flow: Flow, named: set[str]) -> list[str]:
    """The ways that the picture does not show."""
    described = flow.described["here"]
    silent = [f"its field names {node!r}, and it does not say that it leads there" for node in named - {*_ends(flow)}]
    text = as_mermaid(flow)
    box = next(line for line in text.splitlines() if line.startswith("  n_here") and "n_here " not in line)
    lines = [line for line in text.splitlines() if line.startswith("  n_here -")]
    drawn = (edge for edge in described.edges if edge.kind is not Kind.BACK)
    missing = [edge for edge in drawn if not _is_drawn(edge, box, lines)]
    return sorted(silent) + [f"the picture has no way to {edge.to!r} by {edge.label!r}" for edge in missing]


def _ends(flow: Flow) -> set[str]:
    return {edge.to for edge in flow.described["here"].edges}


def _is_drawn(edge: Edge, box: str, lines: list[str]) -> bool:
    noted = f"{edge.label}: {'again' if edge.to == 'here' else edge.to}" in box
    return noted or any(line.endswith(f" n_{edge.to}") and edge.label in line for line in lines)
