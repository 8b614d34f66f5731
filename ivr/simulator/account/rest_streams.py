"""What listens to a live call, over REST: media streams and real-time transcriptions. T:stream-resource,
T:realtime-transcription-resource.

Both are started and stopped, and neither can be fetched. A SIPREC session and a payment need a connector that the owner
of an account installs in Twilio's console; none is installed here, and they are refused as for such an account.
"""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import TypeVar

from ivr.simulator.account.core import Core
from ivr.simulator.account.rest_app import Asked, Route, not_found
from ivr.simulator.account.rest_calls import find_call
from ivr.simulator.account.running import Running
from ivr.simulator.engine.live_stream import LiveStream
from ivr.simulator.engine.live_transcription import LABELS, LiveTranscription, TranscriptionOrder
from ivr.simulator.engine.placed_streams import start_stream, stop_stream, streams_of
from ivr.simulator.engine.sockets import socket_url
from ivr.simulator.rest import VERSION, Json, RestError, bad_request
from ivr.simulator.twiml.stream import NO_URL, TRACKS, WRONG_TRACK, Stream
from ivr.simulator.urls import UrlError

_Live = TypeVar("_Live", LiveStream, LiveTranscription)
_METHODS = ("GET", "POST")
_STREAM = ("Url", "Name", "Track", "StatusCallback", "StatusCallbackMethod")
_PARAMETER = re.compile(r"Parameter([1-9][0-9]?)\.(Name|Value)")


def live_call(core: Core, asked: Asked) -> Running:
    """The call in the path, which talks. Raises RestError."""
    running, leg = find_call(core, asked, asked.path["call"])
    if leg is not None:
        message = f"{asked.method} {asked.url} is not simulated of a leg that was dialled: name its parent"
        raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, message)
    if running.session.status != "in-progress":
        raise bad_request(21220, f"Call is not in-progress ({running.session.status})")
    return running


def _resource(core: Core, asked: Asked, kind: str, what: LiveStream | LiveTranscription, name: str) -> Json:
    return {
        "sid": what.sid,
        "account_sid": core.sid,
        "call_sid": asked.path["call"],
        "name": name or None,
        "status": "stopped" if what.is_over else "in-progress",
        "date_updated": core.date(),
        "uri": f"/{VERSION}/Accounts/{core.sid}/Calls/{asked.path['call']}/{kind}/{what.sid}.json",
    }


# Streams.


