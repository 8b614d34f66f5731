"""The count of Twilio's operations, held against a few that are written here as Twilio's document writes them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.account.operations import count, faults, main, numbers, table

_ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
_QUEUE = {
    "type": "object",
    "properties": {
        "sid": {"type": "string", "pattern": "^QU[0-9a-fA-F]{32}$", "nullable": True},
        "account_sid": {"type": "string", "minLength": 34, "maxLength": 34, "nullable": True},
        "friendly_name": {"type": "string", "nullable": True},
        "max_size": {"type": "integer"},
        "current_size": {"type": "integer"},
        "average_wait_time": {"type": "integer"},
        "date_created": {"type": "string", "format": "date-time-rfc-2822"},
        "date_updated": {"type": "string", "format": "date-time-rfc-2822"},
        "uri": {"type": "string"},
    },
}


def _answer(status: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/queue"}}}
    return {"responses": {status: {"content": content}}}


def _document() -> dict[str, Any]:
    return {
        "paths": {
            f"{_ACCOUNT}/Queues.json": {"post": _answer("201")},
            f"{_ACCOUNT}/Queues/{{Sid}}.json": {
                "get": _answer("200"),
                "post": _answer("200"),
                "delete": {"responses": {"204": {}}},
            },
            f"{_ACCOUNT}/Calls/{{CallSid}}/Payments.json": {"post": _answer("201")},
            f"{_ACCOUNT}/Calls/{{CallSid}}/Feedback.json": {"post": _answer("201")},
            f"{_ACCOUNT}/Usage/Records.json": {"get": _answer("200")},  # not of voice
        },
        "components": {"schemas": {"queue": _QUEUE}},
    }


def test_what_works_what_is_refused_as_by_twilio_and_what_is_not_simulated_is_counted() -> None:
    asked = count(_document())
    assert [(each.operation.method, each.status) for each in asked] == [
        ("POST", 201),
        ("GET", 200),
        ("POST", 200),
        ("DELETE", 204),
        ("POST", 400),
        ("POST", 501),
    ]
    assert [fault for each in asked for fault in each.faults] == []
    assert table(asked).splitlines()[2:] == [
        "| Queues | POST |  |  |",
        "| Queues/{} | GET, POST, DELETE |  |  |",
        "| Calls/{}/Payments |  | POST |  |",
        "| Calls/{}/Feedback |  |  | POST |",
    ]
    assert numbers(asked) == (
        "4 of 6 operations work, 4 of these answer in the form of the document;"
        " 1 are refused in Twilio's form, 1 as not simulated."
    )


def test_an_answer_in_another_form_is_named_and_makes_the_count_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = _document()
    schema = dict(_QUEUE["properties"], max_size={"type": "string"}, region={"type": "string"})
    del schema["current_size"]
    document["components"]["schemas"]["queue"] = {"type": "object", "properties": schema}
    del document["paths"][f"{_ACCOUNT}/Queues.json"]
    path = tmp_path / "document.json"
    path.write_text(json.dumps(document), "utf-8")
    assert main(str(path)) == 1
    printed = capsys.readouterr()
    assert "3 of 5 operations work, 1 of these answer in the form of the document;" in printed.out
    assert "GET Queues/{}: .region is not in the answer" in printed.err
    assert "GET Queues/{}: .max_size is no string: 100" in printed.err
    assert "GET Queues/{}: .current_size is not in the schema" in printed.err


@pytest.mark.parametrize(
    ("value", "schema", "fault"),
    [
        (None, {"type": "string"}, " is null"),
        (None, {"type": "string", "nullable": True}, None),
        (None, {"type": "string", "enum": ["a", "b"]}, None),
        ("c", {"type": "string", "enum": ["a", "b"]}, " is none of a, b: 'c'"),
        ("", {"type": "string", "pattern": "^AP", "minLength": 34, "nullable": True}, None),
        ("PN", {"type": "string", "pattern": "^AP"}, " is not like ^AP: 'PN'"),
        ("PN", {"type": "string", "minLength": 34}, " has 2 characters: 'PN'"),
        (True, {"type": "integer"}, " is no integer: True"),
        ([1, "2"], {"type": "array", "items": {"type": "integer"}}, "[1] is no integer: '2'"),
    ],
)
def test_a_value_is_held_against_its_schema(value: Any, schema: dict[str, Any], fault: str | None) -> None:
    assert list(faults(value, schema, {})) == ([] if fault is None else [fault])
