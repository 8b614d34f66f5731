"""What is in sight at which width, and what the page says in each state: one page, made wider and narrower."""

import re

from playwright.sync_api import Page, expect

from ivr.simulator.languages import pages
from tests.phone_page.conftest import Lifter
from tests.phone_page.handset import FOREVER, Handset
from tests.phone_page.test_screenshots import OVERLAPS

BERGEN = "Bergen legevakt"
WIDTHS = ((1920, 1080), (1440, 900), (1024, 768), (900, 700), (390, 844))
SMALL_TARGETS = """() => [...document.querySelectorAll("button, select, a, summary, .switch, #say-text")]
  .filter((each) => each.checkVisibility() && !each.matches(".hidden, .hidden *"))
  .map((each) => [each.id || each.textContent.trim(), each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


def _width(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})


def test_each_state_has_its_sentence_and_what_it_needs_is_in_sight_at_each_width(lift: Lifter) -> None:
    phone = lift()
    page = phone.page
    caption = page.locator("#caption")
    expect(caption).to_contain_text("Press Call. You are the caller, and you answer for whoever is rung.")
    expect(page.locator("#try-more")).to_contain_text("more below")
    page.locator("#present").click()
    page.locator("#call").click()
    expect(page.locator("#big-caption")).to_have_text("Står det om liv, legg på og ring en, en, tre.")
    expect(page.locator("#big-other")).to_have_text("If life is in danger, hang up and dial one, one, three.")
    page.keyboard.press("Escape")
    expect(page.locator("#stage")).to_be_hidden()
    phone.be_patient()
    phone.hurry(20)
    phone.waits_at("language")
    expect(caption).to_have_text("Press a key. The line waits as long as you like.")
    phone.click("9")
    expect(page.locator("#danger")).to_be_visible(timeout=FOREVER)
    phone.waits_at("red")
    expect(page.locator("#danger")).to_have_text("! Danger to life: hang up and dial 113")
    phone.click("2")
    for node, keys in (("language", "1"), ("main", "1"), ("ask_postcode", "5003"), ("confirm", "1")):
        phone.waits_at(node)
        phone.click(keys)
    expect(page.locator("#danger")).to_be_hidden()
    phone.sees_status(f"Ringing at {BERGEN}")
    page.locator("#pause").click()
    _is_usable_at_each_width(phone)
    phone.hurry(1)
    page.locator("#far-now [data-act=answer]").click()
    page.locator("#far-now [data-act=press]").click()
    phone.sees_status(f"Talking to {BERGEN}")
    expect(caption).to_have_text(f"The caller talks with {BERGEN}. Whoever hangs up ends that.")
    phone.talks_on(4)  # under three seconds it would be no talk, and the next centre would ring
    page.locator("#far-now [data-act=hang-up]").click()
    phone.hurry(20)
    phone.is_over()
    phone.turn_to("flow")
    expect(page.locator("#here")).to_have_text("The call ended at After the talk.")
    _a_fault_is_one_line(phone)


def _is_usable_at_each_width(phone: Handset) -> None:
    """Answer and Busy are in sight wherever the cards of the far ends are not, and nothing lies over anything else, in
    any language of the page."""
    page = phone.page
    answer = page.locator("#far-now [data-act=answer]")
    for width, height in WIDTHS:
        _width(page, width, height)
        expect(answer).to_be_visible(visible=width < 1100)
        for code in (*sorted(pages()), "en"):
            page.locator("#language").select_option(code)
            assert page.evaluate(OVERLAPS) == [], (width, code)
    assert page.evaluate(SMALL_TARGETS) == []
    for part in ("heard", "flow", "webhooks", "phone"):
        phone.turn_to(part)
        assert page.evaluate(SMALL_TARGETS) == [], part
    _width(page, 1280, 720)
    page.locator("#present").click()
    expect(page.locator("#way li").last).to_have_text("The centre is rung")
    expect(answer).to_be_in_viewport()
    assert page.evaluate(OVERLAPS) == []
    page.locator("#present").click()
    _width(page, 1024, 768)
    for part in ("flow", "webhooks", "heard"):
        phone.turn_to(part)
        expect(answer).to_be_in_viewport()
        expect(page.locator(f"[data-part={part}]").first).to_be_visible()


def _a_fault_is_one_line(phone: Handset) -> None:
    phone.play("webhook_fails")
    phone.turn_to("heard")
    fault = phone.page.locator("#log .error summary").first
    expect(fault).to_have_text(re.compile(r"^11217 /voice/main: [^?]*$"), timeout=FOREVER)
    expect(phone.page.locator("#log .error p").first).to_be_hidden()
    fault.click()
    expect(phone.page.locator("#log .error p").first).to_contain_text("http://127.0.0.1")
