"""6. Does a webhook cost more when there is more of everything? Flow, languages, municipalities, calls under way.

Each pair is measured in turns: the cost with the most, divided by the cost with the least. Only what a webhook does
after the framework is played (token, engine, TwiML): that is where growth could be, and without Flask it shows more.
The checker is measured against the number of situations that it finds, in flows of a chain of menus; the explorer,
which stops where it is told, against the documents that it has played by then.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import in_turns, once
from ivr.base.bundled import bundled
from ivr.base.clock import OSLO, ManualClock
from ivr.line.calls import CallId, CallService, Tokens
from ivr.line.directory import Directory, load_directory
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Caller, Keys
from ivr.line.flow.loader import load_flow
from ivr.line.flow.model import Flow
from ivr.line.flow.state import CallState
from ivr.line.languages import Catalogue, load_prompts
from ivr.line.service.settings import Settings
from ivr.line.twilio import TwimlWriter
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.run import check_flow, lay_ground
from ivr.proof.explore import ExploredService, explore

EVENING = datetime(2026, 1, 6, 20, tzinfo=OSLO)
BASE = "https://line.example"


def measure() -> dict[str, Any]:
    catalogue = load_prompts(bundled("call_flows") / "languages")
    flow = load_flow(bundled("call_flows") / "legevakt.yaml", catalogue)
    directory = load_directory(today=EVENING.date())
    of_nodes = {f"{count} nodes": _webhook(_with_nodes(flow, count), directory, catalogue) for count in (10, 100, 1000)}
    spoken = {2: catalogue, 20: _with_languages(catalogue, 20)}
    of_languages = {f"{n} languages": _webhook(_spoken_in(flow, each), directory, each) for n, each in spoken.items()}
    of_places = {
        f"{count} municipalities": _webhook(flow, _with_places(directory, count), catalogue) for count in (0, 10_000)
    }
    of_calls = {f"{count} calls": _webhook(flow, directory, catalogue, calls=count) for count in (1, 10_000)}
    return {
        "nodes": _ratio(of_nodes),
        "languages": _ratio(of_languages),
        "municipalities": _ratio(of_places),
        "calls under way": _ratio(of_calls),
        "checker": _checker(),
        "explorer": _explorer(),
    }


def _ratio(subjects: dict[str, Callable[[], object]]) -> dict[str, Any]:
    found = in_turns(subjects, rounds=40, each=30)
    least, most = next(iter(subjects)), list(subjects)[-1]
    return {"microseconds": found.microseconds(), "ratios": {f"{most} / {least}": found.ratio(most, least).as_json()}}


def _webhook(flow: Flow, directory: Directory, catalogue: Catalogue, calls: int = 1) -> Callable[[], object]:
    """A postcode that is keyed, of one call after another: the step that asks the most of the directory."""
    engine, writer = Engine(flow, directory, catalogue), TwimlWriter(catalogue, BASE, "+4739000000")
    tokens = Tokens("a secret of the benchmark")
    service = CallService([engine], tokens, ManualClock(EVENING))
    ids = [CallId(f"call{number}") for number in range(calls)]
    state = CallState("ask_postcode", language="nb")
    sealed = [(call, tokens.seal(state, call, engine.edition)) for call in ids]
    turn = iter(range(10**9))

    def once() -> bytes:
        call, token = sealed[next(turn) % calls]
        reply = service.answer(Keys("5003"), token, call, Caller(area="55"))
        return writer.write(reply.actions, reply.node, reply.token)

    return once


def _with_nodes(flow: Flow, count: int) -> Flow:
    """So many nodes more, all copies of the main menu."""
    more = {f"copy{number}": replace(flow.nodes["main"], id=f"copy{number}") for number in range(count)}  # type: ignore[type-var]
    return replace(flow, nodes={**flow.nodes, **more})


def _with_languages(catalogue: Catalogue, count: int) -> Catalogue:
    english = catalogue.languages["en"]
    more = {f"x{number}": replace(english, code=f"x{number}") for number in range(count - len(catalogue.languages))}
    return replace(catalogue, languages={**catalogue.languages, **more})


def _spoken_in(flow: Flow, catalogue: Catalogue) -> Flow:
    return replace(flow, languages=tuple(catalogue.languages))


def _with_places(directory: Directory, count: int) -> Directory:
    """So many municipalities and postcodes more, each answered as Bergen is."""
    bergen, timetable = directory.municipalities["4601"], directory.tables.timetables["4601"]
    numbers = [f"x{number}" for number in range(count)]
    tables = replace(
        directory.tables,
        timetables={**directory.tables.timetables, **dict.fromkeys(numbers, timetable)},
        postcodes={**directory.tables.postcodes, **{number: (number, "") for number in numbers}},
    )
    places = {**directory.municipalities, **{number: replace(bergen, number=number) for number in numbers}}
    return replace(directory, municipalities=places, tables=tables)


def _checker() -> list[dict[str, float]]:
    """Processor seconds of the checker for longer and longer flows, and for each thousand situations."""
    ground = lay_ground(None, EVENING)
    found = []
    with TemporaryDirectory() as folder:
        check_flow(_longer(Path(folder), 0), ground)  # pays for what is loaded once
        for menus in (15, 30, 60):
            file = _longer(Path(folder), menus)
            seconds = once(partial(check_flow, file, ground), 1)
            situations = len(Subject(file, ground).walk.situations)
            each = {"situations": situations, "processor seconds": round(seconds, 2)}
            found.append({"menus more": menus, **each, "of 1000 situations": round(seconds / situations * 1000, 2)})
    return found


def _explorer() -> list[dict[str, float]]:
    """Processor seconds of the explorer for more and more of the bundled flow, and for each thousand documents played:
    the further it comes, the more can happen in a state."""
    found = []
    for bound in (50, 100, 200, 400):
        began = time.process_time()
        walk = explore(ExploredService(Settings(), EVENING), bound).walk
        seconds = time.process_time() - began
        each = {"states": len(walk.states), "documents played": walk.moves, "processor seconds": round(seconds, 2)}
        found.append({**each, "of 1000 documents": round(seconds / walk.moves * 1000, 2)})
    return found[1:]  # the first one pays for what is loaded once


def _longer(folder: Path, menus: int) -> Path:
    """The bundled flow with a chain of menus behind the information, each with a way on to the next."""
    source = bundled("call_flows")
    target = folder / str(menus)
    shutil.copytree(source / "languages", target / "languages")
    text = (source / "legevakt.yaml").read_text("utf-8")
    chain = "".join(
        f'  chain{n}: {{type: menu, say: [INFO], choices: {{"1": {f"chain{n + 1}" if n + 1 < menus else "fees"}}},'
        f" silence: [again, person], back: main}}\n"
        for n in range(menus)
    )
    if menus:
        text = text.replace("nodes:\n", f"nodes:\n{chain}", 1).replace('"3": fees', '"3": chain0', 1)
    file = target / "legevakt.yaml"
    file.write_text(text, "utf-8")
    return file
