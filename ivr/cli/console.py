"""`ivr console`: what the console needs before it can be switched on."""

import click

FEWEST_LETTERS = 12


@click.group()
def console() -> None:
    """Prepare the console: docs/console.md.

    \b
    Example:
      ivr console password

    \b
    Exit codes:
      0    done
      1    the password is too short, or was not repeated
      2    the command line is wrong
    """


@console.command()
def password() -> None:
    """Ask for a password and print the setting that switches the console on with it.

    The password is read from the terminal and never from an argument, which others on the machine could see.

    \b
    Example:
      ivr console password

    \b
    Exit codes:
      0    the setting is printed
      1    the password is too short, or it was not given
      2    the command line is wrong
    """
    from werkzeug.security import generate_password_hash

    text = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if len(text) < FEWEST_LETTERS:
        raise click.ClickException(f"at least {FEWEST_LETTERS} characters: a few words are easier than signs")
    click.echo("Set this, in quotes because of its dollar signs, and a SECRET_KEY of 32 random characters:", err=True)
    click.echo(f"IVR_CONSOLE_PASSWORD_HASH='{generate_password_hash(text, 'scrypt')}'")
