"""A person before the page: clicks, types, looks, and waits for what is to be seen. Must not look behind the page."""

import re
from pathlib import Path

from playwright.sync_api import Download, Locator, Route, expect

from tests.browser import Tab

FOREVER = 60_000.0  # milliseconds; a whole conversation at a busy machine's pace
# The speed after what a far end does: as life where the next hand must come in time, else as fast as it goes.
_SPEED_AFTER = {"answer": 1, "busy": 4, "failed": 4, "press": 20, "hang-up": 20}


class Handset:
    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.page = tab.page
        expect(self.page.locator("body[data-ready=yes]")).to_be_attached(timeout=FOREVER)

    # What a person does.

    def call(self, speed: int = 20, *, patient: bool = True) -> None:
        """Place a call whose prompts are over soon, and which waits for keys as long as they take."""
        self.hurry(speed)
        if patient:
            self.be_patient()
        self.page.locator("#call").click()
        self.page.locator("#hang-up:enabled").wait_for(timeout=FOREVER)  # a key before that is none of the call

    def be_patient(self) -> None:
        self.page.locator("#show-setup").click()
        self.page.locator("#patient").check()

    def hurry(self, speed: int) -> None:
        self.page.locator("#speed").select_option(str(speed))

    def start(self, speed: int = 20) -> None:
        """Start the text chat, which has no choice of a speed, at one that the phone offers."""

        def hurried(route: Route) -> None:
            route.continue_(post_data={**route.request.post_data_json, "speed": speed})

        self.page.route("**/call", hurried)
        self.page.locator("#start").click()

    def play(self, name: str, speed: int = 20) -> None:
        self.hurry(speed)
        self.page.locator("#show-try").click()
        self.page.locator(f"[data-prepared={name}]").click()

    def begin(self, task: str) -> None:
        self.page.locator("#show-tasks").click()
        self.page.locator(f"[data-task={task}]").click()

    def click(self, keys: str) -> None:
        for key in keys:
            self.page.locator(f"[data-key='{key}']").click()

    def hang_up(self) -> None:
        self.page.locator("#hang-up").click()

    def turn_to(self, part: str) -> None:
        """A narrow page shows one part at a time."""
        tab = self.page.locator(f".tabs [data-tab={part}]")
        if tab.is_visible():
            tab.click()

    def at_leg(self, who: str, act: str) -> None:
        """Be that far end: answer, busy, failed, press, hang-up. Call time stands while the hand moves there."""
        button = self.leg(who).locator(f"[data-act={act}]")
        expect(button).to_be_visible(timeout=FOREVER)
        pause = self.page.locator("#pause[aria-pressed=false]")
        if pause.is_visible():
            pause.click()
            self.hurry(_SPEED_AFTER[act])
        button.click()

    def tab_to(self, selector: str) -> None:
        """Move the focus there with the Tab key alone."""
        for _ in range(120):
            self.page.keyboard.press("Tab")
            if self.page.locator(f"{selector}:focus").count():
                return
        raise AssertionError(f"the Tab key never comes to {selector}")

    def save(self, button: str, folder: Path) -> Path:
        with self.page.expect_download() as download:
            self.page.locator(button).click()
        saved: Download = download.value
        path = folder / saved.suggested_filename
        saved.save_as(path)
        return path

    # What a person sees.

    def leg(self, who: str) -> Locator:
        """The latest leg to somebody whose name contains `who`."""
        return self.page.locator("#legs li", has_text=who).first

    def sees_status(self, text: str) -> None:
        expect(self.page.locator("#status")).to_contain_text(text, timeout=FOREVER)

    def hears(self, text: str) -> None:
        self.page.locator("#log li", has_text=text).first.wait_for(state="attached", timeout=FOREVER)

    def is_at(self, node: str) -> None:
        """The node that is lit in the picture."""
        expect(self.page.locator(f"#picture #node-{node}.here")).to_be_attached(timeout=FOREVER)

    def waits_at(self, node: str) -> None:
        """The line has said what it has to say there, and waits for a key."""
        self.is_at(node)
        self.sees_status("The line waits for you")

    def talks_on(self, seconds: int) -> None:
        """Call time goes on for at least so long."""
        minutes, now = map(int, self.page.locator("#time").inner_text().split(":"))
        later = [divmod(60 * minutes + now + seconds + more, 60) for more in range(120)]
        shown = "|".join(f"{minute:02}:{second:02}" for minute, second in later)
        expect(self.page.locator("#time")).to_have_text(re.compile(shown), timeout=FOREVER)

    def is_over(self) -> None:
        expect(self.page.locator("body[data-state=over]")).to_be_attached(timeout=FOREVER)
