"""Nobody sees or changes anything without having logged in, from a form of ours; and how a session behaves."""

import pytest
from flask import Flask

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import Edition, create_app
from ivr.line.service.settings import Settings
from ivr.operations.console.sessions import COOKIE, SECONDS
from tests.web.console.conftest import Maker
from tests.web.console.operator import PASSWORD_HASH, Operator, posted_to, words

OPEN = {"/console/login", "/console/static/<path:filename>"}
PLAIN = {
    "centre_id": "bergen",
    "entry_id": "1",
    "change_id": "1",
    "unknown": "nowhere",
    "filename": "console.css",
    "call_id": "c1",
}


@pytest.fixture
def quiet(make_app: Maker) -> Flask:
    """Without a database."""
    return make_app()


def _routes(app: Flask, method: str) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console") and method in rule.methods]
    paths = []
    for rule in rules:
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<path:{name}>", PLAIN[name]).replace(f"<int:{name}>", PLAIN[name])
            path = path.replace(f"<{name}>", PLAIN[name])
        paths.append((rule.rule, path))
    assert len(paths) > 3
    return [path for rule, path in paths if rule not in OPEN]


def test_every_page_sends_a_stranger_to_the_log_in(quiet: Flask) -> None:
    for path in _routes(quiet, "GET"):
        answer = quiet.test_client().get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/console/login"), path
        assert not answer.data, path


@pytest.mark.parametrize("path", ["", "/", "/live", "/live/", "/login/", "//live", "/changes//"])
def test_no_redirect_names_the_host_that_the_peer_named(quiet: Flask, path: str) -> None:
    answer = quiet.test_client().get(f"/console{path}", headers={"Host": "evil.example"})
    assert "evil.example" not in answer.headers.get("Location", "")
    assert answer.headers.get("Location", "/console/login") == "/console/login"


def test_every_form_of_a_stranger_is_refused(quiet: Flask) -> None:
    for path in _routes(quiet, "POST"):
        assert quiet.test_client().post(path, data={"seen": "0"}).status_code == 403, path


def test_every_form_without_its_token_or_with_another_is_refused(quiet: Flask) -> None:
    operator = Operator(quiet)
    operator.log_in()
    for path in [*_routes(quiet, "POST"), "/console/login"]:
        for fields in ({}, {"csrf": ""}, {"csrf": "x" * 32}, {"csrf": "æ"}):
            assert operator.client.post(path, data=fields).status_code == 403, path


def test_a_visitor_who_only_saw_the_log_in_may_send_no_other_form(quiet: Flask) -> None:
    visitor = Operator(quiet)
    page = visitor.get("/login")
    token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    assert token
    for path in _routes(quiet, "POST"):
        answer = visitor.client.post(path, data={"csrf": token})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/console/login"), path


def test_a_form_that_another_site_sends_is_refused_even_with_the_token(quiet: Flask) -> None:
    operator = Operator(quiet)
    operator.log_in()
    token = operator.get("/").text.partition('name="csrf" value="')[2].partition('"')[0]
    for site, status in (("cross-site", 403), ("same-site", 403), ("none", 403), ("same-origin", 303)):
        headers = {"Sec-Fetch-Site": site}
        assert operator.client.post("/console/logout", data={"csrf": token}, headers=headers).status_code == status


def test_no_route_takes_both_get_and_a_change(quiet: Flask) -> None:
    for rule in quiet.url_map.iter_rules():
        if rule.rule.startswith("/console") and rule.rule != "/console/login":
            assert rule.methods is not None
            assert not {"GET", "POST"} <= rule.methods, rule.rule
            assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_every_form_on_every_page_carries_the_token(operator: Operator) -> None:
    operator.take_out("bergen", kind="fault")
    pages = [operator.get(path) for path in ("/", "/centres", "/centres/bergen", "/changes", "/flow", "/live")]
    forms = posted_to(pages)
    assert {"/console/logout", "/console/centres/bergen/outage", "/console/changes/1/undo"} <= forms
    for page in pages:
        assert page.text.count('method="post"') == page.text.count('name="csrf" value="'), page.request.path


def test_a_wrong_password_and_a_missing_name_are_refused_alike(quiet: Flask) -> None:
    operator = Operator(quiet)
    wrong = [operator.log_in(password="wrong"), operator.log_in(name="  ")]
    assert [page.status_code for page in wrong] == [401, 401]
    assert words(wrong[0]) == words(wrong[1])
    assert operator.get("/").status_code == 303


def test_after_five_failures_in_a_minute_an_address_has_to_wait(quiet: Flask, clock: ManualClock) -> None:
    operator = Operator(quiet)
    assert [operator.log_in(password="wrong").status_code for _ in range(5)] == [401] * 5
    refused = operator.log_in()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    clock.advance(60)
    assert operator.log_in().status_code == 303


def _fails(app: Flask, address: str, name: str = "Kari") -> int:
    operator = Operator(app)
    operator.client.environ_base["REMOTE_ADDR"] = address
    return operator.log_in(name=name, password="wrong").status_code


