"""The one place where the parts are wired together.

flask --app ivr.line run
"""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from flask import Blueprint, Flask

from ivr import __version__
from ivr.base import test_account
from ivr.base.bundled import bundled_flow
from ivr.base.clock import EARLIEST, OSLO, Clock, SystemClock
from ivr.base.errors import SettingsError
from ivr.line.calls import CallService, FactSink, Noted, Outages, SwitchedOn, Tokens
from ivr.line.directory import Directory, load_directory
from ivr.line.flow.actions import DialAction, HangUpAction
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Outage
from ivr.line.flow.loader import load_flow
from ivr.line.languages import Catalogue, languages_beside, load_prompts
from ivr.line.service import logs
from ivr.line.service.expiries import Reminders
from ivr.line.service.live_gate import must_be_fit
from ivr.line.service.metrics import Meters
from ivr.line.service.records_state import RecordsState
from ivr.line.service.settings import Profile, Settings, read_settings
from ivr.line.service.switched import Switched, announced_by, switched
from ivr.line.service.text_messages import TextMessages
from ivr.line.twilio import Authentication, Signature, TwimlWriter
from ivr.line.web.app import App
from ivr.line.web.failsafe import FailSafe, quietly
from ivr.line.web.health import health_blueprint
from ivr.line.web.loopback import LoopbackOnly
from ivr.line.web.recordings import recordings_blueprint
from ivr.line.web.request_metrics import Metered
from ivr.line.web.voice import MOST_BYTES, VoiceContext, voice_blueprint

if TYPE_CHECKING:
    from ivr.operations.console.context import Database
    from ivr.operations.console.past_weeks import PastWeeks
    from ivr.operations.records.outage_watch import OutageWatch
    from ivr.operations.records.recorder import Recorder

MOST_FORMER = 8  # editions that a worker takes from disk
_log = logging.getLogger("ivr.calls")


class Behind(NamedTuple):
    """What works behind the calls: what a database is for, and text messages, where there are such."""

    recorder: "Recorder | None"
    watch: "OutageWatch | None"
    database: "Database | None"  # of the console
    past_weeks: "PastWeeks | None"  # of the console
    texts: TextMessages | None

    def standing(self) -> dict[str, Any]:
        """How the records of this process stand."""
        return {"database": RecordsState.OFF} if self.recorder is None else asdict(self.recorder.standing)

    def texts_standing(self) -> dict[str, Any] | None:
        """How its text messages stand; None where there are none."""
        return asdict(self.texts.standing) if self.texts else None

    def close(self) -> None:
        for each in self:
            if each is not None:
                each.close()


@dataclass(frozen=True)
class Edition:
    """A flow with its prompts and a directory, ready to answer: what a reload replaces as a whole. `findings`: what
    `ivr check` says of it, none of them an error; None if it was not checked."""

    engine: Engine
    writer: TwimlWriter
    catalogue: Catalogue
    findings: tuple[str, ...] | None = None


class FormerEngines:
    """Editions that calls ask for though this process did not load them: a call of a former process, or of another
    instance. Each is loaded once, which costs one request a fraction of a second. `writers`: theirs are added there."""

    def __init__(self, find: Callable[[str], Edition | None], writers: dict[str, TwimlWriter]) -> None:
        self._find = find
        self._writers = writers
        self._found: dict[str, Engine] = {}

    def __call__(self, edition: str) -> Engine | None:
        if edition not in self._found and len(self._found) < MOST_FORMER and (found := self._find(edition)):
            self._found[edition] = found.engine
            self._writers[edition] = found.writer
        return self._found.get(edition)


def load_edition(settings: Settings, clock: Clock, *, written: bool = False, running: bool = False) -> Edition:
    """`written`: its texts are those of a text chat. `running`: this process serves already. Raises SettingsError or
    DefinitionError with everything that is wrong."""
    today = clock.now().date()
    if today < EARLIEST:
        raise SettingsError(
            [
                f"the clock of this machine shows {today}: set the clock, or start the service "
                "after it is set (systemd: time-sync.target)"
            ]
        )
    file = flow_file(settings)
    catalogue = load_prompts(languages_beside(file))
    if written:
        catalogue = catalogue.in_writing()
    directory = _directory(settings, clock)
    practice, texting = settings.profile is Profile.PRACTICE, bool(settings.text_sender)
    flow = load_flow(file, catalogue, practice=practice, texting=texting)
    if texting and not any(node.messages for node in flow.described.values()):
        raise SettingsError([f"IVR_TEXT_SENDER is set, and {file.name} has no node of the type send_number"])
    if settings.profile is Profile.LIVE:
        must_be_fit(settings, directory, flow.version, today, running=running)
    engine = Engine(flow, directory, catalogue)
    return Edition(engine, _writer(settings, engine, catalogue), catalogue)


def at_address(edition: Edition, settings: Settings) -> Edition:
    """The same flow, prompts and directory, answering at the base URL of `settings`."""
    return replace(edition, writer=_writer(settings, edition.engine, edition.catalogue))


