"""`ivr demo`: the line, its console and a phone, on loopback, with a month of made-up records."""

import secrets
import signal
import tempfile
import threading
import webbrowser
from pathlib import Path

import click

from ivr.cli.options import taken_port

CALLS_A_DAY = 110


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="any free one", help="of the phone")
@click.option("--no-browser", is_flag=True, help="Print the addresses and open no browser.")
def demo(port: int, no_browser: bool) -> None:
    """Start the bundled line with its console, a phone in the browser that calls it, and a month of made-up records.

    Everything listens on loopback only, and nobody real can be rung. The records lie in a database of this
    demonstration alone, which is deleted at the end; every page of the console says that they are made up. Calls from
    the phone are recorded beside them.

    \b
    Examples:
      ivr demo
      ivr demo --no-browser

    \b
    Exit codes:
      0    ended by Ctrl-C
      1    the line did not start
      2    the command line or a file is wrong
    """
    from werkzeug.security import generate_password_hash

    from ivr.base.test_account import ORIGIN_FIELD
    from ivr.cli.bundled_service import bundled_service
    from ivr.simulator.web_phone.page import Webhook, open_page

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    password = secrets.token_urlsafe(9)
    with tempfile.TemporaryDirectory(prefix="ivr-demo-") as folder:
        database = f"sqlite:///{Path(folder) / 'demo.sqlite3'}"
        settings = {
            "IVR_DEMO": "1",
            "DATABASE_URL": database,
            "SECRET_KEY": secrets.token_hex(32),
            "IVR_CONSOLE_PASSWORD_HASH": generate_password_hash(password),
        }
        _make_database(database)
        with bundled_service(settings, lambda: _fill(database)) as (base, token):
            webhook = Webhook(
                f"{base}/voice",
                fallback_url=f"{base}/voice/fallback",
                status_callback=f"{base}/voice/status",
                auth_token=token,
                first_params={ORIGIN_FIELD: "demo"},
            )
            try:
                page = open_page(webhook, port, of_the_line=True)
            except OSError as error:
                raise taken_port(port, error) from None
            click.echo(f"The phone:   {page.url}   press Call")
            click.echo(f"The console: {base}/console   any name, password {password}")
            click.echo(f"The line:    {base}/voice   answers signed webhooks of Twilio's form")
            click.echo("Nobody real answers. If you need help: call 116 117, or 113 if life is in danger.")
            click.echo("Ctrl-C ends it, and deletes the made-up records.")
            try:
                if not no_browser:
                    webbrowser.open(page.url)
                threading.Event().wait()
            except KeyboardInterrupt:
                click.echo()
            finally:
                page.close()


def _make_database(url: str) -> None:
    from ivr.operations.records.database import database_url, open_database, upgrade

    engine = open_database(database_url(url))
    upgrade(engine)
    engine.dispose()


def _fill(url: str) -> None:
    """Calls of a month, the last ones half an hour ago, as if the line of this very start had taken them."""
    import os

    from ivr.base.clock import SystemClock
    from ivr.line.flow.facts import CallOrigin
    from ivr.line.service.bootstrap import load_edition
    from ivr.line.service.settings import line_files
    from ivr.operations.records.database import database_url, open_database
    from ivr.operations.records.made_up import DAYS, MadeUp, fill

    clock = SystemClock()
    line = load_edition(line_files(os.environ), clock).engine
    engine = open_database(database_url(url))
    usual, other, *_ = line.flow.languages
    made_up = MadeUp(line.directory, (usual, other), edition=line.edition, origin=CallOrigin.DEMO)
    fill(engine, made_up, CALLS_A_DAY * DAYS, clock.now())
    engine.dispose()
