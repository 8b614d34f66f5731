"""<Stream> inside <Start>, <Connect> and <Stop>: the call's audio to a WebSocket, and from it.

Source T:stream: url relative or absolute, wss only, without a query; track inbound_track; statusCallback none, POST.
Codes T:31922 (another scheme), T:31923 (no URL), T:31941 (a track that does not exist, or another than inbound_track
inside <Connect>). `ws` is taken for loopback, where no certificate is (ours).
"""

from dataclasses import dataclass

from ivr.simulator.twiml.parameters import read_parameter, refuse_child
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue, Reading
from ivr.simulator.twiml.xml import Element

_KNOWN = ("name", "url", "track", "statusCallback", "statusCallbackMethod")
_IGNORED = ("connectorName", "audioFormat", "sampleRate")
TRACKS = {
    "inbound_track": ("inbound",),
    "outbound_track": ("outbound",),
    "both_tracks": ("inbound", "outbound"),
}
NO_URL, WRONG_TRACK = 31923, 31941


@dataclass(frozen=True, slots=True)
class Stream:
    """`url`: as written. `tracks`: whose audio is sent. `parameters`: told in `customParameters`.

    `fault`: why it cannot be opened, "" when it can, and the error's code.
    """

    name: str
    url: str
    tracks: tuple[str, ...]
    status_callback: str | None
    status_method: str
    parameters: tuple[tuple[str, str], ...]
    line: int
    column: int
    fault: str = ""
    code: int = 0


def read(element: Element, issues: list[Issue], parent: str) -> Stream:
    """`parent`: Start, Connect or Stop."""
    reading = Reading(element, issues, (*_KNOWN, *_IGNORED), _IGNORED)
    parameters = []
    for child in element.elements:
        if child.name == "Parameter":
            parameters.append(read_parameter(child, issues))
        else:
            refuse_child(child, "Stream", issues)
    track = reading.text("track") or "inbound_track"
    code, fault = _fault(reading, track, parent)
    return Stream(
        name=reading.text("name") or "",
        url=_url(reading),
        tracks=TRACKS.get(track, ()),
        status_callback=reading.text("statusCallback"),
        status_method=reading.method("statusCallbackMethod", SCHEMA_WARNING),
        parameters=tuple(each for each in parameters if each is not None),
        line=element.line,
        column=element.column,
        fault=fault,
        code=code,
    )


def _url(reading: Reading) -> str:
    url, mark, _ = (reading.text("url") or "").strip().partition("?")
    if mark:
        message = "url of <Stream> takes no query; it is left out (<Parameter> tells the socket more)"
        reading.warn(SCHEMA_WARNING, message)
    return url


def _fault(reading: Reading, track: str, parent: str) -> tuple[int, str]:
    allowed = ("inbound_track",) if parent == "Connect" else tuple(TRACKS)
    if parent == "Stop":
        return 0, ""
    if track not in allowed:
        return WRONG_TRACK, f"track={track!r} of <Stream> inside <{parent}> must be one of {', '.join(allowed)}"
    if not (reading.text("url") or "").strip():
        return NO_URL, "<Stream> has no url: nothing is streamed"
    return 0, ""
