"""A real browser for tests of pages: Debian's Chromium through Playwright, or a skip that says why there is none.

Chromium's headless shell is the same without windows of its own, and takes a quarter less of the processor.

Whatever a test does with it, at its end no error stands in the console and nothing was asked of any host but loopback.
A module takes the fixtures with `from tests.browser import browser, open_tab`; the conftest.py of a folder with many
such modules takes `browser_of_folder` instead of `browser`. Must not know any page of ours.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
WIDE, NARROW = (1440, 900), (390, 844)
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
# What a window has besides its page and costs as much as the page: address suggestions, which are pages of their own.
# Chromium heeds the last list of features alone, so what Playwright turns off for the sake of its tests is here again.
_FEATURES_OFF = [
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
ARGUMENTS = [
    "--headless",
    "--no-sandbox",  # root has no sandbox, and the only pages here are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    f"--disable-features={','.join(_FEATURES_OFF)}",
]
_OURS = ("127.0.0.1", "localhost")
_SECONDS = 40.0  # until something that a test waits for must have come, on a busy machine


@dataclass
class Tab:
    """A page, and what went wrong in it. `expected`: words of console errors that a test provokes on purpose."""

    page: Page
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.set_default_timeout(_SECONDS * 1000)
        expect.set_options(timeout=_SECONDS * 1000)
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "file") and parts.hostname not in _OURS:
            self.strangers.append(url)

    def assert_accessible(self) -> None:
        """WCAG 2.2, levels A and AA, as far as axe-core can tell."""
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}  # of passes, one example
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = AxeResults(self.page.evaluate("options => axe.run(options)", options))
        assert found.response["passes"], "axe has checked nothing"
        assert found.violations_count == 0, found.generate_report()

    def assert_accessible_in_both_themes(self) -> None:
        """The page as it stands, in light and in dark colours."""
        for colours in THEMES:
            self.page.emulate_media(color_scheme=colours)
            self.assert_accessible()

    def assert_clean(self) -> None:
        unexpected = [error for error in self.errors if not any(words in error for words in self.expected)]
        assert not unexpected, unexpected
        assert not self.strangers, self.strangers


Opener = Callable[..., Tab]


def _chromium() -> Iterator[Browser]:
    """Only for a module or a folder: while Playwright runs, no other event loop can."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium-headless-shell (.ci/run does it)")
    with (
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)) as chromium,
    ):
        yield chromium


browser = pytest.fixture(_chromium, scope="module", name="browser")
browser_of_folder = pytest.fixture(_chromium, scope="package", name="browser")


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Opener]:
    """`open_tab(url, size, colours, language)`: a tab with cookies and storage of its own."""
    tabs: list[Tab] = []

    def opened(
        url: str,
        size: tuple[int, int] = WIDE,
        colours: Theme = "light",
        language: str = "en-GB",
    ) -> Tab:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=colours,
            locale=language,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        tab = Tab(context.new_page())
        tabs.append(tab)
        tab.watch()
        tab.page.goto(url)
        return tab

    yield opened
    for tab in tabs:
        tab.page.context.close()
    for tab in tabs:
        tab.assert_clean()
