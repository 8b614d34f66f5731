"""The fixture `ivr_call`, in a project of somebody else's: what it offers, and what a failure shows."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/xml")])
    if environ["PATH_INFO"] == "/menu":
        return [b"<Response><Say>We are open from ten to six.</Say></Response>"]
    return [b"<Response><Gather action='/menu' numDigits='1'><Say>For our hours, press 1.</Say></Gather></Response>"]
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # the plugin is loaded once, and by its module's name
    monkeypatch.delenv("TWILIO_AUTH_TOKEN", raising=False)
    pytester.makepyfile(line=APP)
    return Run(pytester)


class Run:
    """Runs a test file and keeps its result."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester

    def __call__(self, test: str, **ini: str) -> pytest.RunResult:
        self._pytester.makeini("[pytest]\n" + "".join(f"{name} = {value}\n" for name, value in ini.items()))
        self._pytester.makepyfile(f"from line import app\n{test}")
        return self._pytester.runpytest_inprocess("-p", "ivr.simulator.pytest_plugin", "-p", "no:cacheprovider")


def test_a_call_is_placed(run: "Run") -> None:
    result = run("""
def test_hours(ivr_call):
    call = ivr_call(app, from_="+4755123456")
    call.press("1")
    assert call.heard("ten to six")
    assert call.requests[0].params["From"] == "+4755123456"
""")
    result.assert_outcomes(passed=1)


def test_a_failure_shows_what_was_heard_and_the_transcript(run: "Run") -> None:
    result = run("""
def test_hours(ivr_call):
    call = ivr_call(app)
    call.press("1")
    assert call.heard("Sunday")
""")
    result.stdout.fnmatch_lines(
        [
            "E*assert <never heard 'Sunday': of 2 prompts the last were 'For our hours, press 1. / We are open *'>",
            "*- ivr_call 1: <Call ended completed at *-*",
            "00:00.0  call    +4791234567 calls +4721000000: http://127.0.0.1:5000/voice",
            "*hears   [[]en-US] For our hours, press 1.",
            "*presses 1",
            "*hears   [[]en-US] We are open from ten to six.",
            "*ended   completed, *",
        ]
    )


def test_every_call_of_a_failed_test_is_shown(run: "Run") -> None:
    result = run("""
def test_hours(ivr_call):
    ivr_call(app), ivr_call(app)
    assert False
""")
    result.stdout.fnmatch_lines(["*- ivr_call 1: <Call listening*", "*- ivr_call 2: <Call listening*"])


def test_a_call_that_is_over_fails_at_the_tests_own_line_with_the_transcript_once(run: "Run") -> None:
    result = run("""
def test_hours(ivr_call):
    call = ivr_call(app)
    call.press("1")
    call.press("1")
""")
    result.stdout.fnmatch_lines(
        [">       call.press(*", "E*SimulatorError: cannot press '1': the call is over (completed)"]
    )
    result.stdout.no_fnmatch_line("*library.py*")
    result.stdout.no_fnmatch_line("*- ivr_call 1:*")


def test_a_test_that_passes_shows_nothing(run: "Run") -> None:
    result = run("def test_hours(ivr_call):\n    ivr_call(app)\n")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*hears*")


def test_every_call_is_hung_up_at_the_end_of_its_test(run: "Run") -> None:
    result = run("""
calls = []

def test_two(ivr_call):
    calls.extend([ivr_call(app), ivr_call(app)])
    calls[0].hang_up()
    assert calls[1].ended is None

def test_they_are_over():
    assert [call.ended for call in calls] == ["completed", "completed"]
""")
    result.assert_outcomes(passed=2)


