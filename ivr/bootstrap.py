"""The one place where the parts are wired together.

flask --app ivr.bootstrap:create_app run
"""

import logging
import os
from collections.abc import Callable

from flask import Flask

from ivr.bundled import bundled
from ivr.calls import CallId, CallService, FactSink, Tokens
from ivr.clock import Clock, SystemClock
from ivr.directory import Directory, live_complaints, load_directory
from ivr.errors import SettingsError
from ivr.flow.actions import Dial, HangUp
from ivr.flow.engine import Engine
from ivr.flow.facts import Fact
from ivr.flow.loader import load_flow
from ivr.prompts import load_prompts
from ivr.settings import Profile, Settings, read_settings
from ivr.twilio_voice import Signature, TwimlWriter
from ivr.web.failsafe import FailSafe, quietly
from ivr.web.health import health_blueprint
from ivr.web.voice import Line, voice_blueprint

MOST_BYTES = 65_536  # of a request; Twilio's are about one thousand

_log = logging.getLogger("ivr.calls")


def create_app(settings: Settings | None = None, *, clock: Clock | None = None, sink: FactSink | None = None) -> Flask:
    """The service. Without `settings` they come from the environment.

    Raises SettingsError or DefinitionError, with everything that is wrong, before a call could be taken.
    """
    settings = settings or read_settings(os.environ)
    clock = clock or SystemClock()
    flow_file = settings.flow or bundled("call_flows") / "legevakt.yaml"
    catalogue = load_prompts(flow_file.parent / "prompts")
    directory = _directory(settings, clock)
    flow = load_flow(flow_file, catalogue, practice=settings.profile is Profile.PRACTICE)
    engine = Engine(flow, directory, catalogue)
    writer = TwimlWriter(catalogue, settings.base_url, settings.phone_number)
    failsafe = _failsafe_reply(engine, writer)

    app = Flask("ivr")
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BYTES, PROPAGATE_EXCEPTIONS=True)
    line = Line(
        calls=CallService(engine, Tokens(settings.token_secret), clock),
        writer=writer,
        signature=Signature(settings.base_url, settings.auth_tokens),
        sink=quietly(sink or log_facts),
        account_sid=settings.account_sid,
        fallback=failsafe,
        begin_again=writer.write_and_begin_again(),
        over=writer.write((HangUp(),), "", ""),
    )
    app.register_blueprint(voice_blueprint(line))
    app.register_blueprint(health_blueprint(settings.profile, flow.version, directory.version))
    guarded: Callable[..., object] = FailSafe(app.wsgi_app, failsafe)
    app.wsgi_app = guarded  # type: ignore[method-assign, assignment]
    return app


def log_facts(call: CallId, facts: tuple[Fact, ...]) -> None:
    """The sink until there are records: one line a fact, without numbers or keys."""
    for fact in facts:
        _log.info("call %s %s", call, fact)


def _directory(settings: Settings, clock: Clock) -> Directory:
    """Whom the line may ring: the directory's own numbers (simulator: they never leave the machine; live: all
    verified), or in practice the practice number alone, or nobody."""
    today = clock.now().date()
    if settings.profile is Profile.PRACTICE:
        if settings.practice_number is None:
            return load_directory(settings.directory, dial="none", today=today)
        number = settings.practice_number
        return load_directory(settings.directory, dial="practice", practice_number=number, today=today)
    directory = load_directory(settings.directory, today=today)
    if settings.profile is Profile.LIVE:
        reasons = live_complaints(directory, today)
        if reasons:
            raise SettingsError(
                ["the profile live needs every number sourced and verified within 12 months:", *reasons]
            )
    return directory


def _failsafe_reply(engine: Engine, writer: TwimlWriter) -> bytes:
    actions = engine.fault()
    if isinstance(actions[-1], Dial):
        return writer.write(actions, "rescue", "")
    return writer.write_and_begin_again(actions)
