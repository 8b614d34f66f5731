"""`ivr env`: the environment in which an application takes a local account for Twilio."""

import click

from ivr.cli.options import JSON, echo_json


@click.command()
@click.option(
    "--url",
    default="http://127.0.0.1:8038",
    show_default=True,
    help="Where the local account's REST API is, as `ivr emulate` prints it.",
)
@click.option(
    "--account-sid", envvar="TWILIO_ACCOUNT_SID", show_default="the test account's", help="The account's sid."
)
@click.option(
    "--auth-token", envvar="TWILIO_AUTH_TOKEN", show_default="the test account's", help="The account's token."
)
@JSON
def env(url: str, account_sid: str | None, auth_token: str | None, as_json: bool) -> None:
    """Print the environment in which an application takes a local account for Twilio, as a shell reads it.

    Twilio's libraries for Python and Node then ask the local account, and the application is not changed. In Python a
    sitecustomize.py on PYTHONPATH does that, in Node a file that NODE_OPTIONS requires. No request reaches twilio.com.

    \b
    Examples:
      eval "$(ivr env)" && npm start             beside `ivr emulate account.yaml`
      ivr env --url http://127.0.0.1:9000 --json

    \b
    Exit codes:
      0    the environment was printed
      2    the command line is wrong
    """
    import os
    import shlex

    from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
    from ivr.simulator.application.environment import LocalAccount
    from ivr.simulator.application.process import checked_ready_url
    from ivr.simulator.urls import UrlError

    try:
        checked_ready_url(url)
    except UrlError as error:
        raise click.UsageError(f"--url: {error}") from None
    variables = LocalAccount(url.rstrip("/"), account_sid or ACCOUNT_SID, auth_token or AUTH_TOKEN).environment(
        os.environ
    )
    if as_json:
        echo_json(variables)
        return
    for name, value in variables.items():
        click.echo(f"export {name}={shlex.quote(value)}")
