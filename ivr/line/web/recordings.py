"""The clips of recorded languages, for Twilio to play: GET /recordings/<language>/<file>.

A file's name holds a hash of its content, so it may be cached for ever, and a call that began before an import goes on
with the clips of its own edition as long as they lie in the folder.
"""

from collections.abc import Collection
from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory

from ivr.line.languages.clips import FILE, PAUSE_FILE
from ivr.line.languages.files import SOUND

_YEAR = 365 * 24 * 3600  # seconds


def recordings_blueprint(languages: Path, codes: Collection[str]) -> Blueprint:
    """`languages`: the folder of the flow's languages. `codes`: those that have recordings."""
    recordings = Blueprint("recordings", __name__, url_prefix="/recordings")

    @recordings.get("/<code>/<file>")
    def clip(code: str, file: str) -> Response:
        if code not in codes or not (FILE.fullmatch(file) or file == PAUSE_FILE):
            abort(404)
        folder = (languages / code / SOUND).absolute()
        response = send_from_directory(folder, file, mimetype="audio/wav", max_age=_YEAR)
        response.cache_control.public = True
        response.cache_control.immutable = True
        return response

    return recordings
