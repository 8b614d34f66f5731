"""`choose_language`: each language is offered in its own words; silence takes the one named.

    language: {type: choose_language, say: [LANG], choices: {"1": nb, "2": en}, silence: nb, next: main,
               announcements: {waiting: [ANNOUNCE_WAITING], disturbance: [ANNOUNCE_DISTURBANCE]}}

`wait`: seconds of silence behind the last offer, where that is less than behind another menu: the first offers have
waited while the others were spoken. `announcements`, by name: what the operator may switch on for the whole line.
Callers hear the one that is on in the language that they chose, at the start of what the next menu or entry says,
where any key cuts it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from ivr.base.ids import LanguageCode, NodeId, PromptKey
from ivr.base.strict_yaml import Text
from ivr.line.flow.describe import Description, Edge, Kind, Reads, Shape
from ivr.line.flow.events import Event, Keys
from ivr.line.flow.model import Entry, Go, NodeInput
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.turn import AGAIN, Turn


@dataclass(frozen=True)
class ChooseLanguage:
    hears: ClassVar[NodeInput] = NodeInput.MENU

    id: NodeId
    said: tuple[PromptKey, ...]
    choices: Mapping[str, LanguageCode]
    silence: LanguageCode
    next: NodeId
    wait: int | None
    announcements: Mapping[str, tuple[PromptKey, ...]]

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "ChooseLanguage":
        choices: dict[str, LanguageCode] = {}
        for key, value in fields.keys().items():
            if isinstance(value, Text):
                fields.references.append((value, "language"))
                choices[key] = LanguageCode(value)
            else:
                fields.complain(f"choice {key} must be the code of a language", value)
        said, silence = fields.prompts("say"), LanguageCode(fields.text("silence", one_of=choices.values()))
        fields.known("wait")
        wait = fields.number("wait", 3, 30) if "wait" in fields.block else None
        return cls(node_id, said, choices, silence, fields.node("next"), wait, _announcements(fields))

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        said = (*turn.retry_prefix(entry), *turn.say(self.said, turn.flow.languages))
        turn.listen_for_key(said, self.wait)
        return None

    def receive(self, turn: Turn, event: Event) -> Go | None:
        code = self.choices.get(event.digits) if isinstance(event, Keys) else self.silence
        if code is None:
            again = turn.misunderstood((AGAIN, self.next), silence=False)
            if again.node == self.id:
                return again
            code = self.silence
        turn.change(language=code)
        turn.announce(self.announcements)
        return Go(self.next)

    def back(self, turn: Turn) -> NodeId:
        return self.id

    def prompts(self) -> Iterable[PromptKey]:
        return (*self.said, *chain(*self.announcements.values()))

    def describe(self) -> Description:
        chosen = Edge(self.next, Kind.KEY, f"{', '.join(self.choices)} or silence", "next")
        notes = (", ".join(self.choices.values()),)
        reads = frozenset({Reads.ANNOUNCEMENT} if self.announcements else ())
        return Description(
            Shape.MENU, (chosen,), reads, notes=notes, languages=self.choices, announcements=self.announcements
        )


def _announcements(fields: Fields) -> dict[str, tuple[PromptKey, ...]]:
    if "announcements" not in fields.block:
        return {}
    block = fields.inner("announcements", fields.block_of("announcements"))
    for name in block.block:
        if not re.fullmatch(r"[a-z0-9_]+", name):
            block.complain(f"{str(name)!r} is not of the letters a-z, 0-9 and _", name)
    return {str(name): block.prompts(str(name)) for name in block.block}


PARSER: Parser = ChooseLanguage.parse
