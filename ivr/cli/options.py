"""Options that several commands have, and what they print with `--json`: each is written and explained once."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from ivr.line.service.settings import Settings
    from ivr.simulator.delivery import Delivery

T = TypeVar("T", bound=Callable[..., Any])

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


def say(*, flow: Path | None = None, directory: Path | None = None, who: str = "") -> None:
    """Which files of the line the command reads, on standard error. `who`: begins each line, where others write too."""
    for what, path in (("flow", flow), ("directory", directory)):
        if path is not None:
            click.echo(f"{who}{what}: {path}", err=True)


def say_line(settings: "Settings | None" = None, who: str = "") -> None:
    """Both files of a line, the bundled ones where the settings name none; those of the environment if left out."""
    from ivr.base.bundled import bundled, bundled_flow
    from ivr.line.service.settings import line_files

    files = settings or line_files(os.environ)
    say(flow=files.flow or bundled_flow(), directory=files.directory or bundled("municipalities"), who=who)


def _flow(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path:
    from ivr.base.bundled import bundled_flow

    path = value or bundled_flow()
    if not ctx.resilient_parsing:
        say(flow=path)
    return path


def _folder(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path:
    from ivr.base.bundled import bundled

    path = value or bundled("municipalities")
    if not ctx.resilient_parsing:
        say(directory=path)
    return path


# The files of a line mean the same for every command: what it names, else the environment, else the bundled ones. A
# command that has these says which files it reads; one that reads the settings does so with `say`.
FLOW = click.argument("flow", type=FILE, required=False, envvar="IVR_FLOW", callback=_flow)
DIRECTORY = click.option(
    "--directory",
    "folder",
    type=FOLDER,
    envvar="IVR_DIRECTORY",
    callback=_folder,
    show_default="IVR_DIRECTORY, else the bundled one",
    help="A folder of directory files.",
)
OWN_DIRECTORY = click.option(
    "--directory",
    "folder",
    type=FOLDER,
    envvar="IVR_DIRECTORY",
    callback=_folder,
    required=True,
    help="The folder to change; IVR_DIRECTORY if left out. The bundled files are never changed: copy them first.",
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
ALLOW_ORIGIN = click.option(
    "--allow-origin",
    "allow_origins",
    multiple=True,
    help="A further http://host:port to which requests may go; repeatable.",
)


def _delivers(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Keeps how requests are to reach the application, for `delivery`."""
    if not value:
        return
    from ivr.simulator import delivery as settings
    from ivr.simulator.public_urls import parsed

    read: dict[str, Callable[[Any], Any]] = {
        "public_urls": lambda texts: tuple(parsed(text) for text in texts),
        "shared_key": settings.shared_key,
        "connection": settings.connection,
    }
    try:
        ctx.meta[_DELIVERY] = replace(delivery(ctx), **{str(param.name): read[str(param.name)](value)})
    except ValueError as error:  # UrlError is one
        raise click.BadParameter(str(error), ctx, param) from None


def delivery(ctx: click.Context | None = None) -> "Delivery":
    """What --public-url, --shared-key and --connection of the running command say."""
    from ivr.simulator.delivery import Delivery

    meta = (ctx or click.get_current_context()).meta
    found: Delivery = meta.get(_DELIVERY, Delivery())
    return found


def with_delivery(of_file: "Delivery") -> "Delivery":
    """What a file says, unless the command line says otherwise."""
    chosen = delivery()
    return replace(
        of_file,
        public_urls=(*chosen.public_urls, *of_file.public_urls),
        shared_key=chosen.shared_key or of_file.shared_key,
        connection=chosen.connection or of_file.connection,
    )


_DELIVERY = "ivr.delivery"
STAY = click.option(
    "--stay",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="The caller hangs up after so many seconds in which a step has not come, or after the last.  [default: never]",
)
ANNOUNCEMENT = click.option(
    "--announcement",
    metavar="NAME",
    envvar="IVR_ANNOUNCEMENT",
    help="Of the bundled line: the announcement that its callers hear, such as waiting.  [default: none]",
)
PARAM = click.option(
    "--param", "params", multiple=True, help="NAME=VALUE: a further parameter of each request; repeatable."
)
CAFILE = click.option("--cafile", help="PEM file with further certificates to trust.")


