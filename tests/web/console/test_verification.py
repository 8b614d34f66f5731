"""Numbers are verified by two accounts: the work list, the page for ringing, and what each of the two may do."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from ivr.line.directory.standing import work_list
from ivr.line.service.bootstrap import Edition
from ivr.line.service.console_accounts import ConsoleAccount, ConsoleRole, write_accounts
from ivr.operations.records.verifications import confirmed_numbers
from tests.conftest import EVENING
from tests.web.console.conftest import Maker
from tests.web.console.operator import PASSWORD, PASSWORD_HASH, Operator, forms_of, posted_to, words
from tests.web.console.test_standings import _verified

TODAY = EVENING.date()
BERGEN = "55568700"
ACCOUNTS = {"Kari": "operator", "Ola": "verifier", "Siri": "verifier", "Per": "reader"}

UNCLEAR: list[tuple[dict[str, str], str]] = [
    ({"number": ""}, "is not the number in the directory"),
    ({"number": "55568701"}, "is not the number in the directory"),
    ({"found": ""}, "Choose what you found"),
    ({"found": "confirmed"}, "Choose what you found"),
    ({"answered_by": " "}, "how the centre answered"),
    ({"answered_by": "x" * 81}, "longer than 80"),
    ({"note": "x" * 201}, "longer than 200"),
    ({"rung_on": ""}, "Enter the day"),
    ({"rung_on": "yesterday"}, "Enter the day"),
    ({"rung_on": str(TODAY + timedelta(days=1))}, "within the last 30 days"),
    ({"rung_on": str(TODAY - timedelta(days=31))}, "within the last 30 days"),
    ({"seen": "x"}, "Reload the page"),
]


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "accounts"
    write_accounts(path, [ConsoleAccount(name, ConsoleRole(role), PASSWORD_HASH) for name, role in ACCOUNTS.items()])
    return path


@pytest.fixture
def line(make_app: Maker, accounts: Path, database: str, engine_of_records: Engine) -> Flask:
    return make_app(console_accounts=accounts, database_url=database)


def _as(app: Flask, name: str) -> Operator:
    operator = Operator(app)
    assert operator.log_in(PASSWORD, name=name).status_code == 303
    return operator


def _confirmed(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        return [(each.centre, each.number, each.by) for each in confirmed_numbers(connection)]


def _listed(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]*/verification/(\w+)">', page)


def test_one_rings_another_confirms_and_the_number_counts(line: Flask, engine_of_records: Engine) -> None:
    kari, ola = _as(line, "Kari"), _as(line, "Ola")
    assert kari.ring("bergen", note="asked for the night too").status_code == 303
    page = ola.get("/verification/bergen")
    assert "Kari rang on 3 Mar 2026 and reached the centre. It answered as: nurse on duty." in words(page)
    assert "asked for the night too" in words(page)
    assert _confirmed(engine_of_records) == []
    assert ola.send(page, "/confirm").status_code == 303
    assert _confirmed(engine_of_records) == [("bergen", BERGEN, "Kari, Ola")]
    assert "<code>ivr directory confirmed</code> writes it" in ola.get("/verification/bergen").text


def test_who_rang_is_offered_no_confirmation_and_a_forged_one_is_refused(
    line: Flask, engine_of_records: Engine
) -> None:
    ola = _as(line, "Ola")
    ola.ring("bergen")
    page = ola.get("/verification/bergen")
    assert "another verifier has to confirm it" in words(page)
    assert "/console/verification/1/confirm" not in posted_to([page])
    token = forms_of(page)[0].fields["csrf"]
    answer = ola.client.post("/console/verification/1/confirm", data={"csrf": token})
    assert (answer.status_code, "Whoever rang the number cannot confirm it" in words(answer)) == (403, True)
    assert _confirmed(engine_of_records) == []


def test_two_operators_cannot_verify_together(line: Flask, accounts: Path, engine_of_records: Engine) -> None:
    roles = ACCOUNTS | {"Ola": "operator"}
    write_accounts(accounts, [ConsoleAccount(name, ConsoleRole(role), PASSWORD_HASH) for name, role in roles.items()])
    _as(line, "Kari").ring("bergen")
    ola = _as(line, "Ola")
    page = ola.get("/verification/bergen")
    assert "A verifier, and not the account that rang, has to confirm this." in words(page)
    token = forms_of(page)[0].fields["csrf"]
    assert ola.client.post("/console/verification/1/confirm", data={"csrf": token}).status_code == 403
    assert _confirmed(engine_of_records) == []


def test_the_shared_password_has_no_part_in_it(line: Flask, engine_of_records: Engine) -> None:
    stranger = _as(line, "Somebody")
    page = stranger.get("/verification/bergen")
    assert posted_to([page]) == {"/console/logout"}
    assert "Only an account of its own, as operator or verifier" in words(page)
    fields = {"csrf": forms_of(page)[0].fields["csrf"], "seen": "0", "number": BERGEN, "found": "reached"}
    fields |= {"answered_by": "x", "rung_on": str(TODAY)}
    assert stranger.client.post("/console/verification/bergen/ring", data=fields).status_code == 403
    assert "None." in words(stranger.get("/verification/bergen"))


def test_what_is_rejected_has_to_be_rung_again(line: Flask, engine_of_records: Engine) -> None:
    kari, ola = _as(line, "Kari"), _as(line, "Ola")
    kari.ring("bergen")
    old = ola.get("/verification/bergen")
    assert ola.send(old, "/reject", note="not asked for the night").status_code == 303
    assert "not asked for the night" in words(kari.get("/verification/bergen"))
    assert ola.send(old, "/confirm").status_code == 409
    assert _listed(kari.get("/verification?state=rejected").text) == ["bergen"]
    kari.ring("bergen")
    ola.send(ola.get("/verification/bergen"), "/confirm")
    assert len(_confirmed(engine_of_records)) == 1


def test_a_confirmation_from_a_page_before_a_newer_call_is_refused(line: Flask, engine_of_records: Engine) -> None:
    kari, ola = _as(line, "Kari"), _as(line, "Ola")
    kari.ring("bergen")
    old = ola.get("/verification/bergen")
    kari.ring("bergen", "wrong_number")
    assert ola.send(old, "/confirm").status_code == 409
    assert "Take the centre out of service" in words(ola.get("/verification/bergen"))
    assert _confirmed(engine_of_records) == []


def test_two_who_ring_at_once_do_not_overwrite_each_other(line: Flask) -> None:
    kari = _as(line, "Kari")
    page = kari.get("/verification/bergen")
    fields = {"number": BERGEN, "found": "no_answer"}
    assert kari.send(page, "/ring", **fields).status_code == 303
    assert kari.send(page, "/ring", **fields).status_code == 409


def test_a_form_that_does_not_say_what_was_found_writes_nothing(line: Flask) -> None:
    kari = _as(line, "Kari")
    for fields, says in UNCLEAR:
        answer = kari.ring("bergen", **fields)
        assert (answer.status_code, says in words(answer)) == (400, True), fields
    assert _listed(kari.get("/verification?state=reached").text) == []


def test_a_number_may_be_typed_as_people_type_it(line: Flask) -> None:
    kari = _as(line, "Kari")
    for number in ("+47 55 56 87 00", "5556 8700"):
        assert kari.ring("bergen", number=number).status_code == 303


def test_what_is_not_there_is_not_confirmed(line: Flask) -> None:
    ola = _as(line, "Ola")
    token = forms_of(ola.get("/"))[0].fields["csrf"]
    for number in ("0", "7", "x", "9" * 30, "-1"):
        assert ola.get(f"/verification/{number}").status_code == 404
        for step in ("ring", "confirm", "reject"):
            path = f"/console/verification/{number}/{step}"
            assert ola.client.post(path, data={"csrf": token}).status_code == 404, path


def test_the_list_is_that_of_the_command_in_its_order(line: Flask, edition: Edition) -> None:
    per = _as(line, "Per")
    items = [item for item in work_list(edition.engine.directory, EVENING) if item.standing.is_open]
    usual = [item.centre.id for item in items if not item.standing.reaches_nobody]
    others = [item.centre.id for item in items if item.standing.reaches_nobody]
    assert _listed(per.get("/verification").text) == usual
    assert _listed(per.get("/verification?state=reaches_nobody").text) == others
    assert f"No number is known: {len(others)}" in words(per.get("/verification"))
    assert len(usual) > 20


def test_what_is_overdue_or_due_soon_is_listed_and_what_is_verified_is_not(
    make_app: Maker, accounts: Path, edition: Edition, database: str, engine_of_records: Engine
) -> None:
    app = make_app(
        _verified(edition, bergen=366, oslo=310, stavanger=10), console_accounts=accounts, database_url=database
    )
    per = _as(app, "Per")
    assert _listed(per.get("/verification?state=stale").text) == ["bergen"]
    assert _listed(per.get("/verification?state=due").text) == ["oslo"]
    listed = _listed(per.get("/verification").text)
    assert {"bergen", "oslo"} <= set(listed)
    assert "stavanger" not in listed


def test_a_step_counts_no_longer_once_the_directory_has_the_number_or_the_day(
    make_app: Maker, accounts: Path, edition: Edition, database: str, line: Flask
) -> None:
    _as(line, "Kari").ring("bergen")
    ola = _as(line, "Ola")
    assert ola.send(ola.get("/verification/bergen"), "/confirm").status_code == 303
    assert _listed(_as(line, "Per").get("/verification?state=confirmed").text) == ["bergen"]
    loaded = make_app(_verified(edition, bergen=0), console_accounts=accounts, database_url=database)
    per = _as(loaded, "Per")
    assert "bergen" not in _listed(per.get("/verification").text)
    assert "Confirmed, not yet in the directory" not in words(per.get("/verification"))


def test_the_page_says_whom_to_ring_and_what_to_ask(line: Flask, edition: Edition) -> None:
    page = words(_as(line, "Kari").get("/verification/bergen"))
    (item,) = (each for each in work_list(edition.engine.directory, EVENING) if each.centre.id == "bergen")
    places = ", ".join(edition.engine.directory.municipalities[number].spoken for number in item.municipalities)
    assert "55 56 87 00" in page
    assert "Is this Bergen legevakt" in page
    assert f"Do you answer for {places}?" in page


def test_a_stand_in_is_not_to_be_rung(line: Flask, edition: Edition) -> None:
    kari = _as(line, "Kari")
    found = next(each for each in work_list(edition.engine.directory, EVENING) if each.standing.reaches_nobody).centre
    page = kari.get(f"/verification/{found.id}")
    assert "there is nothing to ring" in words(page)
    assert posted_to([page]) == {"/console/logout"}
    assert found.number.national not in page.text.replace(" ", "")


def test_every_step_is_among_the_changes_with_who_and_when(line: Flask) -> None:
    _as(line, "Kari").ring("bergen", note="<script>alert(1)</script>")
    ola = _as(line, "Ola")
    ola.send(ola.get("/verification/bergen"), "/confirm")
    page = ola.get("/changes")
    assert "Ola Bergen legevakt 55 56 87 00 Confirmed answered: nurse on duty" in words(page)
    assert "Tue 3 Mar 2026 20:00 Kari Bergen legevakt 55 56 87 00 The centre was reached" in words(page)
    assert "<script>alert" not in page.text
    assert ola.get("/changes?rung_below=2").text.count("The centre was reached") == 1
    assert "Confirmed" not in words(ola.get("/changes?rung_below=2"))


def test_without_a_database_the_list_says_so(make_app: Maker, accounts: Path) -> None:
    assert _as(make_app(console_accounts=accounts), "Kari").get("/verification").status_code == 503
