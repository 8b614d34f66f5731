"""The `ivr` command: parse, call, print. Each command's parts are imported when it runs and not before.

Exit codes: 0 as hoped, 1 the thing that was asked about failed, 2 the command line or a file is wrong.
"""

from importlib import import_module

import click

from ivr import __version__
from ivr.errors import DefinitionError, SettingsError

_COMMANDS = {
    "call": "a phone in the terminal: call the bundled line, or any TwiML webhook",
    "simulate": "play scenario files against a TwiML webhook and say which expectations held",
    "load": "place many calls at once and tell how fast they were answered",
    "serve": "answer Twilio's webhooks with a production server",
    "check": "prove over every path of a flow that nobody is stuck and 113 is one key away",
    "graph": "draw a flow",
    "directory": "look places and centres up; count what is sourced, synthetic, assumed",
}


class _LazyGroup(click.Group):
    """Lists every command without importing one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"ivr.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ivr")
def group() -> None:
    """A call router for 116 117 and the Twilio simulator to trust it.

    This is practice equipment, not a medical service. In Norway call 116 117 for the out-of-hours
    medical service, and 113 if life is in danger.
    """


def main() -> None:
    """Run `ivr`; complaints about files and settings are printed one a line, and exit with 2."""
    try:
        group(prog_name="ivr")
    except (DefinitionError, SettingsError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
