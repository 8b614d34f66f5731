"""A caller from every municipality: does the line connect each of them to the centre that the directory says?

The simulator plays Twilio's part, with Twilio's signature, against the line's public address. So nobody is rung: the
line only ever answers with documents, and it is the simulator that reads them. Knows the simulator, the directory and
the settings' number that is nobody's.
"""

import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ivr.base.errors import SimulatorError
from ivr.base.ids import MunicipalityNumber
from ivr.base.test_account import ORIGIN_FIELD
from ivr.line.directory import Centre, Directory, Place
from ivr.line.service.settings import SIMULATOR_NUMBER
from ivr.simulator import Call

KEYS = "1 2 2 {place} 1"  # norsk, otherwise, by municipality number, the number, connect
PLACE = "{place}"  # after this group the caller hears the name of the place to its end


@dataclass(frozen=True)
class ProbedLine:
    """`target`: the URL of the line's voice webhook, or the line itself in process."""

    target: Any
    auth_token: str
    account_sid: str
    rings_centres: bool  # each centre's own number; a practice line rings one number for all, or nobody
    keys: str = KEYS
    cafile: str | None = None  # certificates to trust besides the system's


@dataclass(frozen=True)
class Probed:
    """What became of one municipality. `fault`: why it is not reached; empty if it is."""

    place: str
    name: str
    centre: str
    fault: str


def probe(
    line: ProbedLine, directory: Directory, places: Iterable[MunicipalityNumber], at: datetime, at_once: int = 4
) -> Iterator[Probed]:
    """One call for each place (a municipality's or an area's number), as they end. `at`: the moment of the calls."""
    with ThreadPoolExecutor(at_once) as callers:
        yield from callers.map(partial(_probed, line, directory, at), places)


def _probed(line: ProbedLine, directory: Directory, at: datetime, number: MunicipalityNumber) -> Probed:
    place = Place(number)
    centre = directory.answering(place, at).centre
    return Probed(number, directory.place_name(place), centre.id, _fault(line, number, centre))


def _fault(line: ProbedLine, number: str, centre: Centre) -> str:
    """Why a caller from there does not get to their centre; empty if they do."""
    try:
        with Call(
            line.target,
            from_=SIMULATOR_NUMBER,
            to=SIMULATOR_NUMBER,
            auth_token=line.auth_token,
            account_sid=line.account_sid,
            cafile=line.cafile,
            seed=secrets.randbits(64),
            params={ORIGIN_FIELD: "probe"},
        ) as call:
            for group in line.keys.split():
                call.press(group.replace(PLACE, number))
                if PLACE in group:
                    call.silence()
            return _wrong(line, call, centre)
    except SimulatorError as error:
        return str(error).partition("\n")[0]


def _wrong(line: ProbedLine, call: Call, centre: Centre) -> str:
    broken = [request for request in call.requests if request.status != 200]
    if broken:
        return f"{broken[0].path} was answered with {broken[0].status or 'nothing'}"
    if not call.heard(centre.spoken, new=True):
        return f"{centre.spoken} was not announced; the last words were: {call.last_prompt[:80]}"
    if line.rings_centres and call.dialled[:1] != [centre.number.e164]:
        return f"{centre.spoken} was announced, but {'another number' if call.dialled else 'nobody'} was rung"
    return ""
