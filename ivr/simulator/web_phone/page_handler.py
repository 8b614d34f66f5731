"""What the page can ask for and what it gets: its files, its phone, what becomes of a call.

GET   "" and text          the page, and the same line as a text chat
GET   static/<file>        scripts and styles
GET   config               what this page is in front of
POST  phones               a phone of its own; with `written` for the text chat
GET   phones/<id>/events   what the phone tells; also scenario.yaml, trace.jsonl, speech/<event>.wav
POST  phones/<id>/call     place a call
POST  phones/<id>/act      do something in it
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from ivr.simulator.languages import languages, pages
from ivr.simulator.media.speaker import Speaker
from ivr.simulator.urls import UrlError
from ivr.simulator.web_phone.flow_map import FlowMap
from ivr.simulator.web_phone.log import Log
from ivr.simulator.web_phone.page_requests import OrderError, obey, read_order
from ivr.simulator.web_phone.phone import Phone
from ivr.simulator.web_phone.phones import Phones
from ivr.simulator.web_phone.prepared import CALLS, TASKS, titles

STATIC = Path(__file__).parent / "static"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FILE = re.compile(r"[a-z0-9_-]+\.(?:css|js|svg)")
_JSON = "application/json"


@dataclass(frozen=True)
class PageResponse:
    """`name`: a file's name, when the page is to save it."""

    status: int
    kind: str
    body: bytes
    name: str = ""


@dataclass(frozen=True)
class EventStream:
    """The log's messages after `start`, as they come."""

    log: Log
    start: int


@dataclass(frozen=True)
class Front:
    """What the page is in front of. `url`: "" for the bundled line. `centres`: number and name of who may be rung.
    `texts`: what the line says, by language. `digits`: as each language speaks them. `has_clock`: it can be told
    the hour. `from_`, `to`: the numbers that are offered first; "" for the page's own choice."""

    url: str
    plan: FlowMap | None = None
    centres: tuple[tuple[str, str], ...] = ()
    texts: Sequence[Mapping[str, str]] = ()
    digits: Mapping[str, Sequence[str]] = field(default_factory=dict)
    has_clock: bool = False
    from_: str = ""
    to: str = ""


class PageHandler:
    """`make`: a new phone for a page; true: for the text chat."""

    def __init__(self, front: Front, make: Callable[[bool], Phone], speaker: Speaker) -> None:
        self._front = front
        self._phones = Phones(make)
        self._speaker = speaker

    def close(self) -> None:
        self._phones.close()

    def get(self, path: str, last_seen: int) -> PageResponse | EventStream:
        """`last_seen`: the number of the last message that a page has, when it comes back for the rest."""
        match path.split("/"):
            case [""]:
                return _file("index.html")
            case ["text"]:
                return _file("text.html")
            case ["static", name] if _FILE.fullmatch(name):
                return _file(name)
            case ["config"]:
                return _json(self._config())
            case ["phones", name, *rest] if (phone := self._phones.get(name)) is not None:
                return self._of_phone(phone, rest, last_seen)
            case _:
                return _nothing()

    def post(self, path: str, asked: Mapping[str, Any]) -> PageResponse:
        match path.split("/"):
            case ["phones"]:
                return _json({"id": self._phones.new(written=asked.get("written") is True).id})
            case ["phones", name, "call" | "act" as what] if (phone := self._phones.get(name)) is not None:
                return _place(phone, asked) if what == "call" else _act(phone, asked)
            case _:
                return _nothing()

    def _config(self) -> dict[str, Any]:
        front = self._front
        config: dict[str, Any] = {
            "url": front.url,
            "speech": self._speaker.can_speak,
            "prepared": _titled(front, CALLS),
            "tasks": _titled(front, TASKS),
            "has_clock": front.has_clock,
            "from": front.from_,
            "to": front.to,
            "centres": [{"number": number, "name": name} for number, name in front.centres],
            "texts": list(front.texts),
            "digits": dict(front.digits),
        }
        if front.plan is not None:
            plan = front.plan
            config["flow"] = {
                "name": plan.name,
                "start": plan.start,
                "red_flag": plan.red_flag,
                "person": plan.person,
                "nodes": [{"id": node, "kind": kind} for node, kind in plan.nodes.items()],
                "ways": [{"start": way.start, "end": way.end} for way in plan.ways],
                "words": {code: asdict(words) for code, words in plan.words.items()},
            }
        return config

    def _of_phone(self, phone: Phone, rest: list[str], last_seen: int) -> PageResponse | EventStream:
        match rest:
            case ["events"]:
                return EventStream(phone.log, last_seen)
            case ["scenario.yaml"]:
                return PageResponse(HTTPStatus.OK, "text/yaml; charset=utf-8", phone.scenario().encode(), "call.yaml")
            case ["trace.jsonl"]:
                return PageResponse(
                    HTTPStatus.OK, "application/jsonl; charset=utf-8", phone.trace().encode(), "call.jsonl"
                )
            case ["speech", name] if re.fullmatch(r"[0-9]{1,6}\.wav", name):
                return self._spoken(phone, int(name.removesuffix(".wav")))
            case _:
                return _nothing()

    def _spoken(self, phone: Phone, number: int) -> PageResponse:
        """Only what the call has said is spoken, never a text that the page sends."""
        events = phone.call.session.trace.events if phone.call is not None else []
        event = events[number] if number < len(events) else {}
        sound = None
        if event.get("event") == "say":
            sound = self._speaker.speak(str(event["text"]), str(event["language"]))
        return PageResponse(HTTPStatus.OK, "audio/wav", sound) if sound is not None else _nothing()


def _titled(front: Front, folder: Path) -> list[dict[str, str]]:
    """The scenarios of the folder; they are about the bundled line alone."""
    found = () if front.url else titles(folder, front.has_clock)
    return [{"name": name, "title": title} for name, title in found]


def _place(phone: Phone, asked: Mapping[str, Any]) -> PageResponse:
    try:
        phone.place(read_order(asked))
    except (OrderError, UrlError) as error:
        return _json({"error": str(error)}, HTTPStatus.BAD_REQUEST)
    except KeyError:
        return _json({"error": "there is no such prepared call, and no such task"}, HTTPStatus.BAD_REQUEST)
    return _json({})


def _act(phone: Phone, asked: Mapping[str, Any]) -> PageResponse:
    if phone.call is None or phone.call.is_over:
        return _json({})  # it comes too late, as anybody's hand does
    try:
        obey(phone.call, asked)
    except OrderError as error:
        return _json({"error": str(error)}, HTTPStatus.BAD_REQUEST)
    return _json({})


def _json(content: dict[str, Any], status: int = HTTPStatus.OK) -> PageResponse:
    return PageResponse(status, _JSON, json.dumps(content, ensure_ascii=False).encode())


def _nothing() -> PageResponse:
    return PageResponse(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"Not Found")


@cache
def _languages() -> bytes:
    """The languages of the simulator for the page's scripts; `texts` only where the page speaks the language."""
    spoken = pages()
    found = [{**asdict(each), **(asdict(spoken[each.code]) if each.code in spoken else {})} for each in languages()]
    return f"export const languages = {json.dumps(found, ensure_ascii=False)};\n".encode()


def _file(name: str) -> PageResponse:
    if name == "languages.js":
        return PageResponse(HTTPStatus.OK, _KINDS[".js"], _languages())
    path = STATIC / name
    if not path.is_file():
        return _nothing()
    return PageResponse(HTTPStatus.OK, _KINDS[path.suffix], path.read_bytes())
