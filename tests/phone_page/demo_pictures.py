"""The pictures of `ivr demo` for the README: python -m tests.phone_page.demo_pictures docs/images"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import ARGUMENTS, CHROMIUM, WIDE
from tests.phone_page.demo_process import Demo, running_demo
from tests.phone_page.small_png import screenshot, small_png


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch, running_demo(Path(scratch)) as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        size = {"width": WIDE[0], "height": WIDE[1]}
        page = browser.new_context(viewport=size, locale="en-GB", color_scheme="light").new_page()
        _call(page, demo)
        (folder / "demo-phone.png").write_bytes(small_png(screenshot(page)))
        _log_in(page.context.new_page(), demo, folder)
        browser.close()


def _call(page: Page, demo: Demo) -> None:
    """In the middle of the plain case: Bergen rings."""
    page.goto(demo.phone)
    page.locator("#speed").select_option("4")
    page.locator("[data-prepared=plain]").click()
    expect(page.locator("#status")).to_contain_text("Ringing at", timeout=60_000)
    page.locator("#pause").click()


def _log_in(page: Page, demo: Demo, folder: Path) -> None:
    page.goto(f"{demo.console}/login")
    page.get_by_label("Your name").fill("Kari")
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Overview").wait_for()
    (folder / "demo-console.png").write_bytes(small_png(screenshot(page)))
    page.goto(f"{demo.console}/calls")
    page.get_by_role("link", name="Why").first.click()
    page.get_by_role("heading", name="Why this centre").wait_for()
    (folder / "demo-call.png").write_bytes(small_png(screenshot(page)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
