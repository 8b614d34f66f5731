"""`ivr console`: what the console needs before it can be switched on, and its accounts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivr.cli.options import JSON, echo_json

if TYPE_CHECKING:
    from ivr.line.service.console_accounts import ConsoleAccount

FEWEST_LETTERS = 12
_ROLES = ("reader", "operator", "verifier")
_ACCOUNTS = click.option(
    "--accounts",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="IVR_CONSOLE_ACCOUNTS",
    required=True,
    help="The file of accounts; IVR_CONSOLE_ACCOUNTS if left out.",
)
_TAKE_UP = "A running line knows it at once."


@click.group()
def console() -> None:
    """Prepare the console, and keep its accounts: docs/console.md.

    \b
    Examples:
      ivr console add Kari --role verifier --accounts accounts
      ivr console password

    \b
    Exit codes:
      0    done
      1    the password is too short, or was not repeated
      2    the command line or the file of accounts is wrong
    """


@console.command()
def password() -> None:
    """Ask for a password and print the setting that switches the console on with it.

    Everybody who knows it may do the same, but verify numbers: that needs accounts (`ivr console add`). The password is
    read from the terminal and never from an argument, which others on the machine could see.

    \b
    Example:
      ivr console password

    \b
    Exit codes:
      0    the setting is printed
      1    the password is too short, or it was not given
      2    the command line is wrong
    """
    hashed = _asked_hash()
    click.echo("Set this, in quotes because of its dollar signs, and a SECRET_KEY of 32 random characters:", err=True)
    click.echo(f"IVR_CONSOLE_PASSWORD_HASH='{hashed}'")


@console.command()
@_ACCOUNTS
@JSON
def accounts(path: Path, as_json: bool) -> None:
    """List the accounts and their roles.

    \b
    Example:
      ivr console accounts --accounts accounts

    \b
    Exit codes:
      0    listed
      2    the command line or the file is wrong
    """
    from ivr.line.service.console_accounts import read_accounts

    found = read_accounts(path)
    if as_json:
        echo_json([{"name": each.name, "role": each.role} for each in found])
        return
    for each in found:
        click.echo(f"{each.role:10}{each.name}")


@console.command()
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="What the account may do: docs/console.md.")
@_ACCOUNTS
def add(name: str, role: str, path: Path) -> None:
    """Make an account; asks for its password. The first one makes the file, which its owner alone may read.

    The service must be able to read the file: run this as its user.

    \b
    Examples:
      ivr console add Kari --role verifier --accounts accounts
      ivr console add "Ola N." --role operator

    \b
    Exit codes:
      0    made
      1    the password is too short, or was not repeated
      2    the command line or the file is wrong, or the name has an account
    """
    from ivr.line.service.console_accounts import ConsoleAccount, ConsoleRole, account_name, name_key

    try:
        name = account_name(name)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None
    with _changing(path) as found:
        if name_key(name) in found:
            raise click.UsageError(f"{found[name_key(name)].name} has an account: `ivr console change`")
        found[name_key(name)] = ConsoleAccount(name, ConsoleRole(role), _asked_hash())
    click.echo(f"{name} is {role} now. {_TAKE_UP}")


@console.command()
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), show_default="as it is", help="The new role.")
@click.option("--password", "new_password", is_flag=True, help="Ask for a new password.")
@_ACCOUNTS
def change(name: str, role: str | None, new_password: bool, path: Path) -> None:
    """Give an account another role or password. Its sessions end: it has to log in again.

    \b
    Examples:
      ivr console change Kari --role reader
      ivr console change Kari --password

    \b
    Exit codes:
      0    changed
      1    the password is too short, or was not repeated
      2    the command line or the file is wrong, or there is no such account
    """
    from dataclasses import replace

    from ivr.line.service.console_accounts import ConsoleRole

    if not role and not new_password:
        raise click.UsageError("give --role or --password")
    with _changing(path) as found:
        key = _existing(name, found)
        kept = found[key]
        hashed = _asked_hash() if new_password else kept.password_hash
        found[key] = replace(kept, role=ConsoleRole(role or kept.role), password_hash=hashed)
        click.echo(f"{kept.name} is {found[key].role} now, and has to log in again. {_TAKE_UP}")


@console.command()
@click.argument("name")
@_ACCOUNTS
def remove(name: str, path: Path) -> None:
    """Remove an account. Its sessions end; what it did stays in the trail under its name.

    \b
    Example:
      ivr console remove Kari

    \b
    Exit codes:
      0    removed
      2    the command line or the file is wrong, or there is no such account
    """
    with _changing(path) as found:
        gone = found.pop(_existing(name, found))
    click.echo(f"{gone.name} has no account any more. {_TAKE_UP}")


@contextmanager
def _changing(path: Path) -> "Iterator[dict[str, ConsoleAccount]]":
    """The accounts by the key of their name, written when the block is over; nobody else changes them meanwhile."""
    from ivr.base.folder_lock import locked
    from ivr.line.service.console_accounts import name_key, read_accounts, write_accounts

    try:
        with locked(path.resolve().parent) as free:
            if not free:
                raise click.UsageError("somebody else is changing the accounts; try again")
            found = {name_key(each.name): each for each in (read_accounts(path) if path.exists() else ())}
            yield found
            write_accounts(path, found.values())
    except OSError as error:
        raise click.UsageError(f"{path} cannot be changed: {error.strerror}") from None


def _existing(name: str, found: "dict[str, ConsoleAccount]") -> str:
    from ivr.line.service.console_accounts import name_key

    if name_key(name) not in found:
        raise click.UsageError(f"there is no account {name!r}; there are: {', '.join(e.name for e in found.values())}")
    return name_key(name)


def _asked_hash() -> str:
    """Of a password that is asked for, twice. Raises ClickException for one that is too short."""
    from werkzeug.security import generate_password_hash

    text = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if len(text) < FEWEST_LETTERS:
        raise click.ClickException(f"at least {FEWEST_LETTERS} characters: a few words are easier than signs")
    return generate_password_hash(text, "scrypt")
