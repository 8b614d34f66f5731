"""The `ivr` command: parse, call, print. Each command's parts are imported when it runs and not before.

Exit codes: 0 as hoped, 1 the thing that was asked about failed, 2 the command line or a file is wrong.
"""

from importlib import import_module

import click

from ivr import __version__
from ivr.errors import AccountError, DefinitionError, SettingsError

_COMMANDS = {
    "call": "a phone in the terminal: call the bundled line, or any TwiML webhook",
    "phone": "a phone in the browser: hear, see the flow, be the far ends; the bundled line, or any TwiML webhook",
    "simulate": "play scenario files against a TwiML webhook and say which expectations held",
    "load": "place many calls at once and tell how fast they were answered",
    "serve": "answer Twilio's webhooks with a production server",
    "probe": "call once from every municipality and say which do not reach their centre; rings nobody",
    "twilio": "set a number up at Twilio, and examine everything around it",
    "records": "list, explain, export and purge recorded calls",
    "report": "the figures: answered within two minutes, and what the official figure hides",
    "fallback": "write the document that another host plays when this service cannot be reached",
    "check": "prove over every path of a flow that nobody is stuck and 113 is one key away",
    "explore": "play every call that can happen, and say how long it takes to 113 and to a centre",
    "graph": "draw a flow",
    "console": "make the password of the console",
    "directory": "look places and centres up, count what is known; take in new facts",
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
    except AccountError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
