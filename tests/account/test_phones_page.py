"""The phones of `ivr emulate` in a real browser: two people are connected with clicks."""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from playwright.sync_api import Locator, expect

from ivr.base.clock import SystemClock
from ivr.simulator.account.emulator import Emulator, EmulatorServer
from ivr.simulator.account.emulator_file import EmulatorSetup
from ivr.simulator.rest_server import QuietHandler
from tests.browser import Opener, browser, open_tab
from tests.library.apps import Documents

__all__ = ["browser", "open_tab"]
LINE, NURSE, ANNA = "+4721000000", "+4790000001", "+4791234567"


@pytest.fixture
def address() -> Iterator[str]:
    app: Any = Documents(voice=f"<Say>One moment, please.</Say><Dial>{NURSE}</Dial>")
    webhook = make_server("127.0.0.1", 0, app, handler_class=QuietHandler)
    thread = threading.Thread(target=webhook.serve_forever, args=(0.05,))
    thread.start()
    numbers = {LINE: {"VoiceUrl": f"http://127.0.0.1:{webhook.server_port}/voice"}}
    server = EmulatorServer(Emulator(EmulatorSetup(numbers=numbers, phones=(ANNA, NURSE)), SystemClock()), 0)
    yield f"{server.url}/phones"
    server.close()
    webhook.shutdown()
    thread.join()
    webhook.server_close()


def test_two_people_are_connected_with_clicks(address: str, open_tab: Opener) -> None:
    tab = open_tab(address)

    def phone(number: str) -> Locator:
        return tab.page.locator("section", has=tab.page.get_by_role("heading", name=number))

    expect(phone(NURSE).locator("p").first).to_have_text("silent")
    phone(ANNA).get_by_role("button", name="Call").click()
    expect(phone(ANNA).locator("li").first).to_have_text("One moment, please.")
    expect(phone(NURSE).locator("p").first).to_have_text(f"rings: {ANNA}")
    tab.assert_accessible()
    phone(NURSE).get_by_role("button", name="Answer").click()
    expect(phone(NURSE).locator("p").first).to_have_text(f"talks: {ANNA}")
    phone(ANNA).get_by_role("button", name="Hang up").click()
    expect(phone(NURSE).locator("p").first).to_have_text("silent")
    expect(tab.page.locator("#calls td").last).to_have_text("completed")
