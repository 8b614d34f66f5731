"""Everything a call remembers between two requests: small, declared, and carried in the URL.

There is no session store, so a worker, a deploy or a database can die in the middle of a call and the call goes on.
"""

from enum import StrEnum
from typing import NamedTuple, TypedDict, Unpack

from ivr.base.ids import NO_CENTRE, NO_LANGUAGE, NO_NODE, NO_PLACE, CentreId, LanguageCode, NodeId, PlaceKey


class Purpose(StrEnum):
    """What the caller wants of a centre."""

    CONNECTION = "connection"
    NUMBER = "number"

    __hash__ = str.__hash__  # that of an Enum is slow, and every state is hashed


class StateChanges(TypedDict, total=False):
    """New values for fields of a call's state: the fields of `CallState`, each of which may be left out."""

    node: NodeId
    language: LanguageCode
    attempt: int
    errors: int
    place: PlaceKey
    centre: CentreId
    heard: bool
    other: CentreId
    dialled: CentreId
    tried: tuple[CentreId, ...]
    candidates: tuple[PlaceKey, ...]
    purpose: Purpose
    red_flag: bool
    back: NodeId
    unattended: int
    misheard: int


class CallState(NamedTuple):
    """`node`: which node the next event is for. `language`: "" until it is chosen.

    `attempt`: silences and wrong keys in this node; `errors`: in the whole call. `place`: key of the patient's place,
    `centre`: id of the centre that answers it, `heard`: their names were spoken to the end since they were found,
    `other`: id of the centre offered beside it, `dialled`: id of the centre that was rung last, `tried`: ids that were
    rung in vain, `candidates`: keys of places to pick from, `back`: node to return to from the red-flag text,
    `unattended`: pauses that ended in a ring since the last key was pressed, `misheard`: times that what was spoken
    named no place, since one was found. "" and () mean: not known yet.

    A tuple, because every webhook makes three of them, and a frozen dataclass takes five times as long.
    """

    node: NodeId
    language: LanguageCode = NO_LANGUAGE
    attempt: int = 0
    errors: int = 0
    place: PlaceKey = NO_PLACE
    centre: CentreId = NO_CENTRE
    heard: bool = False
    other: CentreId = NO_CENTRE
    dialled: CentreId = NO_CENTRE
    tried: tuple[CentreId, ...] = ()
    candidates: tuple[PlaceKey, ...] = ()
    purpose: Purpose = Purpose.CONNECTION
    red_flag: bool = False
    back: NodeId = NO_NODE
    unattended: int = 0
    misheard: int = 0

    def at(self, node: NodeId) -> "CallState":
        """The same call at another node, where nothing has gone wrong yet."""
        return tuple.__new__(CallState, (node, self[1], 0, *self[3:]))

    def but(self, **fields: Unpack[StateChanges]) -> "CallState":
        """The same call with other values in some fields."""
        values = list(self)
        for name, value in fields.items():
            values[_PLACES[name]] = value
        return tuple.__new__(CallState, values)  # a third of the time of CallState(*values)


_PLACES = {name: place for place, name in enumerate(CallState._fields)}
