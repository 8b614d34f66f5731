"""YAML to Flow: everything that can be wrong with one file, said at once with its line. Reads files; decides nothing.

What holds of a flow as a whole (nobody is stuck, 113 is one key away) is proved elsewhere.
"""

import hashlib
from collections.abc import Collection
from collections.abc import Mapping as MappingABC
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

from ivr.base import strict_yaml
from ivr.base.complaints import Complaints, suggestion
from ivr.base.errors import Complaint, DefinitionError
from ivr.base.ids import LanguageCode, NodeId, PromptKey
from ivr.base.strict_yaml import Mapping, Sequence, Text
from ivr.line.flow.describe import Kind
from ivr.line.flow.model import Flow, HearsSpeech, Node, OffersTextMessage, Ring, Whisper
from ivr.line.flow.nodes import NODE_TYPES, Fields
from ivr.line.flow.turn import RETRY
from ivr.line.languages import Catalogue, Language
from ivr.line.languages.clip_index import not_whole


def load_flow(path: Path, catalogue: Catalogue, *, practice: bool = False, texting: bool = False) -> Flow:
    """Read a flow. `practice`: its practice banner is spoken. `texting`: text messages are on; without it what is about
    them is read and left out. Raises DefinitionError with all complaints."""
    top = strict_yaml.load_file(path)
    if not isinstance(top, Mapping):
        raise DefinitionError([Complaint(path.name, 1, 1, "a flow is a mapping with the keys name, start, nodes ...")])
    complaints = Complaints()
    fields = Fields(path.name, "flow", top, complaints)
    nodes = _nodes(path.name, fields, complaints)
    flow = _flow(fields, nodes, catalogue, _version(path, catalogue), practice)
    fields.unread()
    _check_references(path.name, fields, flow, catalogue, complaints)
    _check_ends(fields, flow)
    _check_text_messages(fields, flow)
    _check_speech(fields, flow)
    complaints.done()
    flow = flow if texting else _without_text_messages(flow)
    return flow if flow.speech else _without_speech(flow)


def _nodes(file: str, fields: Fields, complaints: Complaints) -> dict[NodeId, Node]:
    nodes: dict[NodeId, Node] = {}
    for key, block in fields.block_of("nodes").items():
        if not isinstance(block, Mapping):
            fields.complain(f"node {key!r} must be a mapping", key)
            continue
        inner = Fields(file, f"node {key!r}", block, complaints)
        inner.references = fields.references
        parse = NODE_TYPES.get(inner.text("type", one_of=NODE_TYPES))
        if parse:
            node = NodeId(str(key))
            nodes[node] = parse(node, inner)
            inner.unread()
    return nodes


def _flow(fields: Fields, nodes: dict[NodeId, Node], catalogue: Catalogue, version: str, practice: bool) -> Flow:
    languages = fields.block.get(Text("languages"))
    codes = tuple(LanguageCode(str(code)) for code in languages) if isinstance(languages, Sequence) else ()
    if not codes:
        fields.complain("languages must be a list of language codes")
    fields.known("languages")
    waits = fields.inner("waits", fields.block_of("waits"))
    fault = fields.inner("fault", fields.block_of("fault"))
    flow = Flow(
        name=fields.text("name"),
        version=version,
        languages=codes,
        said_to_all=_said_to_all(fields, codes, catalogue),
        start=fields.node("start"),
        resume=fields.node("resume"),
        person=fields.node("person"),
        red_flag=fields.node("red_flag"),
        key_seconds=waits.number("key", 3, 30),
        digit_seconds=waits.number("digits", 3, 30),
        errors=fields.number("errors", 1, 9),
        whisper=_whisper(fields.inner("whisper", fields.block_of("whisper"))),
        ring=_ring(fields.inner("ring", fields.block_of("ring"))),
        fault=fault.prompts("say"),
        fault_ring=fault.prompts("then_ring"),
        fault_rung=fault.prompts("rung"),
        practice=practice,
        speech=fields.flag("speech"),
        ringing=frozenset(node.id for node in nodes.values() if node.describe().rings),
        nodes=nodes,
        titles=_titles(fields, nodes, codes),
    )
    waits.unread()
    fault.unread()
    return flow


def _said_to_all(fields: Fields, codes: tuple[LanguageCode, ...], catalogue: Catalogue) -> tuple[LanguageCode, ...]:
    """The flow's languages without those whose speakers understand another one of them."""
    relies = {code for code, language in catalogue.languages.items() if language.understands in codes}
    if codes and codes[0] in relies:
        message = f"the first language is said to all, and who speaks {codes[0]!r} understands another one"
        fields.complain(f"{message} (`understands` in its language.yaml): put that one first")
    return tuple(code for code in codes if code not in relies)


