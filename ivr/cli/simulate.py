"""`ivr simulate`: plays scenario files and says which expectations held. Parses, calls, prints."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.application import Serve, application, echo_last_lines, local_account
from ivr.cli.captions import echo_line
from ivr.cli.options import ALLOW_ORIGIN, CAFILE, DELIVERY, REST, SERVE, STAY, with_delivery

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from ivr.base.errors import Complaint
    from ivr.simulator.account.scenario_values import AccountScenario
    from ivr.simulator.application.process import ApplicationProcess
    from ivr.simulator.report import Result
    from ivr.simulator.rest_server import RestServer
    from ivr.simulator.scenario import Scenario

    AnyScenario = Scenario | AccountScenario

_INTERRUPTED = 130  # as a shell has it for Ctrl-C


@click.command()
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", help="Call this URL instead of the URL in each file.")
@click.option("-v", "--verbose", is_flag=True, help="Print every transcript, also of scenarios that hold.")
@click.option("--trace", help="Write every event to this file, as JSON Lines; - is standard output.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write the results to this file, as JUnit XML.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the sids.")
@click.option(
    "--speech-rate", type=click.FloatRange(30, 1000), default=150.0, show_default=True, help="Words a minute."
)
@STAY
@ALLOW_ORIGIN
@DELIVERY
@CAFILE
@REST
@SERVE
@click.option(
    "--json", "as_json", is_flag=True, help="Print the results as JSON; everything else goes to standard error."
)
def simulate(  # noqa: PLR0913, PLR0917 - one argument for each option of the command line
    scenarios: tuple[Path, ...],
    url: str | None,
    verbose: bool,
    trace: str | None,
    junit: Path | None,
    seed: int,
    speech_rate: float,
    stay: float | None,
    allow_origins: tuple[str, ...],
    cafile: str | None,
    rest_port: int | None,
    api_key: str | None,
    api_secret: str | None,
    as_json: bool,
    **serving: Any,
) -> None:
    """Play scenario files, or folders of them, in virtual time.

    A folder stands for its *.yaml and *.yml files. A scenario that holds prints one line. A scenario that fails
    prints its transcript and what happened instead. Whatever it expects, a scenario fails when no request is
    answered, a step is not done, an error occurs that it does not name, or the application fails the call.

    --serve starts the application for these calls, with TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and what `ivr env` prints
    in its environment: its REST requests act on the calls.

    \b
    Examples:
      ivr serve &
      ivr simulate scenarios/ --junit results.xml
      ivr simulate scenarios/ --serve "npm start" --ready http://127.0.0.1:3000/

    \b
    Exit codes:
      0    every scenario held
      1    a scenario failed, or the application of --serve does not answer
      2    a file or the command line is wrong
      130  Ctrl-C; the summary covers the scenarios until then
    """
    from ivr.cli.transport import transport_of
    from ivr.simulator.urls import UrlError, checked, origins

    try:
        checked(url) if url else None
        origins(allow_origins)
    except UrlError as error:
        raise click.UsageError(str(error)) from None
    if as_json and trace == "-":
        raise click.UsageError("--json and --trace - both want standard output: write the trace to a file")
    transport_of(cafile)  # a wrong file is said before the first call
    loaded = _staying(_load(_files(scenarios), url), stay)
    loaded = _numbered(loaded, seed=seed, speech_rate=speech_rate, allow_origins=allow_origins)
    surroundings = _surroundings(Serve.of(serving), loaded, rest_port, api_key, api_secret)
    results, interrupted = _play(loaded, surroundings, cafile, verbose=verbose, err=as_json or trace == "-")
    _conclude(results, len(loaded), interrupted=interrupted, err=as_json or trace == "-")
    if as_json:
        click.echo(_in_json(results))
    _write(trace, junit, results, several=len(loaded) > 1)
    failed = any(result.failures for result in results)
    raise SystemExit(_INTERRUPTED if interrupted else 1 if failed else 0)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    """Every scenario file; a folder stands for its *.yaml and *.yml, by name."""
    files: list[Path] = []
    for path in paths:
        inside = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
        if not inside:
            raise click.UsageError(f"{path} holds no .yaml or .yml file")
        files += inside
    return files


def _load(files: list[Path], url: str | None) -> "list[AnyScenario]":
    """All files are read before the first call is placed; every complaint about every file is said."""
    from ivr.base.errors import DefinitionError
    from ivr.cli.files import named_as_given
    from ivr.simulator.account.scenario_play import load_any

    loaded: list[AnyScenario] = []
    complaints: list[Complaint] = []
    for file in files:
        try:
            with named_as_given(file):
                loaded.append(replace(load_any(file, url), file=str(file)))
        except DefinitionError as error:
            complaints += error.complaints
    if complaints:
        for complaint in complaints:
            click.echo(str(complaint), err=True)
        raise SystemExit(2)
    return loaded


def _staying(scenarios: "list[AnyScenario]", stay: float | None) -> "list[AnyScenario]":
    """The same, with callers who stay as long as the command line says."""
    from ivr.simulator.scenario import Scenario

    if stay is None:
        return scenarios
    return [
        replace(each, plan=replace(each.plan, stay=stay)) if isinstance(each, Scenario) else replace(each, stay=stay)
        for each in scenarios
    ]


def _numbered(
    scenarios: "list[AnyScenario]", *, seed: int, speech_rate: float, allow_origins: tuple[str, ...]
) -> "list[AnyScenario]":
    """Every scenario with the options of the command line, and as one of its own: one that is played twice makes other
    calls."""
    from ivr.simulator.scenario import Scenario

    numbers: Counter[str] = Counter()
    numbered: list[AnyScenario] = []
    for scenario in scenarios:
        numbers[scenario.name] += 1
        number = numbers[scenario.name]
        if isinstance(scenario, Scenario):
            plan = replace(scenario.plan, name=scenario.name, number=number, seed=seed)
            plan = replace(plan, speech_rate=speech_rate, allow_origins=allow_origins)
            plan = replace(plan, delivery=with_delivery(plan.delivery))
            numbered.append(replace(scenario, plan=plan))
        else:
            setup = replace(scenario.setup, allow_origins=(*scenario.setup.allow_origins, *allow_origins))
            setup = replace(setup, delivery=with_delivery(setup.delivery))
            numbered.append(replace(scenario, setup=setup, seed=seed, number=number, speech_rate=speech_rate))
    return numbered


@contextmanager
def _surroundings(
    serve: Serve, scenarios: "Sequence[AnyScenario]", rest_port: int | None, api_key: str | None, api_secret: str | None
) -> "Iterator[tuple[RestServer | None, ApplicationProcess | None]]":
    """The REST API, and the application that --serve starts."""
    from ivr.cli.transport import rest_server

    plan = scenarios[0].plan
    if serve.command is not None and len({(each.plan.account_sid, each.plan.auth_token) for each in scenarios}) > 1:
        raise click.UsageError("--serve: the scenarios name several accounts or tokens: play each with its own command")
    with (
        rest_server(serve.rest_port(rest_port), api_key, api_secret) as rest,
        application(serve, local_account(rest, plan, api_key, api_secret), plan.url) as running,
    ):
        yield rest, running


def _play(
    scenarios: "Sequence[AnyScenario]",
    surroundings: "AbstractContextManager[tuple[RestServer | None, ApplicationProcess | None]]",
    cafile: str | None,
    *,
    verbose: bool,
    err: bool,
) -> "tuple[list[Result], bool]":
    """The results, each shown as soon as it is known; and whether Ctrl-C ended the run."""
    results: list[Result] = []
    try:
        with surroundings as (rest, running):
            for scenario in scenarios:
                results.append(_played(scenario, cafile, rest))
                _show(results[-1], verbose=verbose, err=err)
        if any(result.failures for result in results):
            echo_last_lines(running)
    except KeyboardInterrupt:
        return results, True
    return results, False


def _played(scenario: "AnyScenario", cafile: str | None, rest: "RestServer | None") -> "Result":
    from ivr.cli.transport import transport_of
    from ivr.simulator import play
    from ivr.simulator.account.scenario_play import play_account
    from ivr.simulator.expectations import check
    from ivr.simulator.report import ScenarioResult
    from ivr.simulator.scenario import Scenario

    if not isinstance(scenario, Scenario):
        return play_account(scenario, cafile, rest)
    outcome = play(scenario.plan, transport_of(cafile), rest=rest)
    return ScenarioResult(scenario.name, scenario.file, outcome, check(outcome, scenario.expect))


def _show(result: "Result", *, verbose: bool, err: bool) -> None:
    """One line; the transcript and the findings, too, when they are asked for or tell what went wrong."""
    from ivr.simulator.report import headline

    failed = bool(result.failures)
    click.secho(headline(result), fg="red" if failed else "green", err=err)
    if not verbose and (not failed or result.outcome.is_unanswered):
        return
    for line in result.transcript():
        echo_line(line, err=err, margin="  ")
    click.echo(f"  {result.summary()}", err=err)
    for finding in result.findings:
        mark, colour = ("held  ", "green") if finding.held else ("FAILED", "red")
        click.secho(f"  {mark}  {finding}", fg=colour, err=err)
    click.echo(err=err)


def _conclude(results: "Sequence[Result]", planned: int, *, interrupted: bool, err: bool) -> None:
    """What holds for the run as a whole, each thing once."""
    from collections import Counter

    from ivr.simulator.urls import head, without_credentials

    passed_over = Counter(thing for result in results for thing in result.outcome.not_simulated)
    for thing, times in sorted(passed_over.items()):
        click.echo(f"not simulated: {thing} ({times} scenario{'s' if times > 1 else ''})", err=err)
    silent = [head(without_credentials(result.outcome.first_url)) for result in results if result.outcome.is_unanswered]
    for server in dict.fromkeys(silent):
        click.echo(
            f"{server} could not be reached. Start your application there, or name another place with --url;"
            " `ivr serve` starts the bundled line at http://127.0.0.1:5000/voice.",
            err=True,
        )
    held = sum(not result.failures for result in results)
    early = f"; interrupted, {planned - len(results)} not played" if interrupted else ""
    click.echo(f"{held} of {len(results)} scenarios held{early}", err=err)


def _in_json(results: "Sequence[Result]") -> str:
    from ivr.simulator.printable import json_text

    rows = [
        {
            "scenario": result.name,
            "file": result.file,
            "held": not result.failures,
            **result.json(),
            "failures": [finding.what for finding in result.failures],
        }
        for result in results
    ]
    return json_text(rows, indent=2)


def _write(trace: str | None, junit: Path | None, results: "Sequence[Result]", *, several: bool) -> None:
    from ivr.simulator.report import junit as as_junit
    from ivr.simulator.trace import json_line

    try:
        if trace:
            lines = "".join(
                json_line(event, result.name if several else None) + "\n"
                for result in results
                for event in result.events()
            )
            if trace == "-":
                click.echo(lines, nl=False)
            else:
                Path(trace).write_text(lines, encoding="utf-8")
        if junit:
            junit.write_bytes(as_junit(results))
    except OSError as error:
        raise click.UsageError(f"{error.filename} cannot be written: {error.strerror}") from None
