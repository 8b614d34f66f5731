"""`ivr serve`: the service under gunicorn. Knows servers; decides nothing about calls."""

import gc
import os
from contextlib import suppress
from typing import Any, Literal

import click

from ivr.cli.options import say_line


def _tell_environment(host: str, port: int | None) -> None:
    """What the settings read: options count before it."""
    if port is not None:
        os.environ["PORT"] = str(port)
    if host == "::1" and not os.environ.get("PUBLIC_BASE_URL"):
        # The public address is where callers reach the server, and that is not 127.0.0.1.
        os.environ["PUBLIC_BASE_URL"] = f"http://[::1]:{os.environ.get('PORT') or 5000}"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: PORT, else 5000]")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    envvar="WEB_CONCURRENCY",
    help="Number of worker processes.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="Threads of each worker, for the console; calls need none.",
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="warning",
    show_default=True,
    envvar="LOG_LEVEL",
    help="Log level of the server and the service.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    envvar="LOG_FORMAT",
    help="Log format; json is one object a line.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(1, 65535),
    envvar="METRICS_PORT",
    help="A second port, for Prometheus.  [default: METRICS_PORT, else no metrics]",
)
def serve(  # noqa: PLR0913, PLR0917 - one argument for each option of the command line
    host: str,
    port: int | None,
    workers: int,
    threads: int,
    log_level: str,
    log_format: Literal["text", "json"],
    metrics_port: int | None,
) -> None:
    """Answer Twilio's webhooks.

    SIGHUP loads a changed flow, prompts or directory without losing a call. The files are proved first (`ivr check`),
    and calls under way finish on the files they began with. Files with a fault change nothing: /health/ready and the
    log say why.

    All other settings come from the environment: docs/settings.md.

    \b
    Examples:
      ivr serve
      ivr serve --port 8000 --workers 2 --log-format json

    \b
    Exit codes:
      0    it was stopped
      1    the server could not start
      2    a setting, the flow or the directory is wrong; every reason is printed
    """
    gc.disable()  # what a start loads is kept, so there is no garbage to look for
    host = host.strip("[]")
    _tell_environment(host, port)
    import logging.config

    # gunicorn reads it too when it is imported, as a bare number; what counts is our option, which has been checked.
    os.environ.pop("WEB_CONCURRENCY", None)

    from gunicorn.app.base import BaseApplication

    from ivr.base.clock import SystemClock
    from ivr.line.service import logs, metrics
    from ivr.line.service.bootstrap import create_app
    from ivr.line.service.connections import IDLE_SECONDS
    from ivr.line.service.gateway import Gateway
    from ivr.line.service.master import JUDGE_SECONDS, Master
    from ivr.line.service.reload import Editions, Verdict
    from ivr.line.service.server import GRACEFUL_SECONDS, Worker, listening_address, most_connections
    from ivr.line.service.settings import Profile, read_settings

    logging.config.dictConfig(logs.configuration(log_level, log_format))
    settings = read_settings(os.environ)
    address = listening_address(host, settings.port, loopback_only=settings.profile is Profile.SIMULATOR)
    with suppress(OSError):  # as below
        say_line(settings, "ivr: ")
    connections = most_connections(threads)
    if settings.database_url:
        from ivr.operations.records.database import prepare

        prepare(settings.database_url)
    editions = Editions(settings, SystemClock())
    gc.enable()
    adding = metrics.start(host, metrics_port) if metrics_port else None

    class Server(BaseApplication):
        """Loads in the master process; a worker is a copy of it. After SIGHUP there are new workers."""

        trusted_proxies = settings.trusted_proxies

        def run(self) -> None:
            silent = Verdict(refused=(f"the files could not be read and proved within {JUDGE_SECONDS} s",))
            Master(self, editions.judge, editions.take, silent, logs.empty).run()

        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": address,
                "workers": workers,
                "worker_class": Worker,
                "worker_connections": connections,
                "graceful_timeout": GRACEFUL_SECONDS,
                "keepalive": IDLE_SECONDS,
                "accesslog": None,  # a request line holds a call's token; no caller's data in logs
                "logconfig_dict": logs.configuration(log_level, log_format),
                "control_socket_disable": True,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def reload(self) -> None:
            for reason in editions.refused:
                logging.getLogger("ivr.reload").error("refused: %s", reason)
            super().reload()

        def load(self) -> Any:
            meters = metrics.Meters() if metrics_port else None
            app = create_app(
                settings, editions=editions.loaded, former=editions.find, refused=editions.refused, meters=meters
            )
            return Gateway(app, threads)

    with suppress(OSError):  # a full disk behind the log is no reason not to take calls
        where = f"{settings.base_url}, listening on {address}"
        click.echo(f"ivr: profile {settings.profile}, {where}", err=True)
    try:
        Server().run()
    finally:
        del adding  # the last of us lets the process that adds up go
