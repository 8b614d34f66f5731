"""The line as a text chat: the same calls, read and typed, with all the time in the world."""

import re

import pytest
from playwright.sync_api import expect

from ivr.simulator.web_phone.page import Webhook
from tests.phone_page.conftest import Lifter
from tests.phone_page.handset import FOREVER, Handset
from tests.simulator.server import served as serving
from tests.simulator.webhook import webhook

SPOKEN = re.compile(
    r"\b(press|dial|hang up|hear|keypad|trykk|tast|legg|hør|en, en, tre|one, one|hundre og)", re.IGNORECASE
)


def _begin(lift: Lifter, **tab: object) -> Handset:
    chat = lift("text", **tab)
    chat.start()
    _reads(chat, "For English, write 2.")
    return chat


def _reads(chat: Handset, text: str) -> None:
    expect(chat.page.locator("#talk li", has_text=text).last).to_be_attached(timeout=FOREVER)


def _types(chat: Handset, keys: str) -> None:
    """When it is the person's turn."""
    expect(chat.page.locator("#turn")).to_have_text("Your turn.", timeout=FOREVER)
    expect(chat.page.locator("#typed")).to_be_focused()
    chat.page.keyboard.type(keys)
    chat.page.keyboard.press("Enter")


def test_the_plain_case_is_read_and_typed_to_an_answered_centre(lift: Lifter) -> None:
    chat = _begin(lift)
    for keys, answer in (
        ("2", "You have three choices"),
        ("1", "Write the four-digit postcode"),
        ("5003", "To be connected, write 1"),
        ("1", "Bergen legevakt has answered"),
    ):
        _types(chat, keys)
        _reads(chat, answer)
    chat.page.locator("#end").click()
    _reads(chat, "The call is over")
    expect(chat.page.locator("#start")).to_have_text("Start again")
    expect(chat.page.locator("#start")).to_be_enabled()


def test_nine_is_the_way_to_the_113_words_here_too(lift: Lifter) -> None:
    chat = _begin(lift)
    _types(chat, "2")
    _reads(chat, "You have three choices")
    _types(chat, "1")
    _reads(chat, "Write the four-digit postcode")
    _types(chat, "*9")
    _reads(chat, "Send an SMS to 113 now, if your mobile number is registered for emergency SMS")


def test_pressing_nothing_leads_to_a_person(lift: Lifter) -> None:
    chat = _begin(lift)
    for _ in range(8):
        # Either it is our turn, or somebody is being rung.
        expect(chat.page.locator("#nothing:not([disabled]), #talk li.note").first).to_be_attached(timeout=FOREVER)
        if chat.page.locator("#talk li.note").count():
            break
        chat.page.locator("#nothing").click()
        expect(chat.page.locator("#talk li.you").last).to_be_attached()
    _reads(chat, "has answered")


def test_what_is_no_key_is_said_and_not_sent(lift: Lifter) -> None:
    chat = _begin(lift)
    _types(chat, "help")
    expect(chat.page.get_by_role("alert")).to_have_text("Only 0–9, * and # can be written.")
    expect(chat.page.locator("#talk .you")).to_have_count(0)
    chat.page.locator("#typed").fill("2")
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("alert")).to_be_empty()
    _reads(chat, "You have three choices")


def _chooses(chat: Handset, key: str, label: str) -> None:
    """By its button, when it is the person's turn."""
    expect(chat.page.locator("#turn")).to_have_text(re.compile("Your turn.|Din tur."), timeout=FOREVER)
    button = chat.page.locator(f"#choices [data-key='{key}']")
    expect(button).to_have_text(f"{key} {label}")
    button.click()


