"""The page in front of the bundled line, and in front of a webhook of a test's own, with a real browser before it."""

from collections.abc import Callable, Iterator

import pytest

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import Edition, load_edition
from ivr.line.service.settings import Settings
from ivr.simulator.media.speaker import Speaker
from ivr.simulator.web_phone.page import Webhook, open_page
from ivr.simulator.web_phone.server import PageServer
from tests.browser import Opener, browser_of_folder, open_tab
from tests.conftest import EVENING
from tests.phone_page.handset import Handset

__all__ = ["browser_of_folder", "open_tab"]

Lifter = Callable[..., Handset]


@pytest.fixture(scope="session")
def edition() -> Edition:
    """The bundled line, at the address that a saved scenario names."""
    return load_edition(Settings(), ManualClock(EVENING))


@pytest.fixture(scope="package")
def served() -> Iterator[PageServer]:
    """The page of the bundled line. No voice: tests have no ears."""
    page = open_page(speaker=Speaker())
    yield page
    page.close()


@pytest.fixture
def lift(served: PageServer, open_tab: Opener) -> Lifter:
    """`lift(path, **tab)`: a tab of its own with the bundled line's page, ready."""
    return lambda path="", **tab: Handset(open_tab(served.url + path, **tab))


@pytest.fixture
def lift_for(open_tab: Opener) -> Iterator[Lifter]:
    """`lift_for(target, path=path, **tab)`: the page in front of that webhook."""
    pages: list[PageServer] = []

    def lifted(target: Webhook, speaker: Speaker | None = None, path: str = "", **tab: object) -> Handset:
        pages.append(open_page(target, speaker=speaker or Speaker()))
        return Handset(open_tab(pages[-1].url + path, **tab))

    yield lifted
    for page in pages:
        page.close()
