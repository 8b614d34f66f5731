"""`ivr serve`: the service under gunicorn. Knows servers; decides nothing about calls."""

import os
from typing import Any

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option("--port", type=click.IntRange(1, 65535), help="port to listen on  [default: PORT, else 5000]")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, envvar="WEB_CONCURRENCY")
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="warning",
    show_default=True,
    envvar="LOG_LEVEL",
    help="of the server and the service",
)
def serve(host: str, port: int | None, workers: int, threads: int, log_level: str) -> None:
    """Answer Twilio's webhooks.

    Everything else comes from the environment: docs/settings.md. Exit 2 when the environment, the flow or the
    directory does not allow a start; every reason is printed.
    """
    if port is not None:
        os.environ["PORT"] = str(port)
    import logging

    from gunicorn.app.base import BaseApplication

    from ivr.bootstrap import create_app
    from ivr.settings import read_settings

    logging.basicConfig(level=log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = read_settings(os.environ)
    app = create_app(settings)

    class Server(BaseApplication):
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"{host}:{settings.port}",
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "graceful_timeout": 20,
                "accesslog": None,  # a request line holds a call's token; no caller's data in logs
                "loglevel": log_level,
                "control_socket_disable": True,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return app

    click.echo(f"ivr: profile {settings.profile}, {settings.base_url}, listening on {host}:{settings.port}", err=True)
    Server().run()
