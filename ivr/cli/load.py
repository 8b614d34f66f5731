"""`ivr load`: many callers against a webhook, and what became of them. Parses, runs, prints.

Without a URL the bundled line is played in this process; this file makes it, for the simulator may not know it.
"""

import json
import os
import re
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import WEBHOOK, delivery, say_line

if TYPE_CHECKING:
    from ivr.simulator import CallPlan
    from ivr.simulator.load import Job, Mix, Tally
    from ivr.simulator.load.arrivals import Arrivals
    from ivr.simulator.transports.wsgi import WsgiApp

_BASE = "http://127.0.0.1:5000"
_INTERRUPTED = 130  # as a shell has it for Ctrl-C
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(s|m|h)?")
_UNITS = {None: 1, "s": 1, "m": 60, "h": 3600}


if TYPE_CHECKING:
    _Seconds = click.ParamType[float]
else:
    _Seconds = click.ParamType  # no generic class before click 8.2


class _Duration(_Seconds):
    """`90`, `90s`, `10m`, `1h`: seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        match = _DURATION.fullmatch(str(value))
        if match is None or not float(match[1]):
            self.fail(f"{value!r} is no time above 0, e.g. 90, 10m or 1h", param, ctx)
        return float(match[1]) * _UNITS[match[2]]


@click.command()
@click.argument("url", required=False)
@click.option(
    "--calls", type=click.IntRange(1), help="Number of calls. Without --rate they are placed one after another."
)
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="Calls a second, each placed when it is due.")
@click.option("--for", "seconds", type=_Duration(), help="How long to place calls: 90, 10m, 1h.")
@click.option(
    "--arrivals",
    type=click.Choice(["poisson", "even", "burst"]),
    default="poisson",
    show_default=True,
    help="How the calls are spread over time.",
)
@click.option(
    "--burst", type=click.IntRange(1), default=10, show_default=True, help="With burst: number of calls at once."
)
@click.option(
    "--recorded",
    type=click.Path(path_type=Path),
    help="File with the number of calls in each minute, one number a line.",
)
@click.option("--mix", type=click.Path(path_type=Path), help="YAML file: kinds of callers and far ends.")
@click.option("--keys", help='Instead of a mix: every caller presses these keys at once, e.g. "1 1 5003".')
@click.option(
    "--concurrent",
    type=click.IntRange(1),
    help="Maximum number of calls at the same time.  [default: 1000; 1 without --rate]",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed: the same seed gives the same calls.")
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Number of processes that place the calls.",
)
@click.option("--real-time", is_flag=True, help="Play in real time instead of virtual time.")
@click.option(
    "--wsgi", metavar="MODULE:FACTORY", help="Call the WSGI application that FACTORY() returns, in this process."
)
@click.option("--from", "caller", default="+4791234567", show_default=True, help="The number that calls.")
@click.option("--to", "called", default="+4739000000", show_default=True, help="The number that is called.")
@WEBHOOK
@click.option("--allow-errors", is_flag=True, help="Exit with 0 even if the application failed a call.")
@click.option(
    "--progress/--no-progress", default=None, help="Show progress on standard error.  [default: only on a terminal]"
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--output", type=click.Path(path_type=Path), help="Also write the result to this file, as JSON.")
def load(url: str | None, **options: Any) -> None:
    """Place many calls to a TwiML webhook at URL; without URL, to the bundled line in this process.

    Calls run in virtual time, without waiting, unless --real-time is given.

    \b
    Examples:
      ivr load --calls 1000
      ivr load http://127.0.0.1:3000/voice --rate 5 --for 10m --keys "1 2"

    \b
    Exit codes:
      0    every call went as planned
      1    the application failed a call (unless --allow-errors), a call ended
           before all of --keys were pressed, no request was answered, or no
           call was placed
      2    the command line or a file is wrong
      130  Ctrl-C; the result covers the calls until then
    """
    chosen = _Options(**options)
    _check(chosen)
    if url is None and chosen.wsgi is None:
        say_line()
    job = _job(url, chosen)
    tally = _run(job, shown=chosen.progress)
    _print(job, tally, chosen)
    failures = _failures(job, tally, chosen)
    for failure in failures:
        click.secho(f"FAILED  {failure}", fg="red", err=True)
    raise SystemExit(_INTERRUPTED if tally.interrupted else 1 if failures else 0)


def _failures(job: "Job", tally: "Tally", options: "_Options") -> list[str]:
    """What did not go as planned, a line each."""
    from ivr.simulator.urls import without_credentials

    if not tally.completed:
        return ["no call ended: raise --calls, --rate or --for"]
    if tally.is_unanswered:
        where = without_credentials(job.template.url)
        return [f"no request was answered: start the application at {where} first"]
    found = []
    if tally.with_errors and not options.allow_errors:
        found.append(f"the application failed {tally.with_errors} of {tally.completed} calls")
    if tally.unpressed and options.keys is not None:
        found.append(f"{tally.unpressed} of {tally.completed} calls ended before all of --keys were pressed")
    return found


@dataclass(frozen=True)
class _Options:
    """The command line, as click has read it."""

    calls: int | None
    rate: float | None
    seconds: float | None
    arrivals: str
    burst: int
    recorded: Path | None
    mix: Path | None
    keys: str | None
    concurrent: int | None
    seed: int
    processes: int
    real_time: bool
    wsgi: str | None
    caller: str
    called: str
    method: str
    fallback_url: str | None
    status_callback: str | None
    auth_token: str | None
    allow_origins: tuple[str, ...]
    cafile: str | None
    allow_errors: bool
    progress: bool | None
    as_json: bool
    output: Path | None


def _check(options: _Options) -> None:
    """What goes together, said before anything is loaded."""
    if options.recorded and options.rate:
        raise click.UsageError("--recorded already says when calls come: leave out --rate")
    if not (options.calls or options.rate or options.recorded):
        raise click.UsageError("name the number of calls: --calls 1000, --rate 5 --for 10m, or --recorded FILE")
    if options.rate and not (options.calls or options.seconds):
        raise click.UsageError("--rate needs an end: add --for 10m or --calls 1000")
    if options.seconds and not (options.rate or options.recorded):
        raise click.UsageError("--for needs --rate or --recorded; --calls alone ends by itself")


def _job(url: str | None, options: _Options) -> "Job":
    from ivr.cli.transport import transport_of
    from ivr.simulator.load import DEFAULT_CONCURRENT, Job

    transport_of(options.cafile)  # a wrong file is said before anything is started
    arrivals = _arrivals(options)
    mix = _mix(options)
    return Job(
        template=_template(url, options),
        mix=mix,
        make_app=_factory(url, options),
        arrivals=arrivals,
        calls=options.calls,
        seconds=options.seconds,
        concurrent=options.concurrent or (DEFAULT_CONCURRENT if arrivals else options.processes),
        seed=options.seed,
        real_time=options.real_time,
        processes=options.processes,
        cafile=options.cafile,
    )


def _mix(options: _Options) -> "Mix":
    from ivr.cli.files import named_as_given
    from ivr.simulator.load import DEFAULT_MIX, Mix, load_mix

    if options.keys is None:
        mix = options.mix or DEFAULT_MIX
        with named_as_given(mix):
            return load_mix(mix)
    if options.mix:
        raise click.UsageError("give --keys or --mix, not both")
    try:
        return Mix.of_keys(options.keys)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _arrivals(options: _Options) -> "Arrivals | None":
    from ivr.cli.files import named_as_given
    from ivr.simulator.load import Burst, Even, Poisson, read_counts

    if options.recorded:
        with named_as_given(options.recorded):
            return read_counts(options.recorded)
    if options.rate is None:
        return None
    if options.arrivals == "burst":
        return Burst(options.rate, options.burst)
    return Even(options.rate) if options.arrivals == "even" else Poisson(options.rate)


def _template(url: str | None, options: _Options) -> "CallPlan":
    """How every call is placed. The bundled line has a fallback and a status callback of its own, and its own token."""
    from ivr.base.test_account import AUTH_TOKEN, ORIGIN_FIELD
    from ivr.simulator import CallPlan
    from ivr.simulator.urls import UrlError, checked, origins

    bundled = url is None and options.wsgi is None
    fallback = options.fallback_url or (f"{_BASE}/voice/fallback" if bundled else None)
    status = options.status_callback or (f"{_BASE}/voice/status" if bundled else None)
    url = url or f"{_BASE}/voice"
    try:
        for named in (url, fallback, status):
            checked(named) if named else None
        origins(options.allow_origins)
    except UrlError as error:
        raise click.UsageError(str(error)) from None
    return CallPlan(
        url=url,
        from_=options.caller,
        to=options.called,
        method=options.method,
        fallback_url=fallback,
        status_callback=status,
        auth_token=AUTH_TOKEN if bundled else options.auth_token or AUTH_TOKEN,
        allow_origins=options.allow_origins,
        delivery=delivery(),
        first_params={ORIGIN_FIELD: "load"},
    )


def _factory(url: str | None, options: _Options) -> "Callable[[], WsgiApp] | None":
    """What makes the application in each process; None for HTTP. A wrong name is said before anything is started."""
    if options.wsgi is not None:
        make = partial(_made_by, options.wsgi)
        try:
            app = make()
        except (ImportError, AttributeError, ValueError, TypeError) as error:
            raise click.UsageError(f"--wsgi {options.wsgi}: {error}") from None
        return make if options.processes > 1 else lambda: app
    return bundled_line if url is None else None


def _made_by(name: str) -> "WsgiApp":
    """`package.module:create_app`: what the function returns."""
    from importlib import import_module

    module, _, factory = name.partition(":")
    if not module or not factory:
        raise ValueError("expected MODULE:FACTORY, e.g. myproject.app:create_app")
    made = getattr(import_module(module), factory)()
    if not callable(made):
        raise TypeError(f"{factory}() returned no WSGI application but {type(made).__name__}")
    app: WsgiApp = made
    return app


def bundled_line() -> "WsgiApp":
    """The service as it stands, on a fixed Tuesday evening: its answers do not depend on today's date."""
    from datetime import datetime

    from ivr.base.clock import OSLO, ManualClock
    from ivr.line.service.bootstrap import create_app
    from ivr.line.service.settings import line_files

    settings = replace(line_files(os.environ), base_url=_BASE)
    return create_app(settings, clock=ManualClock(datetime(2026, 3, 3, 20, 0, tzinfo=OSLO)))


def _run(job: "Job", *, shown: bool | None) -> "Tally":
    from ivr.cli.progress import Progress
    from ivr.simulator.load import run

    if not (sys.stderr.isatty() if shown is None else shown):
        return run(job)
    with closing(Progress("calls", job.planned)) as progress:
        return run(job, progress)


def _print(job: "Job", tally: "Tally", options: _Options) -> None:
    from ivr.simulator.load import as_json, as_lines

    text = json.dumps(as_json(job, tally), ensure_ascii=False, indent=2)
    if options.as_json:
        click.echo(text)
    else:
        click.echo("\n".join(as_lines(job, tally)))
    if options.output is None:
        return
    try:
        options.output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"the result cannot be written to {options.output}: {error.strerror}") from None
