"""The console under the real server: what one worker is told, every worker knows a moment later."""

import time
from http import HTTPStatus
from pathlib import Path

import requests

from tests.serve.server import SECONDS, Server, next_target, serving
from tests.web.console.operator import PASSWORD, PASSWORD_HASH, SECRET

IN_A_ROW = 24  # answers of two workers: that one of them gave all would be one chance in eight million


def _token(page: str) -> str:
    return page.partition('name="csrf" value="')[2].partition('"')[0]


def _hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def _say_what_rings(server: Server) -> str:
    """The same step of the same call, as often as one likes: who is rung for Bergen."""
    target = next_target(server.post("/voice"))
    for digits in ("1", "1", "5003", ""):
        target = next_target(server.post(target, Digits=digits))
    return target


def _until_all_say(server: Server, target: str, words: str) -> None:
    end, seen = time.monotonic() + SECONDS, 0
    while seen < IN_A_ROW:
        assert time.monotonic() < end, f"not every worker says {words!r}"
        seen = seen + 1 if words in server.post(target, Digits="1") else 0


def test_an_outage_is_known_in_every_worker_and_so_is_its_end(tmp_path: Path) -> None:
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/records.sqlite3",
        "SECRET_KEY": SECRET,
        "IVR_CONSOLE_PASSWORD_HASH": PASSWORD_HASH,
    }
    with serving("--workers", "2", log=tmp_path / "log", **settings) as server, requests.Session() as browser:
        url = f"{server.base}/console"
        token = _token(browser.get(f"{url}/login", timeout=SECONDS).text)
        form = {"csrf": token, "name": "Kari", "password": PASSWORD}
        first = browser.post(f"{url}/login", form, timeout=SECONDS)  # the overview, before the records are ready
        assert first.status_code == HTTPStatus.OK, (tmp_path / "log").read_text("utf-8")
        target = _say_what_rings(server)
        _until_all_say(server, target, "Du blir koblet til Bergen legevakt")
        page = browser.get(f"{url}/centres/bergen", timeout=SECONDS).text
        outage = {name: _hidden(page, name) for name in ("csrf", "seen")}
        until = page.partition('type="datetime-local" required value="')[2].partition('"')[0]
        outage |= {"kind": "fault", "until": until}
        assert browser.post(f"{url}/centres/bergen/outage", outage, timeout=SECONDS).status_code == HTTPStatus.OK
        _until_all_say(server, target, "har en feil")
        page = browser.get(f"{url}/centres/bergen", timeout=SECONDS).text
        back = {name: _hidden(page, name) for name in ("csrf", "seen")}
        assert browser.post(f"{url}/centres/bergen/in-service", back, timeout=SECONDS).status_code == HTTPStatus.OK
        _until_all_say(server, target, "Du blir koblet til Bergen legevakt")
    assert "fault" not in (tmp_path / "log").read_text("utf-8")
