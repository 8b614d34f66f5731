"""Every state of the phone and of the text chat, at four widths and in every language of the page: nothing over
anything else, nothing cut off, nothing too small for a finger on a narrow page.

`IVR_STATES=FOLDER` keeps a picture of each in both themes, to be looked at.
"""

import os
from pathlib import Path

from playwright.sync_api import expect

from ivr.simulator.languages import pages
from tests.browser import NARROW, THEMES, WIDE
from tests.phone_page.conftest import Lifter
from tests.phone_page.handset import FOREVER, Handset
from tests.phone_page.test_layout import SMALL_TARGETS
from tests.phone_page.test_screenshots import OVERLAPS

WIDTHS = (NARROW, (1024, 768), WIDE, (1920, 1080))
LANGUAGES = (*sorted(pages()), "en")
PARTS = ("phone", "heard", "flow", "webhooks")
BERGEN = "Bergen legevakt"
CUT = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const style = getComputedStyle(each), cuts = (over) => ["hidden", "clip"].includes(over);
  if (!each.checkVisibility() || each.closest("svg, .hidden") || !each.textContent.trim()) return false;
  if (each.clientWidth < 2) return false;
  return (cuts(style.overflowX) && each.scrollWidth > each.clientWidth + 1) ||
    (cuts(style.overflowY) && each.scrollHeight > each.clientHeight + 2);
}).map((each) => `${each.id || each.className}: ${each.textContent.trim().slice(0, 60)}`)"""


def _look(phone: Handset, state: str) -> None:
    """The page as it stands now."""
    page = phone.page
    faults = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for code in LANGUAGES:
            page.locator("#language").select_option(code)
            for part in PARTS if (width, height) == NARROW and page.locator(".tabs").is_visible() else ("",):
                if part:
                    phone.turn_to(part)
                where = f"{state} {width} {code} {part}"
                faults += [f"{where}: {each}" for each in page.evaluate(OVERLAPS)]
                faults += [f"{where} cut: {each}" for each in page.evaluate(CUT)]
                if (width, height) == NARROW:
                    faults += [f"{where} small: {each}" for each in page.evaluate(SMALL_TARGETS)]
                _keep(phone, where.strip().replace(" ", "-"))
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.locator("#language").select_option("en")
    assert faults == []


def _keep(phone: Handset, name: str) -> None:
    folder = os.environ.get("IVR_STATES")
    for theme in THEMES if folder else ():
        phone.page.emulate_media(color_scheme=theme)
        phone.page.screenshot(path=Path(str(folder)) / f"{name}-{theme}.png", animations="disabled")


def test_the_states_of_a_call(lift: Lifter) -> None:
    phone = lift()
    page = phone.page
    _look(phone, "idle")
    page.locator("#show-setup").click()
    _look(phone, "setup")
    page.locator("#show-tasks").click()
    _look(phone, "tasks")
    page.locator("#show-try").click()
    phone.call(1)
    page.locator("#pause").click()
    _look(phone, "prompt")
    page.evaluate("document.documentElement.requestFullscreen = undefined")  # the whole screen has one width
    page.locator("#present").click()
    _look(phone, "presentation")
    page.keyboard.press("Escape")
    page.locator("#pause").click()
    phone.hurry(20)
    phone.waits_at("language")
    _look(phone, "waits")
    phone.click("9")
    phone.waits_at("red")
    _look(phone, "danger")
    phone.click("2")
    for node, keys in (("language", "1"), ("main", "1"), ("ask_postcode", "5003"), ("confirm", "1")):
        phone.waits_at(node)
        phone.click(keys)
    phone.sees_status(f"Ringing at {BERGEN}")
    page.locator("#pause").click()
    _look(phone, "rings")
    phone.hurry(1)  # else the time to accept may be over before the next pause
    phone.at_leg(BERGEN, "answer")
    page.locator("#pause").click()
    _look(phone, "asked-to-accept")
    phone.at_leg(BERGEN, "press")
    phone.sees_status(f"Talking to {BERGEN}")
    _look(phone, "talks")
    phone.hang_up()
    phone.is_over()
    _look(phone, "over")


def test_the_states_of_a_task_and_of_a_fault(lift: Lifter) -> None:
    phone = lift()
    phone.begin("danger")
    expect(phone.page.locator("#hang-up")).to_be_enabled(timeout=FOREVER)
    _look(phone, "task")
    phone.hang_up()
    expect(phone.page.locator("#task-result")).to_have_text("Not yet. Try again.", timeout=FOREVER)
    _look(phone, "task-result")
    phone.play("webhook_fails", 4)
    phone.hears("11217")
    phone.page.locator("#pause").click()
    _look(phone, "fault")


def test_the_states_of_the_text_chat(lift: Lifter) -> None:
    chat = lift("text")
    turn = chat.page.locator("#nothing:enabled")
    _look(chat, "chat-before")
    chat.start()
    turn.wait_for(timeout=FOREVER)
    _look(chat, "chat-language")
    for number, keys in enumerate(("2", "9", "2", "2", "1", "5003", "x")):
        chat.page.locator("#typed").fill(keys)
        chat.page.keyboard.press("Enter")
        if keys != "x":
            expect(chat.page.locator("#talk li.you")).to_have_count(number + 1, timeout=FOREVER)
            turn.wait_for(timeout=FOREVER)
        _look(chat, f"chat-{number}")
    chat.page.locator("#typed").fill("1")
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator("#talk li", has_text="Bergen legevakt has answered").last).to_be_attached(timeout=FOREVER)
    _look(chat, "chat-talk")
    if chat.page.locator("#end").is_enabled():
        chat.page.locator("#end").click()
    expect(chat.page.locator("#start")).to_have_text("Start again")
    _look(chat, "chat-over")