def test_another_address_may_still_log_in_until_all_together_failed_sixty_times(quiet: Flask) -> None:
    assert [_fails(quiet, "192.0.2.1") for _ in range(6)] == [401] * 5 + [429]
    assert [_fails(quiet, f"192.0.2.{number}") for number in range(2, 57)] == [401] * 55
    assert _fails(quiet, "192.0.2.99") == 429


def test_wrong_passwords_under_one_name_lock_no_other_out_at_the_same_address(quiet: Flask) -> None:
    assert [_fails(quiet, "192.0.2.1", "mallory") for _ in range(6)] == [401] * 5 + [429]
    operator = Operator(quiet)
    operator.client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    assert operator.log_in(name="Kari").status_code == 303


def test_one_address_does_not_try_under_many_names(quiet: Flask) -> None:
    assert [_fails(quiet, "192.0.2.1", f"n{number}") for number in range(16)] == [401] * 15 + [429]


def test_behind_a_trusted_proxy_it_is_the_visitors_address_that_counts(quiet: Flask) -> None:
    stranger, operator = Operator(quiet), Operator(quiet)
    stranger.client.environ_base["ivr.address"] = "198.51.100.7"
    operator.client.environ_base["ivr.address"] = "192.0.2.1"
    assert [stranger.log_in(password="wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert operator.log_in().status_code == 303


def test_the_cookie_is_for_the_console_alone_and_out_of_reach_of_scripts_and_sites(quiet: Flask) -> None:
    cookie = Operator(quiet).log_in().headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Strict", "Path=/console", f"Max-Age={SECONDS}"} <= flags
    assert "Secure" not in flags


def test_behind_https_the_cookie_is_secure_and_the_path_is_the_public_one(make_app: Maker) -> None:
    app = make_app(base_url="https://line.example/ivr")
    page = app.test_client().get("/console/login", base_url="https://line.example")
    flags = {part.strip() for part in page.headers["Set-Cookie"].split(";")}
    assert {"Secure", "Path=/ivr/console"} <= flags
    assert 'action="/ivr/console/login"' in page.text


def test_a_session_ends_by_itself_and_by_logging_out(operator: Operator, clock: ManualClock) -> None:
    assert operator.send(operator.get("/"), "/logout").status_code == 303
    assert operator.get("/").status_code == 303
    operator.log_in()
    clock.advance(SECONDS - 1)
    assert operator.get("/").status_code == 200
    clock.advance(1)
    assert operator.get("/").status_code == 303


def test_logging_in_changes_the_token_of_the_forms(quiet: Flask) -> None:
    operator = Operator(quiet)
    before = operator.get("/login").text.partition('name="csrf" value="')[2][:32]
    operator.log_in()
    assert operator.get("/").text.partition('name="csrf" value="')[2][:32] != before


@pytest.mark.parametrize("change", [{"secret_key": "f" * 32}, {"console_password_hash": PASSWORD_HASH + "0"}])
def test_another_key_or_another_password_ends_every_session(make_app: Maker, change: dict[str, str]) -> None:
    before, after = Operator(make_app()), Operator(make_app(**change))
    before.log_in()
    cookie = before.client.get_cookie(COOKIE, path="/console")
    assert cookie is not None
    after.client.set_cookie(COOKIE, cookie.value, path="/console")
    assert (before.get("/").status_code, after.get("/").status_code) == (200, 303)


@pytest.mark.parametrize("value", ["", "x", "W10.x", "WyJLYXJpIiw5OTk5OTk5OTk5LCJ4Il0.AAAA"])
def test_a_cookie_that_is_not_ours_is_none(quiet: Flask, value: str) -> None:
    operator = Operator(quiet)
    operator.client.set_cookie(COOKIE, value, path="/console")
    assert operator.get("/").status_code == 303


def test_every_answer_carries_the_headers_that_protect_it(quiet: Flask) -> None:
    operator = Operator(quiet)
    answers = [operator.get("/login"), operator.get("/"), operator.client.post("/console/logout")]
    operator.log_in()
    answers += [operator.get("/"), operator.get("/nowhere"), operator.get("/static/console.css"), operator.get("/live")]
    assert [answer.status_code for answer in answers] == [200, 303, 403, 200, 404, 200, 503]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        answer.close()


def test_no_page_holds_a_script_or_a_style_of_its_own(operator: Operator) -> None:
    for path in ("/", "/live", "/centres", "/centres/bergen", "/directory?q=bergen", "/flow", "/changes", "/figures"):
        text = operator.get(path).text
        assert "<style" not in text
        assert "style=" not in text
        assert "onclick" not in text
        assert text.count("<script") == text.count('<script type="module" src="/console/static/')


def test_without_a_password_hash_there_is_no_console(clock: ManualClock, edition: Edition) -> None:
    app = create_app(Settings(), clock=clock, editions=[edition])
    assert app.test_client().get("/console/login").status_code == 404
