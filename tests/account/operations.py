"""How much of Twilio's voice API an account answers, and whether in the form of Twilio's OpenAPI document:

    python -m tests.account.operations twilio_api_v2010.json

The document is spec/json/twilio_api_v2010.json of github.com/twilio/twilio-oai; no copy of it is kept here. Every
operation is asked of an account of its own, in which there is one of everything: a call that talks, one that is over, a
conference, a queue with somebody in it, recordings, numbers, messages, an add-on, a stream with a program behind it.

Payments and SIPREC sessions need what the owner of an account installs in Twilio's console, and nobody has installed it
here: Twilio's error is the right answer to them, and is counted by itself.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from ivr.simulator import Account
from ivr.simulator.rest import RestReply
from tests.library.apps import Documents
from tests.media.bot import running

VOICE = (
    "Calls",
    "Conferences",
    "Queues",
    "Recordings",
    "IncomingPhoneNumbers",
    "Applications",
    "OutgoingCallerIds",
    "Messages",
    "Transcriptions",
    "Notifications",
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
_ERROR = {"code", "message", "more_info", "status"}
# What is sent to each resource; the braces stand for a sid.
_FORMS = {
    "Calls": {"To": ANNA, "From": LINE, "Url": f"{BASE}/talk"},
    "Calls/{}": {"Status": "completed"},
    "Calls/{}/Payments": {"IdempotencyKey": "1", "StatusCallback": f"{BASE}/told"},
    "Calls/{}/Payments/{}": {"IdempotencyKey": "1", "StatusCallback": f"{BASE}/told", "Status": "complete"},
    "Calls/{}/Siprec": {"ConnectorName": "recorder"},
    "Calls/{}/Siprec/{}": {"Status": "stopped"},
    "Calls/{}/Streams": {"Url": "wss://127.0.0.1:9/"},
    "Calls/{}/Streams/{}": {"Status": "stopped"},
    "Calls/{}/Transcriptions": {"StatusCallbackUrl": f"{BASE}/told"},
    "Calls/{}/Transcriptions/{}": {"Status": "stopped"},
    "Calls/{}/UserDefinedMessages": {"Content": '{"key": 1}'},
    "Calls/{}/UserDefinedMessageSubscriptions": {"Callback": f"{BASE}/told"},
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
    "IncomingPhoneNumbers/Local": {"PhoneNumber": "+4722000000"},
    "IncomingPhoneNumbers/Mobile": {"PhoneNumber": "+4799000000"},
    "IncomingPhoneNumbers/TollFree": {"PhoneNumber": "+4780000000"},
    "IncomingPhoneNumbers/{}": {"FriendlyName": "Our line"},
    "Applications": {"FriendlyName": "Ours"},
    "Applications/{}": {"FriendlyName": "Theirs"},
    "OutgoingCallerIds": {"PhoneNumber": "+4799999999"},
    "OutgoingCallerIds/{}": {"FriendlyName": "Desk"},
    "Messages": {"To": ANNA, "From": LINE, "Body": "Hello"},
    "Messages/{}": {"Body": ""},
    "Messages/{}/Feedback": {"Outcome": "confirmed"},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """`resource`: the path below the account, without its ending, and `{}` for each sid."""

    method: str
    resource: str
    spec: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """`faults`: where the answer is not as the document has it, or an error is not in Twilio's form."""

    operation: Operation
    status: int
    faults: tuple[str, ...]

    @property
    def answer(self) -> str:
        if self.status < 400:
            return "works"
        return "not simulated" if self.status == HTTPStatus.NOT_IMPLEMENTED else "refused"


