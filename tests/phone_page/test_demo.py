"""`ivr demo` as a newcomer runs it: one command, then a phone, the console with a month of figures, and the line."""

import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from ivr.base.clock import ManualClock
from ivr.line.directory import load_directory
from ivr.line.flow.facts import CallOrigin
from ivr.operations.console.days import period_of
from ivr.operations.records.database import database_url, open_database, upgrade
from ivr.operations.records.figures import Period, figures
from ivr.operations.records.made_up import DAYS, MadeUp, fill
from tests.browser import Opener
from tests.conftest import EVENING
from tests.phone_page.demo_process import running_demo
from tests.phone_page.handset import FOREVER, Handset


def test_a_call_of_the_demo_is_seen_in_its_console_beside_the_made_up_ones(open_tab: Opener, tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        assert "113 if life is in danger" in demo.said
        assert [each.name for each in tmp_path.glob("ivr-demo-*/*.sqlite3")] == ["demo.sqlite3"]
        phone = Handset(open_tab(demo.phone))
        expect(phone.page.locator("#try")).to_contain_text("Plain case")
        expect(phone.page.locator("#try")).not_to_contain_text("New Year")
        phone.call()
        phone.waits_at("language")
        console = open_tab(f"{demo.console}/login").page
        console.get_by_label("Your name").fill("Kari")
        console.get_by_label("Password").fill(demo.password)
        console.get_by_role("button", name="Log in").click()
        expect(console.get_by_text("A demonstration.")).to_be_visible()
        expect(console.locator(".tile", has_text="Calls now").locator(".big")).to_have_text("1", timeout=FOREVER)
        yesterday = console.locator(".tile", has_text="each call")
        expect(yesterday).to_contain_text(re.compile(r"yesterday \d\d+"))
        phone.hang_up()
        phone.is_over()
        phone.page.goto("about:blank")  # it listens to the phone, which now ends
    assert list(tmp_path.glob("ivr-demo-*")) == []


def test_made_up_calls_fill_each_day_of_a_month_and_count_for_a_demonstration_alone(tmp_path: Path) -> None:
    engine = open_database(database_url(f"sqlite:///{tmp_path / 'demo.sqlite3'}"))
    upgrade(engine)
    now = ManualClock(EVENING).now()
    fill(engine, MadeUp(load_directory(today=now.date()), ("nb", "en"), origin=CallOrigin.DEMO), 900, now)
    with engine.connect() as connection:
        days = [now.date() - timedelta(days=back) for back in range(DAYS)]
        found = [figures(connection, period_of(day, CallOrigin.DEMO), None, now).total for day in days]
        ahead = Period(now, now + timedelta(days=2), CallOrigin.DEMO)
        assert figures(connection, ahead, None, now).total.calls == 0
        assert figures(connection, Period(now - timedelta(days=40), now), None, now).total.calls == 0
    assert min(group.calls for group in found) > 5
    assert 850 < sum(group.calls for group in found) <= 900
    assert 0.5 < sum(group.answered for group in found) / sum(group.legs for group in found) < 1
    engine.dispose()