def test_url_and_token_may_stand_in_the_configuration(run: "Run") -> None:
    result = run(
        """
def test_it(ivr_call):
    call = ivr_call(allow_errors=True)
    assert call.requests[0].url == "http://127.0.0.1:1/voice"
    signed, other, own = (
        next(event for event in each.trace if event["event"] == "request")["signature"]
        for each in (
            ivr_call(app, number=1),
            ivr_call(app, number=1, auth_token="other"),
            ivr_call(app, number=1, auth_token="secret"),
        )
    )
    assert signed == own != other
""",
        ivr_url="http://127.0.0.1:1/voice",
        ivr_auth_token="secret",
    )
    result.assert_outcomes(passed=1)


def test_every_call_of_every_test_has_its_own_sid_and_keeps_it(run: "Run") -> None:
    test = """
def _sids(ivr_call):
    return [ivr_call(app).trace[0]["sid"] for _ in range(2)]

def test_one(ivr_call):
    print("sids", *_sids(ivr_call))

def test_two(ivr_call):
    print("sids", *_sids(ivr_call))
"""
    told = [[line for line in run(test, addopts="-s").outlines if "sids" in line] for _ in range(2)]
    sids = [word for line in told[0] for word in line.split() if word.startswith("CA")]
    assert len(set(sids)) == len(sids) == 4
    assert [line.split("sids")[1] for line in told[0]] == [line.split("sids")[1] for line in told[1]]


def test_without_application_and_url_it_says_what_is_missing(run: "Run") -> None:
    result = run("def test_it(ivr_call):\n    ivr_call()\n")
    result.stdout.fnmatch_lines(["E*UsageError: ivr_call() needs an application or a URL, or ivr_url in*"])


def test_the_fixture_is_listed_with_what_it_does(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess(
        "-p", "ivr.simulator.pytest_plugin", "--disable-plugin-autoload", "--fixtures"
    )
    result.stdout.fnmatch_lines(["ivr_call -- *", "*Place a call: `ivr_call(app_or_url, [*][*]options)`*"])


def test_loading_the_plugin_loads_no_simulator(tmp_path: Path) -> None:
    heavy = ["defusedxml", "requests", "yaml", "ssl", "ivr.simulator.session", "ivr.simulator.library"]
    code = f"import sys, ivr.simulator.pytest_plugin; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert ran.stdout.strip() == "[]"


FAILING = """
def broken(environ, start_response):
    start_response("500 Internal Server Error", [])
    return [b""]
"""


def test_a_call_that_the_application_failed_fails_a_test_that_asserts_nothing(run: "Run") -> None:
    result = run(f"{FAILING}\ndef test_it(ivr_call):\n    ivr_call(broken)\n")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "the call went wrong, and the test did not look at it:",
            "unexpected error 11217: *answered 500",
            "*read its `warnings`, or allow_errors=True, if the test is about that*",
            "*error   11217 *",
        ]
    )


def test_every_call_that_went_wrong_is_named(run: "Run") -> None:
    result = run(f"{FAILING}\ndef test_it(ivr_call):\n    ivr_call(broken, path='/a'), ivr_call(broken, path='/b')\n")
    result.stdout.fnmatch_lines(["unexpected error 11217: *5000/a: *", "unexpected error 11217: *5000/b: *"])


@pytest.mark.parametrize(
    "body",
    [
        "ivr_call(broken, allow_errors=True)",
        "assert ivr_call(broken).ended == 'failed'",
        "assert ivr_call(broken).warnings == [11217]",
    ],
)
def test_a_test_about_a_failing_application_passes(run: "Run", body: str) -> None:
    run(f"{FAILING}\ndef test_it(ivr_call):\n    {body}\n").assert_outcomes(passed=1)


def test_a_test_that_has_failed_by_itself_is_not_complained_of_twice(run: "Run") -> None:
    result = run(f"{FAILING}\ndef test_it(ivr_call):\n    assert not ivr_call(broken)\n")
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*did not look at it*")


def test_a_test_that_skips_itself_is_skipped(run: "Run") -> None:
    result = run(f"import pytest\n{FAILING}\ndef test_it(ivr_call):\n    ivr_call(broken)\n    pytest.skip('later')\n")
    result.assert_outcomes(skipped=1)
