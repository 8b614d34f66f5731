"""Each role and each action, by hand: what the table of roles says is held against this page, request by request."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from ivr.line.service.console_accounts import ConsoleAccount, ConsoleRole, write_accounts
from ivr.operations.console.roles import CHANGES, MAY, ConsoleAction, may, may_ask
from tests.web.console.conftest import Maker
from tests.web.console.operator import PASSWORD, PASSWORD_HASH, Operator, forms_of, posted_to, words
from tests.web.console.test_outages import UNTIL

READER, OPERATOR, VERIFIER, SHARED = "reader", "operator", "verifier", "shared"
# Who may do what. Not made from the table in the code: it is what that table must say.
EXPECTED = {
    (READER, "read"): True,
    (READER, "switch"): False,
    (READER, "ring"): False,
    (READER, "decide"): False,
    (OPERATOR, "read"): True,
    (OPERATOR, "switch"): True,
    (OPERATOR, "ring"): True,
    (OPERATOR, "decide"): False,
    (VERIFIER, "read"): True,
    (VERIFIER, "switch"): True,
    (VERIFIER, "ring"): True,
    (VERIFIER, "decide"): True,
    (SHARED, "read"): True,
    (SHARED, "switch"): True,
    (SHARED, "ring"): False,
    (SHARED, "decide"): False,
}
SHOWN = {SHARED: "shared password"}
# Each form that changes something: its action, and what an empty one is answered where it is allowed.
FORMS = {
    "/centres/bergen/outage": ("switch", 400),
    "/centres/bergen/in-service": ("switch", 400),
    "/centres/bergen/planned": ("switch", 400),
    "/centres/bergen/not-planned": ("switch", 400),
    "/announcement": ("switch", 400),
    "/announcement/off": ("switch", 400),
    "/changes/1/undo": ("switch", 404),
    "/verification/bergen/ring": ("ring", 400),
    "/verification/1/confirm": ("decide", 404),
    "/verification/1/reject": ("decide", 404),
    "/logout": ("read", 303),
}
PAGES = ("/", "/live", "/live/rows", "/figures", "/calls", "/centres", "/centres/bergen", "/directory", "/flow")
PAGES += ("/announcement", "/changes", "/plan", "/prompts", "/trends", "/verification", "/verification/bergen")


@pytest.fixture
def roles(make_app: Maker, tmp_path: Path, database: str, engine_of_records: Engine) -> Flask:
    """An account of each role, called as the role is, and the shared password."""
    path = tmp_path / "accounts"
    names = (READER, OPERATOR, VERIFIER)
    write_accounts(path, [ConsoleAccount(name, ConsoleRole(name), PASSWORD_HASH) for name in names])
    return make_app(console_accounts=path, database_url=database)


def _as(app: Flask, role: str) -> Operator:
    operator = Operator(app)
    assert operator.log_in(PASSWORD, name=role).status_code == 303
    return operator


def _token(operator: Operator) -> str:
    (logout,) = [form for form in forms_of(operator.get("/")) if form.action.endswith("/logout")]
    return logout.fields["csrf"]


@pytest.mark.parametrize("action", list(ConsoleAction))
@pytest.mark.parametrize("role", list(ConsoleRole))
def test_each_role_may_what_is_written_here(role: ConsoleRole, action: ConsoleAction) -> None:
    assert may(role, action) is EXPECTED[role.value, action.value]


def test_no_pair_of_role_and_action_is_left_out() -> None:
    assert EXPECTED.keys() == {(role.value, action.value) for role in MAY for action in ConsoleAction}
    assert set(MAY) == set(ConsoleRole)


def test_a_stranger_may_nothing_and_nobody_what_is_not_in_the_table() -> None:
    assert not any(may(None, action) for action in ConsoleAction)
    assert not any(may_ask(role, "POST", "console.new_thing") for role in ConsoleRole)
    assert not may_ask(None, "GET", "console.overview")


@pytest.mark.parametrize("role", [READER, OPERATOR, VERIFIER, SHARED])
def test_each_form_is_taken_from_each_role_or_refused_as_written_here(roles: Flask, role: str) -> None:
    """Forged: the token is right, and no page offered the form."""
    operator = _as(roles, role)
    token = _token(operator)
    for path, (action, status) in FORMS.items():
        answer = operator.client.post(f"/console{path}", data={"csrf": token})
        expected = status if EXPECTED[role, action] else 403
        assert answer.status_code == expected, (role, path)
        if expected == 403:
            assert f"Its role is: {SHOWN.get(role, role)}." in words(answer)


def test_every_form_of_the_console_is_tried_above(roles: Flask) -> None:
    rules = [rule for rule in roles.url_map.iter_rules() if rule.endpoint.startswith("console.")]
    posts = {rule.endpoint.removeprefix("console.") for rule in rules if "POST" in (rule.methods or ())}
    assert posts - {"log_in"} == set(CHANGES)
    adapter = roles.url_map.bind("127.0.0.1")
    tried = {adapter.match(f"/console{path}", method="POST")[0].removeprefix("console.") for path in FORMS}
    assert tried == set(CHANGES)


@pytest.mark.parametrize("role", [READER, OPERATOR, VERIFIER, SHARED])
def test_each_role_sees_every_page_and_only_the_forms_that_it_may_send(roles: Flask, role: str) -> None:
    colleague = _as(roles, OPERATOR)
    colleague.send(colleague.get("/announcement"), "/announcement", name="waiting", until=UNTIL)
    colleague.take_out("bergen", kind="fault", until=UNTIL)
    page = colleague.get("/centres/bergen")
    colleague.send(page, "/planned", kind="closed", since="2026-03-03T23:30", until="2026-03-03T23:45")
    colleague.ring("bergen")
    operator = _as(roles, role)
    pages = [operator.get(path) for path in PAGES]
    assert {page.status_code for page in pages} == {200}
    offered = posted_to(pages)
    for path, (action, _) in FORMS.items():
        assert (f"/console{path}" in offered) == EXPECTED[role, action], (role, path)
