"""The faults of a plan: which one a request meets, and what it makes of the reply; and what is recognised of speech.

What is done to the reply is done on the way back: the application has had the request and answered it as it should.
"""

from collections import defaultdict
from dataclasses import replace

from ivr.simulator.engine.effects import Failed, Fetch, Response, Speech
from ivr.simulator.plan import ANY, Fault, FaultKind, SpeechFault
from ivr.simulator.twiml.document import LARGEST

_POSTPONING = ("late", "reordered")
_XML = ("content-type", "text/xml")


class Mishaps:
    """Every fault that names a request happens once."""

    def __init__(self, faults: tuple[Fault | SpeechFault, ...]) -> None:
        self._faults = tuple(fault for fault in faults if isinstance(fault, Fault))
        self._misheard = [fault for fault in faults if isinstance(fault, SpeechFault)]
        self._spoken = 0
        self._sent: defaultdict[str, int] = defaultdict(int)
        self._happened: set[int] = set()
        self._standing: tuple[FaultKind, float, bool] | None = None
        self.met: list[Fault] = []  # those that were not in the plan, with the number of the request that met them
        self.by_request: dict[int, Fault] = {}  # every fault that a request met, by the number of that request

    def arm(self, kind: FaultKind | None, value: float = 0.0, *, stays: bool = False) -> None:
        """From outside, in the middle of a call: the next request meets this, or each from now on; None: no more."""
        self._standing = None if kind is None else (kind, value, stays)

    def recognised(self, speech: Speech) -> Speech:
        """The caller speaks to a recogniser: the speech, with what is recognised of it."""
        self._spoken += 1
        for fault in self._misheard:
            if fault.speech in (ANY, self._spoken):
                return replace(speech, heard_as=fault.heard_as, confidence=fault.confidence)
        return speech

    def postpones(self, number: int) -> Fault | None:
        """The fault that holds back the status callback which would be the call's request `number`."""
        return self._find(number, "status", postponing=True)

    def meets(self, number: int, purpose: str, before: Fault | None) -> Fault | None:
        """The fault of a request that is sent now. `before`: what the request met that was redirected to this one."""
        if not self._faults and before is None and self._standing is None:  # as in nearly all calls
            self._sent[purpose] += 1
            return None
        fault = self._meets(number, purpose, before)
        if fault is not None:
            self.by_request[number] = fault
        return fault

    def _meets(self, number: int, purpose: str, before: Fault | None) -> Fault | None:
        self._sent[purpose] += 1
        if before is not None and before.kind == "redirects" and before.value > 1:
            return replace(before, value=before.value - 1)
        if self._standing is not None:
            kind, value, stays = self._standing
            self._standing = self._standing if stays else None
            self.met.append(Fault(number, kind, value))
            return self.met[-1]
        return self._find(number, purpose, postponing=False)

    def _find(self, number: int, purpose: str, *, postponing: bool) -> Fault | None:
        for index, fault in enumerate(self._faults):
            if index in self._happened or fault.purpose not in (None, purpose):
                continue
            if purpose == "status" and (fault.kind in _POSTPONING) != postponing:
                continue
            counted = self._sent[purpose] + postponing
            if fault.request in (ANY, number if fault.purpose is None else counted):
                if fault.request != ANY:
                    self._happened.add(index)
                return fault
        return None


def instead(fault: Fault | None, fetch: Fetch, url: str, *, told: bool) -> Response | Failed | None:
    """What comes in place of the reply, when the application is not to get the request at all.

    `url`: the request's, without what Twilio added. `told`: it is a status callback.
    """
    match fault:
        case Fault(kind="lost") if told:
            return Failed("lost", "lost on its way")
        case Fault(kind="timeout" | "lost"):
            return too_late(fetch)
        case Fault(kind="refuse"):
            return Failed("refused", "the connection was refused")
        case Fault(kind="status", value=status):
            return Response(int(status), (("content-type", "text/html"),), b"")
        case Fault(kind="redirects", value=left) if left >= 1:
            return Response(307, (("location", url),), b"")
        case _:
            return None


def spoiled(fault: Fault | None, reply: Response | Failed, fetch: Fetch) -> Response | Failed:
    """The reply as the fault lets it arrive."""
    match fault:
        case Fault(kind="reset"):
            return Failed("reset", "the connection was reset before the answer came")
        case _ if isinstance(reply, Failed):
            pass
        case Fault(kind="delay" | "late", value=seconds):
            late = seconds > fetch.read_timeout
            return too_late(fetch) if late else reply._replace(seconds=reply.seconds + seconds)
        case Fault(kind="oversized"):
            return reply._replace(headers=_typed(reply), body=reply.body.ljust(LARGEST + 1)[: LARGEST + 1])
        case Fault(kind="bad_xml"):
            return reply._replace(headers=_typed(reply), body=reply.body.rstrip()[:-1] or b"<")
        case Fault(kind="wrong_type"):
            return reply._replace(headers=_typed(reply, ("content-type", "application/json")))
    return reply


def too_late(fetch: Fetch) -> Failed:
    return Failed("read-timeout", f"no answer within {fetch.read_timeout:g} s", fetch.read_timeout)


def _typed(reply: Response, kind: tuple[str, str] = _XML) -> tuple[tuple[str, str], ...]:
    return (kind, *(header for header in reply.headers if header[0] != "content-type"))
