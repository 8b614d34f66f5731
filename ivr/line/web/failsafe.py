"""The one place that catches `Exception`.

Whatever breaks between Twilio's request and our reply, the caller hears the 113 words, with status 200: an error page
would be spoken to a sick person as "an application error has occurred". The reply is rendered before the first call, so
that nothing is needed to send it.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ivr.line.web.whole_answer import whole_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger("ivr.failsafe")


class FailSafe:
    """WSGI middleware. `reply`: the pre-rendered TwiML; `path`: what the voice routes begin with."""

    def __init__(self, app: "WSGIApplication", reply: bytes, path: str = "/voice") -> None:
        self._app = app
        self._path = path
        self._headers = [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(reply)))]
        self._reply = reply
        self.faults = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(self._path):
            return self._app(environ, start_response)
        try:
            return self._answer(environ, start_response)
        except Exception as fault:  # noqa: BLE001 - this is the one boundary
            self.faults += 1
            environ["ivr.fault"] = True  # for whoever counts
            # The kind and place of the fault, never its text: that may hold what the caller keyed.
            _log.error("fault %s at %s", type(fault).__name__, place(fault))
            start_response("200 OK", self._headers)
            return [self._reply]

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The application's whole answer, before a byte of it is sent."""
        status, headers, content = whole_answer(self._app, environ)
        if status.startswith("5"):
            raise RuntimeError(status)
        start_response(status, headers)
        return [content]


def quietly(sink: Callable[..., None]) -> Callable[..., None]:
    """A sink whose faults stay its own: facts that are lost must never cost a call."""

    def guarded(*arguments: Any) -> None:
        try:
            sink(*arguments)
        except Exception as fault:  # noqa: BLE001 - a call is worth more than its record
            _log.error("facts lost: %s at %s", type(fault).__name__, place(fault))

    return guarded


def place(fault: BaseException) -> str:
    """`file.py:12` of the innermost frame."""
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
