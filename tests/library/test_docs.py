"""docs/testing-your-app.md leaves nothing out, and shows what is really shown."""

import inspect
from pathlib import Path

import pytest

from ivr.simulator.library import Call
from tests.library.apps import Documents

PAGE = (Path(__file__).parents[2] / "docs" / "testing-your-app.md").read_text("utf-8")


@pytest.mark.parametrize("option", [name for name in inspect.signature(Call).parameters if name != "target"])
def test_every_option_of_a_call_is_documented(option: str) -> None:
    assert f"| `{option}`" in PAGE or f"`{option}` |" in PAGE or f", `{option}`" in PAGE


@pytest.mark.parametrize("name", [name for name in vars(Call) if not name.startswith("_")])
def test_everything_that_a_call_can_do_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE or f"`{name}(" in PAGE


def test_the_failure_on_the_page_is_the_one_that_is_shown() -> None:
    app = Documents(
        voice='<Gather numDigits="1" action="/menu">'
        "<Say>Welcome to the library.</Say><Say>For our hours, press 1.</Say></Gather>",
        menu="<Say>We are open from ten to six.</Say>",
    )
    call = Call(app)
    call.press("1")
    assert f"assert {call.heard('Sunday')!r}\n" in PAGE
    assert f"- ivr_call 1: {call!r} -\n{call.transcript}\n" in PAGE
