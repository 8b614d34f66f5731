"""`ivr console password`: a hash that fits, and nothing else on standard output."""

from click.testing import CliRunner
from werkzeug.security import check_password_hash

from ivr.cli.console import console
from ivr.line.service.settings import read_settings

PASSWORD = "correct horse battery"


def test_the_line_that_is_printed_is_the_setting() -> None:
    result = CliRunner().invoke(console, ["password"], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    name, _, value = result.stdout.strip().partition("=")
    assert name == "IVR_CONSOLE_PASSWORD_HASH"
    assert check_password_hash(value.strip("'"), PASSWORD)
    assert PASSWORD not in result.output
    settings = read_settings({name: value.strip("'"), "SECRET_KEY": "k" * 32})
    assert check_password_hash(settings.console_password_hash, PASSWORD)


def test_a_short_password_is_refused() -> None:
    result = CliRunner().invoke(console, ["password"], input="short\nshort\n")
    assert (result.exit_code, "at least 12 characters" in result.output) == (1, True)
    assert "scrypt" not in result.output


def test_a_password_cannot_be_given_as_an_argument() -> None:
    assert CliRunner().invoke(console, ["password", PASSWORD]).exit_code == 2
