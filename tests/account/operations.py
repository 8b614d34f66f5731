"""How much of Twilio's voice API an account answers, and whether in the form of Twilio's OpenAPI document:

    python -m tests.account.operations twilio_api_v2010.json

The document is spec/json/twilio_api_v2010.json of github.com/twilio/twilio-oai; no copy of it is kept here. Every
operation is asked of an account of its own, in which there is one of everything: a call that talks, one that is over, a
conference, a queue with somebody in it, recordings, numbers, messages.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivr.simulator import Account
from ivr.simulator.rest import RestReply
from tests.library.apps import Documents

VOICE = (
    "Calls",
    "Conferences",
    "Queues",
    "Recordings",
    "IncomingPhoneNumbers",
    "Applications",
    "OutgoingCallerIds",
    "Messages",
)
LINE, ROOM, QUEUE, TALK, ANNA, BASE = (
    "+4721000000",
    "+4721000001",
    "+4721000002",
    "+4721000003",
    "+4791234567",
    "http://127.0.0.1:5000",
)
_ACCOUNT = "/2010-04-01/Accounts/{AccountSid}/"
_METHODS = ("get", "post", "delete")
_NOT_THERE = (404, 405, 501)
# What is sent to each resource; the braces stand for a sid.
_FORMS = {
    "Calls": {"To": ANNA, "From": LINE, "Url": f"{BASE}/talk"},
    "Calls/{}": {"Status": "completed"},
    "Calls/{}/Recordings": {},
    "Calls/{}/Recordings/{}": {"Status": "paused"},
    "Conferences/{}": {"Status": "completed"},
    "Conferences/{}/Recordings/{}": {"Status": "paused"},
    "Conferences/{}/Participants": {"To": ANNA, "From": LINE},
    "Conferences/{}/Participants/{}": {"Muted": "true"},
    "Queues": {"FriendlyName": "sales"},
    "Queues/{}": {"MaxSize": "50"},
    "Queues/{}/Members/{}": {"Url": f"{BASE}/talk"},
    "IncomingPhoneNumbers": {"PhoneNumber": "+4722000000"},
    "IncomingPhoneNumbers/{}": {"FriendlyName": "Our line"},
    "Applications": {"FriendlyName": "Ours"},
    "Applications/{}": {"FriendlyName": "Theirs"},
    "OutgoingCallerIds": {"PhoneNumber": "+4799999999"},
    "OutgoingCallerIds/{}": {"FriendlyName": "Desk"},
    "Messages": {"To": ANNA, "From": LINE, "Body": "Hello"},
    "Messages/{}": {"Body": ""},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """`resource`: the path below the account, without its ending, and `{}` for each sid."""

    method: str
    resource: str
    spec: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """`faults`: where the answer is not as the document has it."""

    operation: Operation
    status: int
    faults: tuple[str, ...]

    @property
    def is_there(self) -> bool:
        return self.status not in _NOT_THERE


class Living:
    """An account with one of everything. `sids`: by the resource."""

    def __init__(self) -> None:
        self.account = Account(allow_errors=True)
        app = Documents(
            room='<Dial><Conference record="record-from-start">Room</Conference></Dial>',
            queue="<Enqueue>support</Enqueue>",
            talk='<Say voice="nobody">Hello.</Say><Pause length="999"/>',
            message='<Record transcribe="true" trim="do-not-trim" timeout="0" maxLength="5" action="/end"/>',
            end="<Hangup/>",
        )
        for number, path in ((LINE, "message"), (ROOM, "room"), (QUEUE, "queue"), (TALK, "talk")):
            self.account.number(number, voice=app, path=f"/{path}")
        over, talks, waits = (self.account.call(ANNA, number) for number in (LINE, TALK, QUEUE))
        self.account.wait(20)
        joined = [self.account.call(ANNA, ROOM) for _ in range(2)]
        self.account.wait(5)
        self.sids = {
            "Calls": talks.sid,
            "Notifications": self._first(f"Calls/{talks.sid}/Notifications.json", "notifications"),
            "Participants": joined[0].sid,
            "Members": waits.sid,
            "Over": over.sid,
            "IncomingPhoneNumbers": self._first("IncomingPhoneNumbers.json", "incoming_phone_numbers"),
            "Conferences": self._first("Conferences.json", "conferences"),
            "Queues": self._first("Queues.json", "queues"),
            "Recordings": self._first(f"Calls/{over.sid}/Recordings.json", "recordings"),
            "Transcriptions": self._first("Transcriptions.json", "transcriptions"),
            "Applications": self._made("Applications.json", FriendlyName="Ours"),
            "Messages": self._made("Messages.json", To=ANNA, From=LINE, Body="Hello"),
        }
        self.ask("POST", "OutgoingCallerIds.json", {"PhoneNumber": ANNA})
        self.sids["OutgoingCallerIds"] = self._first("OutgoingCallerIds.json", "outgoing_caller_ids")

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> RestReply:
        url = f"https://api.twilio.com/2010-04-01/Accounts/{self.account.sid}/{path}"
        login = (self.account.sid, self.account.auth_token)
        reply = self.account.rest.request(method, url, data=form, auth=login)
        self.account.wait(0)
        return reply

    def _first(self, path: str, name: str) -> str:
        return str(json.loads(self.ask("GET", path).text)[name][0]["sid"])

    def _made(self, path: str, **form: str) -> str:
        return str(json.loads(self.ask("POST", path, form).text)["sid"])

    def path(self, operation: Operation) -> str:
        """With the sid of something to which the operation can be done."""
        path = ""
        for part in operation.resource.split("/"):
            path += f"/{self._sid(operation, path[1:]) if part == '{}' else part}"
        return f"{path[1:]}.json"

    def _sid(self, operation: Operation, parent: str) -> str:
        kind, deletes = parent.rpartition("/")[2], operation.method == "DELETE"
        if kind == "Recordings" and not (parent == kind or deletes or parent.startswith("Calls/" + self.sids["Over"])):
            return self._live_tape(parent)
        if kind == "Recordings" and parent.startswith("Conferences/"):
            self.ask("POST", f"{parent.removesuffix('/Recordings')}.json", {"Status": "completed"})
            return self._first(f"{parent}.json", "recordings")
        if kind == "Calls" and deletes:
            return self.sids["Over"]
        if kind == "Queues" and deletes:
            return self._made("Queues.json", FriendlyName="empty")
        return self.sids.get(kind, f"XX{0:032x}")

    def _live_tape(self, parent: str) -> str:
        if parent.startswith("Calls/"):
            return self._made(f"{parent}.json")
        return self._first(f"{parent}.json", "recordings")


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Those of voice, in the document's order."""
    for path, methods in document["paths"].items():
        below = path.removeprefix(_ACCOUNT)
        if below == path or below.partition("/")[0].removesuffix(".json") not in VOICE:
            continue
        resource = re.sub(r"\{\w+\}", "{}", below.removesuffix(".json"))
        yield from (Operation(each.upper(), resource, methods[each]) for each in _METHODS if each in methods)


