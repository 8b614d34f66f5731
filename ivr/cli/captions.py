"""Lines of a transcript on the screen: coloured, and on a terminal broken between words."""

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ivr.simulator.report import TranscriptLine
    from ivr.simulator.trace import Event

_COLOURS = {"said": "cyan", "done": "green", "leg": "magenta", "warning": "yellow", "error": "red"}
_INDENT = 17  # columns: the time and what happened, `00:00.0  hears   `
_NARROWEST = 40  # columns: below that the lines are left to the terminal


def echo_line(line: "TranscriptLine", *, err: bool, margin: str = "") -> None:
    """`margin`: stands before each line."""
    text = margin + str(line)
    stream = sys.stderr if err else sys.stdout
    if stream.isatty():
        text = between_words(text, shutil.get_terminal_size().columns, " " * (_INDENT + len(margin)))
    click.secho(text, fg=_COLOURS.get(line.kind), err=err, dim=line.kind == "request" or None)


def between_words(text: str, columns: int, indent: str) -> str:
    """`text` in lines of at most so many columns. A word that is longer than a line is left whole."""
    if columns < _NARROWEST or len(text) <= columns:
        return text
    return textwrap.fill(
        text,
        columns,
        subsequent_indent=indent,
        drop_whitespace=True,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )


class Captions:
    """Prints events as they begin. `quiet`: leaves out requests, which are no part of what a caller notices."""

    def __init__(self, *, err: bool, quiet: bool = False) -> None:
        self._err = err
        self._quiet = quiet

    def __call__(self, event: "Event") -> None:
        from ivr.simulator.report import line_of

        if event.get("until") is not None:  # the end of what was printed when it began
            return
        line = line_of(event)
        if line is not None and not (self._quiet and line.kind == "request"):
            echo_line(line, err=self._err)
