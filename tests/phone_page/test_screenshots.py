"""The pictures of docs/phone.md: taken by the tests, in both sizes and both themes, with nothing over anything else.

`make screenshots` writes them into docs/images; otherwise they are taken, looked at by the machine, and thrown away.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import NARROW, WIDE
from tests.phone_page.conftest import Lifter
from tests.phone_page.handset import FOREVER, Handset
from tests.phone_page.small_png import screenshot, small_png

DOCS = Path(__file__).parents[2] / "docs"
LARGEST = 150_000  # bytes of one picture
BERGEN, OS = "Bergen legevakt", "Os legevakt"

# Pairs of things to press or read that lie over each other, and things that stick out of the window.
OVERLAPS = """() => {
  const seen = [...document.querySelectorAll("button, select, input, a, h1, h2, #status, #who, #time, .notice")].filter(
    (each) => each.checkVisibility() && each.getClientRects().length && !each.matches(".hidden, .hidden *"),
  );
  const boxes = seen.map((each) => [each, each.getBoundingClientRect()]).filter(([each, box]) => {
    const scroller = each.closest(".try, .setup, .log, #legs, .requests, .list")?.getBoundingClientRect();
    return !scroller || (box.top >= scroller.top - 1 && box.bottom <= scroller.bottom + 1);
  });
  const name = (each) => each.id || each.textContent.trim() || each.className;
  const found = [];
  boxes.forEach(([one, a], place) => {
    if (a.left < -0.5 || a.right > innerWidth + 0.5) found.push(`${name(one)} sticks out`);
    for (const [other, b] of boxes.slice(place + 1)) {
      if (one.contains(other) || other.contains(one) || one.closest(".tabs") || other.closest(".tabs")) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 1) found.push(`${name(one)} and ${name(other)}`);
    }
  });
  return found;
}"""


def _in_the_middle_of_a_prompt(phone: Handset) -> None:
    """A prepared call: one centre was busy, the next is named."""
    phone.play("busy_centre", 20)
    phone.hears("Tast inn de fire")
    phone.hurry(4)
    phone.hears("Bergen legevakt svarte ikke")
    phone.hurry(1)
    expect(phone.page.locator("#caption .so-far")).to_contain_text("svarte")
    phone.page.locator("#pause").click()
    phone.sees_status("Paused")


def _while_it_rings(phone: Handset) -> None:
    """The person is the far end too."""
    phone.call()
    for node, keys in (("language", "1"), ("main", "1"), ("ask_postcode", "5003"), ("confirm", "1")):
        phone.waits_at(node)
        phone.hurry(4 if node == "confirm" else 20)
        phone.click(keys)
    phone.turn_to("heard")
    phone.at_leg(BERGEN, "busy")
    phone.sees_status(f"Ringing at {OS}")
    phone.turn_to("phone")
    phone.page.locator("#pause").click()
    phone.sees_status("Paused")
    phone.page.locator("#show-try").click()
    phone.page.mouse.move(0, 0)


def _part(name: str) -> Callable[[Handset], None]:
    def chosen(phone: Handset) -> None:
        _while_it_rings(phone)
        phone.turn_to(name)
        phone.page.mouse.move(0, 0)

    return chosen


def _written(chat: Handset) -> None:
    chat.start()
    for keys, answer in (("1", "Du har tre valg"), ("1", "Skriv de fire sifrene"), ("5003", "Bergen legevakt, for")):
        expect(chat.page.locator("#nothing")).to_be_enabled(timeout=FOREVER)
        chat.page.locator("#typed").fill(keys)
        chat.page.keyboard.press("Enter")
        expect(chat.page.locator("#talk li", has_text=answer).last).to_be_visible(timeout=FOREVER)
    expect(chat.page.locator("#nothing")).to_be_enabled(timeout=FOREVER)


PICTURES: dict[str, tuple[str, tuple[int, int], str, Callable[[Handset], None]]] = {
    "phone-1440-light": ("", WIDE, "light", _in_the_middle_of_a_prompt),
    "phone-1440-dark": ("", WIDE, "dark", _while_it_rings),
    "phone-390-light": ("", NARROW, "light", _in_the_middle_of_a_prompt),
    "phone-390-dark": ("", NARROW, "dark", _part("heard")),
    "phone-390-flow": ("", NARROW, "light", _part("flow")),
    "phone-390-webhooks": ("", NARROW, "dark", _part("webhooks")),
    "phone-text-1440": ("text", WIDE, "dark", _written),
    "phone-text-390": ("text", NARROW, "light", _written),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_page_is_tidy_and_small(name: str, lift: Lifter, tmp_path: Path) -> None:
    path, size, colours, state = PICTURES[name]
    phone = lift(path, size=size, colours=colours)
    state(phone)
    assert phone.page.evaluate(OVERLAPS) == []
    picture = small_png(screenshot(phone.page))
    assert len(picture) <= LARGEST
    folder = Path(os.environ.get("IVR_SCREENSHOTS") or tmp_path)
    (folder / f"{name}.png").write_bytes(picture)


def test_the_documentation_shows_every_picture() -> None:
    shown = set(re.findall(r"images/(phone-[\w-]+)\.png", (DOCS / "phone.md").read_text("utf-8")))
    assert shown == set(PICTURES)
    assert [name for name in PICTURES if not (DOCS / "images" / f"{name}.png").is_file()] == []
