"""`ivr call`: a phone in the terminal. Parses, calls, prints; without a URL it starts the bundled service first."""

import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.application import Serve, application, echo_last_lines, local_account
from ivr.cli.bundled_service import bundled_service
from ivr.cli.captions import Captions, echo_line
from ivr.cli.options import ANNOUNCEMENT, PARAM, REST, SERVE, STAY, WEBHOOK, delivery, params_of, refuse_announcement
from ivr.cli.transport import rest_server, transport_of

if TYPE_CHECKING:
    from ivr.simulator import CallPlan, Leg, Outcome
    from ivr.simulator.plan import Speak
    from ivr.simulator.rest_server import RestServer
    from ivr.simulator.session import Transport

_BANNER = "A practice line: nobody real answers. If you need help: call 116 117, or 113 if life is in danger."
_INTERRUPTED = 130  # as a shell has it for Ctrl-C


@click.command()
@click.argument("url", required=False)
@click.option("--from", "caller", default="+4791234567", show_default=True, help="The number that calls.")
@click.option("--to", "called", default="+4721000000", show_default=True, help="The number that is called.")
@click.option("--keys", help='Keys to press, e.g. "1 1 5003": one group each time the call listens, then silence.')
@click.option(
    "--say",
    "words",
    multiple=True,
    help="Words that the caller says once the keys are pressed, when the call listens to speech or records; repeatable,"
    " one after the other.",
)
@click.option(
    "--far-end",
    type=click.Choice(["answer", "busy", "no-answer", "failed"]),
    default="answer",
    help="What the dialled telephone does.",
)
@click.option(
    "--legs", "legs_file", type=click.Path(path_type=Path), help="YAML file: how each dialled number behaves."
)
@click.option("--real-time", is_flag=True, help="With --keys: play in real time instead of virtual time.")
@click.option("--trace", help="Write every event of the call to this file, as JSON Lines; - is standard output.")
@click.option("--seed", type=int, help="Seed of the sids.  [default: 0; by hand a random one]")
@click.option(
    "--speech-rate", type=click.FloatRange(30, 1000), default=150.0, show_default=True, help="Words a minute."
)
@STAY
@WEBHOOK
@PARAM
@click.option(
    "--caller-id",
    "caller_ids",
    multiple=True,
    envvar="TWILIO_PHONE_NUMBER",
    help="A further number that <Dial> may use as callerId; repeatable.",
)
@REST
@SERVE
@ANNOUNCEMENT
@click.option("--json", "as_json", is_flag=True, help="Print the result of the call as JSON; needs --keys.")
def call(url: str | None, **options: Any) -> None:
    """Call a TwiML webhook at URL; without URL, the bundled line.

    With a terminal and without --keys it is a telephone: press 0-9, * and #; Ctrl-C hangs up.

    \b
    Examples:
      ivr call                                              the bundled line, by hand
      ivr call http://127.0.0.1:3000/voice --keys "1 5003"  your application, without a person
      ivr call http://127.0.0.1:3000/voice --serve "npm start"  the same, started for this call
      ivr call http://127.0.0.1:3000/voice --keys 2 --say "Call me back"  speech, into a <Gather> or a <Record>
      ivr call --announcement waiting                       the bundled line, with an announcement on

    \b
    Exit codes:
      0    the call ended by itself, or you hung up
      1    the application failed the call, an error occurred, a document has a verb
           that is not simulated, keys were never pressed, or the application of
           --serve does not answer
      2    the command line or a file is wrong
      130  Ctrl-C, with --keys
    """
    serve = Serve.of(options)
    if serve.command is not None and url is None:
        raise click.UsageError("--serve needs the URL that the application answers at")
    if url is not None:
        refuse_announcement()
    chosen = _Options(**options, serve=serve)
    by_hand = chosen.by_hand
    if by_hand and not sys.stdin.isatty():
        raise click.UsageError('standard input is not a terminal: name the keys to press, e.g. --keys "1 1 5003"')
    if by_hand and chosen.as_json:
        raise click.UsageError("--json needs --keys")
    from ivr.simulator.expectations import failures

    try:
        outcome = _outcome(url, chosen)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        raise SystemExit(_INTERRUPTED) from None
    if chosen.trace:
        _write_trace(chosen.trace, outcome)
    raise SystemExit(1 if failures(outcome) else 0)


def _outcome(url: str | None, options: "_Options") -> "Outcome":
    if url is not None:
        return _played(_plan(url, options), options)
    legs = _legs(options)  # a wrong file is said before anything is started
    with bundled_service({"IVR_ANNOUNCEMENT": options.announcement or ""}) as (base, token):
        return _played(_plan(f"{base}/voice", options, base=base, token=token, legs=legs), options)


@dataclass(frozen=True)
class _Options:
    """The command line, as click has read it."""

    caller: str
    called: str
    keys: str | None
    words: tuple[str, ...]
    far_end: str
    legs_file: Path | None
    real_time: bool
    trace: str | None
    seed: int | None
    speech_rate: float
    method: str
    fallback_url: str | None
    status_callback: str | None
    auth_token: str | None
    allow_origins: tuple[str, ...]
    stay: float | None
    cafile: str | None
    params: tuple[str, ...]
    caller_ids: tuple[str, ...]
    rest_port: int | None
    api_key: str | None
    api_secret: str | None
    as_json: bool
    announcement: str | None
    serve: Serve

    @property
    def by_hand(self) -> bool:
        """A person is the caller."""
        return self.keys is None and not self.words


