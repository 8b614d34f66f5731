"""Every action of the console in a real browser. How its pages look: test_screenshots.py."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.operations.records.database import database_url, open_database, upgrade
from ivr.operations.records.writing import write
from tests.browser import Opener, Tab
from tests.conftest import EVENING
from tests.records.recorded_calls import beginning, callbacks, end_of_leg
from tests.web.console.operator import PASSWORD, PASSWORD_HASH, SECRET
from tests.web.console.served import serving_console
from tests.web.signed import SignedLine, heard


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, SignedLine]]:
    """The console on a free port of this machine, with some calls, and the line behind it."""
    clock = ManualClock(EVENING + timedelta(seconds=30))
    url = f"sqlite:///{tmp_path_factory.mktemp('console')}/records.sqlite3"
    engine = open_database(database_url(url))
    upgrade(engine)
    notes = [*beginning("a" * 12)[:2], *beginning("b" * 12)]
    for number in range(12):
        start = EVENING - timedelta(minutes=30 * number)
        notes += [*beginning(f"{number:012}", start), *callbacks(f"{number:012}", start)]
        notes += end_of_leg(f"{number:012}", start=start)
    with engine.begin() as connection:
        write(connection, [(noted, noted.at) for noted in notes])
    engine.dispose()
    settings = Settings(secret_key=SECRET, console_password_hash=PASSWORD_HASH, database_url=url)
    app = create_app(settings, clock=clock, sink=lambda _: None)
    with serving_console(app) as console:
        yield console, SignedLine(app)


def _log_in(open_tab: Opener, url: str) -> Tab:
    tab = open_tab(f"{url}/")
    tab.page.get_by_label("Your name").fill("Kari")
    tab.page.get_by_label("Password").fill(PASSWORD)
    tab.page.get_by_role("button", name="Log in").click()
    tab.page.get_by_role("heading", name="Overview").wait_for()
    return tab


def test_a_wrong_password_is_told_and_the_right_one_lets_in_and_out(
    served: tuple[str, SignedLine], open_tab: Opener
) -> None:
    tab = open_tab(f"{served[0]}/centres")
    tab.expected.append("401")
    tab.assert_accessible()
    tab.page.get_by_label("Your name").fill("Kari")
    tab.page.get_by_label("Password").fill("wrong")
    tab.page.get_by_role("button", name="Log in").click()
    tab.page.get_by_role("alert").wait_for()
    tab.assert_accessible()
    tab.page.get_by_label("Your name").fill("Kari")
    tab.page.get_by_label("Password").fill(PASSWORD)
    tab.page.get_by_role("button", name="Log in").click()
    tab.page.get_by_role("heading", name="Overview").wait_for()
    tab.page.get_by_role("button", name="Log out").click()
    tab.page.get_by_role("heading", name="Log in").wait_for()


def test_a_centre_is_taken_out_changed_put_back_and_the_change_undone(
    served: tuple[str, SignedLine], open_tab: Opener
) -> None:
    url, line = served
    page = _log_in(open_tab, url).page
    page.get_by_role("link", name="Centres", exact=True).click()
    page.get_by_label("Name, or a part of the number").fill("berg")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Bergen legevakt").click()
    now = page.locator("form[action*='/outage']")  # the form below is for outages that are planned
    now.get_by_label("Fault on the line").check()
    now.get_by_label("Until").fill("2026-03-03T23:30")
    now.get_by_label("Note for colleagues").fill("fibre cut")
    page.get_by_role("button", name="Take out of service").click()
    page.get_by_text("Fault on the line until Tue 3 Mar 2026 23:30").first.wait_for()
    assert "har en feil" in heard(line.press("1", "1", "5003", "1"))
    now.get_by_label("Takes no calls").check()
    page.get_by_role("button", name="Change the outage").click()
    page.get_by_text("Takes no calls until").first.wait_for()
    assert "kan ikke ta imot samtaler" in heard(line.press("1", "1", "5003", "1"))
    page.get_by_role("button", name="Put back into service").click()
    page.get_by_role("button", name="Take out of service").wait_for()
    assert "Du blir koblet til Bergen legevakt" in heard(line.press("1", "1", "5003", "1"))
    page.get_by_role("link", name="Changes").click()
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("Takes no calls until").first.wait_for()
    assert "kan ikke ta imot samtaler" in heard(line.press("1", "1", "5003", "1"))
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_role("link", name="Overview").click()
    page.get_by_text("None. Every centre is rung").wait_for()


def test_live_calls_are_followed_until_told_not_to(served: tuple[str, SignedLine], open_tab: Opener) -> None:
    page = _log_in(open_tab, served[0]).page
    with page.expect_response("**/live/rows"):
        page.get_by_role("link", name="Live calls").first.click()
    expect(page.get_by_text("2 calls under way")).to_be_visible()
    button = page.get_by_role("button", name="Follow")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_the_directory_is_searched_and_leads_to_the_centre(served: tuple[str, SignedLine], open_tab: Opener) -> None:
    page = _log_in(open_tab, served[0]).page
    page.get_by_role("link", name="Directory").click()
    page.get_by_label("Place, postcode").fill("5003")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Bergen legevakt").first.click()
    page.get_by_role("heading", name="Bergen legevakt").wait_for()


def test_the_figures_of_another_day_are_shown(served: tuple[str, SignedLine], open_tab: Opener) -> None:
    page = _log_in(open_tab, served[0]).page
    page.get_by_role("link", name="Figures", exact=True).click()
    page.get_by_label("By", exact=True).select_option("centre")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="By centre").wait_for()
    page.get_by_role("link", name="The day before").click()
    page.get_by_role("heading", name="Figures of Monday 2 March 2026").wait_for()


def test_the_language_is_switched_and_switched_back_and_the_filter_stays(
    served: tuple[str, SignedLine], open_tab: Opener
) -> None:
    page = _log_in(open_tab, served[0]).page
    page.goto(f"{served[0]}/centres?state=never_verified")
    page.get_by_role("link", name="Bokmål").click()
    page.get_by_role("heading", name="Sentraler").wait_for()
    assert page.url == f"{served[0]}/centres?state=never_verified"
    page.get_by_role("link", name="Oversikt").click()
    page.get_by_role("heading", name="Oversikt").wait_for()
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="Overview").wait_for()


def test_everything_can_be_reached_with_the_keyboard(served: tuple[str, SignedLine], open_tab: Opener) -> None:
    page = _log_in(open_tab, served[0]).page
    page.goto(f"{served[0]}/centres/bergen")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))
    assert reached[0] == "To the content"
    assert {"Overview", "Log out", "until", "note", "Take out of service"} <= set(reached)
