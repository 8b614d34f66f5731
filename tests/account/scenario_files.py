"""Scenario files of several calls, played against applications of this process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from twilio.rest import Client

from ivr.base.strict_yaml import load_file
from ivr.simulator.account.scenario_checks import check_account
from ivr.simulator.account.scenario_file import read_account_scenario
from ivr.simulator.account.scenario_play import AccountPlay
from ivr.simulator.account.scenario_result import AccountResult
from ivr.simulator.rest import RestTransport

BASE = "http://127.0.0.1:5000"


def prepared(folder: Path, text: str) -> AccountPlay:
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8")
    return AccountPlay(read_account_scenario(load_file(file), file))


def client_of(play: AccountPlay) -> Client:
    options = play.core.options
    return Client(options.sid, options.auth_token, http_client=RestTransport(play.rest))


def played(play: AccountPlay, app: Callable[..., Any]) -> AccountResult:
    play.core.routes.reach(app, None, BASE)
    outcome = play.play()
    return AccountResult(play.scenario.name, "case.yaml", outcome, check_account(outcome, play.scenario.expect))


def failures(result: AccountResult) -> list[str]:
    return [str(finding) for finding in result.failures]
