"""The page docs/commands.md, made from the commands themselves: `python -m tests.docs.command_reference`."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from ivr.cli import group

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
_INTRODUCTION = """# Commands

Every command of `ivr`: what it does, an example, its exit codes and its options. `ivr COMMAND --help` prints the same.
[Settings](settings.md#what-all-commands-share) says what all commands share.

`python -m tests.docs.command_reference` makes this page from the commands. Do not edit it by hand.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_parts(group, click.Context(group, info_name="ivr", show_default=True))])


def _parts(command: click.Command, context: click.Context) -> Iterator[str]:
    yield from _about(command, context)
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        below = command.get_command(context, name)
        assert below is not None
        yield from _parts(below, click.Context(below, info_name=name, parent=context))


def _about(command: click.Command, context: click.Context) -> Iterator[str]:
    path = context.command_path
    yield f"{'#' * (path.count(' ') + 2)} {path}\n"
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    yield f"```\n{usage}\n```\n"
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield _paragraph(paragraph)
    rows = [_row(option, context) for option in command.params if isinstance(option, click.Option)]
    if rows:
        yield "\n".join(["| option | | default |", "|---|---|---|", *rows, ""])


def _paragraph(text: str) -> str:
    """Running text, or what stands after a line of its own such as `Examples:`."""
    if not text.startswith("\b\n"):
        return f"{_escaped(' '.join(text.splitlines()))}\n"
    title, *lines = text.removeprefix("\b\n").splitlines()
    body = inspect.cleandoc("\n".join(["", *lines]))
    if title.startswith("Exit codes"):
        joined = re.sub(r"\n +", " ", body)
        rows = [f"| {code} | {_escaped(words)} |" for code, words in re.findall(r"^(\d+) +(.+)$", joined, re.MULTILINE)]
        return "\n".join(["| exit code | |", "|---|---|", *rows, ""])
    return f"{title}\n\n```sh\n{body}\n```\n"


def _row(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    assert record is not None, f"{option.name} is hidden"
    names = record[0].replace("|", "\\|")
    words, _, default = record[1].partition("[default: ")
    return f"| `{names}` | {_escaped(words.strip())} | {_escaped(default.strip().removesuffix(']'))} |"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is; `quoted` parts stay code."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([*_<|\\\[\]])", r"\\\1", part) for part in parts)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
