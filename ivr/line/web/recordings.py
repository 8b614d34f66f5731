"""The clips of recorded languages, for Twilio to play: GET /recordings/<language>/<file>.

A file's name holds a hash of its content, so it may be cached for ever, and a call that began before an import goes on
with the clips of its own edition as long as they lie in the folder.
"""

from collections.abc import Collection
from pathlib import Path

from flask import Blueprint, Response, abort

from ivr.line.languages.clips import FILE, PAUSE_FILE
from ivr.line.languages.files import SOUND

KEPT = "public, max-age=31536000, immutable"  # a year


def recordings_blueprint(languages: Path, codes: Collection[str]) -> Blueprint:
    """`languages`: the folder of the flow's languages. `codes`: those that have recordings."""
    recordings = Blueprint("recordings", __name__, url_prefix="/recordings")

    @recordings.get("/<code>/<file>")
    def clip(code: str, file: str) -> Response:
        if code not in codes or not (FILE.fullmatch(file) or file == PAUSE_FILE):
            abort(404)
        try:
            content = (languages / code / SOUND / file).read_bytes()
        except OSError:
            abort(404)
        return Response(content, mimetype="audio/wav", headers={"Cache-Control": KEPT})

    return recordings
