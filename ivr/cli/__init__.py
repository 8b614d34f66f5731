"""The `ivr` command: parse, call, print. Each command's parts are imported when it runs and not before.

Exit codes: 0 as hoped, 1 the thing that was asked about failed, 2 the command line or a file is wrong.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from ivr import __version__
from ivr.base.errors import AccountError, DefinitionError, SettingsError
from ivr.cli.settings_file import SETTINGS_FILE

_COMMANDS = {
    "init": "make a folder with a flow, prompts, directory and deployment samples of your own",
    "golive": "what is missing before a line of your own may serve people, counted; and the signature",
    "call": "a phone in the terminal: call the bundled line, or any TwiML webhook",
    "phone": "a phone in the browser: hear the call, see the flow, answer for the centres",
    "demo": "the line, its console and a phone at once, with a month of made-up records",
    "simulate": "play scenario files against a TwiML webhook and say which expectations held",
    "emulate": "a Twilio account on this machine: its REST API, numbers, calls, phones on a page",
    "env": "print the environment in which an application takes a local account for Twilio",
    "load": "place many calls and measure how fast they are answered",
    "serve": "answer Twilio's webhooks with a production server",
    "probe": "call once from every municipality and list those that do not reach their centre; rings nobody",
    "twilio": "set up a number at Twilio, and check everything around it",
    "records": "list, explain, export and purge recorded calls",
    "alarm": "does something go wrong for callers now? For a timer; tells people by mail or webhook",
    "report": "the figures: answered within two minutes, and what the official figure hides",
    "fallback": "write the document that another host plays when this service cannot be reached",
    "check": "prove that on every path of a flow nobody gets stuck and 113 is one key away",
    "explore": "play every call that can happen, and measure the time to 113 and to a centre",
    "graph": "draw a flow",
    "plan": "what happens to the nation's callers if a centre closes, a menu grows, operators are added",
    "console": "who may log in to the console: accounts, roles, passwords",
    "prompts": "recorded prompts: the speaker's sheet, import of sounds, what is missing",
    "directory": "look up places and centres, count what is known, import new facts",
}


# Modules of the other extras than `line`.
_EXTRAS = {
    "a2wsgi": "asgi",
    "locust": "locust",
    "psycopg": "postgres",
    "numpy": "planner",
    "soundfile": "recordings",
    "soxr": "recordings",
    "distributed": "cluster",
    "wsproto": "media",
}


class _Failed(click.ClickException):
    """A complaint that says itself whose it is and what to do. Exit code 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=True)


class _Wrong(_Failed):
    """The same, of files and settings."""

    exit_code = 2


@contextmanager
def _complaints() -> Iterator[None]:
    """What is wrong with files, settings or the account is printed, and is an exit code."""
    try:
        yield
    except (DefinitionError, SettingsError) as error:
        raise _Wrong(str(error)) from None
    except AccountError as error:
        raise _Failed(str(error)) from None
    except ModuleNotFoundError as error:
        raise _Wrong(_missing(error)) from None
    except OSError as error:
        if error.errno == errno.ENOSPC and error.filename is None:
            raise _Wrong(f"what is printed cannot be written: {error.strerror}") from None
        if error.filename is None:  # a connection, a socket or a pipe: no file that the user named
            raise
        raise _Wrong(f"{os.fsdecode(error.filename)}: {error.strerror}") from None


def _missing(error: ModuleNotFoundError) -> str:
    """Which extra of this package brings the module, and how to install it. Raises the error for a module of ours."""
    module = (error.name or "").partition(".")[0]
    if module in ("", "ivr"):
        raise error
    extra = _EXTRAS.get(module, "line")
    return f"{module} is not installed; it comes with: pip install 'ivr-116117[{extra}]'"


class _LazyGroup(click.Group):
    """Lists every command without importing one. What it sets up, all commands have."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if os.environ.get("NO_COLOR"):  # https://no-color.org: any value that is not empty
            extra.setdefault("color", False)
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _complaints():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"ivr.cli.{cmd_name}"), cmd_name)
        _say_defaults(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@SETTINGS_FILE
@click.version_option(__version__, prog_name="ivr")
def group() -> None:
    """A call router for 116 117, and a Twilio simulator to test it.

    This is practice equipment, not a medical service. In Norway call 116 117 for the out-of-hours
    medical service, and 113 if life is in danger.

    \b
    Examples:
      ivr call                   call the line; your keyboard is the telephone
      ivr simulate --help        show what a command does, its options and exit codes
      NO_COLOR=1 ivr check       without colours
      ivr --environment my-line/environment serve    a command with the settings of a line of your own

    \b
    Exit codes, of every command:
      0    success
      1    the command found a failure, or found nothing
      2    the command line, a file or a setting is wrong
    """


def _say_defaults(command: click.Command) -> None:
    """An option that takes a value and has no default says so on the help page."""
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        _say_defaults(each)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not (parameter.is_flag or parameter.required or parameter.multiple):
            named = parameter.to_info_dict()["default"] is not None or "[default: " in (parameter.help or "")
            parameter.show_default = parameter.show_default or (True if named else "none")


def main() -> None:
    """Run `ivr`."""
    group(prog_name="ivr")
