"""`--serve`: the application under test, which a command starts for as long as it plays calls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ivr.simulator.application.environment import LocalAccount
    from ivr.simulator.application.process import ApplicationProcess
    from ivr.simulator.plan import CallPlan
    from ivr.simulator.rest_server import RestServer


@dataclass(frozen=True, slots=True)
class Serve:
    """What --serve, --ready and --ready-seconds say. `command` is None without --serve."""

    command: str | None
    ready: str | None
    seconds: float

    @classmethod
    def of(cls, options: dict[str, Any]) -> "Serve":
        """Takes the three out of the options of a command. Raises UsageError."""
        serve = cls(options.pop("serve"), options.pop("ready"), options.pop("ready_seconds"))
        if serve.ready and serve.command is None:
            raise click.UsageError("--ready needs --serve: the command that starts the application")
        return serve

    def rest_port(self, port: int | None) -> int | None:
        """The application that is started asks somewhere: a free port, where none is named."""
        return 0 if port is None and self.command is not None else port


def ready_url(serve: Serve, called: str) -> str:
    """What is asked until it answers: --ready, else the top of the server that is called. Raises UsageError."""
    from ivr.simulator.application.process import checked_ready_url
    from ivr.simulator.urls import UrlError, head

    try:
        return checked_ready_url(serve.ready or f"{head(called)}/")
    except UrlError as error:
        raise click.UsageError(f"--ready: {error}") from None


def local_account(
    rest: "RestServer | None", plan: "CallPlan", api_key: str | None = None, api_secret: str | None = None
) -> "LocalAccount | None":
    """Whose REST API the application asks; None where there is none."""
    if rest is None:
        return None
    from ivr.simulator.application.environment import LocalAccount

    keys = (api_key, api_secret) if api_key and api_secret else ()
    return LocalAccount(rest.url, plan.account_sid, plan.auth_token, *keys)


@contextmanager
def application(
    serve: Serve, account: "LocalAccount | None", called: str, say: Callable[[str], None] = lambda _: None
) -> "Iterator[ApplicationProcess | None]":
    """The application while calls are played; None without --serve. `called`: the URL that is called. Exit code 1 when
    it does not answer."""
    if serve.command is None or account is None:
        yield None
        return
    from ivr.base.errors import SimulatorError
    from ivr.simulator.application.process import start_application

    url = ready_url(serve, called)
    with ends_by_exit():
        try:
            running = start_application(serve.command, account, url, seconds=serve.seconds, say=say)
        except SimulatorError as error:
            raise click.ClickException(error.message) from None
        with running:
            yield running


def echo_last_lines(running: "ApplicationProcess | None") -> None:
    """What an application that was stopped printed last, on standard error: often the reason of a failure."""
    from ivr.simulator.printable import printable

    for line in running.last_lines if running is not None else ():
        click.echo(printable(f"application: {line}"), err=True)


@contextmanager
def ends_by_exit() -> Iterator[None]:
    """A command that is killed, or whose terminal is closed, still stops what it has started."""
    import signal

    def leave(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    signals = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, leave) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
