"""Which differences between two states are dropped, because nothing that follows can tell them apart.

Each is argued where it is done. Must not know rules; what is dropped here, no rule may ask about.
"""

from collections.abc import Callable, Iterable

from ivr.base.ids import NO_CENTRE, NO_LANGUAGE, NO_NODE, NO_PLACE, NodeId
from ivr.line.flow.actions import DialAction
from ivr.line.flow.describe import SETTLING, Description, Reads
from ivr.line.flow.engine import Step
from ivr.line.flow.events import Caller
from ivr.line.flow.model import Flow
from ivr.line.flow.state import CallState
from ivr.line.languages import Catalogue
from ivr.proof.check.classes import Places

_PLACE_SLOTS = {"municipality", "other"}


class Merging:
    def __init__(self, flow: Flow, places: Places, catalogue: Catalogue) -> None:
        self._flow = flow
        self._places = places
        self._longest_ladder = max(edge.times for node in flow.described.values() for edge in node.edges)
        self.offers_text = reading(flow, Reads.TEXTABLE)
        self._asks_who_calls = _leads_to(flow, reading(flow, Reads.COUNTRY), _all)
        self._picks = _leads_to(flow, reading(flow, Reads.CANDIDATES), _not_settling)
        self._confirms = reading(flow, Reads.PLACE)
        says_place = {name for name in flow.nodes if _says_place(flow, name, catalogue)}
        self._says_place = _leads_to(flow, self._confirms | says_place, _not_settling)
        self._merged: dict[tuple[CallState, bool], CallState] = {}

    def state(self, step: Step) -> CallState:
        """The state that stands for that of the step."""
        asked = step.state, any(isinstance(action, DialAction) for action in step.actions)
        if asked not in self._merged:
            self._merged[asked] = self._like(*asked)
        return self._merged[asked]

    def _like(self, state: CallState, dials: bool) -> CallState:
        """`language`: only what is said depends on it, and that is asked for in every language. `errors`: compared
        with the call's budget and nothing else, so the walk tries both sides of it. `attempt`: never looked at past
        the end of a ladder. `red_flag`: only the whisper reads it. `back` is read in the red-flag node, `dialled`
        while a centre is rung, `candidates` where one is picked, the place where it is spoken; each is set anew
        before it is read again. `heard`: nothing asks once the name was spoken."""
        back = state.back if state.node == self._flow.red_flag else NO_NODE
        still = {state.node, back}
        unheard = not state.heard and bool(state.place or (state.centre and still & self._confirms))
        names_place = unheard or still & self._says_place
        return self._as_example(
            state.but(
                language=self._flow.languages[0] if state.language else NO_LANGUAGE,
                errors=0,
                attempt=min(state.attempt, self._longest_ladder),
                red_flag=False,
                back=back,
                dialled=state.dialled if dials else NO_CENTRE,
                candidates=self._places.candidates(state.candidates) if still & self._picks else (),
                place=state.place if names_place else NO_PLACE,
                other=state.other if names_place else NO_CENTRE,
                heard=not unheard,
            )
        )

    def caller(self, state: CallState, caller: Caller) -> Caller:
        """Where from matters until the callers have been told apart; the area until a centre is known; whether a text
        message can reach them where one is offered."""
        asks = state.node in self._asks_who_calls or state.back in self._asks_who_calls
        area = "" if state.centre else caller.area
        return Caller(caller.abroad and asks, area, caller.textable and state.node in self.offers_text)

    def _as_example(self, state: CallState) -> CallState:
        """A place or centre just settled is taken for the example of its class. Once a centre was rung in vain the
        ladder is under way, and it stays as it is."""
        if not state.centre or state.tried or state.dialled not in (NO_CENTRE, state.centre):
            return state
        place, centre, other = self._places.like(state.place, state.centre, state.other)
        dialled = centre if state.dialled else NO_CENTRE
        return state.but(place=place, centre=centre, other=other, dialled=dialled)


def reading(flow: Flow, what: Reads) -> set[NodeId]:
    """The nodes that read this."""
    return {name for name, node in flow.described.items() if what in node.reads}


def _says_place(flow: Flow, node: NodeId, catalogue: Catalogue) -> bool:
    """A node that rings speaks of a place that was not heard yet alone, and that place is kept."""
    slots = {slot for key in flow.nodes[node].prompts() for slot in catalogue.slots(key)}
    return not flow.described[node].rings and bool(slots & _PLACE_SLOTS)


def _all(node: Description) -> set[NodeId]:
    return set(node.targets)


def _not_settling(node: Description) -> set[NodeId]:
    """Without the ways on which a place, or what to pick it from, is set anew."""
    return set(node.targets) - {edge.to for edge in node.on(*SETTLING)}


def _leads_to(flow: Flow, wanted: Iterable[NodeId], ways: Callable[[Description], set[NodeId]]) -> set[NodeId]:
    """The nodes from which one of these can still come, by these ways and by the global keys."""
    found = set(wanted)
    while True:
        more = {
            name
            for name, node in flow.described.items()
            if name not in found and found & {*ways(node), flow.person, flow.red_flag}
        }
        if not more:
            return found
        found |= more
