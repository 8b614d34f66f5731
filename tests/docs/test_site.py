"""`make docs`: the site is built without a warning, and its search works from disk, without a network."""

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import Opener, browser, open_tab
from tests.docs.pages import PAGES, ROOT

__all__ = ["browser", "open_tab"]

_BUILD = re.search(r"^\t\$\(BIN\)/sphinx-build (.+) build/docs$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it. A broken link or a page without a way to it is a warning, and fails."""
    assert _BUILD is not None
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", *_BUILD[1].split(), str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_page_is_in_the_site(site: Path, page: Path) -> None:
    title = page.read_text("utf-8").partition("\n")[0].removeprefix("# ").replace("`", "")
    built = (site / page.relative_to(ROOT).with_suffix(".html")).read_text("utf-8")
    assert f"<title>{title} " in html.unescape(built)


def test_the_site_opened_from_disk_begins_with_the_index_and_finds_a_page(site: Path, open_tab: Opener) -> None:
    tab = open_tab((site / "index.html").as_uri())
    expect(tab.page.get_by_role("heading", name="Documentation")).to_be_visible()
    tab.page.get_by_role("textbox").first.fill("whisper callee")
    tab.page.get_by_role("textbox").first.press("Enter")
    tab.page.locator("ul.search a", has_text="The simulator").first.click()
    expect(tab.page.get_by_role("heading", name="The simulator").first).to_be_visible()
    assert tab.page.url.startswith((site / "docs" / "simulator.html").as_uri())