def _plan(
    url: str,
    options: _Options,
    *,
    base: str | None = None,
    token: str | None = None,
    legs: "dict[str, Leg] | None" = None,
) -> "CallPlan":
    """`base`, `token`: of the bundled service, which has a fallback and a status callback of its own."""
    from ivr.base.test_account import AUTH_TOKEN, ORIGIN_FIELD
    from ivr.simulator import CallPlan, keys_to_steps
    from ivr.simulator.plan import OWN_NUMBERS
    from ivr.simulator.urls import UrlError, checked, origins

    fallback = options.fallback_url or (f"{base}/voice/fallback" if base else None)
    status = options.status_callback or (f"{base}/voice/status" if base else None)
    try:
        for named in (url, fallback, status):
            checked(named) if named else None
        origins(options.allow_origins)
        steps = (*keys_to_steps(options.keys or ""), *map(_said, options.words))
        params = params_of(options.params)
    except (UrlError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    return CallPlan(
        url=url,
        from_=options.caller,
        to=options.called,
        method=options.method,
        fallback_url=fallback,
        status_callback=status,
        auth_token=token or options.auth_token or AUTH_TOKEN,
        steps=steps,
        legs=legs if legs is not None else _legs(options),
        seed=_seed(options),
        speech_rate=options.speech_rate,
        allow_origins=options.allow_origins,
        delivery=delivery(),
        stay=options.stay,
        params=params,
        # Keys take no time, and their call is that of no person in anybody's records.
        first_params={ORIGIN_FIELD: "test"} if base and not options.by_hand else {},
        caller_ids=(*OWN_NUMBERS, *options.caller_ids),
    )


def _said(words: str) -> "Speak":
    """Raises ValueError for no words."""
    from ivr.simulator.plan import Speak

    if not words.strip():
        raise ValueError("--say needs words")
    return Speak(words)


def _seed(options: _Options) -> int:
    """A person calls again while the application still knows the call before: that one had other sids."""
    if options.seed is not None:
        return options.seed
    return secrets.randbits(32) if options.by_hand else 0


def _legs(options: _Options) -> "dict[str, Leg]":
    from ivr.cli.files import named_as_given
    from ivr.simulator import Leg
    from ivr.simulator.scenario import load_legs

    if options.legs_file is not None:
        with named_as_given(options.legs_file):
            return load_legs(options.legs_file)
    ends = {"busy": Leg.busy(), "no-answer": Leg.no_answer(), "failed": Leg.failed()}
    return {"*": ends.get(options.far_end, Leg.answer(3, talk=10))}


def _played(plan: "CallPlan", options: _Options) -> "Outcome":
    from ivr.simulator.expectations import failures

    keys = options.api_key, options.api_secret
    with (
        rest_server(options.serve.rest_port(options.rest_port), *keys) as rest,
        application(options.serve, local_account(rest, plan, *keys), plan.url) as running,
    ):
        outcome = (
            _by_hand(plan, transport_of(options.cafile), rest) if options.by_hand else _by_keys(plan, options, rest)
        )
    if failures(outcome):
        echo_last_lines(running)
    return outcome


def _by_keys(plan: "CallPlan", options: _Options, rest: "RestServer | None") -> "Outcome":
    """The call with the keys of the command line, and its transcript."""
    from ivr.simulator import RealPace, play
    from ivr.simulator.printable import json_text
    from ivr.simulator.report import outcome_json, summary, transcript

    transport = transport_of(options.cafile)
    to_stderr = options.trace == "-"
    live = options.real_time and not options.as_json
    if live:
        outcome = play(plan, transport, pace=RealPace(), observer=Captions(err=to_stderr), rest=rest)
    else:
        outcome = play(plan, transport, pace=RealPace() if options.real_time else None, rest=rest)
    if options.as_json:
        click.echo(json_text(outcome_json(outcome), indent=2), err=to_stderr)
        return outcome
    if not live:
        for line in transcript(outcome.trace):
            echo_line(line, err=to_stderr)
    _echo_failures(outcome, err=to_stderr)
    click.echo(summary(outcome), err=to_stderr)
    return outcome


def _echo_failures(outcome: "Outcome", *, err: bool) -> None:
    from ivr.simulator.expectations import failures

    for failure in failures(outcome):
        click.secho(f"FAILED  {failure}", fg="red", err=err)


def _by_hand(plan: "CallPlan", transport: "Transport", rest: "RestServer | None") -> "Outcome":
    """The call with a person at the keys."""
    from ivr.simulator.phone import call_by_hand
    from ivr.simulator.report import clock
    from ivr.simulator.urls import without_credentials

    click.secho(_BANNER, bold=True)
    click.echo(f"Calling {plan.to} ({without_credentials(plan.url)}). Keys 0-9 * # act at once; Ctrl-C hangs up.\n")
    outcome = call_by_hand(plan, transport, sys.stdin.fileno(), Captions(err=False, quiet=True), rest)
    click.echo(f"\nThe call has ended ({outcome.ended}) after {clock(outcome.seconds)}.")
    _echo_failures(outcome, err=False)
    return outcome


def _write_trace(where: str, outcome: "Outcome") -> None:
    from ivr.simulator.trace import json_line

    lines = "".join(json_line(event) + "\n" for event in outcome.trace)
    if where == "-":
        click.echo(lines, nl=False)
        return
    try:
        Path(where).write_text(lines, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"the trace cannot be written to {where}: {error.strerror}") from None
