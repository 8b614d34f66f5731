"""`ivr probe`: call from every municipality through the public address. Rings nobody: it plays Twilio's part."""

import json
from pathlib import Path
from typing import Any, NoReturn

import click

from ivr.cli.options import DIRECTORY, JSON


@click.command()
@click.argument("places", metavar="[MUNICIPALITY]...", nargs=-1)
@DIRECTORY
@click.option(
    "--keys",
    show_default="as the bundled flow",
    help="Keys that each caller presses; {place} is the four digits of the place.",
)
@click.option("--cafile", help="PEM file with further certificates to trust.")
@click.option(
    "--at-once", type=click.IntRange(1, 50), default=4, show_default=True, help="Number of calls at the same time."
)
@click.option("--live", is_flag=True, help="Call even if the line is live.")
@JSON
def probe(  # noqa: PLR0913, PLR0917 - one argument for each option of the command line
    places: tuple[str, ...],
    folder: Path,
    keys: str | None,
    cafile: str | None,
    at_once: int,
    live: bool,
    as_json: bool,
) -> None:
    """Call once from every municipality, and list those that do not reach their centre.

    The requests go to PUBLIC_BASE_URL, signed with TWILIO_AUTH_TOKEN as by Twilio. No telephone rings: the line answers
    with documents, and only the simulator executes them.

    \b
    Examples:
      PUBLIC_BASE_URL=https://line.example TWILIO_AUTH_TOKEN=... ivr probe
      ivr probe 4601 5001 --json

    \b
    Exit codes:
      0    all reached their centre
      1    some did not reach their centre
      2    the line cannot be asked, or it is not the expected line
    """
    import os
    import sys

    from ivr.base.clock import SystemClock
    from ivr.base.ids import MunicipalityNumber
    from ivr.base.test_account import ACCOUNT_SID
    from ivr.line.directory import load_directory
    from ivr.line.service.settings import read_settings
    from ivr.proof.probe import KEYS, ProbedLine
    from ivr.proof.probe import probe as call_all

    settings = read_settings(os.environ)
    if not settings.auth_tokens:
        _exit(
            "the line takes shared keys alone, and the simulator signs with an auth token; `ivr twilio doctor` asks it"
        )
    now = SystemClock().now()
    directory = load_directory(folder, today=now.date())
    everywhere = (*directory.municipalities, *directory.areas)
    unknown = [place for place in places if place not in everywhere]
    if unknown:
        raise click.BadParameter(f"no such municipality: {', '.join(unknown)}", param_hint="MUNICIPALITY")
    base = settings.base_url.rstrip("/")
    ready = _ready(base, cafile)
    _must_fit(ready, directory.version, live)
    line = ProbedLine(
        target=f"{base}/voice",
        auth_token=settings.auth_tokens[0],
        account_sid=settings.account_sid or ACCOUNT_SID,
        rings_centres=ready["profile"] != "practice",
        keys=keys or KEYS,
        cafile=cafile,
    )
    chosen = tuple(MunicipalityNumber(place) for place in places) or everywhere
    calls = call_all(line, directory, chosen, now, at_once)
    with click.progressbar(calls, length=len(chosen), label="calling", file=sys.stderr) as bar:
        found = list(bar)
    _tell(found, ready, as_json)
    if any(each.fault for each in found):
        raise SystemExit(1)


def _ready(base: str, cafile: str | None) -> dict[str, Any]:
    """What the line says of itself. Exits with 2 if it says nothing."""
    from ivr.cli.transport import transport_of
    from ivr.operations.twilio_account import is_ours, spoken
    from ivr.simulator.engine.effects import Failed, Fetch

    reply = transport_of(cafile).send(Fetch("GET", f"{base}/health/ready", (), b"", 5.0, 10.0))
    if isinstance(reply, Failed):
        _exit(f"{base}/health/ready does not say which line this is ({reply.message}); is PUBLIC_BASE_URL right?")
    if reply.status != 200 or not is_ours(reply.body):
        _exit(f"{base}/health/ready is answered with {spoken(reply.status, reply.body)}")
    found: dict[str, Any] = json.loads(reply.body)
    return found


def _must_fit(ready: dict[str, Any], version: str, live: bool) -> None:
    if ready.get("profile") == "live" and not live:
        _exit("this line is live, and people call it; add --live to call anyway (the records mark these calls)")
    if ready.get("directory") != version:
        _exit(
            f"the line has directory {ready.get('directory')} and here is {version}: "
            "name the same one with --directory, or reload the line"
        )


def _exit(message: str) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(2)


def _tell(found: list[Any], ready: dict[str, Any], as_json: bool) -> None:
    from ivr.simulator.printable import json_text, printable

    failed = [each for each in found if each.fault]
    if as_json:
        rows = [{"place": f.place, "name": f.name, "centre": f.centre, "fault": f.fault} for f in failed]
        summary = {"line": ready, "called": len(found), "reached": len(found) - len(failed), "failed": rows}
        click.echo(json_text(summary, indent=2))
        return
    for each in failed:
        click.echo(printable(f"{each.place} {each.name}: {each.centre} not reached: {each.fault}"))
    click.echo(f"{len(found) - len(failed)} of {len(found)} reached their centre (profile {ready['profile']})")
