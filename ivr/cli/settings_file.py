"""A file of settings, as `ivr init` makes one and systemd reads it."""

import os
from collections.abc import Mapping
from pathlib import Path

import click


def read_settings_file(file: Path) -> Mapping[str, str]:
    """NAME=VALUE a line. A name without a value is as if it were not there."""
    lines = file.read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith(("#", ";")))
    named = {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
    return {name: value for name, value in named.items() if value}


def _set(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None and not ctx.resilient_parsing:
        os.environ.update(read_settings_file(value))


SETTINGS_FILE = click.option(
    "--environment",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_set,
    expose_value=False,
    help="File with settings, NAME=VALUE a line, as `ivr init` makes it. They count before those of the environment.",
    show_default="settings of the environment alone",
)
