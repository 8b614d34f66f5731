"""`ivr emulate`: a local Twilio account: REST API, numbers, phones on a page. Parses, starts, prints."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.application import Serve, application, ready_url
from ivr.cli.options import ALLOW_ORIGIN, DELIVERY, SERVE, with_delivery
from ivr.cli.transport import transport_of

if TYPE_CHECKING:
    from ivr.simulator.account.emulator_file import EmulatorSetup


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8038, show_default=True, help="Port on 127.0.0.1; 0: a free one."
)
@click.option("--phone", "phones", multiple=True, help="A person's phone, in addition to those of FILE; repeatable.")
@ALLOW_ORIGIN
@DELIVERY
@click.option("--cafile", help="PEM file with further certificates to trust.")
@SERVE
def emulate(
    file: Path | None,
    port: int,
    phones: tuple[str, ...],
    allow_origins: tuple[str, ...],
    cafile: str | None,
    **serving: Any,
) -> None:
    """A Twilio account on this machine: the REST API, numbers, calls, phones on a page. Real time.

    FILE is YAML: numbers and their webhooks, phones, far ends. Without it the account begins empty, and the application
    makes its numbers over REST. Only origins that FILE or --allow-origin names are asked.

    --serve starts the application beside it, with what `ivr env` prints in its environment, and prints its lines.

    \b
    Examples:
      ivr emulate account.yaml
      ivr emulate account.yaml --serve "npm start" --ready http://127.0.0.1:3000/
      ivr emulate --allow-origin http://127.0.0.1:5000 --phone +4790000001

    \b
    Exit codes:
      0    Ctrl-C
      1    the application of --serve does not answer
      2    the command line or the file is wrong
    """
    from dataclasses import replace

    from ivr.base.clock import SystemClock
    from ivr.base.errors import SimulatorError
    from ivr.simulator.account.emulator import Emulator, EmulatorServer
    from ivr.simulator.account.emulator_file import default_setup, load_setup
    from ivr.simulator.application.environment import LocalAccount
    from ivr.simulator.printable import printable

    transport_of(cafile)  # a wrong file is said before anything is started
    serve = Serve.of(serving)
    setup = load_setup(file) if file is not None else default_setup()
    called = ready_url(serve, next(iter(setup.named_urls), "")) if serve.command is not None else ""
    setup = replace(
        setup,
        phones=(*setup.phones, *phones),
        allow_origins=(*setup.allow_origins, *allow_origins, *([called] if called else [])),
        delivery=with_delivery(setup.delivery),
        cafile=cafile,
    )
    try:
        server = EmulatorServer(Emulator(setup, SystemClock(), click.echo), port)
    except SimulatorError as error:
        raise click.UsageError(error.message) from None
    except OSError as error:
        raise click.UsageError(f"--port {port}: {error.strerror}") from None
    _say_where(server.url, setup)
    try:
        account = LocalAccount(server.url, setup.account_sid, setup.auth_token)
        with application(serve, account, called, lambda line: click.echo(printable(f"application: {line}"))):
            server.wait()
    except KeyboardInterrupt:
        click.echo("ended")
    finally:
        server.close()


def _say_where(url: str, setup: "EmulatorSetup") -> None:
    click.echo(f"REST API: {url}    phones: {url}/phones    Ctrl-C ends")
    click.echo(f"TWILIO_ACCOUNT_SID={setup.account_sid}")
    click.echo(f"TWILIO_AUTH_TOKEN={setup.auth_token}")
    click.echo(f'client.api.base_url = "{url}"')
    click.echo(f'or, without a change of the application: eval "$(ivr env --url {url})"')
