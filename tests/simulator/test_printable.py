"""What an application says reaches no terminal as an order: control characters are shown, and do nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from defusedxml import ElementTree

from ivr.base.strict_yaml import load
from ivr.cli import group
from ivr.simulator import Call, CallPlan, Speak, WsgiTransport, play
from ivr.simulator.printable import json_text, printable
from ivr.simulator.scenario import read_scenario
from ivr.simulator.scenario_text import scenario_text
from ivr.simulator.web_phone.live import Pacing, PhoneCall
from ivr.simulator.web_phone.page_requests import obey
from tests.phone_page.person import Person
from tests.simulator.server import served
from tests.simulator.webhook import URL, Webhook, call, webhook

ACTING = {
    "C1": "\x9b2J",
    "a new line of C1": "\x85",
    "DEL": "\x7f",
    "right to left": "\u202e",
    "an isolate": "\u2066",
    "a mark": "\u200f",
    "an Arabic mark": "\u061c",
    "a line separator": "\u2028",
}
EVERYWHERE = "".join(ACTING.values())
DANGEROUS = webhook(
    voice=f'<Say language="nb-NO{EVERYWHERE}">God{EVERYWHERE}dag</Say><Dial><Sip>sip:{EVERYWHERE}@x</Sip></Dial>'
    f'<Say voice="{EVERYWHERE}" unknown="1">Bye</Say><Play>{EVERYWHERE}</Play><Redirect>/x{EVERYWHERE}</Redirect>'
)
SCENARIO = """
call: {{url: '{base}/voice'}}
expect: {{heard: [Farvel], dialled: [], requests: ['GET /x'], warnings: []}}
"""


def _acts(text: str) -> set[str]:
    return {character for character in text if character in EVERYWHERE and not character.isalnum()}


@pytest.mark.parametrize("name", ACTING)
def test_a_character_that_acts_is_shown(name: str) -> None:
    assert _acts(printable(ACTING[name])) == set()
    assert printable(ACTING[name]) != ACTING[name]
    assert json.loads(json_text(ACTING[name])) == ACTING[name]
    assert _acts(json_text(ACTING[name])) == set()


def test_text_of_every_language_stays_as_it_is() -> None:
    text = "Står det om liv?\tRing 1\u202f13.\nخطر 👩\u200d⚕️ क्\u200dष"
    assert printable(text) == text


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


@pytest.mark.parametrize("options", [(), ("--json",), ("--trace", "-")])
def test_a_call_prints_no_character_that_acts(options: tuple[str, ...]) -> None:
    with served(DANGEROUS) as base:
        result = _run("call", f"{base}/voice", "--keys", "", *options)
    assert "God" in result.output
    assert _acts(result.output.replace("2J", "")) == set()


def test_a_scenario_prints_no_character_that_acts(tmp_path: Path) -> None:
    path, junit = tmp_path / "a.yaml", tmp_path / "junit.xml"
    with served(DANGEROUS) as base:
        path.write_text(SCENARIO.format(base=base), "utf-8")
        result = _run("simulate", str(path), "--junit", str(junit))
    assert "FAILED  dialled" in result.output
    assert _acts(result.output) == set()
    assert _acts("".join(ElementTree.parse(junit).getroot().itertext())) == set()


def test_a_failed_test_tells_no_character_that_acts() -> None:
    made = Call(DANGEROUS)
    assert _acts(made.transcript + repr(made) + repr(made.heard("Farvel"))) == set()


def test_a_saved_scenario_plays_again_whatever_was_heard() -> None:
    steps = (Speak("x"),)
    text = scenario_text(EVERYWHERE, CallPlan(url=URL, steps=steps, params={"ForwardedFrom": EVERYWHERE}))
    read = read_scenario(load(text, "a.yaml"), Path("a.yaml"))
    assert (read.name, read.plan.params["ForwardedFrom"], read.plan.steps) == (EVERYWHERE, EVERYWHERE, steps)


SPEECH = webhook(voice='<Gather input="speech" action="/heard"><Say>Speak</Say></Gather>', heard="<Say>Thank you</Say>")


def _result(app: Webhook) -> str | None:
    return next((asked.get("SpeechResult") for asked in app.asked if asked.get("SpeechResult")), None)


def test_half_a_character_that_is_said_arrives_as_a_replacement() -> None:
    app = webhook(voice='<Gather input="speech" action="/heard"/>', heard="<Hangup/>")
    call(app, steps=(Speak("Bod\ud800"),))
    assert _result(app) == "Bod\ufffd"


def test_half_a_character_that_is_said_at_the_phone_does_not_break_the_saved_scenario() -> None:
    live = PhoneCall(CallPlan(url=URL), WsgiTransport(SPEECH), Person([]), Pacing(20.0))
    obey(live, {"do": "say", "text": "Bod\ud800"})
    live.start()
    assert live.join(30)
    text = scenario_text("said", live.as_played())
    assert "Bod\ufffd" in text
    assert text.encode()
    again = play(read_scenario(load(text, "a.yaml"), Path("a.yaml")).plan, WsgiTransport(SPEECH))
    assert again.heard == ["Speak", "Thank you"]
