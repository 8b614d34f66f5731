"""`ivr twilio`: set up a number at Twilio, and check everything around it. Prints before it changes, and asks."""

from typing import TYPE_CHECKING, Any

import click

from ivr.base.errors import SettingsError
from ivr.cli.options import JSON, echo_json, go_ahead, say

if TYPE_CHECKING:
    from ivr.line.service.settings import Settings
    from ivr.operations.twilio_account import Secrets, TwilioAccount, Webhooks

_NUMBER = click.option("--number", show_default="TWILIO_PHONE_NUMBER", help="The number, +47...")
_FALLBACK = click.option(
    "--fallback-url",
    help="URL that Twilio asks when the line does not answer; best on another host (`ivr fallback export`).  "
    "[default: what the number has, if that is elsewhere; in practice the line's own]",
)
_COLOURS = {"fine": "green", "warning": "yellow", "fault": "red"}


@click.group()
def twilio() -> None:
    """Set up a number at Twilio, and check everything around it. Credentials come only from the environment.

    \b
    Examples:
      ivr twilio configure --number +4721000000 --dry-run
      ivr twilio doctor

    \b
    Exit codes:
      0    success
      1    Twilio refused, you answered no, or there is a fault
      2    a setting is missing or wrong
    """


@twilio.command()
@_NUMBER
@_FALLBACK
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def configure(number: str | None, fallback_url: str | None, dry_run: bool, yes: bool) -> None:
    """Point a number of the account to this line: voice URL, fallback URL, status callback.

    The voice URL contains Twilio's time-outs for it. The command first shows the differences, and how Twilio will
    sign by the account's webhook rules. It changes nothing if the line would refuse that signature.

    \b
    Example:
      ivr twilio configure --number +4721000000 --dry-run

    \b
    Exit codes:
      0    done, or nothing to do
      1    Twilio refused, or you answered no
      2    a setting is missing or wrong
    """
    from ivr.operations.twilio_account import CheckState, differences, signing

    settings = _settings()
    account = _account(settings)
    found = account.number(number or settings.phone_number)
    if found.trunk_sid:
        raise click.ClickException(
            f"the number belongs to the SIP trunk {found.trunk_sid}, so Twilio ignores its voice URLs; "
            "remove it from the trunk"
        )
    wanted = _webhooks(settings, fallback_url, found)
    changes = differences(found, wanted)
    for change in changes:
        click.echo(str(change))
    if wanted.fallback_is_our_own:
        click.echo("note: the fallback is on the line's own host and goes down with it; enough for training only")
    state, words = signing(account, settings.base_url, _secrets(settings))
    click.echo(f"signing: {words}")
    if state is CheckState.FAULT:
        raise click.ClickException("nothing was changed: the line would refuse what Twilio sends (docs/operations.md)")
    if not changes:
        click.echo("nothing to do: the number already points to this line")
        return
    if not go_ahead(f"Change {found.phone_number}?", "changed", yes=yes, dry_run=dry_run):
        return
    left = differences(account.change(found, {change.field: change.wanted for change in changes}), wanted)
    if left:
        raise click.ClickException(f"Twilio stored other values than requested: {'; '.join(map(str, left))}")
    click.echo("changed; `ivr twilio doctor` examines the rest")


@twilio.command()
@_NUMBER
@_FALLBACK
@JSON
def doctor(number: str | None, fallback_url: str | None, as_json: bool) -> None:
    """Check credentials, number, public address, signatures, certificate, dialling permissions, sender and voices.

    It asks Twilio's API, and it asks the line through its public address about a call that does not exist, signed as by
    Twilio. It changes nothing and rings nobody.

    \b
    Example:
      ivr twilio doctor --json

    \b
    Exit codes:
      0    no fault; there may be warnings
      1    a fault
      2    a setting is missing or wrong
    """
    from ivr.base.errors import AccountError
    from ivr.operations.twilio_account import CheckState, examine

    settings = _settings()
    account = _account(settings)
    phone = number or settings.phone_number
    try:
        found: Any = account.number(phone)
    except AccountError:
        found = None  # the check of that name will say it
    rows: list[dict[str, str]] = []
    wanted = _webhooks(settings, fallback_url, found)
    checks = examine(account, phone, wanted, _secrets(settings), text_sender=settings.text_sender)
    for check in checks:
        rows.append({"about": check.about, "state": check.state.value, "words": check.words})
        if not as_json:
            _echo(rows[-1])
    rows.append(_voices(settings))
    if as_json:
        echo_json(rows)
    else:
        _echo(rows[-1])
    if any(row["state"] == CheckState.FAULT for row in rows):
        raise SystemExit(1)


def _settings() -> "Settings":
    """The environment's. A line that Twilio cannot reach is exit code 2."""
    import os

    from ivr.line.service.settings import Profile, read_settings

    settings = read_settings(os.environ)
    if settings.profile is Profile.SIMULATOR and not settings.api_url:
        raise SettingsError(
            ["IVR_PROFILE is simulator: Twilio cannot reach a line on this machine; `ivr emulate` can (TWILIO_API_URL)"]
        )
    if not settings.account_sid:
        raise SettingsError(["TWILIO_ACCOUNT_SID must be set to the account"])
    if settings.api_login is None:
        raise SettingsError(
            ["TWILIO_API_KEY and TWILIO_API_SECRET must be set, or TWILIO_AUTH_TOKEN: Twilio's API needs one of them"]
        )
    return settings


def _account(settings: "Settings") -> "TwilioAccount":
    from ivr.operations.twilio_account import TwilioAccount

    user, secret = settings.api_login or ("", "")
    return TwilioAccount(settings.account_sid, secret, settings.api_url, user=user)


def _secrets(settings: "Settings") -> "Secrets":
    from ivr.operations.twilio_account import Secrets

    return Secrets(settings.auth_tokens, settings.shared_keys, settings.shared_key_ids, settings.basic, settings.digest)


def _webhooks(settings: "Settings", fallback_url: str | None, found: Any) -> "Webhooks":
    from ivr.line.service.settings import Profile
    from ivr.operations.twilio_account import Webhooks

    if fallback_url:
        return Webhooks(settings.base_url, fallback_url)
    present = Webhooks(settings.base_url, str(getattr(found, "voice_fallback_url", None) or ""))
    if present.fallback_url and not present.fallback_is_our_own:
        return present
    if settings.profile is Profile.LIVE:
        raise SettingsError(
            ["--fallback-url must name a document on another host: its own host may be down together with the line"]
        )
    return Webhooks(settings.base_url, f"{settings.base_url.rstrip('/')}/voice/fallback")


def _voices(settings: "Settings") -> dict[str, str]:
    """Twilio has no list to ask: a prompt file with a voice that is not known to speak its language does not load."""
    from ivr.line.languages import languages_beside, load_prompts
    from ivr.line.service.bootstrap import flow_file

    say(flow=flow_file(settings))
    languages = load_prompts(languages_beside(flow_file(settings))).languages.values()
    named = ", ".join(f"{language.tag} {language.voice}" for language in languages)
    return {
        "about": "voices",
        "state": "fine",
        "words": f"{named}: known to Twilio when this version was made; listen once",
    }


def _echo(row: dict[str, str]) -> None:
    state = click.style(f"{row['state']:8}", fg=_COLOURS[row["state"]])
    click.echo(f"{state} {row['about']}: {row['words']}")
