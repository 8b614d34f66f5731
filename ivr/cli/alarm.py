"""`ivr alarm check`: does something go wrong for callers now? For a timer; tells people by mail or webhook."""

import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivr.cli.options import JSON, echo_json

if TYPE_CHECKING:
    from datetime import datetime

    from ivr.operations.alarms import Alarm, Limits, News


@click.group()
def alarm() -> None:
    """Alarms out of the records: callers wait too long, a centre is silent, the fail-safe speaks, records are lost.

    \b
    Example:
      ivr alarm check

    \b
    Exit codes:
      0    all is well
      1    there is an alarm
      2    the command line or a setting is wrong
    """


@alarm.command()
@click.option("--minutes", type=click.IntRange(5, 1440), default=60, help="How far to look back.")
@click.option("--share", type=click.FloatRange(0, 1), default=0.8, help="Least share answered within two minutes.")
@click.option("--rings", type=click.IntRange(1), default=20, help="Fewest rings for which the share is judged.")
@click.option(
    "--unanswered", type=click.IntRange(1), default=3, help="So many rings without an answer: a silent centre."
)
@click.option(
    "--smtp", envvar="IVR_ALARM_SMTP", help="Mail server: smtp://HOST, smtps:// or smtp+starttls://USER:PASSWORD@HOST."
)
@click.option("--mail-from", envvar="IVR_ALARM_MAIL_FROM", help="Sender of the mail.")
@click.option("--mail-to", envvar="IVR_ALARM_MAIL_TO", help="Addresses, separated by commas.")
@click.option("--webhook", envvar="IVR_ALARM_WEBHOOK", help="URL that takes the alarm as JSON.")
@JSON
def check(  # noqa: PLR0913, PLR0917 - one for each option
    minutes: int,
    share: float,
    rings: int,
    unanswered: int,
    smtp: str | None,
    mail_from: str | None,
    mail_to: str | None,
    webhook: str | None,
    as_json: bool,
) -> None:
    """Look whether something goes wrong for callers now, and tell people of it, if a mail server or webhook is named.

    An alarm: too few rings are answered within two minutes; a centre has not answered its last rings; callers heard
    the fail-safe or the fallback; records were lost, or cannot be read. People are told when an alarm begins, again
    every four hours, and when it is over. A centre that is out of service in the console is no alarm; outages, planned
    ones and an announcement are told as notes. Calls of `ivr load` and other tools count for the fail-safe alone.

    \b
    Examples:
      ivr alarm check
      ivr alarm check --smtp smtp://127.0.0.1 --mail-from line@example.org --mail-to duty@example.org

    \b
    Exit codes:
      0    all is well
      1    there is an alarm, or a message could not be sent
      2    the command line or a setting is wrong
    """
    from ivr.base.clock import SystemClock
    from ivr.operations.alarms import Limits, Memory

    if smtp and not (mail_from and mail_to):
        raise click.UsageError("--smtp needs --mail-from and --mail-to")
    now = SystemClock().now()
    alarms, notes = _alarms(now, Limits(timedelta(minutes=minutes), share, rings, unanswered))
    memory = Memory(_state())
    news = memory.news(alarms, now)
    unsent = _tell(news, smtp, mail_from or "", mail_to or "", webhook) if news else []
    if not unsent and (smtp or webhook):
        memory.keep(alarms, news, now)
    if as_json:
        found = [{"kind": each.kind, "subject": each.subject, "words": each.words} for each in alarms]
        echo_json({"alarms": found, "cleared": list(news.cleared), "not_sent": unsent, "switched": notes})
    else:
        for each in alarms:
            click.secho(f"ALARM  {each.words}", fg="red")
        for words in news.cleared:
            click.echo(f"over   {words}")
        for words in notes:
            click.echo(f"note   {words}")
        if not alarms:
            click.echo(f"all is well, looked back {minutes} minutes")
    for problem in unsent:
        click.echo(problem, err=True)
    raise SystemExit(1 if alarms or unsent else 0)


def _alarms(now: "datetime", limits: "Limits") -> "tuple[list[Alarm], list[str]]":
    """Records that cannot be read are an alarm too. And what people have switched in the console."""
    from ivr.base.ids import CentreId
    from ivr.cli.records import reading, the_directory
    from ivr.operations.alarms import Alarm, look, switched_notes
    from ivr.operations.alarms.look import RECORDS

    centres = the_directory().centres

    def name(centre: str) -> str:
        known = centres.get(CentreId(centre))
        return known.spoken if known else centre

    try:
        with reading() as engine, engine.connect() as connection:
            return look(connection, now, limits, name), switched_notes(connection, now, name)
    except click.ClickException as error:
        return [Alarm(RECORDS, "database", f"the records cannot be read: {error.message}")], []


def _tell(news: "News", smtp: str | None, sender: str, to: str, webhook: str | None) -> list[str]:
    """What could not be sent."""
    from ivr.operations.alarms import AlarmMessage, mail, post
    from ivr.operations.alarms.messages import AlarmNotSentError

    message, problems = AlarmMessage(os.environ.get("PUBLIC_BASE_URL", ""), news), []
    ways: list[Callable[[], None]] = []
    if smtp:
        ways.append(partial(mail, message, smtp, sender, to))
    if webhook:
        ways.append(partial(post, message, webhook))
    for send in ways:
        try:
            send()
        except AlarmNotSentError as error:
            problems.append(str(error))
    return problems


def _state() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "ivr-116117" / "alarms.json"
