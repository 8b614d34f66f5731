"""1. One webhook in process: a key in the main menu, signed, with twenty fields. As a whole, and by step."""

from typing import Any

from benchmarks.measure import in_turns
from benchmarks.requests import BASE, FIELDS, ask, environ, main_menu
from benchmarks.yardsticks import PATH, BareApp, constant_app, form_app, plain_app
from ivr.base.clock import SystemClock
from ivr.base.test_account import AUTH_TOKEN
from ivr.line.calls import CallService, Tokens
from ivr.line.flow.events import Moment
from ivr.line.service.bootstrap import create_app, load_edition, log_facts
from ivr.line.service.settings import Settings
from ivr.line.twilio import Signature, parse_form, read_request
from ivr.line.web.app import VoiceAnswer

OF_PLAIN, OF_FORM = 0.5, 1.3  # the most that a webhook may cost of the yardsticks' cost


def subjects() -> dict[str, Any]:
    line = create_app(Settings())
    return {
        "constant": ask(constant_app(), PATH),
        "form": ask(form_app(), PATH),
        "plain": ask(plain_app(), PATH),
        "line": ask(line, main_menu(line)),
        "bare WSGI": ask(BareApp(BASE), PATH),
    }


def measure(rounds: int = 120, each: int = 20) -> dict[str, Any]:
    found = in_turns(subjects(), rounds=rounds, each=each)
    return {
        "microseconds": found.microseconds(),
        "ratios": {
            "line / plain": {**found.ratio("line", "plain").as_json(), "at most": OF_PLAIN},
            "line / form": {**found.ratio("line", "form").as_json(), "at most": OF_FORM},
        },
        "steps": {name: cost["median"] for name, cost in _steps().items()},
    }


def _steps() -> dict[str, dict[str, float]]:
    """Microseconds of each step of the same webhook, by itself."""
    clock, edition, settings = SystemClock(), load_edition(Settings(), SystemClock()), Settings()
    tokens = Tokens(settings.token_secret)
    service = CallService([edition.engine], tokens, clock)
    target = main_menu(create_app(settings))
    made, body = environ(target)
    form, call = parse_form(body), tokens.call_id(FIELDS["CallSid"])
    fields, token = form.by_name(), target.partition("t=")[2]
    sign = Signature(BASE, [AUTH_TOKEN])
    read = read_request(fields, "", 3)
    opened = tokens.open(token, (call,))
    if opened is None:
        raise RuntimeError("the token of a call that has just begun does not open")
    moment = Moment(clock.now(), read.caller)
    step = edition.engine.step(read.event, opened.state, moment)
    reply = service.answer(read.event, token, call, read.caller)
    parts = {
        "form": lambda: parse_form(body),
        "signature": lambda: sign.is_valid(target, form, made["HTTP_X_TWILIO_SIGNATURE"]),
        "fields to an event": lambda: read_request(fields, "", 3),
        "call id": lambda: tokens.call_id(FIELDS["CallSid"]),
        "token opened": lambda: tokens.open(token, (call,)),
        "engine step": lambda: edition.engine.step(read.event, opened.state, moment),
        "token sealed": lambda: tokens.seal(step.state, call, opened.edition),
        "TwiML written": lambda: edition.writer.write(reply.actions, reply.node, reply.token),
        "response made": lambda: VoiceAnswer(b"<Response/>"),
        "sink": lambda: log_facts(reply.noted(call)),
    }
    return in_turns(parts, rounds=40, each=100).microseconds()
