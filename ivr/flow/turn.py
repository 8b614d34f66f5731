"""One step of one call while it is being worked out: the state so far, what to do, what to remember.

A `Turn` lives inside `Engine.step` and nowhere else. It is what a node may use.
"""

from dataclasses import replace
from typing import Any

from ivr.directory import Centre, Directory, Place
from ivr.errors import EngineError
from ivr.flow.actions import Action, Listen, Pause, Prompt, Say
from ivr.flow.events import Moment
from ivr.flow.facts import CentreDialled, Fact, Misunderstood
from ivr.flow.model import Entry, Flow, Go
from ivr.flow.state import CallState
from ivr.prompts import Catalogue

RETRY = "RETRY_PREFIX"
AGAIN = "again"  # the step of a ladder that repeats the node


def steps(ladder: tuple[str, ...]) -> tuple[str, ...]:
    """The nodes that a ladder leads to."""
    return tuple(step for step in ladder if step != AGAIN)


class Turn:
    def __init__(
        self, flow: Flow, directory: Directory, catalogue: Catalogue, state: CallState, moment: Moment
    ) -> None:
        self.flow = flow
        self.directory = directory
        self.moment = moment
        self.state = state
        self.actions: list[Action] = []
        self.facts: list[Fact] = []
        self._catalogue = catalogue

    def change(self, **fields: Any) -> None:
        """Put new values into fields of the state."""
        self.state = replace(self.state, **fields)

    # Speaking and listening

    @property
    def languages(self) -> tuple[str, ...]:
        """The caller's language; all of them as long as none is chosen."""
        return (self.state.language,) if self.state.language else self.flow.languages

    def say(self, keys: tuple[str, ...], languages: tuple[str, ...] | None = None) -> tuple[Say, ...]:
        """The prompts, each in every language asked for (the caller's, unless said otherwise)."""
        return tuple(Say(self._prompt(key, code)) for key in keys for code in languages or self.languages)

    def speak(self, keys: tuple[str, ...], languages: tuple[str, ...] | None = None) -> None:
        """Say the prompts now, with nothing listening."""
        self.actions += self.say(keys, languages)

    def listen_for_key(self, prompts: tuple[Say | Pause, ...]) -> None:
        self.actions.append(Listen(prompts, digits=1, finish_on="", seconds=self.flow.key_seconds))

    def retry_prefix(self, entry: Entry) -> tuple[Say, ...]:
        return self.say((RETRY,)) if entry is Entry.WRONG else ()

    def _prompt(self, key: str, language: str) -> Prompt:
        names = sorted(self._catalogue.slots(key))
        return Prompt(key, language, tuple((name, self._slot(name, language)) for name in names))

    def _slot(self, name: str, language: str) -> str:
        match name:
            case "centre":
                return self.centre.spoken
            case "backup":
                backup = self.next_backup()
                return backup.spoken if backup else ""
            case "other":
                return self.directory.centres[self.state.other].spoken
            case "municipality":
                return self.directory.place_name(Place.from_key(self.state.place))
            case "name1" | "name2" | "name3":
                candidate = self.state.candidates[int(name[-1]) - 1]
                return self.directory.place_name(Place.from_key(candidate))
            case "d1" | "d2" | "d3" | "d4":
                pair = self.centre.number.pairs[int(name[-1]) - 1]
                return self._catalogue.languages[language].spell(pair)
        raise EngineError(f"no value for slot {name}")

    # Going on

    def misunderstood(self, ladder: tuple[str, ...], *, silence: bool) -> Go:
        """The next step after silence or a wrong key: up the node's ladder; past the call's budget, to a person."""
        attempt, errors = self.state.attempt, self.state.errors + 1
        self.facts.append(Misunderstood(self.state.node, silence))
        self.change(attempt=attempt + 1, errors=errors)
        if silence:
            step, entry = ladder[min(attempt, len(ladder) - 1)], Entry.AGAIN
        else:
            step, entry = AGAIN if attempt == 0 else ladder[-1], Entry.WRONG
        if errors > self.flow.errors and step not in self.flow.ringing:
            return Go(self.flow.person)
        return Go(self.state.node, entry) if step == AGAIN else Go(step)

    # Places and centres

    @property
    def centre(self) -> Centre:
        """The centre that the call is about: the one found, else the one of the caller's area, else the default."""
        if self.state.centre:
            return self.directory.centres[self.state.centre]
        return self.directory.area_centre(self.moment.caller.area) or self.directory.default_centre

    def next_backup(self) -> Centre | None:
        """The first centre of the ladder that has not been rung in vain."""
        tried = {*self.state.tried, self.centre.id}
        return next((each for each in self.directory.backups(self.centre) if each.id not in tried), None)

    def settle(self, place: Place) -> None:
        """The patient's place is known: so are the centre that answers it now and the one offered beside it."""
        answer = self.directory.answering(place, self.moment.now)
        other = answer.alternative.id if answer.alternative else ""
        self.change(place=place.key, centre=answer.centre.id, other=other, tried=(), candidates=())

    def settle_on_centre(self, centre: Centre) -> None:
        """The caller named the centre itself."""
        self.change(place="", centre=centre.id, other="", tried=(), candidates=())

    def dialled(self, centre: Centre) -> None:
        municipality = Place.from_key(self.state.place).municipality if self.state.place else ""
        self.facts.append(CentreDialled(centre.id, municipality, self.state.red_flag))
        self.change(dialled=centre.id)
