"""Every request of the console comes through here: a few at a time, logged in, with its CSRF token, and answered with
the headers that keep a page from being misused.
"""

import logging
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from ivr.line.service.console_accounts import LONGEST_NAME
from ivr.line.web.failsafe import place
from ivr.operations.console import language
from ivr.operations.console.attempts import Attempts, KnownBrowsers, Visitor
from ivr.operations.console.context import ConsoleContext, NoDatabase
from ivr.operations.console.pages import add_pages
from ivr.operations.console.responses import go_to, refuse
from ivr.operations.console.roles import may_ask
from ivr.operations.console.sessions import ConsoleSession, Sessions
from ivr.operations.console.switches import add_switches
from ivr.operations.console.verification_forms import add_verification_forms
from ivr.operations.console.wording import add_words, say

MOST_AT_ONCE = 3  # requests of the console in one process; the other threads are for calls
_PATIENCE = 0.5  # seconds that one more of them waits
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_SHOWN = {"report": "ivr.operations.report", "planner": "ivr.planner"}  # packages whose templates are shown here too
_log = logging.getLogger("ivr.console")


def console_blueprint(desk: ConsoleContext) -> Blueprint:
    console = Blueprint("console", __name__, url_prefix="/console", template_folder="templates", static_folder="static")
    for name, package in _SHOWN.items():
        console.register_blueprint(Blueprint(name, package, template_folder="templates"))
    sessions = Sessions(desk.key, desk.clock, desk.root, desk.accounts, secure=desk.secure)
    add_words(console, desk)
    _add_guard(console, desk, sessions)
    _add_entrance(console, desk, sessions)
    add_pages(console, desk)
    add_switches(console, desk)
    add_verification_forms(console, desk)
    _add_faults(console)
    return console


def _add_guard(console: Blueprint, desk: ConsoleContext, sessions: Sessions) -> None:
    places = BoundedSemaphore(MOST_AT_ONCE)

    @console.before_request
    def enter() -> Any:
        g.session = None
        if request.endpoint == "console.static":
            return None
        chosen = language.begin(desk.root, secure=desk.secure)
        if chosen:
            return chosen
        g.has_place = places.acquire(timeout=_PATIENCE)
        if not g.has_place:
            return refuse(503, "busy")
        g.session = sessions.read(request)
        if request.method not in ("GET", "HEAD") and not _is_ours(g.session):
            return refuse(403, "expired")
        return None if request.endpoint == "console.log_in" else _turned_away(g.session, desk)

    @console.teardown_request
    def leave(_: BaseException | None) -> None:
        if g.pop("has_place", False):
            places.release()

    @console.after_request
    def protect(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response


def _turned_away(session: ConsoleSession | None, desk: ConsoleContext) -> Response | None:
    """To the log-in, or because of the role; None for somebody who may do this."""
    if session is None or session.role is None:
        return go_to(f"{desk.root}/login")
    if may_ask(session.role, request.method, request.endpoint or ""):
        return None
    return refuse(403, "role", role=say(f"role.{session.role}"))


def _is_ours(session: Any) -> bool:
    """The form was made by us for this session, and no other site sent it."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    return session is not None and session.allows(request.form.get("csrf", ""))


def _add_entrance(console: Blueprint, desk: ConsoleContext, sessions: Sessions) -> None:
    attempts, browsers = Attempts(desk.clock), KnownBrowsers(desk.key, desk.root, secure=desk.secure)

    @console.route("/login", methods=["GET", "POST"])
    def log_in() -> Response:
        if request.method == "GET":
            return go_to(f"{desk.root}/") if g.session and g.session.name else _login_page(sessions)
        name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME]
        address = request.environ.get("ivr.address") or request.remote_addr or ""
        visitor = Visitor(name, address, browsers.number(request, name))
        if not attempts.allowed(visitor):
            response = refuse(429, "attempts")
            response.headers["Retry-After"] = "60"
            return response
        account = desk.accounts.log_in(name, request.form.get("password", ""))
        if account is None:
            attempts.failed(visitor)
            _log.warning("a log-in failed")
            return _login_page(sessions, wrong=True)
        response = go_to(f"{desk.root}/")
        sessions.begin(response, account)
        browsers.remember(response, account.name)
        return response

    @console.post("/logout")
    def log_out() -> Response:
        response = go_to(f"{desk.root}/login")
        sessions.end(response)
        return response


def _login_page(sessions: Sessions, *, wrong: bool = False) -> Response:
    response = Response(status=401 if wrong else 200)
    g.session = sessions.begin(response)
    response.set_data(render_template("console/login.html", wrong=wrong))
    return response


def _add_faults(console: Blueprint) -> None:
    @console.route("/<path:unknown>")
    def nothing(unknown: str) -> Response:
        return refuse(404, "no_page")

    @console.errorhandler(NoDatabase)
    def no_database(error: NoDatabase) -> Response:
        return refuse(503, "database", problem=say(f"problem.{error}"))

    @console.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return refuse(error.code or 500, "other", code=error.code)

    @console.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        _log.error("fault %s at %s", type(error).__name__, place(error))
        return refuse(500, "fault")
