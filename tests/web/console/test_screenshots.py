"""The console's pages at four widths, in both themes and both languages: checked by axe, with nothing over anything
else and nothing cut off. And the pictures of docs/console.md.

`make screenshots` writes them into docs/images; otherwise they are looked at by the machine alone.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.operations.languages import language_for
from tests.browser import NARROW, WIDE, Opener, Tab
from tests.phone_page.small_png import screenshot, small_png
from tests.web.console.made_up_console import made_up_console
from tests.web.console.operator import PASSWORD

PAGES = {
    "overview": "/",
    "live": "/live",
    "figures": "/figures",
    "figures-by-centre": "/figures?by=centre",
    "trends": "/trends",
    "calls": "/calls",
    "call": "/calls",
    "centres": "/centres",
    "centres-stand-in": "/centres?state=no_number",
    "centre": "/centres/bergen",
    "verification": "/verification",
    "number-to-ring": "/verification",
    "figures-by-county": "/figures?by=county",
    "day-without-a-call": "/figures?day=2026-01-01",
    "announcement": "/announcement",
    "directory": "/directory?q=våler",
    "flow": "/flow",
    "prompts": "/prompts",
    "changes": "/changes",
    "plan": "/plan",
    "nowhere": "/nowhere",
}
IN_DOCS = (
    "overview",
    "live",
    "figures",
    "trends",
    "centres",
    "centre",
    "verification",
    "directory",
    "flow",
    "prompts",
    "changes",
)
INTO = {"call": "/calls/", "number-to-ring": "/verification/"}  # by the first link of the page that leads so
SIZES = (NARROW, (1024, 768), WIDE, (1920, 1080))
# Texts and things to press that lie over each other or stick out of the window, and texts that are cut off.
FAULTS = """() => {
  const found = [], name = (each) => `${each.tagName} ${each.textContent.trim().slice(0, 40) || each.id}`;
  const leaves = "h1, h2, h3, p, li, a, button, select, input, label, dt, dd, caption, legend, figcaption, " +
    ".figures svg text, figure svg text";
  const boxes = [...document.querySelectorAll(leaves)]
    .filter((each) => each.checkVisibility() && !each.matches(".skip") && each.getBoundingClientRect().width)
    .flatMap((each) => [...each.getClientRects()].map((box) => [each, box])); // of each line of a wrapped link
  boxes.sort(([, a], [, b]) => a.top - b.top);
  boxes.forEach(([one, a], place) => {
    if (!one.closest(".scroll, .figures, .wide") && (a.left < -0.5 || a.right > innerWidth + 0.5)) {
      found.push(`${name(one)} sticks out`);
    }
    for (let next = place + 1; next < boxes.length; next++) {
      const [other, b] = boxes[next];
      if (b.top >= a.bottom - 2) break; // all that follow begin below
      if (one === other || one.contains(other) || other.contains(one)) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - b.top;
      if (across > 1 && down > 2) found.push(`${name(one)} lies over ${name(other)}`);
    }
  });
  for (const each of document.querySelectorAll("main *")) {
    const cut = ["hidden", "clip"].includes(getComputedStyle(each).overflowX) && !each.closest("svg");
    if (cut && each.scrollWidth > each.clientWidth + 1) found.push(`${name(each)} is cut off`);
  }
  return found;
}"""


# What a finger has to meet. A choice is met at its words too. Links within a sentence or a table are as high as their
# line.
SMALL_TARGETS = """() => [
  ...document.querySelectorAll("button, select, input, textarea, summary, nav a, .filters a, .languages a"),
].filter((each) => each.checkVisibility() && each.type !== "hidden")
  .map((each) => [each.textContent.trim() || each.id, (each.closest(".choice") ?? each).getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with made_up_console(tmp_path_factory.mktemp("console")) as url:
        yield url


@pytest.mark.parametrize("language", ["nb-NO", "en-GB"])
def test_every_page_is_accessible_and_whole_at_every_width(console: str, open_tab: Opener, language: str) -> None:
    tab = open_tab(f"{console}/login", language=language)
    tab.expected.append("404")
    _check(tab, "login", language)
    _log_in(tab, language)
    for name, path in PAGES.items():
        tab.page.goto(console + path)
        if name in INTO:
            tab.page.locator(f"main a[href*='{INTO[name]}']").first.click()
            tab.page.wait_for_url(f"**{INTO[name]}*")
        _check(tab, name, language)


def _check(tab: Tab, name: str, language: str) -> None:
    assert tab.page.evaluate("document.documentElement.lang") == language_for([language]).code
    tab.assert_accessible_in_both_themes()
    for wide, high in SIZES:
        tab.page.set_viewport_size({"width": wide, "height": high})
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= wide, (name, wide)
        assert tab.page.evaluate(FAULTS) == [], (name, wide)
        if (wide, high) == NARROW:
            assert tab.page.evaluate(SMALL_TARGETS) == [], name
        if name in IN_DOCS and (wide, high) in (WIDE, NARROW):
            _picture(tab, name, language, wide=(wide, high) == WIDE)


def _picture(tab: Tab, name: str, language: str, *, wide: bool) -> None:
    """Wide ones in English and in light colours, narrow ones in bokmål and dark."""
    folder = os.environ.get("IVR_SCREENSHOTS")
    if folder and wide == (language_for([language]).written_in):
        tab.page.emulate_media(color_scheme="light" if wide else "dark")
        file = Path(folder) / f"console-{name}-{'wide' if wide else 'narrow'}.png"
        file.write_bytes(small_png(screenshot(tab.page)))


def _log_in(tab: Tab, language: str) -> None:
    say = language_for([language]).say
    tab.page.get_by_label(say("login.name")).fill("Kari")
    tab.page.get_by_label(say("login.password")).fill(PASSWORD)
    tab.page.get_by_role("button", name=say("login.title")).click()
    tab.page.get_by_role("heading", name=say("overview.title")).wait_for()
