"""A number is verified in a real browser, by keyboard alone, wide and narrow, in each language, and checked by axe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import create_app
from ivr.line.service.console_accounts import ConsoleAccount, ConsoleRole, write_accounts
from ivr.line.service.settings import Settings
from ivr.operations.languages import language_for
from ivr.operations.records.database import database_url, open_database, upgrade
from tests.browser import NARROW, WIDE, Opener, Tab
from tests.conftest import EVENING
from tests.web.console.operator import PASSWORD, PASSWORD_HASH, SECRET
from tests.web.console.served import serving_console

ACCOUNTS = {"Kari": ConsoleRole.OPERATOR, "Ola": ConsoleRole.VERIFIER}
MOST_STOPS = 60  # of the Tab key on a page


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("console")
    database = f"sqlite:///{folder}/records.sqlite3"
    engine = open_database(database_url(database))
    upgrade(engine)
    engine.dispose()
    write_accounts(folder / "accounts", [ConsoleAccount(name, role, PASSWORD_HASH) for name, role in ACCOUNTS.items()])
    settings = Settings(secret_key=SECRET, console_accounts=folder / "accounts", database_url=database)
    with serving_console(create_app(settings, clock=ManualClock(EVENING), sink=lambda _: None)) as url:
        yield url


def _type(page: Page, label: str, text: str, *, then: str = "") -> None:
    """Come to a field or a button with the Tab key, and type."""
    wanted = page.get_by_label(label, exact=True).or_(page.get_by_role("button", name=label, exact=True)).first
    for _ in range(MOST_STOPS):
        if wanted.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"the Tab key does not lead to {label!r}")
    page.keyboard.type(text)
    if then:
        page.keyboard.press(then)


@pytest.mark.parametrize(
    ("size", "language", "centre"),
    [(WIDE, "nb-NO", "bergen"), (NARROW, "en-GB", "oslo")],
    ids=["wide", "narrow"],
)
def test_one_rings_and_another_confirms_with_the_keyboard_alone(
    console: str, open_tab: Opener, size: tuple[int, int], language: str, centre: str
) -> None:
    say = language_for([language]).say

    def log_in(name: str) -> Tab:
        tab = open_tab(f"{console}/", size, language=language)
        _type(tab.page, say("login.name"), name)
        _type(tab.page, say("login.password"), PASSWORD, then="Enter")
        tab.page.get_by_role("heading", name=say("overview.title")).wait_for()
        return tab

    def checked(tab: Tab) -> None:
        tab.assert_accessible_in_both_themes()
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= size[0]

    kari = log_in("Kari")
    kari.page.goto(f"{console}/verification/{centre}")
    checked(kari)
    _type(kari.page, say("verification.dialled"), kari.page.locator("ol .digits").inner_text())
    kari.page.keyboard.press("Tab")
    kari.page.keyboard.press("Space")  # the first of the choices
    _type(kari.page, say("verification.answered_by"), "x")
    _type(kari.page, say("verification.save"), "", then="Enter")
    kari.page.get_by_text(say("verification.needs_verifier")).wait_for()
    checked(kari)

    ola = log_in("Ola")
    ola.page.goto(f"{console}/verification/{centre}")
    checked(ola)
    _type(ola.page, say("verification.confirm"), "", then="Enter")
    ola.page.get_by_text("ivr directory confirmed").first.wait_for()
    for path in (
        "/verification?state=confirmed",
        "/verification?state=reaches_nobody",
        "/changes",
        f"/centres/{centre}",
    ):
        ola.page.goto(f"{console}{path}")
        checked(ola)