def create_stream(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """It begins at this moment of the account's time."""
    asked.allow(*_STREAM, *(name for name in asked.fields if _PARAMETER.fullmatch(name)))
    running = live_call(core, asked)
    noun = _noun(asked, running)
    stream = start_stream(running.session.call, noun)
    if isinstance(stream, str):
        raise bad_request(20001, stream)
    core.world.wake(running.sid)
    return HTTPStatus.OK, _resource(core, asked, "Streams", stream, noun.name)


def _noun(asked: Asked, running: Running) -> Stream:
    url, track = asked.fields.get("Url", "").strip().partition("?")[0], asked.fields.get("Track", "inbound_track")
    if not url:
        raise bad_request(NO_URL, "Url parameter is required")
    if track not in TRACKS:
        raise bad_request(WRONG_TRACK, f"Track is one of {', '.join(TRACKS)}, not {track!r}")
    try:
        socket_url(running.plan.url, url)
    except UrlError as error:
        raise bad_request(error.code, f"Url: {error}") from None
    return Stream(
        name=asked.fields.get("Name", ""),
        url=url,
        tracks=TRACKS[track],
        status_callback=asked.web_address("StatusCallback", 21609) or None,
        status_method=asked.choice("StatusCallbackMethod", _METHODS, "POST"),
        parameters=_parameters(asked),
        line=0,
        column=0,
    )


def _parameters(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Parameter1.Name with Parameter1.Value, and so on."""
    numbers = sorted({int(match[1]) for name in asked.fields if (match := _PARAMETER.fullmatch(name))})
    pairs = [tuple(asked.fields.get(f"Parameter{n}.{what}", "") for what in ("Name", "Value")) for n in numbers]
    return tuple((name, value) for name, value in pairs if name)


def update_stream(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """By its sid or its name, also one that <Start> began."""
    running = _call_of_what_stops(core, asked)
    stream = _chosen(asked, ((each, each.noun.name) for each in streams_of(running.session.call)))
    if stream.both_ways:
        raise bad_request(20001, "a stream that <Connect> began is bidirectional, and ends with its socket")
    _must_run(stream, "stream")
    stop_stream(stream)
    core.world.wake(running.sid)
    return HTTPStatus.OK, _resource(core, asked, "Streams", stream, stream.noun.name)


# What both have.


def _call_of_what_stops(core: Core, asked: Asked) -> Running:
    asked.allow("Status")
    running = live_call(core, asked)
    if asked.fields.get("Status") != "stopped":
        raise bad_request(20001, f"Status is stopped, not {asked.fields.get('Status', '')!r}")
    return running


def _chosen(asked: Asked, named: Iterable[tuple[_Live, str]]) -> _Live:
    """The one in the path: by its sid, or by its name as long as it goes on. Raises RestError."""
    which = asked.path["sid"]
    for each, name in named:
        if which == each.sid or (which == name and not each.is_over):
            return each
    raise not_found(asked)


def _must_run(what: LiveStream | LiveTranscription, kind: str) -> None:
    if what.is_over:
        raise bad_request(21220, f"the {kind} is stopped: it cannot be changed any more")


# Transcriptions.

_PROVIDER = {
    "ProfanityFilter": "profanityFilter",
    "SpeechModel": "speechModel",
    "Hints": "hints",
    "EnableAutomaticPunctuation": "enableAutomaticPunctuation",
}
_TRANSCRIPTION = (
    "Name",
    "Track",
    "StatusCallbackUrl",
    "StatusCallbackMethod",
    "LanguageCode",
    "TranscriptionEngine",
    "PartialResults",
    *LABELS,
    *_PROVIDER,
)


def create_transcription(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """From this moment of the account's time on."""
    asked.allow(*_TRANSCRIPTION)
    if asked.flag("PartialResults"):
        raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, "PartialResults=true is not simulated")
    running, track = live_call(core, asked), asked.choice("Track", tuple(TRACKS), "both_tracks")
    order = TranscriptionOrder(
        name=asked.fields.get("Name", ""),
        tracks=tuple(f"{each}_track" for each in TRACKS[track]),
        callback=asked.web_address("StatusCallbackUrl", 17585),
        method=asked.choice("StatusCallbackMethod", _METHODS, "POST"),
        labels={track: asked.fields[name] for name, track in LABELS.items() if name in asked.fields},
        language=asked.fields.get("LanguageCode", "en-US"),
        engine=asked.choice("TranscriptionEngine", ("google", "deepgram"), "google"),
        provider={told: asked.fields[name] for name, told in _PROVIDER.items() if name in asked.fields},
    )
    call = running.session.call
    if order.name and any(each.order.name == order.name for each in call.transcriptions if not each.is_over):
        raise bad_request(20001, f"the call has a transcription {order.name!r} already")
    transcription = LiveTranscription(call, order)
    call.transcriptions.append(transcription)
    transcription.start()
    core.world.wake(running.sid)
    return HTTPStatus.OK, _resource(core, asked, "Transcriptions", transcription, order.name)


def update_transcription(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """By its sid or its name."""
    running = _call_of_what_stops(core, asked)
    transcription = _chosen(asked, ((each, each.order.name) for each in running.session.call.transcriptions))
    _must_run(transcription, "transcription")
    transcription.stop()
    core.world.wake(running.sid)
    return HTTPStatus.OK, _resource(core, asked, "Transcriptions", transcription, transcription.order.name)


# What needs a connector.

_NO_STREAM_CONNECTOR, _NO_PAY_CONNECTOR = 31940, 64004


def create_siprec(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    live_call(core, asked)
    name = asked.fields.get("ConnectorName", "")
    raise bad_request(_NO_STREAM_CONNECTOR, f"ConnectorName {name!r} is none that the account has installed")


def create_payment(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    live_call(core, asked)
    for field in ("IdempotencyKey", "StatusCallback"):
        if not asked.fields.get(field):
            raise bad_request(20001, f"{field} parameter is required")
    name = asked.fields.get("PaymentConnector", "Default")
    raise bad_request(_NO_PAY_CONNECTOR, f"PaymentConnector {name!r} is none that the account has installed")


def update_none(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """None of these can be there."""
    find_call(core, asked, asked.path["call"])
    raise not_found(asked)


_CALL = r"Calls/(?P<call>[^/]+)"
ROUTES: tuple[Route, ...] = (
    ("POST", f"{_CALL}/Streams", create_stream),
    ("POST", rf"{_CALL}/Streams/(?P<sid>[^/]+)", update_stream),
    ("POST", f"{_CALL}/Transcriptions", create_transcription),
    ("POST", rf"{_CALL}/Transcriptions/(?P<sid>[^/]+)", update_transcription),
    ("POST", f"{_CALL}/Siprec", create_siprec),
    ("POST", rf"{_CALL}/Siprec/(?P<sid>[^/]+)", update_none),
    ("POST", f"{_CALL}/Payments", create_payment),
    ("POST", rf"{_CALL}/Payments/(?P<sid>[^/]+)", update_none),
)
