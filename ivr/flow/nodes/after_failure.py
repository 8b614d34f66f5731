"""`after_failure`: the centres rung so far did not answer; the caller chooses, or waits and the next one is rung.

fail: {type: after_failure, say: [FAIL], most_centres: 3, choices: {"1": backup, "2": connect, "3": read},
       silence: [backup], back: place_help, none_left: all_fail}
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from ivr.flow.events import Event, Keys
from ivr.flow.model import Entry, Go, Hears
from ivr.flow.nodes.fields import Fields
from ivr.flow.turn import Turn, steps


@dataclass(frozen=True)
class AfterFailure:
    hears: ClassVar[Hears] = Hears.MENU

    id: str
    said: tuple[str, ...]
    most_centres: int
    choices: Mapping[str, str]
    silence: tuple[str, ...]
    back_to: str
    none_left: str

    @classmethod
    def parse(cls, node_id: str, fields: Fields) -> "AfterFailure":
        return cls(
            node_id,
            fields.prompts("say"),
            fields.number("most_centres", 2, 9),
            fields.read_choices(),
            fields.ladder(),
            fields.node("back"),
            fields.node("none_left"),
        )

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        if len(turn.state.tried) >= self.most_centres or turn.next_backup() is None:
            turn.change(tried=())
            return Go(self.none_left)
        turn.listen_for_key((*turn.retry_prefix(entry), *turn.say(self.said)))
        return None

    def receive(self, turn: Turn, event: Event) -> Go | None:
        choice = self.choices.get(event.digits) if isinstance(event, Keys) else None
        if choice is None:
            return turn.misunderstood(self.silence, silence=not isinstance(event, Keys))
        return Go(choice)

    def back(self, turn: Turn) -> str:
        return self.back_to

    def prompts(self) -> Iterable[str]:
        return self.said

    def targets(self) -> Iterable[str]:
        return (*self.choices.values(), *steps(self.silence), self.back_to, self.none_left)
