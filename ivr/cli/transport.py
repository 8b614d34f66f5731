"""The ways between a command that plays calls and the application: requests to its webhook, and its REST calls."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ivr.simulator import HttpTransport
    from ivr.simulator.rest_server import RestServer


def transport_of(cafile: str | None) -> "HttpTransport":
    """The way to the webhook; `cafile` as --cafile says."""
    from ivr.base.errors import SimulatorError
    from ivr.simulator import HttpTransport

    try:
        return HttpTransport(cafile=cafile)
    except SimulatorError as error:
        raise click.UsageError(f"--cafile: {error}") from None


@contextmanager
def rest_server(
    port: int | None, api_key: str | None = None, api_secret: str | None = None
) -> "Iterator[RestServer | None]":
    """Where the application's REST calls go while calls are played: None without a port."""
    if port is None:
        yield None
        return
    from ivr.simulator.printable import printable
    from ivr.simulator.rest_server import RestServer

    keys = _api_keys(api_key, api_secret)
    try:
        server = RestServer(port, keys)
    except OSError as error:
        raise click.UsageError(f"--rest-port {port}: {error.strerror}") from None
    click.echo(f"REST requests about this call go to: {server.url} (client.api.base_url)", err=True)
    server.app.on_message = lambda sent: click.echo(
        printable(f"text message from {sent.sender}: {sent.body}"), err=True
    )
    try:
        yield server
    finally:
        server.close()


def _api_keys(sid: str | None, secret: str | None) -> dict[str, str] | None:
    """The API key that REST calls may use; None for the test account's."""
    if sid is None and secret is None:
        return None
    if not re.fullmatch("SK[0-9a-fA-F]{32}", sid or ""):
        raise click.UsageError(f"--api-key {sid or ''}: expected SK and 32 hex digits, the sid of an API key")
    if not secret:
        raise click.UsageError("--api-key needs its secret: --api-secret, or TWILIO_API_SECRET")
    return {str(sid): secret}