def _titles(
    fields: Fields, nodes: Collection[str], codes: Collection[LanguageCode]
) -> dict[LanguageCode, dict[NodeId, str]]:
    """By language, what pictures and pages call a node. Without a title in a language, a node is called by its id
    there."""
    fields.known("titles")
    if "titles" not in fields.block:
        return {}
    block = fields.block_of("titles")
    found: dict[LanguageCode, dict[NodeId, str]] = {code: {} for code in codes}
    for node, titles in block.items():
        if node not in nodes:
            fields.complain(f"titles names {str(node)!r}, which is no node{suggestion(str(node), nodes)}", node)
            continue
        inner = fields.inner(f"titles of {node}", titles if isinstance(titles, Mapping) else Mapping())
        for code in codes:
            if Text(code) in inner.block:
                found[code][NodeId(str(node))] = inner.text(code)
        inner.unread()
    return found


def _whisper(fields: Fields) -> Whisper:
    whisper = Whisper(
        place=fields.prompt("place"),
        no_place=fields.prompt("no_place"),
        red_flag=fields.prompt("red_flag"),
        language=fields.prompt("language"),
        accept=fields.prompt("accept"),
        wait=fields.number("wait", 3, 30),
    )
    fields.unread()
    return whisper


def _ring(fields: Fields) -> Ring:
    # Twilio: a <Dial> rings for 5 to 600 seconds. Ours stays where two centres fit into the two minutes' budget.
    ring = Ring(
        fields.number("seconds", 5, 60), fields.number("longest_call", 60, 14400), fields.number("shortest_talk", 0, 10)
    )
    fields.unread()
    return ring


def _version(path: Path, catalogue: Catalogue) -> str:
    """Eight hex digits of what is said and done: two flows that differ have different versions."""
    digest = hashlib.sha256(path.read_bytes())
    digest.update(repr(sorted((code, *_said(language)) for code, language in catalogue.languages.items())).encode())
    return digest.hexdigest()[:8]


def _said(language: Language) -> tuple[object, ...]:
    said = (
        language.called,
        language.centres,
        language.understands,
        sorted(language.texts.items()),
        sorted(language.messages.items()),
    )
    return (*said, sorted(language.clips.items(), key=itemgetter(0))) if language.clips else said


def _check_references(file: str, fields: Fields, flow: Flow, catalogue: Catalogue, complaints: Complaints) -> None:
    first = next(iter(catalogue.languages.values()))
    texts = first.texts
    known: dict[str, Collection[str]] = {
        "node": flow.nodes,
        "prompt": texts,
        "message": first.messages,
        "language": flow.languages,
    }
    for word, kind in fields.references:
        if word not in known[kind]:
            complaints.about(file, word, f"no such {kind} {str(word)!r}{suggestion(word, known[kind])}")
    for code in flow.languages:
        waiting = catalogue.unfinished.get(code)
        if waiting:
            fields.complain(f"language {code!r}: {not_whole(waiting.texts, waiting.clips)}")
        elif code not in catalogue.languages:
            fields.complain(f"language {code!r} has no folder languages/{code}")
    if RETRY not in texts:
        fields.complain(f"the prompts lack {RETRY}, which is spoken after a wrong key")


def _check_ends(fields: Fields, flow: Flow) -> None:
    """Only the end of a conversation may lead to a node that hangs up."""
    ends = {name for name, each in flow.described.items() if each.ends}
    for name, each in flow.described.items():
        for target in dict.fromkeys(edge.to for edge in each.edges if edge.kind is not Kind.ENDED):
            if target in ends:
                fields.complain(
                    f"node {name!r} leads to {target!r}, which hangs up; only `ended` of a connect may lead there"
                )


def _check_text_messages(fields: Fields, flow: Flow) -> None:
    """Where text messages are off, nothing may lead to what is left out."""
    described = flow.described
    for name, each in described.items():
        for offer in each.on(Kind.TEXT_MESSAGE):
            if offer.to in described and not described[offer.to].messages:
                fields.complain(f"node {name!r}: text_message leads to {offer.to!r}, which sends no text message")
    kept = _without_text_messages(flow)
    ways = [(f"node {name!r}", target) for name, each in kept.described.items() for target in each.targets]
    ways += [(name, getattr(flow, name)) for name in ("start", "resume", "person", "red_flag")]
    for where, target in ways:
        if target in flow.nodes and target not in kept.nodes:
            fields.complain(f"{where} leads to {target!r}, which sends a text message; only `text_message` may")


def _check_speech(fields: Fields, flow: Flow) -> None:
    if flow.speech and not any(each.speech for each in flow.described.values()):
        message = "speech is on, and no node has say_spoken: nothing would listen to it"
        fields.complain(message, fields.block.key("speech"))


def _without_speech(flow: Flow) -> Flow:
    nodes = {node.id: node.without_speech() if isinstance(node, HearsSpeech) else node for node in flow.nodes.values()}
    return replace(flow, nodes=nodes, left_out=frozenset(_texts(flow.nodes) - _texts(nodes)))


def _texts(nodes: MappingABC[NodeId, Node]) -> set[PromptKey]:
    return {key for node in nodes.values() for key in node.prompts()}


def _without_text_messages(flow: Flow) -> Flow:
    nodes = {
        node.id: node.without_text_message() if isinstance(node, OffersTextMessage) else node
        for node in flow.nodes.values()
        if not node.describe().messages
    }
    return replace(flow, nodes=nodes)
