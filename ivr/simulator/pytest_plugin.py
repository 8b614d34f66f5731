"""The fixtures `ivr_call` and `ivr_account` for pytest: calls are hung up when a test ends, and shown when it fails.

A test fails at its end when a call went wrong (the application answered 500, say) and the test did not look at that.

    def test_a_margherita_can_be_ordered(ivr_call):
        call = ivr_call(app, path="/voice")
        call.press("1")
        assert call.heard("Margherita")

    def test_a_nurse_takes_the_call(ivr_account):
        ivr_account.number("+4721000000", voice=app)
        nurse = ivr_account.phone("+4790000001")
        caller = ivr_account.call("+4791234567", "+4721000000")
        nurse.answer()

pytest loads this in every project where the package is installed: it must not import the simulator until it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from ivr.simulator.account.account import Account
    from ivr.simulator.library import Call

    MakeCall: TypeAlias = Callable[..., Call]

_FAILED: pytest.StashKey[bool] = pytest.StashKey()  # whether the test has failed, or was skipped, by itself
_CALLS: pytest.StashKey[list[Call]] = pytest.StashKey()
_ACCOUNT: pytest.StashKey[Account] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("ivr_url", "the webhook that ivr_call() calls when it is given no application and no URL")
    parser.addini("ivr_auth_token", "what ivr_call() signs its requests with, as TWILIO_AUTH_TOKEN otherwise")
    parser.addini("ivr_cafile", "certificates (PEM) that ivr_call() trusts in addition to the system's")


@pytest.fixture
def ivr_call(request: pytest.FixtureRequest) -> Iterator[MakeCall]:
    """Place a call: `ivr_call(app_or_url, **options)`, the options of `ivr.simulator.Call`."""
    calls = request.node.stash.setdefault(_CALLS, [])

    def place(target: str | Callable[..., Any] | None = None, **options: Any) -> Call:
        __tracebackhide__ = True  # a failure shows the test's own line, not this one
        from ivr.simulator.library import Call  # noqa: PLC0415 - a project whose tests place no call pays nothing

        target = target or request.config.getini("ivr_url")
        if not target:
            raise pytest.UsageError("ivr_call() needs an application or a URL, or ivr_url in pytest's configuration")
        if cafile := request.config.getini("ivr_cafile"):
            options.setdefault("cafile", request.config.rootpath / cafile)
        options.setdefault("auth_token", request.config.getini("ivr_auth_token") or None)
        # The test and the number of its call decide the sids: they are the same whichever other tests run.
        call = Call(target, **{"seed": 0, "name": request.node.nodeid, "number": len(calls) + 1} | options)
        calls.append(call)
        return call

    yield place
    wrong = [complaint for call in calls if (complaint := _closed(call)) is not None]
    if wrong and not request.node.stash.get(_FAILED, False):
        pytest.fail("\n\n".join(wrong), pytrace=False)


@pytest.fixture
def ivr_account(request: pytest.FixtureRequest) -> Iterator[Account]:
    """An account of its own for this test: numbers, phones, calls that meet (docs/account.md)."""
    from ivr.simulator.account.account import Account  # noqa: PLC0415 - as above

    cafile = request.config.getini("ivr_cafile")
    account = Account(
        auth_token=request.config.getini("ivr_auth_token") or None,
        name=request.node.nodeid,
        cafile=request.config.rootpath / cafile if cafile else None,
    )
    request.node.stash[_ACCOUNT] = account
    yield account
    wrong = _closed(account)
    if wrong is not None and not request.node.stash.get(_FAILED, False):
        pytest.fail(wrong, pytrace=False)


def _closed(call: Call | Account) -> str | None:
    """Close it; what went wrong, if the test did not look at it."""
    from ivr.base.errors import SimulatorError  # noqa: PLC0415 - as above

    try:
        call.close()
    except SimulatorError as error:
        return str(error)
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What every call of a failed test heard and did, unless the failure itself says so already."""
    report = yield
    if call.excinfo is not None:
        item.stash[_FAILED] = True
    if report.failed and call.excinfo is not None:
        failure = call.excinfo.value
        told = "\n".join((str(failure), *getattr(failure, "__notes__", ())))
        calls: list[Call] = item.stash.get(_CALLS, [])
        for number, each in enumerate(calls, 1):
            if each.transcript not in told:
                report.sections.append((f"ivr_call {number}: {each!r}", each.transcript))
        account = item.stash.get(_ACCOUNT, None)
        for number, one in enumerate(account.calls if account else (), 1):
            if one.transcript not in told:
                report.sections.append((f"ivr_account, call {number}: {one!r}", one.transcript))
        for running in account.started if account else ():
            report.sections.append((f"application: {running.command}", "\n".join(running.last_lines)))
    return report
