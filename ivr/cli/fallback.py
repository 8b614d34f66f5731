"""`ivr fallback`: the document that another host plays when this service cannot be reached. Must not serve or dial."""

from pathlib import Path

import click

from ivr.cli.options import OUTPUT, say_line


@click.group()
def fallback() -> None:
    """Write the static document for Twilio's fallback URL.

    \b
    Example:
      ivr fallback export --simulator -o fallback.xml

    \b
    Exit codes:
      0    written
      2    a setting is missing or wrong, or the file cannot be written
    """


@fallback.command()
@OUTPUT
@click.option("--simulator", is_flag=True, help="Allow the profile simulator, for a fallback host on this machine.")
def export(output: Path | None, simulator: bool) -> None:
    """Write one TwiML document that works without this service.

    The document says 113 in every language, rings the default centre and its first backup, and then tries the line
    again. Host it elsewhere (a TwiML Bin, another provider) and make it the number's fallback URL. Settings come from
    the environment, as for `ivr serve`: docs/settings.md.

    \b
    Examples:
      IVR_PROFILE=practice ivr fallback export -o fallback.xml
      ivr fallback export --simulator        to try it on this machine

    \b
    Exit codes:
      0    written
      2    a setting is missing or wrong, or the file cannot be written
    """
    import os

    from ivr.base.clock import SystemClock
    from ivr.base.errors import SettingsError
    from ivr.cli.files import write
    from ivr.line.service.bootstrap import load_edition
    from ivr.line.service.settings import Profile, read_settings

    settings = read_settings(os.environ)
    if settings.profile is Profile.SIMULATOR and not simulator:
        raise SettingsError(
            [
                "the profile is simulator, and the document would name numbers of real centres to whoever hosts it; "
                "set IVR_PROFILE to practice or live, or add --simulator to try it on this machine"
            ]
        )
    say_line(settings)
    edition = load_edition(settings, SystemClock())
    document = edition.writer.write_static(edition.engine.fallback())
    write(output, document + b"\n" if output is None else document)
    if output is not None:
        click.echo(f"{output}: {len(document)} bytes", err=True)
