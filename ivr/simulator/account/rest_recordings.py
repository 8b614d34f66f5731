"""Recordings over REST: list, fetch, delete, start on a live call, pause, resume, stop; and the file itself.
T:recording.
"""

from http import HTTPStatus

from ivr.simulator.account.core import Core
from ivr.simulator.account.recorded_sound import recorded_wav
from ivr.simulator.account.rest_app import Asked, MediaRoute, Route, not_found, one_of
from ivr.simulator.account.rest_calls import find_call, recording_of
from ivr.simulator.account.rest_conferences import find_conference
from ivr.simulator.account.rest_lists import fitting, page
from ivr.simulator.engine.recordings import Recording, record_call
from ivr.simulator.rest import VERSION, Json, RestError, RestFile, bad_request
from ivr.simulator.twiml.recording_callbacks import Told

_CURRENT = "Twilio.CURRENT"
_PARENT_SIDS = {"CallSid": "call_sid", "ConferenceSid": "conference_sid"}
_START = (
    "RecordingStatusCallback",
    "RecordingStatusCallbackMethod",
    "RecordingStatusCallbackEvent",
    "RecordingChannels",
    "RecordingTrack",
    "Trim",
)
_ONE_PARTY = ("RecordVerb", "Conference")  # recorded in one channel, whatever is asked for


def _resource(core: Core, asked: Asked, tape: Recording) -> Json:
    """Three forms: of the account, of a call, of a conference."""
    account = f"/{VERSION}/Accounts/{core.sid}"
    told: Json = {
        "sid": tape.sid,
        "account_sid": core.sid,
        "call_sid": tape.call_sid,
        "conference_sid": tape.conference_sid or None,
        "api_version": VERSION,
        "date_created": core.date(tape.started),
        "date_updated": core.date(tape.updated),
        "start_time": core.date(tape.started),
        "duration": str(tape.duration) if tape.is_over else None,
        "status": tape.status,
        "channels": tape.used_channels,
        "source": tape.source,
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "encryption_details": None,
    }
    if "call" in asked.path:
        uri = f"{account}/Calls/{asked.path['call']}/Recordings/{tape.sid}"
        return told | {"track": tape.told.track, "uri": f"{uri}.json"}
    if "conference" in asked.path:
        return told | {"uri": f"{account}/Conferences/{asked.path['conference']}/Recordings/{tape.sid}.json"}
    uri = f"{account}/Recordings/{tape.sid}"
    more = {name: f"{uri}/{path}.json" for name, path in _SUBRESOURCES.items()}
    return told | {"uri": f"{uri}.json", "media_url": tape.url, "subresource_uris": more}


_SUBRESOURCES = {"add_on_results": "AddOnResults", "transcriptions": "Transcriptions"}


def _those(core: Core, asked: Asked) -> list[Recording]:
    """Of the account, or of the call or the conference in the path. Raises RestError when that is not there."""
    tapes = core.shared.recordings
    if "call" in asked.path:
        find_call(core, asked, asked.path["call"])
        return [tape for tape in tapes if tape.call_sid == asked.path["call"]]
    if "conference" in asked.path:
        sid = find_conference(core, asked).sid
        return [tape for tape in tapes if tape.conference_sid == sid]
    return tapes


def _find(core: Core, asked: Asked) -> Recording:
    return one_of(asked, _those(core, asked))


def fetch(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _resource(core, asked, _find(core, asked))


def listed(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """The newest first."""
    names = {} if asked.path else _PARENT_SIDS
    known = (_resource(core, asked, tape) for tape in reversed(_those(core, asked)))
    found = fitting(asked, known, names, {"DateCreated": "date_created"})
    return HTTPStatus.OK, page(asked, "recordings", found)


def start(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """From this moment of the account's time to the end of the call."""
    asked.allow(*_START)
    running, leg = find_call(core, asked, asked.path["call"])
    if leg is not None:
        message = "a recording of a leg that was dialled is not simulated: record the call that has dialled it"
        raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, message)
    if asked.choice("Trim", ("do-not-trim", "trim-silence"), "do-not-trim") == "trim-silence":
        raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, "Trim=trim-silence is not simulated: do-not-trim is")
    how, session = recording_of(asked), running.session
    if running.is_over or session.call.answered_at is None:
        raise bad_request(21220, f"Requested resource is not eligible for recording: the call is {session.status}")
    told = Told(how.callback or None, how.method, how.events, how.track)
    tape = record_call(session.call, core.world.now, told, how.channels)
    core.world.wake(running.sid)
    return HTTPStatus.CREATED, _resource(core, asked, tape)


def update(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """It acts at this moment of the account's time."""
    asked.allow("Status", "PauseBehavior")
    status = asked.choice("Status", ("in-progress", "paused", "stopped"), "")
    skips = asked.choice("PauseBehavior", ("silence", "skip"), "silence") == "skip"
    tape = _current(core, asked) if asked.path["sid"] == _CURRENT else _find(core, asked)
    if tape.status not in ("in-progress", "paused"):
        raise bad_request(21220, f"the recording is {tape.status}: it cannot be changed any more")
    if status == "paused":
        tape.pause(core.world.now, skips=skips)
    elif status == "in-progress":
        tape.resume(core.world.now)
    else:
        tape.stop(core.world.now)
        core.world.wake(tape.call.line.sid)
    return HTTPStatus.OK, _resource(core, asked, tape)


def _current(core: Core, asked: Asked) -> Recording:
    """The latest that is under way."""
    for tape in reversed(_those(core, asked)):
        if tape.status in ("in-progress", "paused"):
            return tape
    raise not_found(asked)


def delete(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """One that is over; another one is kept (409, 20009: ours)."""
    tape = _find(core, asked)
    if not tape.is_over:
        message = f"the recording is {tape.status}: only one that is over can be deleted"
        raise RestError(HTTPStatus.CONFLICT, 20009, message)
    core.shared.recordings.remove(tape)
    return HTTPStatus.NO_CONTENT, {}


# The file.


def media(core: Core, asked: Asked) -> RestFile:
    """As many channels as were asked for when it was recorded, unless RequestedChannels says otherwise."""
    asked.allow("RequestedChannels")
    tape = _find(core, asked)
    if not tape.is_over:
        raise not_found(asked)
    channels = asked.integer("RequestedChannels", tape.used_channels, 1, 2)
    if channels == 2 and (tape.source in _ONE_PARTY or tape.told.track != "both"):
        raise bad_request(20001, "RequestedChannels=2: this recording has one channel")
    return RestFile(recorded_wav(tape, channels, core.options.speaker))


def mp3(_core: Core, asked: Asked) -> RestFile:
    raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, f"GET {asked.url} is not simulated; .wav is")


_PARENTS = ("", r"Calls/(?P<call>[^/]+)/", r"Conferences/(?P<conference>[^/]+)/")
_SID = r"Recordings/(?P<sid>[^/]+)"
ROUTES: tuple[Route, ...] = (
    *[("GET", f"{parent}Recordings", listed) for parent in _PARENTS],
    *[("GET", f"{parent}{_SID}", fetch) for parent in _PARENTS],
    *[("DELETE", f"{parent}{_SID}", delete) for parent in _PARENTS],
    ("POST", f"{_PARENTS[1]}Recordings", start),
    *[("POST", f"{parent}{_SID}", update) for parent in _PARENTS[1:]],
)
MEDIA: tuple[MediaRoute, ...] = tuple(
    (rf"{parent}Recordings/(?P<sid>[^/.]+){form}", handler)
    for parent in _PARENTS
    for form, handler in ((r"(?:\.wav)?", media), (r"\.mp3", mp3))
)
