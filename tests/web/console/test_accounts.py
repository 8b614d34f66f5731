"""Named accounts: who is let in, what a session is bound to, and what the shared password is beside them."""

import os
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.security import generate_password_hash

from ivr.base.clock import ManualClock
from ivr.line.service.console_accounts import ConsoleAccount, ConsoleRole, write_accounts
from ivr.operations.console import accounts as module
from ivr.operations.console.attempts import BROWSER_COOKIE
from tests.web.console.conftest import Maker
from tests.web.console.operator import PASSWORD, Operator, words

OWN = "kari's own password"
OTHER = "another password entirely"


def _write(path: Path, *accounts: tuple[str, str, str]) -> None:
    """Name, role and password of each."""
    made = [
        ConsoleAccount(name, ConsoleRole(role), generate_password_hash(password, "scrypt:1024:8:1"))
        for name, role, password in accounts
    ]
    write_accounts(path, made)


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "accounts"
    _write(path, ("Kari", "operator", OWN), ("Ola", "reader", OTHER))
    return path


@pytest.fixture
def named(make_app: Maker, accounts: Path) -> Flask:
    """Accounts alone: no shared password."""
    return make_app(console_accounts=accounts, console_password_hash="")


def _log_in(app: Flask, name: str, password: str) -> int:
    return Operator(app).log_in(name=name, password=password).status_code


def test_an_account_is_let_in_with_its_own_password_however_its_name_is_written(named: Flask) -> None:
    for name in ("Kari", "kari", "  KARI "):
        operator = Operator(named)
        assert operator.log_in(name=name, password=OWN).status_code == 303
        assert "Kari" in words(operator.get("/"))


@pytest.mark.parametrize(
    ("name", "password"), [("Kari", OTHER), ("Ola", OWN), ("Kari", PASSWORD), ("Siri", OWN), ("", OWN), ("Kari", "")]
)
def test_nobody_is_let_in_with_a_password_that_is_not_the_accounts(named: Flask, name: str, password: str) -> None:
    assert _log_in(named, name, password) == 401


def test_the_shared_password_is_for_everybody_but_those_who_have_an_account(make_app: Maker, accounts: Path) -> None:
    both = make_app(console_accounts=accounts)
    assert _log_in(both, "Siri", PASSWORD) == 303
    assert _log_in(both, "kari", PASSWORD) == 401
    assert _log_in(both, "Kari", OWN) == 303


def _logged_in(app: Flask, name: str = "Kari", password: str = OWN) -> Operator:
    operator = Operator(app)
    assert operator.log_in(name=name, password=password).status_code == 303
    assert operator.get("/").status_code == 200
    return operator


@pytest.mark.parametrize(
    "change",
    [("Kari", "operator", OTHER), ("Kari", "reader", OWN), ("Kari", "verifier", OWN), ("Siri", "operator", OWN)],
    ids=["password", "fewer rights", "more rights", "removed"],
)
def test_a_session_ends_when_its_account_changes_and_no_other_does(
    named: Flask, accounts: Path, change: tuple[str, str, str]
) -> None:
    lines = accounts.read_text("utf-8").splitlines(keepends=True)
    kari, ola = _logged_in(named), _logged_in(named, "Ola", OTHER)
    _write(accounts, change)
    accounts.write_text(accounts.read_text("utf-8") + lines[-1], "utf-8")  # Ola's, as it was
    assert kari.get("/").status_code == 303
    assert ola.get("/").status_code == 200


def test_another_role_alone_ends_the_session(named: Flask, accounts: Path) -> None:
    kari = _logged_in(named)
    accounts.write_text(accounts.read_text("utf-8").replace("Kari:operator", "Kari:verifier"), "utf-8")
    assert kari.get("/").status_code == 303


def test_a_session_of_the_shared_password_ends_when_its_name_gets_an_account(make_app: Maker, accounts: Path) -> None:
    both = make_app(console_accounts=accounts)
    siri = _logged_in(both, "Siri", PASSWORD)
    _write(accounts, ("Siri", "verifier", PASSWORD))
    assert siri.get("/").status_code == 303


def test_a_file_as_it_was_before_brings_no_session_back_that_the_clock_has_ended(
    named: Flask, clock: ManualClock
) -> None:
    kari = _logged_in(named)
    clock.advance(8 * 3600)
    assert kari.get("/").status_code == 303


