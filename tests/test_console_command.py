"""`ivr console`: a hash that fits and nothing else on standard output; accounts that are made, changed and removed."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from werkzeug.security import check_password_hash

from ivr.base.errors import DefinitionError
from ivr.base.folder_lock import locked
from ivr.cli.console import console
from ivr.line.service.console_accounts import read_accounts
from ivr.line.service.settings import read_settings

PASSWORD = "correct horse battery"
HASH = "scrypt:1024:8:1$salt$00"


def _run(*arguments: object, typed: str = "") -> Result:
    words = [str(each) for each in arguments]
    answers = f"{typed}\n{typed}\n" if typed else None
    result = CliRunner().invoke(console, words, input=answers, env={"IVR_CONSOLE_ACCOUNTS": ""})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "accounts"
    path.write_text(f"# the night shift\nKari:verifier:{HASH}\nOla N.:operator:{HASH}\n", "utf-8")
    return path


def _roles(path: Path) -> dict[str, str]:
    return {each.name: each.role.value for each in read_accounts(path)}


def test_the_line_that_is_printed_is_the_setting() -> None:
    result = _run("password", typed=PASSWORD)
    assert result.exit_code == 0
    name, _, value = result.stdout.strip().partition("=")
    assert name == "IVR_CONSOLE_PASSWORD_HASH"
    assert check_password_hash(value.strip("'"), PASSWORD)
    assert PASSWORD not in result.output
    settings = read_settings({name: value.strip("'"), "SECRET_KEY": "k" * 32})
    assert check_password_hash(settings.console_password_hash, PASSWORD)


def test_a_short_password_is_refused() -> None:
    result = _run("password", typed="short")
    assert (result.exit_code, "at least 12 characters" in result.output) == (1, True)
    assert "scrypt" not in result.output


def test_a_password_cannot_be_given_as_an_argument() -> None:
    assert _run("password", PASSWORD).exit_code == 2


def test_the_first_account_makes_the_file_for_its_owner_alone_and_holds_no_password(tmp_path: Path) -> None:
    path = tmp_path / "accounts"
    assert _run("add", "Kari", "--role", "verifier", "--accounts", path, typed=PASSWORD).exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    (kari,) = read_accounts(path)
    assert (kari.name, kari.role.value) == ("Kari", "verifier")
    assert check_password_hash(kari.password_hash, PASSWORD)
    assert PASSWORD not in path.read_text("utf-8")
    assert read_settings({"IVR_CONSOLE_ACCOUNTS": str(path), "SECRET_KEY": "k" * 32}).has_console


def test_an_account_is_added_to_those_there_are_and_the_mode_of_the_file_stays(accounts: Path) -> None:
    accounts.chmod(0o640)
    assert _run("add", "Siri", "--role", "reader", "--accounts", accounts, typed=PASSWORD).exit_code == 0
    assert _roles(accounts) == {"Kari": "verifier", "Ola N.": "operator", "Siri": "reader"}
    assert accounts.stat().st_mode & 0o777 == 0o640


def test_a_role_or_a_password_is_changed_and_nothing_else(accounts: Path) -> None:
    assert _run("change", "kari", "--role", "reader", "--accounts", accounts).exit_code == 0
    assert _roles(accounts) == {"Kari": "reader", "Ola N.": "operator"}
    assert _run("change", "Ola n.", "--password", "--accounts", accounts, typed=PASSWORD).exit_code == 0
    kari, ola = read_accounts(accounts)
    assert (kari.password_hash, ola.role.value) == (HASH, "operator")
    assert check_password_hash(ola.password_hash, PASSWORD)


def test_an_account_is_removed(accounts: Path) -> None:
    assert _run("remove", "Kari", "--accounts", accounts).exit_code == 0
    assert _roles(accounts) == {"Ola N.": "operator"}


def test_the_list_shows_names_and_roles_and_no_hash(accounts: Path) -> None:
    listed = _run("accounts", "--accounts", accounts)
    assert listed.stdout.splitlines() == ["verifier  Kari", "operator  Ola N."]
    answer = json.loads(_run("accounts", "--accounts", accounts, "--json").stdout)
    assert answer == [{"name": "Kari", "role": "verifier"}, {"name": "Ola N.", "role": "operator"}]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "KARI", "--role", "reader"), "Kari has an account"),
        (("add", "a:b", "--role", "reader"), "letters, digits, spaces"),
        (("add", "Siri", "--role", "shared"), "is not one of"),
        (("add", "Siri"), "Missing option '--role'"),
        (("change", "Nobody", "--role", "reader"), "there are: Kari, Ola N."),
        (("change", "Kari"), "give --role or --password"),
        (("remove", "Nobody"), "there is no account 'Nobody'"),
    ],
)
def test_what_cannot_be_is_refused_and_the_file_stays(accounts: Path, arguments: tuple[str, ...], says: str) -> None:
    before = accounts.read_text("utf-8")
    result = _run(*arguments, "--accounts", accounts)
    assert (result.exit_code, says in result.output) == (2, True), result.output
    assert accounts.read_text("utf-8") == before


def test_a_short_password_makes_no_account(accounts: Path) -> None:
    assert _run("add", "Siri", "--role", "reader", "--accounts", accounts, typed="short").exit_code == 1
    assert "Siri" not in _roles(accounts)


def test_of_two_who_change_the_file_at_once_one_is_refused(accounts: Path) -> None:
    with locked(accounts.parent):
        result = _run("remove", "Kari", "--accounts", accounts)
    assert (result.exit_code, "somebody else is changing" in result.output) == (2, True)
    assert "Kari" in _roles(accounts)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file to another user")
def test_a_file_that_root_changes_still_belongs_to_the_user_of_the_service(accounts: Path) -> None:
    os.chown(accounts, 12345, 12345)
    assert _run("remove", "Kari", "--accounts", accounts).exit_code == 0
    assert (accounts.stat().st_uid, accounts.stat().st_gid) == (12345, 12345)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Kari\n", ":1: the role of Kari must be one of reader, operator, verifier"),
        (f"\nKari:boss:{HASH}\n", ":2: the role of Kari must be one of reader, operator, verifier"),
        (f"Kari:shared:{HASH}\n", ":1: the role of Kari must be one of"),
        ("Kari:reader:secret\n", ":1: Kari has no scrypt hash"),
        ("Kari:reader:scrypt:x$secret$00\n", ":1: Kari has no scrypt hash"),
        (f"Kari:reader:{HASH}\nKARI:reader:{HASH}\n", ":2: KARI has an account above"),
        (f":reader:{HASH}\n", ":1: a name has letters"),
        (f"{'x' * 41}:reader:{HASH}\n", ":1: a name has letters"),
    ],
)
def test_a_wrong_line_is_named_without_its_secret(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "accounts"
    path.write_text(text, "utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_accounts(path)
    assert complaint in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "salt" not in str(caught.value)


def test_all_wrong_lines_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "accounts"
    path.write_text("Kari\nOla\n", "utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_accounts(path)
    assert len(caught.value.complaints) == 2
