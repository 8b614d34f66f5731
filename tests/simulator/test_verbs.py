"""A verb is two files of its name: `twiml/<verb>.py` reads it, `engine/verbs/<verb>.py` does it. Nothing else does."""

import re
from inspect import signature
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from ivr.simulator import engine, twiml
from ivr.simulator.engine.interpreter import CALLER
from ivr.simulator.twiml.document import READERS, Verb

VERBS = {name.lower(): name for name in READERS}
EXECUTED = {path.stem for path in (Path(engine.__path__[0]) / "verbs").glob("*.py")} - {"__init__"}


def test_every_verb_that_is_read_has_a_file_that_does_it_and_no_other_file_is_there() -> None:
    assert set(VERBS) == EXECUTED


@pytest.mark.parametrize("stem", VERBS)
def test_a_verb_is_read_and_done_by_the_files_of_its_name(stem: str) -> None:
    module = __import__(f"{twiml.__name__}.{stem}", fromlist=["read"])
    executor = __import__(f"{engine.__name__}.verbs.{stem}", fromlist=["execute"]).execute
    verb = getattr(module, VERBS[stem])
    assert verb in get_args(Verb)
    _scene, parameter, *_ = signature(executor).parameters
    assert get_type_hints(executor)[parameter] is verb


def test_every_verb_has_a_case_among_the_rules() -> None:
    cases = "".join(path.read_text("utf-8") for path in sorted((Path(__file__).parent / "conformance").glob("*.yaml")))
    assert [name for name in READERS if not re.search(rf"<{name}\b", cases)] == []


def test_no_file_reads_a_verb_that_no_document_can_have() -> None:
    """A reader is named in `document.py`, or by another reader, whose noun it is."""
    files = {path.stem: path.read_text("utf-8") for path in Path(twiml.__path__[0]).glob("*.py")}
    readers = [stem for stem, text in files.items() if re.search(r"^def read\(", text, re.MULTILINE)]
    assert set(VERBS) <= set(readers)
    used = "".join(files.values())
    assert [stem for stem in readers if f"{stem}.read" not in used and f"twiml.{stem} import" not in used] == []


def test_every_verb_but_leave_has_a_place_in_a_document_of_the_caller_and_is_done_by_its_own_file() -> None:
    done = {verb.__name__.lower(): executor.__module__ for verb, executor in CALLER.verbs.items()}
    assert done == {stem: f"{engine.__name__}.verbs.{stem}" for stem in set(VERBS) - {"leave"}}
