"""`ivr golive`: what is missing before a line may serve people, counted, and the signature when nothing is."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import FILE, FOLDER, JSON, echo_json, say
from ivr.cli.settings_file import read_settings_file, say_practice, serve_with

if TYPE_CHECKING:
    from ivr.operations.golive import LineFolder, Readiness

_SHOWN = 5  # sentences of a part, without --all


@click.command()
@click.argument("folder", type=FOLDER)
@click.option(
    "--environment",
    "environment_file",
    type=FILE,
    show_default="FOLDER/environment, if there is one",
    help="File with the settings of the line, NAME=VALUE a line. Others come from the environment.",
)
@click.option("--sign", "name", metavar="NAME", show_default="none", help="Sign the checklist with this name.")
@click.option("--all", "everything", is_flag=True, help=f"Show every sentence; without it {_SHOWN} of each part.")
@JSON
def golive(folder: Path, environment_file: Path | None, name: str | None, everything: bool, as_json: bool) -> None:
    """Say what the line in FOLDER still needs before it may serve people (profile live), counted, with the next step.

    It asks what `ivr serve` asks at a first start: every number verified within 12 months, a flow without errors, a
    signed checklist about these very files, and the settings. It starts nothing and calls nobody.

    \b
    Examples:
      ivr golive my-line
      ivr golive my-line --sign "YOUR NAME"

    \b
    Exit codes:
      0    nothing is missing
      1    something is missing, or it could not be signed
      2    the command line is wrong or a file cannot be read
    """
    from ivr.base.clock import SystemClock
    from ivr.base.errors import SettingsError
    from ivr.operations.golive import LineFolder, look, sign

    line, now = LineFolder(folder), SystemClock().now()
    say(flow=line.flow, directory=line.directory)
    file = environment_file or line.environment
    environment = {**os.environ, **(read_settings_file(file) if file.is_file() else {})}
    found = look(line, environment, now)
    refused: list[str] = []
    if name is not None:
        try:
            sign(line, found, name, now.date())
        except SettingsError as error:
            refused = list(error.reasons)
        found = look(line, environment, now)
    if as_json:
        echo_json(_as_json(line, found) | {"not_signed": refused})
    else:
        _echo(line, found, everything)
        for reason in refused:
            click.echo(reason, err=True)
    raise SystemExit(0 if found.is_ready and not refused else 1)


def _next(line: "LineFolder") -> dict[str, str]:
    """What to do about each part."""
    return {
        "directory": f"ivr directory check --directory {line.directory}",
        "numbers": f"ivr directory todo --directory {line.directory}",
        "flow": f"ivr check {line.flow} --directory {line.directory}",
        "checklist": f"fill in {line.checklist}, then: ivr golive {line.path} --sign NAME",
        "settings": f"fill in {line.environment} (docs/settings.md)",
    }


def _as_json(line: "LineFolder", found: "Readiness") -> dict[str, Any]:
    from ivr.cli.directory_todo import count

    following = _next(line)
    return {
        "ready": found.is_ready,
        "missing": found.count,
        "parts": {
            part.value: {"missing": len(reasons), "reasons": list(reasons), "next": following[part] if reasons else ""}
            for part, reasons in found.missing.items()
        },
        "numbers": count(found.items),
        "practice": serve_with(line.environment),
        "soon": list(found.soon),
        "unread": list(found.unread),
        "directory_version": found.versions[0],
        "flow_version": found.versions[1],
    }


def _echo(line: "LineFolder", found: "Readiness", everything: bool) -> None:
    from ivr.cli.directory_todo import KINDS, count

    for part, reasons in found.missing.items():
        click.secho(f"{part:10} {f'{len(reasons)} missing' if reasons else 'nothing is missing'}", bold=True)
        if part == "numbers":
            for kind, row in count(found.items).items():
                if row["centres"]:
                    click.echo(f"  {row['centres']:4} {kind:15} {row['population']:9} people   {KINDS[kind]}")
        for reason in reasons if everything else reasons[:_SHOWN]:
            click.echo(f"  - {reason}")
        if not everything and len(reasons) > _SHOWN:
            click.echo(f"  and {len(reasons) - _SHOWN} more: --all")
    _echo_remarks(found, everything)
    parts = ", ".join(f"{len(reasons)} {part}" for part, reasons in found.missing.items() if reasons)
    if found.is_ready:
        click.echo(f"ready: directory {found.versions[0]} and flow {found.versions[1]} may serve people")
        click.echo("Next: set IVR_PROFILE=live and start it (docs/going-live.md)")
    else:
        click.echo(f"not ready: {found.count} missing ({parts})")
        first = next(part for part, reasons in found.missing.items() if reasons)
        click.echo(f"Next: {_next(line)[first]}")
        say_practice(line.environment)


def _echo_remarks(found: "Readiness", everything: bool) -> None:
    """What keeps nobody from signing."""
    if found.unread:
        click.secho(f"texts      not read by a native speaker: {', '.join(found.unread)}", bold=True)
    if found.soon:
        click.secho(f"soon       {len(found.soon)} run out within 60 days", bold=True)
        for each in found.soon if everything else found.soon[:_SHOWN]:
            click.echo(f"  - {each}")
