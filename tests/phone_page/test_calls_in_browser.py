"""Whole calls in a real browser: by clicking, by the keyboard alone, with the far ends played by the same person."""

import pytest
from playwright.sync_api import expect

from ivr.simulator.web_phone.page import Webhook
from tests.phone_page.conftest import Lifter
from tests.phone_page.handset import FOREVER, Handset
from tests.simulator.server import served
from tests.simulator.webhook import webhook

BERGEN, OS = "Bergen legevakt", "Os legevakt"


def _to_bergen(phone: Handset, speed: int = 4) -> None:
    """From the first prompt to the connection, which comes at that speed."""
    phone.waits_at("language")
    phone.click("1")
    phone.waits_at("main")
    phone.click("1")
    phone.waits_at("ask_postcode")
    phone.click("5003")
    phone.waits_at("confirm")
    phone.hurry(speed)
    phone.click("1")


def test_the_plain_case_by_clicking_reaches_an_answered_centre(lift: Lifter) -> None:
    phone = lift()
    phone.call()
    _to_bergen(phone)
    phone.sees_status(f"Ringing at {BERGEN}")
    phone.at_leg(BERGEN, "answer")
    phone.at_leg(BERGEN, "press")
    phone.sees_status(f"Talking to {BERGEN}")
    phone.talks_on(4)
    phone.at_leg(BERGEN, "hang-up")
    phone.hears("Samtalen med legevakten er slutt")
    phone.is_over()
    phone.sees_status("The call is over")
    expect(phone.leg(BERGEN)).to_contain_text("over,")
    been = phone.page.locator("#picture .box.been")
    assert {"node-language", "node-main", "node-ask_postcode", "node-confirm", "node-connect"} <= {
        str(box.get_attribute("id")) for box in been.all()
    }


def test_the_plain_case_by_the_keyboard_alone(lift: Lifter) -> None:
    phone = lift()
    keyboard = phone.page.keyboard
    phone.tab_to("#speed")
    keyboard.type("20")
    phone.tab_to("#show-setup")
    keyboard.press("Enter")
    phone.tab_to("#patient")
    keyboard.press("Space")
    phone.tab_to("#call")
    keyboard.press("Enter")
    for node, keys in (("language", "2"), ("main", "1"), ("ask_postcode", "5003")):
        phone.waits_at(node)
        keyboard.type(keys)
    phone.waits_at("confirm")
    phone.tab_to("#speed")
    keyboard.type("1")
    phone.tab_to("#pause")
    keyboard.type("1")
    phone.sees_status(f"Ringing at {BERGEN}")
    keyboard.press("Enter")
    phone.sees_status("Paused")
    phone.tab_to("[data-act=answer]")
    keyboard.press("Enter")
    expect(phone.leg(BERGEN).locator("[data-act=press]")).to_be_focused()
    keyboard.press("Enter")
    phone.sees_status(f"Talking to {BERGEN}")
    phone.tab_to("#hang-up")
    keyboard.press("Enter")
    phone.is_over()


def test_a_red_flag_is_told_what_to_do_and_dials_no_113(lift: Lifter) -> None:
    phone = lift()
    phone.call()
    phone.waits_at("language")
    phone.click("9")
    phone.is_at("red")
    phone.hears("Legg på og ring en, en, tre nå")
    phone.sees_status("The line waits for you")
    phone.click("2")
    phone.waits_at("language")
    phone.hang_up()
    phone.is_over()
    expect(phone.page.locator("#legs li")).to_have_count(0)


def test_a_busy_centre_is_followed_by_its_backup(lift: Lifter) -> None:
    phone = lift()
    phone.call()
    _to_bergen(phone)
    phone.at_leg(BERGEN, "busy")
    expect(phone.leg(BERGEN)).to_contain_text("was busy")
    phone.hears("Bergen legevakt svarte ikke")
    phone.at_leg(OS, "answer")
    phone.at_leg(OS, "press")
    phone.sees_status(f"Talking to {OS}")
    phone.is_at("go_on")
    phone.hang_up()
    phone.is_over()


