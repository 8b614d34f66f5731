"""A call played on the engine alone: no HTTP, no TwiML, no time."""

from datetime import datetime

from ivr.line.flow.actions import Action, DialAction, HangUpAction, ListenAction, PauseAction, Prompt, SayAction
from ivr.line.flow.engine import Engine, Step
from ivr.line.flow.events import Arrived, Caller, Event, Keys, LegEnded, LegOutcome, Lost, Moment, Outage, Silence
from ivr.line.flow.facts import Fact
from tests.conftest import EVENING

NOBODY = Caller()  # a withheld number
BUSY, NO_ANSWER = LegOutcome.BUSY, LegOutcome.NO_ANSWER


class Played:
    def __init__(
        self, engine: Engine, caller: Caller = NOBODY, now: datetime = EVENING, outages: tuple[Outage, ...] = ()
    ) -> None:
        self.engine = engine
        self.moment = Moment(now, caller, outages)
        self.facts: list[Fact] = []
        self.step: Step = engine.step(Arrived(), None, self.moment)
        self._remember()

    def _remember(self) -> None:
        self.facts += self.step.facts

    def happen(self, event: Event) -> "Played":
        self.step = self.engine.step(event, self.step.state, self.moment)
        self._remember()
        return self

    def press(self, *groups: str) -> "Played":
        """Each group of keys, as one answer to what listens, by a caller who lets a name come to its end first."""
        for keys in groups:
            if keys not in "09*":
                self.hear_out()
            star = keys.endswith("*") and self.listening is not None and self.listening.finish_on == "*"
            self.happen(Keys(keys[:-1] if star else keys, star=star))
        return self

    def press_early(self, keys: str) -> "Played":
        """At once, whatever is being said."""
        return self.happen(Keys(keys))

    def hear_out(self) -> "Played":
        """Wait until what has to be heard whole was spoken."""
        return self.happen(Silence()) if self.listening and self.listening.to_the_end else self

    def silence(self, times: int = 1) -> "Played":
        """So many times, after a name that has to be heard whole."""
        for _ in range(times):
            self.hear_out().happen(Silence())
        return self

    def leg(self, *outcomes: LegOutcome) -> "Played":
        for outcome in outcomes:
            self.happen(LegEnded(outcome))
        return self

    def lost(self) -> "Played":
        return self.happen(Lost())

    @property
    def node(self) -> str:
        return self.step.state.node

    @property
    def actions(self) -> tuple[Action, ...]:
        return self.step.actions

    @property
    def prompts(self) -> list[Prompt]:
        """Everything that is spoken in this step, in order."""
        found = []
        for action in self.actions:
            inner = action.prompts if isinstance(action, ListenAction) else (action,)
            found += [each.prompt for each in inner if isinstance(each, SayAction)]
        return found

    @property
    def said(self) -> list[str]:
        return [prompt.key for prompt in self.prompts]

    @property
    def uncut(self) -> list[str]:
        """The prompts that no key can cut."""
        return [action.prompt.key for action in self.actions if isinstance(action, SayAction)]

    @property
    def listening(self) -> ListenAction | None:
        return next((action for action in self.actions if isinstance(action, ListenAction)), None)

    @property
    def dialled(self) -> str | None:
        """The id of the centre that this step rings."""
        rings = any(isinstance(action, DialAction) for action in self.actions)
        return self.step.state.dialled if rings else None

    @property
    def hung_up(self) -> bool:
        return any(isinstance(action, HangUpAction) for action in self.actions)

    def slot(self, name: str) -> str:
        """What a slot of this step was filled with."""
        return next(value for prompt in self.prompts for slot, value in prompt.slots if slot == name)

    def pauses(self) -> list[int]:
        inner = self.listening.prompts if self.listening else ()
        return [each.seconds for each in inner if isinstance(each, PauseAction)]
