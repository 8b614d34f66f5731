"""`ivr phone`: a phone in the browser, in front of the bundled line or of a URL. Parses, opens the page, waits."""

import signal
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import (
    ANNOUNCEMENT,
    PARAM,
    REST,
    WEBHOOK,
    delivery,
    params_of,
    refuse_announcement,
    say_line,
    taken_port,
)

if TYPE_CHECKING:
    from ivr.simulator.rest_server import RestServer
    from ivr.simulator.web_phone.page import Webhook

_WEBHOOK = ("method", "fallback_url", "status_callback", "auth_token", "allow_origins", "cafile")
_SAFETY = "A practice line: nobody real answers. If you need help: call 116 117, or 113 if life is in danger."


@click.command()
@click.argument("url", required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="any free one", help="of the page")
@click.option("--no-browser", is_flag=True, help="Print the address of the page and open no browser.")
@click.option("--several", is_flag=True, help="Several phones of one account side by side: callers and who is rung.")
@click.option("--from", "caller", help="The number that calls, chosen beforehand on the page.  [default: a mobile]")
@click.option("--to", "called", help="The number that is called, likewise.  [default: +4721000000]")
@WEBHOOK
@PARAM
@click.option(
    "--account-sid", envvar="TWILIO_ACCOUNT_SID", help="AccountSid of the requests.  [default: a test account]"
)
@REST
@ANNOUNCEMENT
def phone(url: str | None, port: int, no_browser: bool, several: bool, **options: Any) -> None:
    """Open a phone in the browser that calls a TwiML webhook at URL; without URL, the bundled line.

    The page is served on loopback only. Its address has a new secret each time. Ctrl-C ends the command.

    With --several the page has a caller's phone and two agents' at URL, or two callers' and three centres' at the
    bundled line, side by side in real time: call, answer, press, speak, hang up. `ivr emulate` has more of it.

    \b
    Examples:
      ivr phone                               the bundled line
      ivr phone http://127.0.0.1:3000/voice   your application
      ivr phone http://127.0.0.1:3000/voice --from +4755123456 --rest-port 8038
                                              with a caller, and a port for its REST requests
      ivr phone --announcement waiting        the bundled line, with an announcement on
      ivr phone --several                     callers and centres of the bundled line

    \b
    Exit codes:
      0    ended by Ctrl-C
      2    the command line or a file is wrong
    """
    from ivr.base.test_account import AUTH_TOKEN
    from ivr.cli.transport import rest_server, transport_of

    webhook = {name: options[name] for name in _WEBHOOK} | {"auth_token": options["auth_token"] or AUTH_TOKEN}
    target = _target(url, webhook, options) if url is not None else None
    transport_of(target.cafile if target else None)  # a wrong file is said before the page is opened
    _check_for(target, options, several=several)
    if target is None and not several:
        say_line()
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: who starts us in the background may have it ignored
        signal.signal(number, signal.default_int_handler)
    announcement = options["announcement"] or ""
    if several:
        _show_several(url, port, webhook, announcement, no_browser=no_browser)
        return
    with rest_server(options["rest_port"], options["api_key"], options["api_secret"]) as rest:
        _show(target, port, rest, announcement, no_browser=no_browser)


def _target(url: str, webhook: dict[str, Any], options: dict[str, Any]) -> "Webhook":
    from ivr.base.test_account import ACCOUNT_SID
    from ivr.simulator.web_phone.page import Webhook
    from ivr.simulator.web_phone.page_requests import read_order

    numbers = {name: options[option] for name, option in (("from", "caller"), ("to", "called")) if options[option]}
    try:
        params = params_of(options["params"])
        read_order(numbers)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return Webhook(
        url,
        **webhook,
        delivery=delivery(),
        params=params,
        account_sid=options["account_sid"] or ACCOUNT_SID,
        from_=options["caller"] or "",
        to=options["called"] or "",
    )


def _check_for(target: "Webhook | None", options: dict[str, Any], *, several: bool) -> None:
    """Options that have no meaning here are refused, and URLs that are none."""
    own = ("fallback_url", "status_callback", "allow_origins", "cafile", "params", "caller", "called", "rest_port")
    if several and any(options[name] for name in ("params", "caller", "called", "rest_port")):
        raise click.UsageError("--several has no --from, --to, --param and --rest-port; `ivr emulate` has all of them")
    if target is not None:
        _check(target)
        refuse_announcement()
    elif any(options[name] for name in own):
        raise click.UsageError("this option needs the URL of your own webhook")


def _show(
    target: "Webhook | None", port: int, rest: "RestServer | None", announcement: str, *, no_browser: bool
) -> None:
    from ivr.simulator.web_phone.page import open_page

    try:
        page = open_page(target, port, rest=rest, announcement=announcement)
    except OSError as error:
        raise taken_port(port, error) from None
    try:
        click.echo(f"The phone: {page.url}")
        click.echo(_SAFETY)
        click.echo("Ctrl-C ends it.")
        _wait(None if no_browser else page.url)
    except KeyboardInterrupt:
        click.echo()
    finally:
        page.close()


def _show_several(url: str | None, port: int, webhook: dict[str, Any], announcement: str, *, no_browser: bool) -> None:
    from ivr.cli.several_phones import LINE, several_phones

    try:
        with several_phones(url, port, webhook, delivery(), announcement) as page:
            click.echo(f"The phones: {page}   the line is {LINE}")
            click.echo(_SAFETY)
            click.echo("Ctrl-C ends it.")
            _wait(None if no_browser else page)
    except KeyboardInterrupt:
        click.echo()
    except OSError as error:
        raise taken_port(port, error) from None


def _check(target: "Webhook") -> None:
    from ivr.simulator.urls import UrlError, checked, origins

    try:
        for named in (target.url, target.fallback_url, target.status_callback):
            checked(named) if named else None
        origins(target.allow_origins)
    except UrlError as error:
        raise click.UsageError(str(error)) from None


def _wait(open_at: str | None) -> None:
    """Until Ctrl-C. A machine without a browser still has the address that was printed."""
    import threading
    import webbrowser

    if open_at is not None:
        webbrowser.open(open_at)
    threading.Event().wait()
