"""The page under hands that do not rest, two phones at once, and webhooks that break or never answer."""

import random
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import expect

from ivr.simulator.web_phone.page import Webhook
from tests.phone_page.conftest import Lifter

# The first thing that the selector finds, if it can be clicked.
CLICK = """(selector) => {
  const found = document.querySelector(selector);
  if (found?.checkVisibility() && !found.disabled) found.click();
}"""


def test_two_hundred_keys_and_events_leave_no_error(lift: Lifter) -> None:
    """What the fixture asserts of the console at the end is the point; and that the page still makes a call then."""
    phone = lift()
    phone.call(patient=False)
    chance = random.Random(116117)  # noqa: S311 - the same hands every time
    acts = ["#pause", "#take-over", "#hang-up", "#call", "#flow-form", "#zoom-in", "#show-try", "#show-setup"]
    acts += [
        "[data-fault=status]",
        "[data-fault=duplicate]",
        "#requests summary",
        "[data-act=answer]",
        "[data-act=busy]",
    ]
    for _ in range(200):
        if chance.random() < 0.6:
            phone.page.keyboard.press(chance.choice(["0", "1", "2", "3", "5", "9", "*", "#"]))
        else:
            phone.page.evaluate(CLICK, chance.choice(acts))
    phone.page.reload()
    phone.page.locator("body[data-ready=yes]").wait_for(state="attached")
    phone.call()
    phone.waits_at("language")


def test_two_phones_at_once_do_not_mix(lift: Lifter) -> None:
    one, other = lift(), lift()
    one.call()
    other.call()
    one.waits_at("language")
    other.waits_at("language")
    one.click("1")
    one.waits_at("main")
    expect(other.page.locator("#log .key")).to_have_count(0)
    other.click("9")
    other.is_at("red")
    one.is_at("main")
    expect(one.page.locator("#log .key")).to_have_count(1)
    one.hang_up()
    one.is_over()
    expect(other.page.locator("body")).to_have_attribute("data-state", "live")


@contextmanager
def _never_answering() -> Iterator[str]:
    """A webhook that takes every request and says nothing until the test is over."""
    over = threading.Event()

    class Silent(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            over.wait(60)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/voice"
        finally:
            over.set()
            server.shutdown()
            thread.join()


def test_a_webhook_that_never_answers_leaves_the_page_alive_and_says_what_happens(lift_for: Lifter) -> None:
    with _never_answering() as url:
        phone = lift_for(Webhook(url))
        phone.call()
        phone.sees_status("Asking the webhook")
        asking = phone.page.locator("#asking")
        expect(asking).to_contain_text(re.compile(rf"Waiting for {re.escape(url)} for \d+ s; Twilio gives up after"))
        expect(asking).to_contain_text(re.compile(r"for ([2-9]|1\d) s"))
        phone.page.locator("#theme").select_option("dark")
        expect(phone.page.locator("html")).to_have_attribute("data-theme", "dark")
        phone.hang_up()
        phone.sees_status("Hanging up")
        phone.page.locator("#call").click()
        phone.sees_status("Asking the webhook")
        expect(phone.page.locator("#requests > li")).to_have_count(1)


def test_a_dead_host_is_said_with_twilios_code(lift_for: Lifter) -> None:
    phone = lift_for(Webhook("http://127.0.0.1:9/voice#rc=0"))
    phone.call()
    phone.is_over()
    phone.sees_status("The application failed")
    expect(phone.page.locator("#requests .complaint.error").first).to_contain_text("11202")
    phone.tab.assert_accessible()


def test_faults_at_a_click_meet_the_next_request(lift: Lifter) -> None:
    phone = lift()
    phone.call()
    phone.waits_at("language")
    phone.page.locator("[data-fault=status]").click()
    phone.click("1")
    phone.hears("11217")
    phone.hears("Noe gikk galt")
    expect(phone.page.locator("[data-fault=status]")).to_have_attribute("aria-pressed", "false")


def test_a_request_is_copied_as_curl(lift: Lifter) -> None:
    phone = lift()
    phone.call()
    phone.waits_at("language")
    phone.page.locator("#requests summary").first.click()
    copy = phone.page.locator("#requests .copy").first
    copy.click()
    command = re.compile(r"^curl -i http://127\.0\.0\.1:.*X-Twilio-Signature: ", re.S)
    expect(copy).to_have_attribute("data-copied", command)


def test_a_number_that_cannot_be_called_is_refused_in_words(lift: Lifter) -> None:
    phone = lift()
    phone.tab.expected.append("400")
    phone.page.locator("#show-setup").click()
    phone.page.locator("#to").fill("nobody")
    phone.page.locator("#call").click()
    phone.sees_status("That cannot be called: the number called is a plus and 3 to 15 digits")