@pytest.mark.parametrize(
    ("language", "ways", "labels"),
    [
        (
            "nb-NO",
            (
                "SMS til 113",
                "nød-SMS (nodsms.no)",
                "Uten registrering på forhånd",
                "1412",
                "få noen i nærheten til å ringe 113",
            ),
            ("For norsk", "For din lokale legevakt", "For å bli koblet til"),
        ),
        (
            "en-GB",
            (
                "SMS to 113",
                "emergency SMS (nodsms.no)",
                "Without registration in advance",
                "1412",
                "get somebody near you to call 113",
            ),
            ("For English", "For your local out-of-hours centre", "To be connected"),
        ),
    ],
    ids=["bokmål", "English"],
)
def test_a_person_who_writes_is_never_told_to_press_dial_or_hang_up(
    lift: Lifter, language: str, ways: tuple[str, ...], labels: tuple[str, ...]
) -> None:
    chat = lift("text", language=language)
    chat.start()
    first = chat.page.locator("#talk li.line")
    for number in range(2):  # the 113 words in both languages, before anything else
        expect(first.nth(number)).to_contain_text("113", timeout=FOREVER)
    mine = first.nth(0 if language == "nb-NO" else 1)
    for way in ways:
        expect(mine).to_contain_text(way)
    expect(chat.page.locator(".notice")).to_contain_text("nodsms.no")
    _chooses(chat, "1" if language == "nb-NO" else "2", labels[0])
    _chooses(chat, "1", labels[1])
    _reads(chat, "Skriv de fire sifrene" if language == "nb-NO" else "Write the four-digit postcode")
    chat.page.locator("#typed").fill("5003")
    chat.page.keyboard.press("Enter")
    _chooses(chat, "1", labels[2])
    _reads(chat, "Bergen legevakt har svart" if language == "nb-NO" else "Bergen legevakt has answered")
    written = " ".join(chat.page.locator(".notice, .start, #talk, #choices, #typing").all_inner_texts())
    assert not SPOKEN.search(written), SPOKEN.search(written)
    assert "[" not in written


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
def test_choices_are_buttons_that_a_finger_and_the_keyboard_can_reach(lift: Lifter, size: tuple[int, int]) -> None:
    chat = _begin(lift, size=size)
    _types(chat, "2")
    expect(chat.page.locator("#choices button")).to_have_text(
        [
            "9 If there are signs of an emergency, in every menu",
            "1 For your local out-of-hours centre",
            "2 For another centre",
            "3 For information",
            "0 To reach a person",
        ],
        timeout=FOREVER,
    )
    expect(chat.page.locator("#talk li").last).to_be_in_viewport(ratio=0.99)
    for button in chat.page.locator("#choices button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    chat.tab_to("#choices [data-key='3']")
    chat.page.keyboard.press("Enter")
    _reads(chat, "For when to alert 113, write 4.")
    expect(chat.page.locator("#choices [data-key='4']")).to_have_text("4 For when to alert 113")
    expect(chat.page.locator("#typed")).to_be_focused()


def test_in_a_low_window_what_is_written_still_has_room(lift: Lifter) -> None:
    chat = _begin(lift, size=(740, 360))
    _types(chat, "2")
    expect(chat.page.locator("#choices button")).to_have_count(5, timeout=FOREVER)
    talk = chat.page.locator(".talk").bounding_box()
    assert talk is not None
    assert talk["height"] >= 160
    chat.page.locator("#nothing").scroll_into_view_if_needed()
    expect(chat.page.locator("#nothing")).to_be_in_viewport(ratio=0.99)


def test_a_sentence_with_a_norwegian_name_is_one_line_with_its_choices(lift: Lifter) -> None:
    chat = _begin(lift)
    for keys in ("2", "1", "*", "3", "82537"):
        _types(chat, keys)
        expect(chat.page.locator("#talk li.you").last).to_contain_text(keys)
    _reads(chat, "For Våler i Østfold, write 1. For Våler i Innlandet, write 2. For another place, write *.")
    expect(chat.page.locator("#choices button")).to_have_text(
        ["1 For Våler i Østfold", "2 For Våler i Innlandet", "* For another place"]
    )


def test_the_button_for_danger_to_life_is_there_in_every_menu(lift: Lifter) -> None:
    chat = _begin(lift)
    _types(chat, "2")
    danger = chat.page.locator("#choices [data-key='9']")
    expect(danger).to_be_visible(timeout=FOREVER)
    danger.click()
    _reads(chat, "get somebody near you to call 113 for you now")
    expect(chat.page.locator("#choices [data-key='2']")).to_have_text("2 If it was a mistake", timeout=FOREVER)


def test_the_words_of_a_foreign_webhook_stay_as_they_are(lift_for: Lifter) -> None:
    app = webhook(
        voice='<Gather numDigits="1" action="/after"><Say language="en-GB">For sales, press 1</Say>'
        '<Say language="en-GB">[2] hears it again</Say></Gather>'
    )
    with serving(app) as base:
        chat = lift_for(Webhook(f"{base}/voice"), path="text")
        chat.start()
        expect(chat.page.locator("#talk li.line span")).to_have_text(
            ["For sales, press 1", "[2] hears it again"], timeout=FOREVER
        )
        expect(chat.page.locator("#choices button")).to_have_count(0)
        chat.page.locator("#end").click()
