"""Options that several commands have, so that each is written and explained once."""

from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])

DIRECTORY = click.option(
    "--directory", "folder", type=FOLDER, show_default="the bundled one", help="A folder of directory files."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    show_default="standard output",
    help="Write to this file.",
)
FROM = click.option("--from", "first", type=_DAY, show_default="30 days ago", help="First day, Oslo time.")
TO = click.option("--to", "last", type=_DAY, show_default="today", help="Last day, Oslo time.")
