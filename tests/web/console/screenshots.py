"""Pictures of the console for the docs, of made-up calls: python -m tests.web.console.screenshots docs/images

Every page that a reader should see, wide (1440×900) and narrow (390×844).
"""

import logging
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from ivr.base.clock import ManualClock
from ivr.line.flow.events import OutageKind
from ivr.line.service.bootstrap import create_app, load_edition
from ivr.line.service.reload import Editions
from ivr.line.service.settings import Settings
from ivr.operations.records.changes import ChangedBy
from ivr.operations.records.database import database_url, open_database, upgrade
from ivr.operations.records.made_up import MadeUp
from ivr.operations.records.outages import Marked, switch
from ivr.operations.records.writing import write
from tests.browser import ARGUMENTS, CHROMIUM, NARROW, WIDE
from tests.conftest import EVENING
from tests.records.recorded_calls import beginning
from tests.web.console.operator import PASSWORD, PASSWORD_HASH, SECRET
from tests.web.console.served import serving_console

PAGES = {
    "overview": "/",
    "live": "/live",
    "figures": "/figures",
    "centre": "/centres/bergen",
    "centres": "/centres",
    "verification": "/verification",
    "directory": "/directory?q=våler",
    "flow": "/flow",
    "announcement": "/announcement",
    "changes": "/changes",
}
_CALLS = 400


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(
            secret_key=SECRET, console_password_hash=PASSWORD_HASH, database_url=f"sqlite:///{scratch}/records.sqlite3"
        )
        clock = ManualClock(EVENING + timedelta(seconds=41))
        _fill(settings, clock)
        app = create_app(settings, clock=clock, editions=Editions(settings, clock).loaded)
        logging.getLogger("werkzeug").setLevel("ERROR")
        with serving_console(app) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for name, size in (("wide", WIDE), ("narrow", NARROW)):
                _pictures(browser, url, size, folder, name)
            browser.close()


def _fill(settings: Settings, clock: ManualClock) -> None:
    engine = open_database(database_url(settings.database_url))
    upgrade(engine)
    made_up = MadeUp(load_edition(settings, clock).engine.directory, ("nb", "en"))
    beginnings = [EVENING - timedelta(seconds=150 * number) for number in range(_CALLS)]
    notes = [noted for number, begin in enumerate(beginnings) for noted in made_up.call(number, begin)]
    notes = [noted for noted in notes if noted.at <= EVENING]
    for number, steps in enumerate((2, 3, 4, 5, 5)):
        notes += beginning(f"live{number:08}", EVENING - timedelta(seconds=7 * number))[:steps]
    with engine.begin() as connection:
        write(connection, [(noted, noted.at) for noted in notes])
    closed = Marked(OutageKind.CLOSED, EVENING + timedelta(hours=12), "moving house, back at 8")
    for hours, kind in ((1, OutageKind.FAULT), (4, OutageKind.FAULT)):
        marked = Marked(kind, EVENING + timedelta(hours=hours), "fibre cut, provider's case 4711")
        seen = 0 if hours == 1 else 1
        switch(engine, "bergen", marked, seen, ChangedBy("Kari", EVENING - timedelta(minutes=30 - hours)))
    switch(engine, "tromso", closed, 0, ChangedBy("Ola", EVENING - timedelta(hours=2)))
    engine.dispose()


def _pictures(browser: Browser, url: str, size: tuple[int, int], folder: Path, name: str) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{url}/login")
    page.screenshot(path=folder / f"console-login-{name}.png")
    page.get_by_label("Your name").fill("Kari")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Overview").wait_for()
    for title, path in PAGES.items():
        page.goto(url + path)
        page.screenshot(path=folder / f"console-{title}-{name}.png")
    context.close()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    main(target)