def _writer(settings: Settings, engine: Engine, catalogue: Catalogue) -> TwimlWriter:
    return TwimlWriter(
        catalogue,
        settings.base_url,
        settings.phone_number,
        follow_legs=bool(settings.database_url),  # only the records want to know
        sound_url=settings.sound_url,
        hints=engine.directory.spoken_names.hints if engine.flow.speech else (),
    )


def flow_file(settings: Settings) -> Path:
    return settings.flow or bundled_flow()


def create_app(  # noqa: PLR0913 - all by name, and none needed
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    sink: FactSink | None = None,
    outages: Outages | None = None,
    announced: SwitchedOn | None = None,
    editions: Sequence[Edition] = (),
    former: Callable[[str], Edition | None] = lambda edition: None,
    refused: Sequence[str] = (),
    meters: Meters | None = None,
) -> Flask:
    """The service. Without `settings` they come from the environment.

    `sink`, `outages`, `announced`: where facts go, which centres are out of service, which announcement is on; all are
    the database's, if left out.
    `editions`: the newest first, which takes new calls; calls under way finish on the one that they began with. Loaded
    from the settings if left out. `former`: finds another edition that a call may have begun with. `refused`: why the
    last reload was, for whoever looks after the service. `meters`: where to count, if anywhere.
    Raises SettingsError or DefinitionError, with everything that is wrong, before a call could be taken.
    """
    settings = settings or read_settings(os.environ)
    clock = clock or SystemClock()
    editions = editions or [load_edition(settings, clock)]
    engine, writer = editions[0].engine, editions[0].writer
    failsafe = failsafe_reply(editions[0])
    behind = Behind(
        _recorder(settings, clock) if sink is None and settings.database_url else None,
        _watch(settings, clock) if settings.database_url else None,
        _database(settings) if settings.database_url and settings.has_console else None,
        _past_weeks(settings, clock) if settings.database_url and settings.has_console else None,
        _text_messages(settings, meters) if settings.text_sender else None,
    )

    outages = outages or behind.watch or tuple[Outage, ...]
    announced = announced or announced_by(settings, engine.flow, behind.watch.announcement if behind.watch else None)
    switched_now = partial(switched, outages, announced, clock)

    live = settings.profile is Profile.LIVE
    reminders = Reminders(engine.directory, settings.checklist, clock) if live else None
    if reminders:
        _remind(reminders, meters)

    writers = {each.engine.edition: each.writer for each in editions}
    app = App("ivr")
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BYTES, PROPAGATE_EXCEPTIONS=True)
    line = VoiceContext(
        calls=CallService(
            [each.engine for each in editions],
            Tokens(settings.token_secret),
            clock,
            outages,
            FormerEngines(former, writers),
            announced=announced,
        ),
        writers=writers,
        signature=Signature(settings.base_url, settings.auth_tokens, settings.shared_keys),
        authentication=Authentication(
            settings.basic,
            settings.digest,
            secret=settings.token_secret,
            now=lambda: clock.now().timestamp(),
            base_url=settings.base_url,
        ),
        sink=quietly(_reminding(_counted(sink or behind.recorder or log_facts, meters, behind), reminders)),
        account_sid=settings.account_sid,
        fallback=failsafe,
        begin_again=writer.write_and_begin_again(),
        over=writer.write((HangUpAction(),), "", ""),
        texts=quietly(behind.texts) if behind.texts else None,
    )
    app.register_blueprint(voice_blueprint(line))
    app.register_blueprint(
        health_blueprint(
            settings.profile,
            engine.flow.version,
            engine.directory.version,
            tuple(refused),
            records=behind.standing,
            log_lines_lost=logs.lost,
            switched=lambda: switched_now().as_dict() | ({"looked_up": behind.watch.in_step} if behind.watch else {}),
            text_messages=behind.texts_standing,
            expires=reminders.standing if reminders else None,
        )
    )
    recorded = [code for each in editions for code, language in each.catalogue.languages.items() if language.clips]
    if recorded:
        app.register_blueprint(recordings_blueprint(languages_beside(flow_file(settings)), recorded))
    if settings.has_console:
        app.register_blueprint(_console(settings, clock, editions[0], refused, behind, reminders))
    app.extensions["ivr"] = behind
    guarded: Callable[..., Any] = FailSafe(app.wsgi_app, failsafe)
    if meters is not None:
        labels = (__version__, engine.flow.version, engine.directory.version, settings.profile.value)
        _count_switched(meters, switched_now, behind.watch)
        meters.loaded(clock.now().timestamp(), labels, refused=bool(refused))
        webhooks = {rule.rule.split("/")[2] for rule in app.url_map.iter_rules() if rule.rule.startswith("/voice/")}
        guarded = Metered(guarded, meters, webhooks | set(engine.flow.nodes))
    if settings.profile is Profile.SIMULATOR:
        guarded = LoopbackOnly(guarded)
    app.wsgi_app = guarded  # type: ignore[method-assign]
    return app


def _counted(sink: FactSink, meters: Meters | None, behind: Behind) -> FactSink:
    if meters is None:
        return sink

    def count(noted: Noted) -> None:
        meters.happened(noted.facts)
        sink(noted)
        if behind.recorder is not None:
            meters.lost(behind.recorder.standing.lost)

    return count