@pytest.mark.parametrize("damage", ["damaged", "gone", "empty"])
def test_while_the_file_cannot_be_read_no_account_is_let_in_and_then_all_are_again(
    named: Flask, accounts: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    kari, whole = _logged_in(named), accounts.read_bytes()
    if damage == "gone":
        accounts.unlink()
    else:
        accounts.write_bytes(b"Kari:boss:x\n" if damage == "damaged" else b"")
    assert kari.get("/").status_code == 303
    assert _log_in(named, "Kari", OWN) == 401
    assert ("nobody can log in" in caplog.text) == (damage != "empty")
    assert "scrypt" not in caplog.text
    accounts.write_bytes(whole)
    assert kari.get("/").status_code == 200


def test_a_file_of_the_same_size_and_time_that_was_replaced_is_read_again(named: Flask, accounts: Path) -> None:
    kari, before = _logged_in(named), accounts.stat()
    other = accounts.with_name("other")
    other.write_text(accounts.read_text("utf-8").replace("Kari:", "Kiri:"), "utf-8")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(accounts)
    assert accounts.stat().st_size == before.st_size
    assert kari.get("/").status_code == 303


def test_a_name_without_an_account_costs_a_hash_like_any_other(named: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    held_against = []

    def check(hashed: str, password: str) -> bool:
        held_against.append(hashed)
        return False

    monkeypatch.setattr(module, "check_password_hash", check)
    for name in ("Kari", "Nobody"):
        _log_in(named, name, "wrong")
    assert [hashed.startswith("scrypt:") for hashed in held_against] == [True, True]


def test_wrong_passwords_for_one_account_lock_no_other_out_and_capitals_are_no_way_round(named: Flask) -> None:
    tries = ["Kari", "kari", "KARI", " Kari", "kARI", "kari"]
    assert [_log_in(named, name, "wrong") for name in tries] == [401] * 5 + [429]
    assert _log_in(named, "Ola", OTHER) == 303


def test_an_account_that_is_guessed_at_from_elsewhere_gets_in_at_its_own_address(named: Flask) -> None:
    for number in range(4):
        stranger = Operator(named)
        stranger.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert [stranger.log_in(name="Kari", password="wrong").status_code for _ in range(5)] == [401] * 5
    assert _log_in(named, "Kari", OWN) == 303


def _at(operator: Operator, address: str) -> Operator:
    operator.client.environ_base["REMOTE_ADDR"] = address
    return operator


def _known(app: Flask) -> Operator:
    """Kari's browser, in which she has logged in before and is logged out."""
    kari = _at(_logged_in(app), "192.0.2.1")
    assert kari.send(kari.get("/"), "/logout").status_code == 303
    return kari


def test_a_browser_in_which_an_account_has_logged_in_gets_in_while_others_guess_at_it(named: Flask) -> None:
    kari = _known(named)
    stranger = _at(Operator(named), "192.0.2.1")
    assert [stranger.log_in("wrong", "Kari").status_code for _ in range(6)] == [401] * 5 + [429]
    for number in range(2, 20):
        for _ in range(5):
            _at(Operator(named), f"192.0.2.{number}").log_in("wrong", "Kari")
    assert _at(Operator(named), "192.0.2.99").log_in(OTHER, "Ola").status_code == 429
    assert kari.log_in(OWN, "Kari").status_code == 303


def test_a_known_browser_has_five_tries_a_minute_for_its_name_wherever_it_is(named: Flask, clock: ManualClock) -> None:
    kari = _known(named)
    for number in range(5):
        assert _at(kari, f"198.51.100.{number}").log_in("wrong", "Kari").status_code == 401
    assert kari.log_in(OWN, "kari").status_code == 429
    assert _log_in(named, "Kari", OWN) == 303
    clock.advance(60)
    assert kari.log_in(OWN, "Kari").status_code == 303


def test_a_browser_is_known_for_the_name_that_logged_in_and_for_no_other(named: Flask) -> None:
    kari = _known(named)
    assert [kari.log_in("wrong", "Ola").status_code for _ in range(6)] == [401] * 5 + [429]
    forged = _at(Operator(named), "192.0.2.1")
    forged.client.set_cookie(BROWSER_COOKIE, "WyJvbGEiLCJ4Il0.AAAA", path="/console")
    assert forged.log_in("wrong", "Ola").status_code == 429


def test_the_cookie_of_a_known_browser_is_out_of_reach_of_scripts_and_is_no_session(named: Flask) -> None:
    cookie = next(each for each in Operator(named).log_in(OWN).headers.getlist("Set-Cookie") if BROWSER_COOKIE in each)
    assert {"HttpOnly", "SameSite=Strict", "Path=/console"} <= {part.strip() for part in cookie.split(";")}
    assert _known(named).get("/").status_code == 303