def params_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """Raises ValueError for what is no NAME=VALUE, or a name that the call sets itself."""
    from ivr.simulator.plan import refused_param

    params: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if why := refused_param(name) or ("" if equals and name else "expected NAME=VALUE"):
            raise ValueError(f"--param {pair}: {why}")
        params[name] = value
    return params


def refuse_announcement() -> None:
    """Raises UsageError for --announcement beside a URL. The variable may be set there, and changes nothing."""
    given = click.get_current_context().get_parameter_source("announcement")
    if given is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError("--announcement is for the bundled line, which has no URL")


def taken_port(port: int, error: OSError) -> click.UsageError:
    """What is said of a port of `--port` on which nothing can be served."""
    return click.UsageError(f"port {port} cannot be used: {error.strerror}; choose another with --port")


def echo_json(value: object) -> None:
    """What a command prints with `--json`."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def go_ahead(question: str, done: str, *, yes: bool, dry_run: bool) -> bool:
    """Whether a change that was shown is to be made. `done`: what is said to be not done, `written`. Ends the command
    with code 1 if the person says no."""
    if dry_run:
        click.echo(f"dry run: nothing was {done}")
        return False
    if not yes and not click.confirm(question):
        click.echo(f"nothing was {done}")
        raise SystemExit(1)
    return True


def _all_of(*options: Callable[[T], T]) -> Callable[[T], T]:
    """Several options as one, in this order."""

    def decorate(command: T) -> T:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


# How requests reach the application, besides what their URLs say: `delivery` has it.
DELIVERY = _all_of(
    click.option(
        "--public-url",
        "public_urls",
        multiple=True,
        metavar="PUBLIC=LOCAL",
        expose_value=False,
        callback=_delivers,
        help="https://line.example=http://127.0.0.1:3000: requests name and are signed for the first address, and go to"
        " the second; repeatable.",
    ),
    click.option(
        "--shared-key",
        metavar="NAME=KEY",
        expose_value=False,
        callback=_delivers,
        help="Sign with this shared key and SHA-256 in place of the auth token.",
    ),
    click.option(
        "--connection",
        metavar="SETTINGS",
        expose_value=False,
        callback=_delivers,
        help="Times and retries that a webhook rule sets, such as rc=2&rt=3000.",
    ),
)
# How a webhook is asked: of every command that plays calls against one.
WEBHOOK = _all_of(
    click.option(
        "--method",
        type=click.Choice(["POST", "GET"]),
        default="POST",
        show_default=True,
        help="Method of the first request.",
    ),
    click.option("--fallback-url", help="URL to ask when Twilio cannot fetch or execute a document."),
    click.option("--status-callback", help="URL that gets a status callback at the end of each call."),
    click.option(
        "--auth-token",
        envvar="TWILIO_AUTH_TOKEN",
        help="signs the requests  [default: fedcba9876543210fedcba9876543210]",
    ),
    ALLOW_ORIGIN,
    DELIVERY,
    CAFILE,
)
# Where the application's own REST calls go.
REST = _all_of(
    click.option(
        "--rest-port", type=click.IntRange(1, 65535), help="Port on which the application's REST requests are answered."
    ),
    click.option(
        "--api-key", envvar="TWILIO_API_KEY", help="API key (SK...) that REST requests may use.  [default: a test key]"
    ),
    click.option("--api-secret", envvar="TWILIO_API_SECRET", help="The secret of --api-key."),
)
# The application under test, as a process of its own.
SERVE = _all_of(
    click.option("--serve", help="Command that starts the application; it is stopped at the end."),
    click.option(
        "--ready",
        show_default="the root of the server that is called",
        help="URL on this machine that answers once the application is up.",
    ),
    click.option(
        "--ready-seconds",
        type=click.FloatRange(0.1, 3600),
        default=30.0,
        help="How long the application may take to answer.",
    ),
)
