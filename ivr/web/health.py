"""Is the process alive, and may it be sent calls? For load balancers and probes; no call depends on it."""

from flask import Blueprint, Response, jsonify

from ivr import __version__


def health_blueprint(profile: str, flow: str, directory: str) -> Blueprint:
    """`flow`, `directory`: the versions that are loaded. Without them there is no app, so ready is what it says."""
    health = Blueprint("health", __name__, url_prefix="/health")

    @health.get("/live")
    def live() -> Response:
        return jsonify(status="live")

    @health.get("/ready")
    def ready() -> Response:
        return jsonify(status="ready", version=__version__, profile=profile, flow=flow, directory=directory)

    return health
