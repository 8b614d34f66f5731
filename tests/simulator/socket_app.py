"""The program behind a WebSocket, made of fixed answers: what `Webhook` is for requests. No network: it is the peer of
a session's sockets, so that a rule of a stream plays the same every time.

`on`: an event's name, or `dtmf 5` for a key, to what is answered: JSON texts ($sid is the stream's), `close`, `break`
(the connection ends without a close), `fail` (a close that tells of a fault) or `audio 400` (so many milliseconds of
µ-law). Every event is answered once.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ivr.simulator.engine.effects import Failed, OpenSocket, SocketAnswer, SocketEffect, SocketHeard, SocketOpened

FAILURES = {
    "refused": Failed("refused", "refused"),
    "unreachable": Failed("unreachable", "no connection in time"),
    "handshake": Failed("handshake", "it answered 404 to the opening handshake, and not 101"),
    "tls": Failed("tls", "no TLS"),
}


@dataclass
class SocketApp:
    """`fails`: how the handshake goes wrong, if it does. `heard`: every message. `opened`: every handshake."""

    on: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fails: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    opened: list[OpenSocket] = field(default_factory=list)
    _answered: set[str] = field(default_factory=set)

    def act(self, effect: SocketEffect) -> SocketAnswer:
        if isinstance(effect, OpenSocket):
            self.opened.append(effect)
            return FAILURES[self.fails] if self.fails else SocketOpened()
        texts: list[str] = []
        for text in effect.texts:
            message = json.loads(text)
            self.heard.append(message)
            for answer in self._answers(message):
                if answer == "close":
                    return SocketHeard(tuple(texts), "it was closed (1000)", "clean")
                if answer == "break":
                    return SocketHeard(tuple(texts), "the connection ended without a close", "broken")
                if answer == "fail":
                    return SocketHeard(tuple(texts), "it was closed (1011)", "closed")
                texts.append(_written(answer, effect.key))
        return SocketHeard(tuple(texts))

    def _answers(self, message: Mapping[str, Any]) -> list[str]:
        kind = str(message.get("event", message.get("type")))
        key = message.get("digit", message.get("dtmf", {}).get("digit") if kind == "dtmf" else None)
        names = [name for name in (kind, f"{kind} {key}") if name in self.on and name not in self._answered]
        self._answered.update(names)
        return [answer for name in names for answer in self.on[name]]


def _written(answer: str, sid: str) -> str:
    word, _, milliseconds = answer.partition(" ")
    if word == "audio":
        payload = b64encode(b"\x10" * (8 * int(milliseconds))).decode()
        return json.dumps({"event": "media", "streamSid": sid, "media": {"payload": payload}})
    return answer.replace("$sid", sid)
