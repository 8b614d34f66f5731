"""What was said in recordings, over REST: list, fetch, delete; of the account, and of a recording. T:transcription."""

from collections.abc import Iterator
from http import HTTPStatus

from ivr.simulator.account.core import Core
from ivr.simulator.account.rest_app import Asked, Route, not_found
from ivr.simulator.account.rest_lists import PAGING, page
from ivr.simulator.engine.recordings import Recording, RecordingTranscription
from ivr.simulator.rest import VERSION, Json


def _those(core: Core, asked: Asked) -> Iterator[tuple[Recording, RecordingTranscription]]:
    """The newest first. Raises RestError when the recording is not there."""
    tapes = [tape for tape in reversed(core.shared.recordings) if tape.sid == asked.path.get("recording", tape.sid)]
    if "recording" in asked.path and not tapes:
        raise not_found(asked)
    return ((tape, each) for tape in tapes for each in reversed(tape.transcriptions))


def _find(core: Core, asked: Asked) -> tuple[Recording, RecordingTranscription]:
    for tape, each in _those(core, asked):
        if each.sid == asked.path["sid"]:
            return tape, each
    raise not_found(asked)


def _resource(core: Core, tape: Recording, each: RecordingTranscription) -> Json:
    return {
        "sid": each.sid,
        "account_sid": core.sid,
        "recording_sid": tape.sid,
        "api_version": VERSION,
        "date_created": core.date(each.made),
        "date_updated": core.date(each.made),
        "duration": str(each.seconds),
        "status": "completed",
        "transcription_text": each.text,
        "type": "fast",
        "price": None,
        "price_unit": "USD",
        "uri": f"/{VERSION}/Accounts/{core.sid}/Transcriptions/{each.sid}.json",
    }


def listed(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*PAGING)
    return HTTPStatus.OK, page(asked, "transcriptions", [_resource(core, *each) for each in _those(core, asked)])


def fetch(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _resource(core, *_find(core, asked))


def delete(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    tape, each = _find(core, asked)
    tape.transcriptions.remove(each)
    return HTTPStatus.NO_CONTENT, {}


ROUTES: tuple[Route, ...] = tuple(
    route
    for parent in ("", r"Recordings/(?P<recording>[^/]+)/")
    for route in (
        ("GET", f"{parent}Transcriptions", listed),
        ("GET", rf"{parent}Transcriptions/(?P<sid>[^/]+)", fetch),
        ("DELETE", rf"{parent}Transcriptions/(?P<sid>[^/]+)", delete),
    )
)
