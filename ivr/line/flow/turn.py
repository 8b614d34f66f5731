"""One step of one call while it is being worked out: the state so far, what to do, what to remember.

A `Turn` lives inside `Engine.step` and nowhere else. It is what a node may use.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Unpack

from ivr.base.errors import EngineError
from ivr.base.ids import NO_CENTRE, NO_MUNICIPALITY, NO_PLACE, CentreId, LanguageCode, NodeId, PlaceKey, PromptKey
from ivr.line.directory import Centre, DialTarget, Directory, Place
from ivr.line.flow.actions import Action, DialAction, ListenAction, PauseAction, Prompt, SayAction, TextMessage
from ivr.line.flow.events import Moment, OutageKind
from ivr.line.flow.facts import CentreDialled, CentreOut, Fact, Misunderstanding, Misunderstood, PlaceFound, Reason
from ivr.line.flow.model import Entry, Flow, Go
from ivr.line.flow.state import CallState, StateChanges
from ivr.line.languages import Catalogue

RETRY = PromptKey("RETRY_PREFIX")
AGAIN = NodeId("again")  # the step of a ladder that repeats the node


@lru_cache(maxsize=32_768)  # ids out of files, nothing of a call; more than any flow has
def _without_slots(key: PromptKey, language: LanguageCode) -> SayAction:
    """The same for every call, so made once."""
    return SayAction(Prompt(key, language))


@lru_cache(maxsize=32_768)  # ids out of files, nothing of a call; more than any flow has
def _misunderstood(node: NodeId, kind: Misunderstanding) -> Misunderstood:
    """The same for every call, so made once."""
    return Misunderstood(node, kind)


def written_slots(centre: Centre) -> dict[str, str]:
    """What a text message may tell of a centre: its number is one that can be rung from anywhere."""
    return {"centre": centre.spoken, "number": " ".join(("+47", *centre.number.pairs))}


class Turn:
    def __init__(
        self, flow: Flow, directory: Directory, catalogue: Catalogue, state: CallState, moment: Moment
    ) -> None:
        self.flow = flow
        self.directory = directory
        self.moment = moment
        self.state = state
        self.from_red_flag = state.node == flow.red_flag  # the event of this step happened there
        self.actions: list[Action] = []
        self.facts: list[Fact] = []
        self.message: TextMessage | None = None
        self._announced: tuple[SayAction, ...] = ()
        self._catalogue = catalogue

    def change(self, **fields: Unpack[StateChanges]) -> None:
        """Put new values into fields of the state."""
        self.state = self.state.but(**fields)

    # Speaking and listening

    @property
    def languages(self) -> tuple[LanguageCode, ...]:
        """The caller's language; those that are said to all as long as none is chosen."""
        return (self.state.language,) if self.state.language else self.flow.said_to_all

    def say(
        self, keys: tuple[PromptKey, ...], languages: tuple[LanguageCode, ...] | None = None
    ) -> tuple[SayAction, ...]:
        """The prompts, each in every language asked for (the caller's, unless said otherwise)."""
        spoken = languages or self.languages
        return tuple([self._say(key, code) for key in keys for code in spoken])

    def speak(self, keys: tuple[PromptKey, ...], languages: tuple[LanguageCode, ...] | None = None) -> None:
        """Say the prompts now, with nothing listening."""
        self.actions += self.say(keys, languages)

    def listen_for_key(self, prompts: tuple[SayAction | PauseAction, ...], seconds: int | None = None) -> None:
        """`seconds` of silence end it, those of the flow unless said otherwise."""
        self.actions.append(ListenAction(prompts, digits=1, finish_on="", seconds=seconds or self.flow.key_seconds))

    def announce(self, said: Mapping[str, tuple[PromptKey, ...]]) -> None:
        """If one of these announcements is switched on: it is the first that is heard, in this step, of what a key can
        cut. Nothing that no key can cut becomes longer."""
        keys = said.get(self.moment.announcement)
        if keys:
            self._announced = self.say(keys)

    def all_actions(self) -> tuple[Action, ...]:
        """What to do in this step, with the announcement."""
        for index, action in enumerate(self.actions if self._announced else ()):
            if isinstance(action, ListenAction) and not action.to_the_end:
                heard = action._replace(prompts=(*self._announced, *action.prompts))
                return (*self.actions[:index], heard, *self.actions[index + 1 :])
        return tuple(self.actions)

    def retry_prefix(self, entry: Entry) -> tuple[SayAction, ...]:
        return self.say((RETRY,)) if entry is Entry.WRONG else ()

    def send(self, keys: tuple[PromptKey, ...]) -> None:
        """Send these messages, as one, to the caller's phone: about the centre that the call is about."""
        language = self._catalogue.languages[self.languages[0]]
        self.message = TextMessage(self.centre.id, language.write(keys, written_slots(self.centre)))

    def _say(self, key: PromptKey, language: LanguageCode) -> SayAction:
        names = self._catalogue.slots(key)
        if not names:
            return _without_slots(key, language)
        return SayAction(Prompt(key, language, tuple([(name, self._slot(name, language)) for name in sorted(names)])))

    def _slot(self, name: str, language: LanguageCode) -> str:
        match name:
            case "centre":
                return self.centre.spoken
            case "backup":
                backup = self.next_backup()
                return backup.spoken if backup else ""
            case "other":
                return self.directory.centres[self.state.other].spoken
            case "language":
                return self._catalogue.languages[self.languages[0]].called
            case "municipality" | "name1" | "name2" | "name3":
                key = self.state.place if name == "municipality" else self.state.candidates[int(name[-1]) - 1]
                return self.directory.place_name(Place.from_key(key))
            case "d1" | "d2" | "d3" | "d4":
                pair = self.centre.number.pairs[int(name[-1]) - 1]
                return self._catalogue.languages[language].spell(pair)
        raise EngineError(f"no value for slot {name}")

    # Going on

    def misunderstood(self, ladder: tuple[NodeId, ...], *, silence: bool) -> Go:
        """The next step after silence or a wrong key: up the node's ladder; past the call's budget, to a person."""
        attempt = self.state.attempt
        if silence:
            return self._astray(Misunderstanding.SILENCE, ladder[min(attempt, len(ladder) - 1)], Entry.AGAIN)
        return self._astray(Misunderstanding.WRONG_KEY, AGAIN if attempt == 0 else ladder[-1], Entry.WRONG)

    def no_entry(self, kind: Misunderstanding, node: NodeId) -> Go:
        """An entry named no place and no centre: on to `node`; past the call's budget, to a person."""
        return self._astray(kind, node, Entry.AGAIN)

    def _astray(self, kind: Misunderstanding, step: NodeId, entry: Entry) -> Go:
        errors = self.state.errors + 1
        self.facts.append(_misunderstood(self.state.node, kind))
        self.change(attempt=self.state.attempt + 1, errors=errors)
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
        """The first centre of the ladder that has not been rung in vain and is not out of service."""
        not_now = {*self.state.tried, self.centre.id, *(each.centre for each in self.moment.in_force)}
        return next((each for each in self.directory.backups(self.centre) if each.id not in not_now), None)

    def divert(self, said: Mapping[OutageKind, tuple[PromptKey, ...]]) -> bool:
        """If the centre that the call is about is out of service and another can stand in: say so, and from now on the
        call is about that one. If none can, the centre is rung all the same: false."""
        outage = next((each for each in self.moment.in_force if each.centre == self.centre.id), None)
        stand_in = self.next_backup() if outage else None
        if outage is None or stand_in is None:
            return False
        self.speak(said[outage.kind])
        self.facts.append(CentreOut(self.centre.id, stand_in.id, outage.kind))
        self.change(centre=stand_in.id, other=NO_CENTRE, tried=())
        return True

    def is_out(self, centre: Centre) -> bool:
        """It is out of service now."""
        return any(each.centre == centre.id for each in self.moment.in_force)

    def settle(self, place: Place, by: str) -> None:
        """The patient's place is known: so are the centre that answers it now and the one offered beside it."""
        answer = self.directory.answering(place, self.moment.duty)
        other = answer.alternative.id if answer.alternative else NO_CENTRE
        self.facts.append(PlaceFound(by, place.municipality, answer.centre.id))
        self._found(place.key, answer.centre, other)

    def settle_on_centre(self, centre: Centre, by: str) -> None:
        """The caller named the centre itself."""
        self.facts.append(PlaceFound(by, NO_MUNICIPALITY, centre.id))
        self._found(NO_PLACE, centre, NO_CENTRE)

    def _found(self, place: PlaceKey, centre: Centre, other: CentreId) -> None:
        self.change(place=place, centre=centre.id, other=other, heard=False, dialled=NO_CENTRE, tried=(), candidates=())
        self.change(misheard=0)

    def forget_place(self) -> None:
        """It is not where the patient is: from now on the call is about no place."""
        self.change(place=NO_PLACE, centre=NO_CENTRE, other=NO_CENTRE, heard=False)

    def reason(self) -> Reason:
        """Why the call's centre is the one to ring."""
        if self.state.dialled:
            return Reason.AGAIN
        if self.state.centre:
            return Reason.FOUND
        return Reason.AREA if self.directory.area_centre(self.moment.caller.area) else Reason.DEFAULT

    def ring(self, target: DialTarget, centre: Centre, reason: Reason) -> None:
        """Ring the centre at its number, and remember it."""
        ring = self.flow.ring
        self.actions.append(DialAction(target, ring.seconds, ring.longest_call))
        municipality = Place.from_key(self.state.place).municipality if self.state.place else NO_MUNICIPALITY
        self.facts.append(CentreDialled(centre.id, municipality, self.state.red_flag, reason))
        self.change(dialled=centre.id)
