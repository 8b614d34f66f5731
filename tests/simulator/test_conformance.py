"""Every case in conformance/*.yaml: a rule, its source, documents, what the caller does, what must follow."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr.simulator import WsgiTransport, play
from ivr.simulator.expectations import check
from ivr.simulator.outcome import Outcome
from ivr.simulator.report import transcript
from ivr.simulator.scenario import read_scenario
from ivr.strict_yaml import Mapping, Sequence, Text, Value, load_file
from tests.simulator.webhook import HEAD, URL, Page, Webhook

FOLDER = Path(__file__).parent / "conformance"
OWN_KEYS = ("rule", "source", "documents", "sent", "not_sent", "said", "trace")
SOURCES = ("T:", "ours", "RFC")


def _cases() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.yaml")):
        cases = load_file(file)
        assert isinstance(cases, Sequence), f"{file.name} must hold a list"
        for case in cases:
            assert isinstance(case, Mapping)
            yield pytest.param(case, file, id=f"{file.stem}: {case[_key(case, 'rule')]}")


def _key(case: Mapping, name: str) -> Text:
    key = case.key(name)
    assert key is not None, f"line {case.line}: {name} is missing"
    return key


def _get(case: Mapping, name: str) -> Any:
    key = case.key(name)
    return None if key is None else case[key]


@pytest.mark.parametrize(("case", "file"), list(_cases()))
def test_rule(case: Mapping, file: Path) -> None:
    assert str(_get(case, "source")).startswith(SOURCES)
    app = Webhook({path: _page(page) for path, page in _get(case, "documents").items()})
    scenario = read_scenario(_scenario_part(case), file, None)
    outcome = play(scenario.plan, WsgiTransport(app))
    told = "\n".join(str(line) for line in transcript(outcome.trace))
    failed = [f"{found.what}: {found.instead}" for found in check(outcome, scenario.expect) if not found.held]
    assert not failed, f"{failed}\n{told}"
    _check_sent(case, app, told)
    if _get(case, "said") is not None:
        assert outcome.heard == [str(text) for text in _get(case, "said")], told
    _check_trace(case, outcome)


def _scenario_part(case: Mapping) -> Mapping:
    """The case as a scenario: without the keys of its own, and with a URL to call."""
    part = Mapping({key: value for key, value in case.items() if key not in OWN_KEYS})
    part.line, part.column = case.line, case.column
    call = part[part.key("call")] if part.key("call") else Mapping()  # type: ignore[index]
    assert isinstance(call, Mapping)
    if not call.key("url"):
        call[_text("url", case)] = _text(URL, case)
    part[_text("call", case)] = call
    return part


def _text(value: str, at: Mapping) -> Text:
    text = Text(value)
    text.line, text.column = at.line, at.column
    return text


def _page(value: Value) -> Page:
    """A text is the inside of <Response>; a mapping has status, type, headers and a whole body."""
    if isinstance(value, Text):
        return Page(f"{HEAD}<Response>{value}</Response>".encode())
    assert isinstance(value, Mapping)
    body = str(_get(value, "body") or "").encode() * int(_get(value, "times") or 1)
    headers = tuple((str(name), str(text)) for name, text in (_get(value, "headers") or {}).items())
    kind = _get(value, "type")
    return Page(body, int(_get(value, "status") or 200), None if kind == "none" else str(kind or "text/xml"), headers)


def _check_sent(case: Mapping, app: Webhook, told: str) -> None:
    """`sent`: {2: {Digits: "1"}}: fields of the second request; `not_sent`: {2: [Digits]}."""
    for number, fields in (_get(case, "sent") or {}).items():
        asked = app.asked[int(number) - 1]
        for name, value in fields.items():
            assert asked.get(name) == value, f"{name} of request {number}\n{told}"
    for number, names in (_get(case, "not_sent") or {}).items():
        present = {name for name, _ in app.asked[int(number) - 1].fields}
        assert not present & set(names), told


def _check_trace(case: Mapping, outcome: Outcome) -> None:
    """`trace`: events that must come in this order, each with these fields among others."""
    rest = iter(outcome.trace)
    for wanted in _get(case, "trace") or ():
        found = any(_matches(event, wanted) for event in rest)
        events = "\n".join(json.dumps(event) for event in outcome.trace if event["event"] != "request")
        assert found, f"no event {dict(wanted)} (in this order) among\n{events}"


def _matches(event: dict[str, Any], wanted: Mapping) -> bool:
    return all(_same(event.get(name), str(value)) for name, value in wanted.items())


def _same(value: Any, wanted: str) -> bool:
    if value is None or isinstance(value, bool):
        return json.dumps(value) == wanted
    if isinstance(value, float):
        return value == pytest.approx(float(wanted))
    return str(value) == wanted


def test_there_are_many_rules() -> None:
    assert len(list(_cases())) >= 50
