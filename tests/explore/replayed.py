"""Whole calls, from the arrival on and in one session each, to hold against what was taken up in the middle."""

import random

from ivr.proof.explore import ExploredService
from ivr.proof.explore.player import FAR_ENDS, ActKind, CallAct
from ivr.proof.explore.states import ExploredState
from ivr.proof.explore.walk import Exploration
from ivr.simulator import Session
from ivr.simulator.engine.effects import Failed, Fetch, Happened, Key, Pass, Response

MOST_STEPS = 14


class WholeCall:
    """`document`: what the call heard last."""

    def __init__(self, service: ExploredService, caller: str) -> None:
        self._service = service
        self._legs = {"*": FAR_ENDS["busy"]}
        self._session = Session(service.plan(caller, self._legs))
        self.document = self._next(CallAct(ActKind.ARRIVED, "", service.now))

    def do(self, deed: CallAct) -> Response | None:
        """The document that follows; None when the call is over."""
        if deed.did is ActKind.LEG:
            self._legs["*"] = FAR_ENDS[deed.what]
        self.document = self._next(deed)
        return self.document

    def _next(self, deed: CallAct) -> Response | None:
        keys = list(deed.what) if deed.did in (ActKind.KEY, ActKind.ENTRY) else []
        session, following = self._session, list[Response]()

        def send(fetch: Fetch) -> Response | Failed | None:
            if following:
                return None
            asked = session.trace.events[-1]
            reply = self._service.send(fetch, deed.at, deed.outages, deed.announced)
            if "ParentCallSid" not in asked["params"]:
                assert isinstance(reply, Response)
                following.append(reply)
            return reply

        def live(effect: Pass) -> Happened | None:
            if following:
                return None
            return Happened(session.now, Key(keys.pop(0))) if keys and effect.keys else Happened(effect.until)

        session.drive(send, live)
        return following[0] if following else None


def replayed(service: ExploredService, state: ExploredState) -> bytes | None:
    """The document to which a whole call comes by all that was done on the way to the state."""
    call = WholeCall(service, state.caller)
    for deed in state.deeds():
        call.do(deed)
    return call.document.body if call.document else None


def random_calls(walk: Exploration, calls: int) -> list[list[ExploredState | None]]:
    """The states that random calls come to; None where a document counts as no state that is known."""
    chance = random.Random(116117)  # noqa: S311 (no secret)
    return [_random_call(walk, chance) for _ in range(calls)]


def _random_call(walk: Exploration, chance: random.Random) -> list[ExploredState | None]:
    state: ExploredState | None = chance.choice(list(walk.starts.values()))
    assert state
    call, trail, caller = WholeCall(walk.service, state.caller), [state], state.caller
    for _ in range(MOST_STEPS):
        deeds = [move.deed for move in state.moves if move.is_usual] if state else []
        document = call.do(chance.choice(deeds)) if deeds else None
        if document is None:
            break
        state = walk.find(caller, document)
        trail.append(state)
    return trail
