"""The line as a text chat: the same calls, read and typed, with all the time in the world."""

from playwright.sync_api import expect

from tests.phone_page.conftest import Lifter
from tests.phone_page.handset import FOREVER, Handset


def _begin(lift: Lifter) -> Handset:
    chat = lift("text")
    chat.page.locator("#start").click()
    _reads(chat, "For English, press 2.")
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
        ("1", "Enter the four-digit postcode"),
        ("5003", "To be connected, press 1"),
        ("1", "Bergen legevakt has answered"),
    ):
        _types(chat, keys)
        _reads(chat, answer)
    chat.page.locator("#end").click()
    _reads(chat, "The call has ended")
    expect(chat.page.locator("#start")).to_have_text("Start again")
    expect(chat.page.locator("#start")).to_be_enabled()


def test_nine_is_the_way_to_the_113_words_here_too(lift: Lifter) -> None:
    chat = _begin(lift)
    _types(chat, "2")
    _reads(chat, "You have three choices")
    _types(chat, "1")
    _reads(chat, "Enter the four-digit postcode")
    _types(chat, "*9")
    _reads(chat, "Hang up and dial one, one, three now")


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
    expect(chat.page.get_by_role("alert")).to_have_text("Only 0–9, * and # can be typed.")
    expect(chat.page.locator("#talk .you")).to_have_count(0)
    chat.page.locator("#typed").fill("2")
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("alert")).to_be_empty()
    _reads(chat, "You have three choices")
