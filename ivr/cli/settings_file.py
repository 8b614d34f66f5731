"""A file of settings, as `ivr init` makes one and systemd reads it."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from ivr.base.errors import Complaint, DefinitionError

# All that begin so, each in docs/settings.md or deploy/Caddyfile. Another one is a misspelt setting, which would be
# left at its default.
_OURS = "IVR_"
_NAMES = {
    *("IVR_ALARM_MAIL_FROM", "IVR_ALARM_MAIL_TO", "IVR_ALARM_SMTP", "IVR_ALARM_WEBHOOK", "IVR_ANNOUNCEMENT"),
    *("IVR_CHECKLIST", "IVR_CONSOLE_ACCOUNTS", "IVR_CONSOLE_PASSWORD_HASH", "IVR_DEMO", "IVR_DIRECTORY", "IVR_ELSE"),
    *("IVR_FLOW", "IVR_INSTANCES", "IVR_PLAN_ANSWER", "IVR_PRACTICE_NUMBER", "IVR_PROFILE", "IVR_RETENTION_DAYS"),
    *("IVR_SITE", "IVR_SOUND_URL", "IVR_TEXT_SENDER", "IVR_TRUSTED_PROXIES"),
}


def read_settings_file(file: Path) -> Mapping[str, str]:
    """NAME=VALUE a line. A name without a value is as if it were not there. Raises DefinitionError."""
    from ivr.base.complaints import suggestion
    from ivr.base.utf8 import text_of

    lines = text_of(file.read_bytes(), file.name).splitlines()
    wrong: list[Complaint] = []
    named: dict[str, str] = {}
    first: dict[str, int] = {}  # by name, its line
    for number, text in enumerate(lines, start=1):
        if not text.strip() or text.lstrip().startswith(("#", ";")):
            continue
        name, equals, value = (part.strip() for part in text.partition("="))
        if not name or not equals or "\0" in text:
            wrong.append(Complaint(file.name, number, 1, "is no setting; write NAME=VALUE, or # before a comment"))
        elif name in first:
            wrong.append(Complaint(file.name, number, 1, f"{name} again (first on line {first[name]})"))
        elif name.startswith(_OURS) and name not in _NAMES:
            wrong.append(Complaint(file.name, number, 1, f"{name} is no setting{suggestion(name, _NAMES)}"))
        first.setdefault(name, number)
        named[name] = value.strip("\"'")
    if wrong:
        raise DefinitionError(wrong)
    return {name: value for name, value in named.items() if value}


def serve_with(file: Path) -> str:
    """The command that starts a line with the settings of that file."""
    return f"ivr --environment {file} serve"


def say_practice(file: Path) -> None:
    click.echo(f"In practice meanwhile: fill in {file}, then: {serve_with(file)}")


def _set(ctx: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    if value is None or ctx.resilient_parsing:
        return
    try:
        os.environ.update(read_settings_file(value))
    except (DefinitionError, OSError) as error:
        raise click.BadParameter(str(error), ctx, parameter) from None


SETTINGS_FILE = click.option(
    "--environment",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_set,
    expose_value=False,
    help="File with settings, NAME=VALUE a line, as `ivr init` makes it. They count before those of the environment.",
    show_default="settings of the environment alone",
)