def ask(operation: Operation, document: dict[str, Any]) -> Asked:
    """One operation, of an account of its own."""
    living = Living()
    form = _FORMS.get(operation.resource, {}) if operation.method == "POST" else None
    reply = living.ask(operation.method, living.path(operation), form)
    if reply.status_code in _NOT_THERE:
        return Asked(operation, reply.status_code, ())
    answers = operation.spec["responses"]
    if str(reply.status_code) not in answers:
        return Asked(operation, reply.status_code, (f"status {reply.status_code}: {reply.text}",))
    content = answers[str(reply.status_code)].get("content")
    if content is None:
        return Asked(operation, reply.status_code, ())
    schema = content["application/json"]["schema"]
    return Asked(operation, reply.status_code, tuple(faults(json.loads(reply.text), schema, document)))


def count(document: dict[str, Any]) -> list[Asked]:
    return [ask(operation, document) for operation in operations(document)]


# The form of an answer.

_TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": int | float,
    "boolean": bool,
    "object": dict,
    "array": list,
}


def faults(value: Any, schema: dict[str, Any], document: dict[str, Any], where: str = "") -> Iterator[str]:
    """Where the value is not as the schema has it; what the schema does not name has no place in the value either.

    Two things are right because the document's own examples have them: null for a word of a list, and "" for a sid.
    """
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kind = schema.get("type")
    if value is None:
        if kind and not schema.get("nullable") and "enum" not in schema:
            yield f"{where} is null"
        return
    if kind and (not isinstance(value, _TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
        yield f"{where} is no {kind}: {value!r}"
    elif isinstance(value, str):
        yield from _text_faults(value, schema, where)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from faults(each, schema["items"], document, f"{where}[{place}]")
    elif isinstance(value, dict) and "properties" in schema:
        yield from _field_faults(value, schema["properties"], document, where)


def _field_faults(value: dict[str, Any], known: dict[str, Any], document: dict[str, Any], where: str) -> Iterator[str]:
    yield from (f"{where}.{name} is not in the answer" for name in known if name not in value)
    for name, each in value.items():
        if name in known:
            yield from faults(each, known[name], document, f"{where}.{name}")
        else:
            yield f"{where}.{name} is not in the schema"


def _text_faults(value: str, schema: dict[str, Any], where: str) -> Iterator[str]:
    if not value and schema.get("nullable"):
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where} is none of {', '.join(schema['enum'])}: {value!r}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where} is not like {schema['pattern']}: {value!r}"
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", sys.maxsize):
        yield f"{where} has {len(value)} characters: {value!r}"


# What is printed.


def table(asked: list[Asked]) -> str:
    """Resource by resource."""
    lines = ["| resource | answered | refused by name |", "|---|---|---|"]
    for resource in dict.fromkeys(each.operation.resource for each in asked):
        here = [each for each in asked if each.operation.resource == resource]
        there, not_there = (
            ", ".join(each.operation.method for each in here if each.is_there is is_there) for is_there in (True, False)
        )
        lines.append(f"| {resource} | {there} | {not_there} |")
    return "\n".join(lines)


def numbers(asked: list[Asked]) -> str:
    there = Counter(each.is_there for each in asked)[True]
    right = sum(each.is_there and not each.faults for each in asked)
    return f"{there} of {len(asked)} operations are answered, {right} of these in the form of the document."


def main(path: str) -> int:
    """1 when an answer is not in the document's form."""
    asked = count(json.loads(Path(path).read_text("utf-8")))
    sys.stdout.write(f"{table(asked)}\n\n{numbers(asked)}\n")
    wrong = [f"{each.operation.method} {each.operation.resource}: {fault}" for each in asked for fault in each.faults]
    sys.stderr.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
