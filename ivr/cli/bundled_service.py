"""The bundled line as a process of its own, for the length of one call of `ivr call`, or of `ivr demo`."""

import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import click

from ivr.cli.application import ends_by_exit
from ivr.cli.options import say_line

_READY_SECONDS = 60.0  # a slow machine, and the proof of the flow before the first answer


@contextmanager
def bundled_service(
    settings: Mapping[str, str] = MappingProxyType({}), meanwhile: Callable[[], None] = lambda: None
) -> Iterator[tuple[str, str]]:
    """The service on a free loopback port, with a token made for this run: its base URL, and the token. `settings`:
    further ones. `meanwhile` is done while it starts."""
    import socket

    from ivr.base.errors import SimulatorError
    from ivr.base.test_account import ACCOUNT_SID
    from ivr.simulator.application.process import ApplicationProcess

    say_line()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    base, token = f"http://127.0.0.1:{port}", secrets.token_hex(16)
    environment = {
        "IVR_PROFILE": "simulator",
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "PUBLIC_BASE_URL": base,
        "PORT": str(port),
        **settings,
    }
    command = [sys.executable, "-m", "ivr", "serve", "--port", str(port)]
    with ends_by_exit(), ApplicationProcess(command, environment) as service:
        meanwhile()
        try:
            service.wait_until_ready(f"{base}/health/ready", _READY_SECONDS)
        except SimulatorError as error:
            raise click.ClickException(f"the bundled service: {error.message}") from None
        yield base, token
