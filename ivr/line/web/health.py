"""Is the process alive, and may it be sent calls? For load balancers and probes; no call depends on it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify

from ivr import __version__


def health_blueprint(  # noqa: PLR0913 - the last two by name
    profile: str,
    flow: str,
    directory: str,
    refused: tuple[str, ...],
    *,
    records: Callable[[], dict[str, Any]],
    log_lines_lost: Callable[[], int] = lambda: 0,
    text_messages: Callable[[], dict[str, Any] | None] = lambda: None,
    expires: Callable[[], dict[str, Any]] | None = None,
    switched: Callable[[], dict[str, Any]] = dict,
) -> Blueprint:
    """`flow`, `directory`: the versions that are loaded. Without them there is no app, so ready is what it says.

    `refused`: what was wrong with newer files that a reload was asked to take; the versions shown went on. `records`:
    how the records of this process stand; calls are answered without them, so they never make it unready.
    `log_lines_lost`: because nobody read them in time. `text_messages`: how those stand, None where they are off.
    `switched`: how many centres are out of service, and the like. `expires`: when numbers are due to be verified and
    the checklist to be signed again, in the profile live.
    """
    health = Blueprint("health", __name__, url_prefix="/health")

    @health.get("/live")
    def live() -> Response:
        return jsonify(status="live", version=__version__)

    @health.get("/ready")
    def ready() -> Response:
        texts = text_messages()
        return jsonify(
            status="ready",
            version=__version__,
            profile=profile,
            flow=flow,
            directory=directory,
            reload_refused=list(refused),
            records=records(),
            log_lines_lost=log_lines_lost(),
            **switched(),
            **({} if texts is None else {"text_messages": texts}),
            **({} if expires is None else {"expires": expires()}),
        )

    return health
