"""`ivr simulate`: plays scenario files and says which expectations held. Parses, calls, prints."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivr.errors import Complaint
    from ivr.simulator.report import Result
    from ivr.simulator.scenario import Scenario

_COLOURS = {"said": "cyan", "done": "green", "leg": "magenta", "warning": "yellow", "error": "red"}


@click.command()
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", help="call this URL instead of the one that each file names")
@click.option("--trace", help="write every event as JSON Lines to this file; - for standard output")
@click.option("--junit", type=click.Path(path_type=Path), help="write the results as JUnit XML to this file")
@click.option("--seed", type=int, default=0, show_default=True, help="sids are derived from it")
@click.option("--speech-rate", type=click.FloatRange(30, 1000), default=150.0, show_default=True, help="words a minute")
@click.option("--allow-origin", multiple=True, help="a further http://host:port that may be asked; repeatable")
@click.option("--cafile", help="trust the certificates in this PEM file, too")
@click.option("--rest-port", type=click.IntRange(1, 65535), help="answer the application's REST calls on this port")
def simulate(  # noqa: PLR0913, PLR0917 - one argument for each option of the command line
    scenarios: tuple[Path, ...],
    url: str | None,
    trace: str | None,
    junit: Path | None,
    seed: int,
    speech_rate: float,
    allow_origin: tuple[str, ...],
    cafile: str | None,
    rest_port: int | None,
) -> None:
    """Play SCENARIOs, files or folders of them, in virtual time.

    Exit 0 when every expectation held, 1 when one failed, 2 when a file or the command line is wrong.
    """
    from ivr.cli.call import rest_server, transport_of
    from ivr.simulator import play
    from ivr.simulator.expectations import check
    from ivr.simulator.report import Result
    from ivr.simulator.urls import UrlError, checked, origins

    try:
        checked(url) if url else None
        origins(allow_origin)
    except UrlError as error:
        raise click.UsageError(str(error)) from None
    results = []
    transport_of(cafile)  # a wrong file is said before the first call
    loaded = _load(_files(scenarios), url)
    with rest_server(rest_port) as rest:
        for scenario in loaded:
            plan = replace(scenario.plan, seed=seed, speech_rate=speech_rate, allow_origins=allow_origin)
            outcome = play(plan, transport_of(cafile), rest=rest)
            results.append(Result(scenario.name, scenario.file, outcome, check(outcome, scenario.expect)))
            _show(results[-1], err=trace == "-")
    failed = [result.name for result in results if result.failures]
    click.echo(f"{len(results) - len(failed)} of {len(results)} scenarios held", err=trace == "-")
    _write(trace, junit, results)
    raise SystemExit(1 if failed else 0)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    """Every scenario file; a folder stands for its *.yaml, by name."""
    files: list[Path] = []
    for path in paths:
        inside = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
        if not inside:
            raise click.UsageError(f"{path} holds no .yaml file")
        files += inside
    return files


def _load(files: list[Path], url: str | None) -> "list[Scenario]":
    """All files are read before the first call is placed; every complaint about every file is said."""
    from ivr.errors import DefinitionError
    from ivr.simulator.scenario import load_scenario

    loaded: list[Scenario] = []
    complaints: list[Complaint] = []
    for file in files:
        try:
            loaded.append(load_scenario(file, url))
        except DefinitionError as error:
            complaints += error.complaints
    if complaints:
        for complaint in complaints:
            click.echo(str(complaint), err=True)
        raise SystemExit(2)
    return loaded


def _show(result: "Result", *, err: bool) -> None:
    from ivr.simulator.report import summary, transcript, undone

    click.secho(f"{result.name} ({result.file})", bold=True, err=err)
    for line in transcript(result.outcome.trace):
        click.secho(f"  {line}", fg=_COLOURS.get(line.kind), err=err)
    if left := undone(result.outcome):
        click.echo(f"  {left}", err=err)
    click.echo(f"  {summary(result.outcome)}", err=err)
    for finding in result.findings:
        if finding.held:
            click.secho(f"  held    {finding.what}", fg="green", err=err)
        else:
            click.secho(f"  FAILED  {finding.what}: {finding.instead}", fg="red", err=err)
    click.echo(err=err)


def _write(trace: str | None, junit: Path | None, results: "Sequence[Result]") -> None:
    from ivr.simulator.report import junit as as_junit
    from ivr.simulator.trace import json_line

    try:
        if trace:
            several = len(results) > 1
            lines = "".join(
                json_line(event, result.name if several else None) + "\n"
                for result in results
                for event in result.outcome.trace
            )
            if trace == "-":
                click.echo(lines, nl=False)
            else:
                Path(trace).write_text(lines, encoding="utf-8")
        if junit:
            junit.write_bytes(as_junit(results))
    except OSError as error:
        raise click.UsageError(f"{error.filename} cannot be written: {error.strerror}") from None