class Living(ExitStack):
    """An account with one of everything, until it is left. `sids`: by the resource."""

    def __init__(self) -> None:
        super().__init__()
        self.account = Account(allow_errors=True)
        app = Documents(
            room='<Dial><Conference record="record-from-start">Room</Conference></Dial>',
            queue="<Enqueue>support</Enqueue>",
            talk='<Say voice="nobody">Hello.</Say><Pause length="999"/>',
            message='<Record transcribe="true" trim="do-not-trim" timeout="0" maxLength="5" action="/end"/>',
            end="<Hangup/>",
            told="",
            picture="",
        )
        for number, path in ((LINE, "message"), (ROOM, "room"), (QUEUE, "queue"), (TALK, "talk")):
            self.account.number(number, voice=app, path=f"/{path}")
        self.account.add_on("seconds", {"seconds": 5}, of_recordings=True)
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
            "Messages": self._made("Messages.json", To=ANNA, From=LINE, Body="Hello", MediaUrl=f"{BASE}/picture"),
        }
        self.ask("POST", "OutgoingCallerIds.json", {"PhoneNumber": ANNA})
        self.sids["OutgoingCallerIds"] = self._first("OutgoingCallerIds.json", "outgoing_caller_ids")
        self.sids["Media"] = self._first(f"Messages/{self.sids['Messages']}/Media.json", "media_list")
        self._add_ons()

    def _add_ons(self) -> None:
        names = self.account.add_on("names", {"name": "Anna"})
        number = f"IncomingPhoneNumbers/{self.sids['IncomingPhoneNumbers']}/AssignedAddOns"
        assigned = self._made(f"{number}.json", InstalledAddOnSid=names.sid)
        results = f"Recordings/{self.sids['Recordings']}/AddOnResults"
        result = self._first(f"{results}.json", "add_on_results")
        self.sids |= {
            "AssignedAddOns": assigned,
            "Extensions": self._first(f"{number}/{assigned}/Extensions.json", "extensions"),
            "AddOnResults": result,
            "Payloads": self._first(f"{results}/{result}/Payloads.json", "payloads"),
        }

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

    def form(self, operation: Operation) -> dict[str, str] | None:
        if operation.method != "POST":
            return None
        if operation.resource.endswith("AssignedAddOns"):
            return {"InstalledAddOnSid": self.account.add_on("places", {}).sid}
        return _FORMS.get(operation.resource, {})

    def _sid(self, operation: Operation, parent: str) -> str:
        kind, deletes = parent.rpartition("/")[2], operation.method == "DELETE"
        if parent.startswith("Calls/") and kind in ("Streams", "Transcriptions", "UserDefinedMessageSubscriptions"):
            return self._live(kind, parent)
        if kind == "Recordings" and not (parent == kind or deletes or parent.startswith("Calls/" + self.sids["Over"])):
            return self._live_tape(parent)
        if kind == "Recordings" and parent.startswith("Conferences/"):
            self.ask("POST", f"{parent.removesuffix('/Recordings')}.json", {"Status": "completed"})
            return self._first(f"{parent}.json", "recordings")
        if kind == "Calls" and deletes and "Subscriptions" not in operation.resource:
            return self.sids["Over"]
        if kind == "Queues" and deletes:
            return self._made("Queues.json", FriendlyName="empty")
        return self.sids.get(kind, f"XX{0:032x}")

    def _live(self, kind: str, parent: str) -> str:
        """One of a live call; of a stream, a program is behind the socket."""
        form = _FORMS[f"Calls/{{}}/{kind}"]
        if kind == "Streams":
            form = {"Url": self.enter_context(running()).url()}
        return self._made(f"{parent}.json", **form)

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
    with Living() as living:
        reply = living.ask(operation.method, living.path(operation), living.form(operation))
    if reply.status_code >= 400:
        body = json.loads(reply.text)
        wrong = () if set(body) == _ERROR else (f"the error {reply.text} is not in Twilio's form",)
        return Asked(operation, reply.status_code, wrong)
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


_ANSWERS = ("works", "refused", "not simulated")


def table(asked: list[Asked]) -> str:
    """Resource by resource."""
    lines = ["| resource | works | refused, as Twilio refuses it | refused as not simulated |", "|---|---|---|---|"]
    for resource in dict.fromkeys(each.operation.resource for each in asked):
        here = [each for each in asked if each.operation.resource == resource]
        by_answer = (", ".join(each.operation.method for each in here if each.answer == answer) for answer in _ANSWERS)
        lines.append(f"| {resource} | {' | '.join(by_answer)} |")
    return "\n".join(lines)


def numbers(asked: list[Asked]) -> str:
    count = Counter(each.answer for each in asked)
    right = sum(each.answer == "works" and not each.faults for each in asked)
    return (
        f"{count['works']} of {len(asked)} operations work, {right} of these answer in the form of the document;"
        f" {count['refused']} are refused in Twilio's form, {count['not simulated']} as not simulated."
    )


def main(path: str) -> int:
    """1 when an answer is not in the document's form."""
    asked = count(json.loads(Path(path).read_text("utf-8")))
    sys.stdout.write(f"{table(asked)}\n\n{numbers(asked)}\n")
    wrong = [f"{each.operation.method} {each.operation.resource}: {fault}" for each in asked for fault in each.faults]
    sys.stderr.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