def test_a_caller_hangs_up_in_the_middle(lift: Lifter) -> None:
    phone = lift()
    phone.call()
    phone.waits_at("language")
    phone.click("1")
    phone.is_at("main")
    phone.hang_up()
    phone.is_over()
    phone.hears("The call is over")
    expect(phone.page.locator("#call")).to_be_enabled()
    phone.page.locator("#call").click()
    phone.waits_at("language")


def test_a_plan_set_beforehand_holds(lift: Lifter) -> None:
    phone = lift()
    phone.page.locator("#show-setup").click()
    phone.page.locator("#far").select_option("answer")
    phone.page.locator("#except-who").select_option("+4755568700")
    phone.page.locator("#except-does").select_option("no-answer")
    phone.page.locator("#from").select_option("anonymous")
    phone.page.locator("#clock").select_option("2026-12-31T23:58")
    phone.call()
    expect(phone.page.locator("#who")).to_contain_text("Withheld calls")
    _to_bergen(phone, 20)
    phone.leg(BERGEN).get_by_text("did not answer").wait_for(timeout=FOREVER)
    phone.hurry(4)
    phone.sees_status(f"Talking to {OS}")
    phone.is_over()


def test_a_prepared_call_plays_by_itself_is_paused_and_taken_over(lift: Lifter) -> None:
    phone = lift()
    phone.play("plain", 4)
    phone.hears("Pressed 1")
    phone.page.locator("#pause").click()
    phone.sees_status("Paused")
    expect(phone.page.locator("#pause")).to_have_text("Go on")
    phone.page.locator("#take-over").click()
    expect(phone.page.locator("#take-over")).to_be_disabled()
    phone.click("9")
    phone.is_at("red")
    phone.hang_up()
    phone.is_over()


def test_a_task_is_tried_again_until_it_is_done(lift: Lifter) -> None:
    phone = lift()
    phone.be_patient()
    phone.hurry(20)
    phone.begin("geilo")
    expect(phone.page.locator("#task")).to_contain_text("Somebody is ill in a cabin at Geilo")
    for node, keys in (("language", "1"), ("main", "1"), ("ask_postcode", "5003"), ("confirm", "1")):
        phone.waits_at(node)
        phone.click(keys)
    phone.is_over()
    expect(phone.page.locator("#task-result")).to_have_text("Not yet: Bergen legevakt was rung. Try again.")
    phone.begin("geilo")
    expect(phone.page.locator("#task-result")).to_be_empty()
    for node, keys in (("language", "1"), ("main", "1"), ("ask_postcode", "3580"), ("confirm", "1")):
        phone.waits_at(node)
        phone.click(keys)
    phone.is_over()
    expect(phone.page.locator("#task-result")).to_contain_text("with 7 keys. 7 are enough.")


def test_the_list_tells_what_the_picture_shows(lift: Lifter) -> None:
    phone = lift()
    phone.call()
    phone.waits_at("language")
    phone.page.locator("#flow-form").click()
    here = phone.page.locator("#flow-list [aria-current=step]")
    expect(here).to_contain_text("Language")
    expect(phone.page.locator("#picture")).to_be_hidden()
    phone.click("1")
    expect(here).to_contain_text("Main menu")
    expect(here).to_contain_text("1: Postcode")


@pytest.mark.parametrize(("caller", "other"), [("+4755123456", ""), ("+4798765432", "+4798765432")])
def test_the_numbers_of_the_command_line_are_chosen_first(lift_for: Lifter, caller: str, other: str) -> None:
    app = webhook(voice="<Hangup/>")
    with served(app) as base:
        handset = lift_for(Webhook(f"{base}/voice", from_=caller, to="116117"))
        handset.page.locator("#call").click()
        expect(handset.page.locator("#call")).to_be_enabled(timeout=FOREVER)
        handset.sees_status("The call is over")
        assert (handset.page.locator("#to").input_value(), handset.page.locator("#from-other").is_visible()) == (
            "116117",
            bool(other),
        )
    assert (app.asked[0].get("From"), app.asked[0].get("To")) == (caller, "116117")
