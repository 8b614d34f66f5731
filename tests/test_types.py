"""Texts that look alike have types of their own: mypy refuses one in the place of another."""

import subprocess
import sys
from pathlib import Path

import pytest

from ivr.line.flow.state import CallState, StateChanges

ROOT = Path(__file__).parents[1]
# A line that mypy must refuse names the kind of error behind `#`; the others must pass.
SOURCE = """\
from ivr.base.ids import CentreId, LanguageCode, MunicipalityNumber, NodeId, PlaceKey, Postcode, PromptKey
from ivr.line.directory import Directory, Place
from ivr.line.flow.actions import Prompt
from ivr.line.flow.facts import NodeEntered
from ivr.line.flow.model import Go
from ivr.line.flow.state import CallState
from ivr.line.flow.turn import Turn
from ivr.line.languages import Catalogue
from ivr.simulator.outcome import Outcome


def right(directory: Directory, state: CallState, catalogue: Catalogue) -> CallState:
    directory.by_postcode(Postcode("5003"))
    directory.by_municipality(MunicipalityNumber("4601"))
    catalogue.languages[state.language].texts[PromptKey("OPEN_113")]
    return state.but(attempt=1, place=Place(MunicipalityNumber("4601"), Postcode("5003")).key)


def seen(outcome: Outcome) -> list[str]:
    outcome.events("say")[0]["texd"]  # typeddict-item
    outcome.events("leg")[0]["digits"]  # typeddict-item
    outcome.events("listen")[0]["timeout"].upper()  # attr-defined
    return [event["text"] for event in outcome.events("say")]


def wrong(directory: Directory, state: CallState, turn: Turn, catalogue: Catalogue) -> None:
    directory.by_postcode("4601")  # arg-type
    directory.by_municipality("5003")  # arg-type
    directory.by_postcode(MunicipalityNumber("4601"))  # arg-type
    directory.by_municipality(Postcode("5003"))  # arg-type
    directory.by_number("55568700")  # arg-type
    directory.by_spelling("23734")  # arg-type
    Place("4601", "5003")  # arg-type
    Place(Postcode("5003"))  # arg-type
    directory.centres["bergen"]  # index
    directory.backups(CentreId("bergen"))  # arg-type
    CallState("main")  # arg-type
    CallState(NodeId("main"), "nb")  # arg-type
    state.but(attemps=1)  # call-arg
    state.but(attempt="x")  # arg-type
    state.but(centre=PlaceKey("4601"))  # arg-type
    state.at(PromptKey("MAIN"))  # arg-type
    turn.change(attemps=1)  # call-arg
    turn.change(language=NodeId("main"))  # arg-type
    Go(LanguageCode("nb"))  # arg-type
    Prompt("MAIN", LanguageCode("nb"))  # arg-type
    Prompt(PromptKey("MAIN"), PromptKey("LANG"))  # arg-type
    NodeEntered(PromptKey("MAIN"), LanguageCode("nb"))  # arg-type
    catalogue.languages["nb"]  # index
    catalogue.slots(NodeId("main"))  # arg-type
"""
WANTED = {number: line.partition("  # ")[2] for number, line in enumerate(SOURCE.splitlines(), 1) if "  # " in line}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[int, set[str]]:
    """By line, the kinds of error that mypy finds; with the settings of the project, so that its cache serves."""
    file = tmp_path_factory.mktemp("types") / "mixed_up.py"
    file.write_text(SOURCE, "utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(file)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 1, found.stderr
    kinds: dict[int, set[str]] = {}
    for line in found.stdout.splitlines():
        # mypy 2.4.1 names the file of a former run where its cache has one of the same content: only its name counts.
        _, is_here, place = line.partition(f"{file.name}:")
        if is_here and ": error: " in line:
            kinds.setdefault(int(place.partition(":")[0]), set()).add(line.rpartition("[")[2][:-1])
    return kinds


def test_a_text_of_one_kind_cannot_stand_for_one_of_another(complaints: dict[int, set[str]]) -> None:
    lines = SOURCE.splitlines()
    passed = [lines[number - 1].strip() for number in WANTED if WANTED[number] not in complaints.get(number, set())]
    assert passed == []


def test_what_is_right_passes(complaints: dict[int, set[str]]) -> None:
    assert complaints.keys() <= WANTED.keys()


def test_each_field_of_a_call_can_be_changed_and_no_other() -> None:
    assert StateChanges.__annotations__ == CallState.__annotations__
