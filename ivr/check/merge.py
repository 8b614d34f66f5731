"""Which differences between two states are dropped, because nothing that follows can tell them apart.

Each is argued where it is done. Must not know rules; what is dropped here, no rule may ask about.
"""

from collections.abc import Callable, Iterable

from ivr.check.classes import Places
from ivr.flow.actions import Dial
from ivr.flow.engine import Step
from ivr.flow.events import Caller
from ivr.flow.model import Flow, Node
from ivr.flow.nodes.ask_place import AskPlace
from ivr.flow.nodes.by_caller import ByCaller
from ivr.flow.nodes.confirm_place import ConfirmPlace
from ivr.flow.nodes.menu import Menu
from ivr.flow.nodes.pick_place import PickPlace
from ivr.flow.state import CallState
from ivr.prompts import Catalogue

_PLACE_SLOTS = {"municipality", "other"}


class Merging:
    def __init__(self, flow: Flow, places: Places, catalogue: Catalogue) -> None:
        self._flow = flow
        self._places = places
        self._longest_ladder = max((_rungs(node) for node in flow.nodes.values()), default=1)
        everywhere = (*flow.nodes,)
        self.offers_text = {node.id for node in flow.nodes.values() if isinstance(node, Menu) and node.text_message}
        self._asks_who_calls = _leads_to(flow, (n for n in everywhere if isinstance(flow.nodes[n], ByCaller)), _all)
        self._picks = _leads_to(flow, (n for n in everywhere if isinstance(flow.nodes[n], PickPlace)), _not_settling)
        self._says_place = _leads_to(
            flow, (n for n in everywhere if _speaks_of_place(flow.nodes[n], catalogue)), _not_settling
        )

    def state(self, step: Step) -> CallState:
        """`language`: only what is said depends on it, and that is asked for in every language. `errors`: compared
        with the call's budget and nothing else, so the walk tries both sides of it. `attempt`: never looked at past
        the end of a ladder. `red_flag`: only the whisper reads it. `back` is read in the red-flag node, `dialled`
        while a centre is rung, `candidates` where one is picked, the place where it is spoken; each is set anew
        before it is read again."""
        state = step.state
        dials = any(isinstance(action, Dial) for action in step.actions)
        back = state.back if state.node == self._flow.red_flag else ""
        still = {state.node, back}
        return self._as_example(
            state.but(
                language=self._flow.languages[0] if state.language else "",
                errors=0,
                attempt=min(state.attempt, self._longest_ladder),
                red_flag=False,
                back=back,
                dialled=state.dialled if dials else "",
                candidates=self._places.candidates(state.candidates) if still & self._picks else (),
                place=state.place if still & self._says_place else "",
                other=state.other if still & self._says_place else "",
            )
        )

    def caller(self, state: CallState, caller: Caller) -> Caller:
        """Where from matters until the callers have been told apart; the area until a centre is known; whether a text
        message can reach them where one is offered."""
        asks = {state.node, state.back} & self._asks_who_calls
        area = "" if state.centre else caller.area
        return Caller(caller.abroad and bool(asks), area, caller.textable and state.node in self.offers_text)

    def _as_example(self, state: CallState) -> CallState:
        """A place or centre just settled is taken for the example of its class. Once a centre was rung in vain the
        ladder is under way, and it stays as it is."""
        if not state.centre or state.tried or state.dialled not in ("", state.centre):
            return state
        place, centre, other = self._places.like(state.place, state.centre, state.other)
        dialled = centre if state.dialled else ""
        return state.but(place=place, centre=centre, other=other, dialled=dialled)


def _rungs(node: Node) -> int:
    ladder = getattr(node, "silence", ())
    return len(ladder) if isinstance(ladder, tuple) else 1


def _speaks_of_place(node: Node, catalogue: Catalogue) -> bool:
    slots = {slot for key in node.prompts() for slot in catalogue.slots(key)}
    return isinstance(node, ConfirmPlace) or bool(slots & _PLACE_SLOTS)


def _all(node: Node) -> set[str]:
    return set(node.targets())


def _not_settling(node: Node) -> set[str]:
    """Without the ways on which a place, or what to pick it from, is set anew."""
    settling = {node.found, node.several} if isinstance(node, AskPlace) else set()
    return set(node.targets()) - settling - ({node.found} if isinstance(node, PickPlace) else set())


def _leads_to(flow: Flow, wanted: Iterable[str], ways: Callable[[Node], set[str]]) -> set[str]:
    """The nodes from which one of these can still come, by these ways and by the global keys."""
    found = set(wanted)
    while True:
        more = {
            node.id
            for node in flow.nodes.values()
            if node.id not in found and found & {*ways(node), flow.person, flow.red_flag}
        }
        if not more:
            return found
        found |= more
