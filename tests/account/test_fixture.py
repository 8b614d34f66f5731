"""The fixture `ivr_account`, in a project of somebody else's."""

import pytest

pytest_plugins = ["pytester"]

APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/xml")])
    if environ["PATH_INFO"] == "/broken":
        return [b"nothing"]
    return [b"<Response><Say>One moment.</Say><Dial>+4790000001</Dial></Response>"]
"""
SETUP = """
from line import app

def begin(account, path="/voice"):
    account.number("+4721000000", voice=app, path=path)
    nurse = account.phone("+4790000001")
    return account.call("+4791234567", "+4721000000"), nurse
"""


def _run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, test: str) -> pytest.RunResult:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("TWILIO_AUTH_TOKEN", raising=False)
    pytester.makepyfile(line=APP)
    pytester.makepyfile(SETUP + test)
    return pytester.runpytest_inprocess("-p", "ivr.simulator.pytest_plugin", "-p", "no:cacheprovider")


def test_each_test_has_an_account_whose_calls_are_hung_up_at_its_end(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = _run(
        pytester,
        monkeypatch,
        """
kept = []

def test_one(ivr_account):
    caller, nurse = begin(ivr_account)
    nurse.answer()
    kept.append(caller)
    assert caller.ended is None

def test_two(ivr_account):
    assert kept[0].ended == "completed"
    assert ivr_account.calls == []
""",
    )
    result.assert_outcomes(passed=2)


def test_a_failure_shows_every_call_of_the_account(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    result = _run(
        pytester,
        monkeypatch,
        """
def test_it(ivr_account):
    caller, nurse = begin(ivr_account)
    assert nurse.is_talking
""",
    )
    result.stdout.fnmatch_lines(
        ["*- ivr_account, call 1: <AccountCall +4791234567 to +4721000000,*", "*hears   [[]en-US] One moment."]
    )


def test_a_call_that_went_wrong_fails_the_test_unless_errors_are_allowed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = _run(
        pytester,
        monkeypatch,
        """
def test_wrong(ivr_account):
    begin(ivr_account, "/broken")

def test_allowed(ivr_account):
    ivr_account.allow_errors = True
    begin(ivr_account, "/broken")
""",
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*the call went wrong, and the test did not look at it:*", "*12100*"])