def _count_switched(meters: Meters, now: Callable[[], Switched], watch: "OutageWatch | None") -> None:
    """At the start, and after every look at the database: an outage begins and ends without anybody's doing."""
    meters.switched(now())
    if watch:
        watch.tell(lambda: meters.switched(now()))


def _recorder(settings: Settings, clock: Clock) -> "Recorder":
    from ivr.operations.records.database import database_url  # noqa: PLC0415 - SQLAlchemy is loaded only where there are records
    from ivr.operations.records.recorder import Recorder  # noqa: PLC0415

    recorder = Recorder(database_url(settings.database_url), clock, settings.retention_days)
    recorder.start()
    return recorder


def _watch(settings: Settings, clock: Clock) -> "OutageWatch":
    from ivr.operations.records.database import database_url  # noqa: PLC0415
    from ivr.operations.records.outage_watch import OutageWatch  # noqa: PLC0415

    watch = OutageWatch(database_url(settings.database_url), clock)
    watch.start()
    return watch


def _database(settings: Settings) -> "Database":
    from ivr.operations.console.context import Database  # noqa: PLC0415

    return Database(settings.database_url)


def _past_weeks(settings: Settings, clock: Clock) -> "PastWeeks":
    from ivr.operations.console.context import origin_of_figures  # noqa: PLC0415
    from ivr.operations.console.past_weeks import PastWeeks, count_past_weeks  # noqa: PLC0415
    from ivr.operations.records.database import database_url  # noqa: PLC0415

    url, origin = database_url(settings.database_url), origin_of_figures(demo=settings.demo)
    weeks = PastWeeks(partial(count_past_weeks, url, clock, origin))
    weeks.start()
    return weeks


def _text_messages(settings: Settings, meters: Meters | None) -> TextMessages:
    from ivr.operations.twilio_account import TwilioAccount  # noqa: PLC0415 - Twilio's REST client is loaded only where it is used

    if settings.api_login is None:
        raise SettingsError(["TWILIO_API_KEY or TWILIO_AUTH_TOKEN must be set for IVR_TEXT_SENDER"])
    user, secret = settings.api_login
    account = TwilioAccount(settings.account_sid or test_account.ACCOUNT_SID, secret, settings.api_url, user=user)
    send = partial(account.text, settings.text_sender)
    return TextMessages(send, meters.texted) if meters else TextMessages(send)


def _remind(reminders: Reminders, meters: Meters | None) -> None:
    """At the start, of what runs out."""
    reminders.tell()
    if meters:
        for kind, day in reminders.first().items():
            meters.expires(kind, datetime.combine(day, time(), OSLO).timestamp())


def _reminding(sink: FactSink, reminders: Reminders | None) -> FactSink:
    """Calls keep the log's daily line coming where nobody asks for the health."""
    if reminders is None:
        return sink

    def remind(noted: Noted) -> None:
        sink(noted)
        reminders.tell()

    return remind


def _console(  # noqa: PLR0913, PLR0917 - what it shows
    settings: Settings,
    clock: Clock,
    edition: Edition,
    refused: Sequence[str],
    behind: Behind,
    reminders: Reminders | None,
) -> Blueprint:
    from ivr.operations.console import Accounts, ConsoleContext, console_blueprint  # noqa: PLC0415

    url = urlsplit(settings.base_url)
    desk = ConsoleContext(
        flow=edition.engine.flow,
        directory=edition.engine.directory,
        catalogue=edition.catalogue,
        clock=clock,
        profile=settings.profile,
        root=f"{url.path.rstrip('/')}/console",
        secure=url.scheme == "https",
        key=settings.console_key,
        accounts=Accounts(settings.console_accounts, settings.console_password_hash),
        findings=edition.findings,
        refused=tuple(refused),
        standing=behind.standing,
        expires=reminders.standing if reminders else None,
        database=behind.database,
        watch=behind.watch,
        past_weeks=behind.past_weeks,
        plan_answer=settings.plan_answer,
        demo=settings.demo,
    )
    return console_blueprint(desk)


def log_facts(noted: Noted) -> None:
    """The sink where no records are kept: one line a fact, without numbers or keys."""
    for fact in noted.facts:
        _log.info("call %s %s", noted.call, fact)


def _directory(settings: Settings, clock: Clock) -> Directory:
    """Whom the line may ring: the directory's own numbers (simulator: they never leave the machine; live: all
    verified), or in practice the practice number alone, or nobody."""
    today = clock.now().date()
    if settings.profile is Profile.PRACTICE:
        if settings.practice_number is None:
            return load_directory(settings.directory, dial="none", today=today)
        number = settings.practice_number
        return load_directory(settings.directory, dial="practice", practice_number=number, today=today)
    return load_directory(settings.directory, today=today)


def failsafe_reply(edition: Edition) -> bytes:
    """What is said when something of ours breaks, rendered before the first call."""
    actions = edition.engine.fault()
    if isinstance(actions[-1], DialAction):
        return edition.writer.write(actions, "rescue", "", by_voice=True)
    return edition.writer.write_and_begin_again(actions)
