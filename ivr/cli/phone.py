"""`ivr phone`: a phone in the browser, in front of the bundled line or of a URL. Parses, opens the page, waits."""

import signal
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import WEBHOOK, delivery, say_line, taken_port

if TYPE_CHECKING:
    from ivr.simulator.web_phone.page import Webhook

_SAFETY = "A practice line: nobody real answers. If you need help: call 116 117, or 113 if life is in danger."


@click.command()
@click.argument("url", required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="any free one", help="of the page")
@click.option("--no-browser", is_flag=True, help="Print the address of the page and open no browser.")
@click.option("--several", is_flag=True, help="Several phones of one account side by side: callers and who is rung.")
@WEBHOOK
def phone(url: str | None, port: int, no_browser: bool, several: bool, **webhook: Any) -> None:
    """Open a phone in the browser that calls a TwiML webhook at URL; without URL, the bundled line.

    The page is served on loopback only. Its address has a new secret each time. Ctrl-C ends the command.

    With --several the page has a caller's phone and two agents' at URL, or two callers' and three centres' at the
    bundled line, side by side in real time: call, answer, press, speak, hang up. `ivr emulate` has more of it.

    \b
    Examples:
      ivr phone                               the bundled line
      ivr phone http://127.0.0.1:3000/voice   your application
      ivr phone --several                     callers and centres of the bundled line

    \b
    Exit codes:
      0    ended by Ctrl-C
      2    the command line or a file is wrong
    """
    from ivr.base.test_account import AUTH_TOKEN
    from ivr.cli.transport import transport_of
    from ivr.simulator.web_phone.page import Webhook, open_page

    webhook["auth_token"] = webhook["auth_token"] or AUTH_TOKEN
    target = Webhook(url, delivery=delivery(), **webhook) if url is not None else None
    transport_of(target.cafile if target else None)  # a wrong file is said before the page is opened
    if target is not None:
        _check(target)
    elif any(webhook[name] for name in ("fallback_url", "status_callback", "allow_origins", "cafile")):
        raise click.UsageError("this option needs the URL of your own webhook")
    if target is None and not several:
        say_line()
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: who starts us in the background may have it ignored
        signal.signal(number, signal.default_int_handler)
    if several:
        _show_several(url, port, webhook, no_browser=no_browser)
        return
    try:
        page = open_page(target, port)
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


def _show_several(url: str | None, port: int, webhook: dict[str, Any], *, no_browser: bool) -> None:
    from ivr.cli.several_phones import LINE, several_phones

    try:
        with several_phones(url, port, webhook, delivery()) as page:
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
