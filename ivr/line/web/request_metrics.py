"""WSGI middleware that counts what was answered, and how fast."""

import time
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ivr.line.service.metrics import Meters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Metered:
    """`names`: of the flow's nodes and of the other webhooks, as they stand behind `/voice/`. A path with any other
    name counts as `other`, so that nobody can make labels up."""

    def __init__(self, app: "WSGIApplication", meters: Meters, names: Collection[str]) -> None:
        self._app = app
        self._meters = meters
        self._names = frozenset(names)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = time.perf_counter()
        status = ""

        def started(line: str, *more: object) -> object:
            nonlocal status
            status = line[:3]
            return start_response(line, *more)  # type: ignore[arg-type]

        body = self._app(environ, started)  # type: ignore[arg-type]
        first, _, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
        if first == "voice":
            node = rest.partition("/")[0] or "arrival"
            known = node in self._names or node == "arrival"
            self._meters.answered(node if known else "other", status, time.perf_counter() - began)
        else:
            self._meters.asked("health" if first == "health" else "other", status)
        if environ.get("ivr.fault"):
            self._meters.fault()
        return body
