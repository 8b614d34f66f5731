"""The page for those who do not see it, hear it or point at it: WCAG 2.2 A and AA in every state and both themes."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from ivr.simulator.web_phone.page import Webhook
from tests.browser import NARROW
from tests.phone_page.conftest import Lifter
from tests.phone_page.handset import FOREVER, Handset
from tests.simulator.server import served as serving
from tests.simulator.webhook import webhook

BERGEN = "Bergen legevakt"


def test_before_and_after_a_call(lift: Lifter) -> None:
    phone = lift()
    phone.tab.assert_accessible_in_both_themes()
    phone.page.locator("#show-setup").click()
    phone.page.locator("#from").select_option("")
    phone.page.locator("#clock").select_option("")
    phone.tab.assert_accessible_in_both_themes()
    phone.page.locator("#from").select_option("anonymous")
    phone.page.locator("#clock").select_option("now")
    phone.call()
    phone.waits_at("language")
    phone.hang_up()
    phone.is_over()
    phone.tab.assert_accessible_in_both_themes()


def test_a_task_before_and_after_its_call(lift: Lifter) -> None:
    phone = lift()
    phone.begin("danger")
    expect(phone.page.locator("#hang-up")).to_be_enabled(timeout=FOREVER)
    phone.tab.assert_accessible_in_both_themes()
    phone.hang_up()
    expect(phone.page.locator("#task-result")).to_have_text("Not yet. Try again.", timeout=FOREVER)
    phone.tab.assert_accessible_in_both_themes()


def test_from_the_first_prompt_to_a_talk(lift: Lifter) -> None:
    phone = lift()
    phone.call()
    for node, keys in (("language", "1"), ("main", "1"), ("ask_postcode", "5003"), ("confirm", "1")):
        phone.waits_at(node)
        phone.tab.assert_accessible_in_both_themes()
        phone.hurry(4 if node == "confirm" else 20)
        phone.click(keys)
    phone.sees_status(f"Ringing at {BERGEN}")
    phone.page.locator("#pause").click()
    phone.tab.assert_accessible_in_both_themes()
    phone.hurry(1)
    phone.at_leg(BERGEN, "answer")
    expect(phone.leg(BERGEN).locator("[data-act=press]")).to_be_visible()
    phone.page.locator("#pause").click()
    phone.tab.assert_accessible_in_both_themes()
    phone.at_leg(BERGEN, "press")
    phone.sees_status(f"Talking to {BERGEN}")
    phone.page.locator("#requests summary").first.click()
    phone.page.locator("#flow-form").click()
    phone.page.locator("[data-fault=delay]").click()
    phone.tab.assert_accessible_in_both_themes()


def test_a_call_that_goes_wrong(lift: Lifter) -> None:
    phone = lift()
    phone.play("webhook_fails", 4)
    phone.hears("11217")
    phone.page.locator("#pause").click()
    phone.tab.assert_accessible_in_both_themes()


def test_a_webhook_that_listens_to_speech(lift_for: Lifter) -> None:
    app = webhook(voice='<Gather input="speech" action="/said"><Say>Where are you?</Say></Gather>', said="<Hangup/>")
    with serving(app) as base:
        phone = lift_for(Webhook(f"{base}/voice"))
        phone.call()
        phone.sees_status("The line waits for you")
        phone.page.locator("#say summary").click()
        phone.page.locator("#heard-as").fill("In Berger")
        phone.page.locator("#confidence").fill("0.4")
        phone.tab.assert_accessible_in_both_themes()
        phone.page.locator("#say-text").fill("In Bergen")
        phone.page.keyboard.press("Enter")
        phone.is_over()
        phone.hears("Said “In Berger”")
    assert (app.asked[1].get("SpeechResult"), app.asked[1].get("Confidence")) == ("In Berger", "0.4")


@pytest.mark.parametrize("part", ["phone", "heard", "flow", "webhooks"])
def test_each_part_of_a_narrow_page(lift: Lifter, part: str) -> None:
    phone = lift(size=NARROW)
    phone.call()
    phone.is_at("language")
    phone.turn_to(part)
    phone.tab.assert_accessible_in_both_themes()


def test_the_text_chat(lift: Lifter) -> None:
    chat = lift("text")
    chat.tab.assert_accessible_in_both_themes()
    chat.start()
    expect(chat.page.locator("#nothing")).to_be_enabled(timeout=FOREVER)
    chat.page.locator("#typed").fill("x")
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator("#wrong")).not_to_be_empty()
    chat.tab.assert_accessible_in_both_themes()


def test_every_prompt_is_announced_in_its_own_language(lift: Lifter) -> None:
    phone = lift()
    phone.call()
    phone.waits_at("language")
    log = phone.page.get_by_role("log", name="Captions")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log.locator("[lang='nb-NO']").first).to_have_text("Står det om liv, legg på og ring en, en, tre.")
    expect(log.locator("[lang='en-GB']").last).to_have_text("For English, press 2.")
    assert phone.page.get_by_role("status").first.inner_text() == "The line waits for you"


def test_the_part_spoken_so_far_is_told_from_the_rest(lift: Lifter) -> None:
    phone = lift()
    phone.call(1, patient=False)
    said, rest = (phone.page.locator(f"#caption {part}") for part in (".so-far", ".to-come"))
    expect(said).to_contain_text("legg på")
    expect(rest).to_contain_text("tre.")


def test_the_interface_speaks_bokmaal_to_who_reads_it(lift: Lifter) -> None:
    phone = lift(language="nb-NO")
    expect(phone.page.locator("html")).to_have_attribute("lang", "nb")
    expect(phone.page.locator("#call")).to_have_text("Ring")
    phone.page.locator("#language").select_option("en")
    expect(phone.page.locator("#call")).to_have_text("Call")
    phone.page.reload()
    phone = Handset(phone.tab)
    expect(phone.page.locator("#call")).to_have_text("Call")


CONTROLS = "a, button, select, input, summary, [tabindex='0']"


def test_the_tab_key_comes_to_every_control(lift: Lifter) -> None:
    phone = lift()
    phone.call()
    phone.waits_at("language")
    page = phone.page
    everything = [control for control in page.locator(CONTROLS).all() if control.is_visible() and control.is_enabled()]
    assert len(everything) > 35
    for _ in range(len(everything) + 5):
        page.keyboard.press("Tab")
        page.evaluate("() => document.activeElement.setAttribute('data-reached', 'yes')")
    assert [str(each) for each in everything if each.get_attribute("data-reached") is None] == []


def test_the_picture_is_moved_and_sized_by_keys(lift: Lifter) -> None:
    phone = lift()
    phone.tab_to("#picture")
    svg = phone.page.locator("#picture svg")
    views = [svg.get_attribute("viewBox")]
    for key in ("ArrowDown", "ArrowRight", "-", "+", "ArrowUp", "ArrowLeft"):
        phone.page.keyboard.press(key)
        views.append(svg.get_attribute("viewBox"))
    assert all(one != other for one, other in pairwise(views))


@pytest.mark.parametrize("path", ["", "text"])
def test_nothing_is_wider_than_the_window_and_a_wide_page_has_no_scroll_bar(lift: Lifter, path: str) -> None:
    page = lift(path).page
    assert page.evaluate("() => document.documentElement.scrollHeight") == 900
    page.set_viewport_size({"width": 1440, "height": 500})
    page.locator("#hang-up, #end").scroll_into_view_if_needed()
    expect(page.locator("#hang-up, #end")).to_be_in_viewport()
    for width in (360, 390, 768, 1099, 1100, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("() => document.documentElement.scrollWidth") == width
