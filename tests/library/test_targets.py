"""What a call can be placed to: applications in process, mounted somewhere, WSGI and ASGI, and what makes them."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import pytest
from flask import Flask, request
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from ivr.base.errors import SimulatorError
from ivr.simulator import Call
from tests.library.apps import library

TOKEN = "12345"
XML = "text/xml"
VALIDATOR = RequestValidator(TOKEN)
MENU = '<Response><Gather numDigits="1" action="{}"><Say>Welcome.</Say></Gather></Response>'


def mounted() -> Flask:
    """Takes only requests whose signature is over the address that it believes it has."""
    app = Flask("mounted")

    @app.before_request
    def check() -> Any:
        good = VALIDATOR.validate(request.url, request.form, request.headers["X-Twilio-Signature"])
        return None if good else ("no", 403)

    @app.post("/voice")
    def voice() -> Any:
        return MENU.format(request.script_root + "/menu"), {"Content-Type": XML}

    @app.post("/menu")
    def menu() -> Any:
        return "<Response><Redirect>/menu</Redirect></Response>", {"Content-Type": XML}

    @app.post("/fallback")
    @app.post("/status")
    def told() -> Any:
        return "<Response><Say>Fallback.</Say></Response>", {"Content-Type": XML}

    return app


@pytest.mark.parametrize("base_url", ["https://example.org/ivr", "https://example.org/ivr/", "https://example.org/a/b"])
def test_a_base_url_keeps_its_path_and_the_application_is_mounted_there(base_url: str) -> None:
    call = Call(mounted(), base_url=base_url, auth_token=TOKEN, fallback_url="/fallback", status_callback="/status")
    base = base_url.rstrip("/")
    assert call.prompts == ["Welcome."]
    call.press("1")  # it leads to /menu at the origin, which is not the application's
    assert call.prompts[-1] == "Fallback."
    assert [each.url for each in call.requests] == [
        f"{base}/voice",
        f"{base}/menu",
        "https://example.org/menu",
        f"{base}/fallback",
        f"{base}/status",
    ]
    assert [each.status for each in call.requests] == [200, 200, 404, 200, 200]
    assert "where the application is mounted (base_url)" in call.transcript


def test_an_application_at_the_root_has_every_path() -> None:
    call = Call(library(), base_url="https://example.org")
    assert (call.requests[0].url, call.prompts[0]) == ("https://example.org/voice", "Welcome.")


@pytest.mark.parametrize("base_url", ["https://example.org/?a=b", "https://example.org/ivr#rc=2", "example.org", ""])
def test_a_base_url_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(SimulatorError):
        Call(library(), base_url=base_url)


def test_a_password_may_stand_in_the_base_url() -> None:
    call = Call(library(), base_url="https://user:secret@example.org/ivr")
    assert call.requests[0].url == "https://example.org/ivr/voice"
    assert "secret" not in call.transcript


async def voice(asked: Request) -> Response:
    form = await asked.form()
    good = VALIDATOR.validate(str(asked.url), dict(form), asked.headers["x-twilio-signature"])
    assert asked.client is not None
    assert asked.client.host == "127.0.0.1"
    return Response(MENU.format(asked.url_for("menu").path), 200 if good else 403, media_type=XML)


async def menu(asked: Request) -> Response:
    form = await asked.form()
    return Response(f"<Response><Say>You pressed {form['Digits']}.</Say></Response>", media_type=XML)


async def broken(asked: Request) -> Response:
    raise LookupError("a fault of the application")


def starlette(**options: Any) -> Starlette:
    post = {"methods": ["POST"]}
    routes = [Route("/voice", voice, **post), Route("/menu", menu, **post), Route("/broken", broken, **post)]
    return Starlette(routes=routes, **options)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:5000", "https://example.org", "https://example.org/ivr"])
def test_an_asgi_application_is_called_in_process(base_url: str) -> None:
    with Call(starlette(), base_url=base_url, auth_token=TOKEN) as call:
        call.press("3")
        assert call.prompts == ["Welcome.", "You pressed 3."]
        assert call.ended == "completed"


def test_a_fault_of_an_asgi_application_is_printed_and_answered_with_500(capsys: pytest.CaptureFixture[str]) -> None:
    call = Call(starlette(), path="/broken")
    assert (call.ended, call.requests[0].status) == ("failed", 500)
    assert "LookupError: a fault of the application" in capsys.readouterr().err


def test_a_background_task_ends_before_the_test_goes_on() -> None:
    done = []

    async def voice(asked: Request) -> Response:
        return PlainTextResponse("Hello.", background=BackgroundTask(lambda: done.append(True)))

    call = Call(Starlette(routes=[Route("/voice", voice, methods=["POST"])]))
    assert (call.prompts, done) == (["Hello."], [True])


async def _silent(scope: Any, receive: Any, send: Any) -> None:
    """Never answers."""


async def _half(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200})


async def _cut_off(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"Hello.", "more_body": True})
    raise LookupError("in the middle")


async def _raising(scope: Any, receive: Any, send: Any) -> None:
    raise LookupError("not even a framework")


async def _too_late(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.body", "body": b"Hello."})


@pytest.mark.parametrize("app", [_silent, _half, _cut_off, _raising, _too_late])
def test_an_asgi_application_that_never_answers_in_full_is_answered_for(app: Any) -> None:
    call = Call(app)
    assert (call.ended, call.requests[0].status) == ("failed", 500)


async def _endless(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    while True:
        await send({"type": "http.response.body", "body": b"Hello. " * 1000, "more_body": True})


def test_an_asgi_answer_that_never_ends_is_too_large() -> None:
    assert Call(_endless).warnings == [11750]


async def _bare(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    assert scope["raw_path"] == b"/voice%2Fa"
    assert (await receive())["body"].startswith(b"AccountSid=")
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"Hel", "more_body": True})
    await send({"type": "http.response.body", "body": b"lo."})


def test_an_asgi_function_is_called_as_by_a_server() -> None:
    assert Call(_bare, path="/voice%2Fa").prompts == ["Hello."]


def test_without_a2wsgi_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "a2wsgi", None)
    with pytest.raises(SimulatorError, match=r"needs a2wsgi: pip install 'ivr-116117\[asgi\]'"):
        Call(starlette())


def test_calls_to_wsgi_applications_need_no_a2wsgi_and_start_no_thread() -> None:
    code = (
        "import sys, threading; sys.modules['a2wsgi'] = None; from ivr.simulator import Call;"
        "from tests.library.apps import library; assert Call(library()).prompts; assert threading.active_count() == 1"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_an_asgi_application_leaves_nothing_open_at_the_end_of_the_process() -> None:
    code = (
        "from ivr.simulator import Call; from tests.library.test_targets import _bare; Call(_bare, path='/voice%2Fa')"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, capture_output=True, text=True)
    assert done.stderr == ""


def create_app(config: str | None = None, *, testing: bool = False) -> Any:
    return library()


def create_with_two_defaults(config: str | None = None, testing: bool = False) -> Any:
    return library()


class Factory:
    def __call__(self) -> Any:
        return library()


@pytest.mark.parametrize(
    "factory",
    [
        library,
        create_app,
        create_with_two_defaults,
        Factory(),
        Factory,
        partial(create_app, "config"),
        lambda: library,
    ],
)
def test_a_function_that_makes_the_application_may_be_given(factory: Any) -> None:
    if factory in (Factory,) or getattr(factory, "__name__", "") == "<lambda>":
        with pytest.raises(SimulatorError, match="no function without arguments that returns one"):
            Call(factory)  # it makes something that makes one
    else:
        assert Call(factory).prompts[0] == "Welcome."


def test_a_function_that_makes_an_asgi_application_may_be_given() -> None:
    assert Call(starlette, auth_token=TOKEN).prompts == ["Welcome."]


async def _makes() -> Any:
    return library()


@pytest.mark.parametrize(
    "target", [None, 7, object(), lambda config: library(), lambda: None, lambda: "http://h/", _makes, Flask]
)
def test_what_is_none_of_these_is_said_in_one_sentence(target: Any) -> None:
    with pytest.raises(SimulatorError) as caught:
        Call(target)
    assert "is no URL, no WSGI or ASGI application, and no function without arguments that returns one" in str(
        caught.value
    )
    assert "\n" not in str(caught.value)


def test_a_factory_with_arguments_is_told_when_it_returns_an_application() -> None:
    def create(config: Any, database: Any) -> Any:
        return library()

    assert "call the function, and give what it returns" in Call(create).transcript


def test_an_application_behind_a_wrapper_is_still_one() -> None:
    def logged(app: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(app.__call__)
        def wrapper(*args: Any, **options: Any) -> Any:
            return app(*args, **options)

        return wrapper

    def plain(*args: Any) -> Any:
        return library()(*args)

    assert Call(logged(library())).prompts[0] == "Welcome."
    assert Call(plain).prompts[0] == "Welcome."
