"""The centres' pages say honestly whom a number reaches: no stand-in is "in service"."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from ivr.base.ids import CentreId
from ivr.line.directory.standing import NumberStanding, number_standing
from ivr.line.service.bootstrap import Edition
from ivr.operations.languages import source_language
from tests.conftest import EVENING
from tests.web.console.conftest import Maker
from tests.web.console.operator import Operator, words
from tests.web.console.test_outages import UNTIL

TODAY = EVENING.date()
STATES = {"reaches_nobody": "Reaches nobody", "never_verified": "Not verified", "stale": "Verification overdue"}
STATES |= {"due": "Verify again soon", "verified": "Verified"}


def _rows(page: str) -> dict[str, str]:
    """The words of each row, by centre."""
    rows = re.findall(r'<th scope="row"><a href="[^"]*/centres/(\w+)[^"]*">(.*?)</tr>', page, re.DOTALL)
    return {centre: " ".join(re.sub(r"<[^>]+>", " ", row).split()) for centre, row in rows}


def _operator(app: Flask) -> Operator:
    operator = Operator(app)
    assert operator.log_in().status_code == 303
    return operator


def _verified(edition: Edition, **days: int) -> Edition:
    """The numbers of these centres were verified so many days ago, by KN."""
    directory = edition.engine.directory
    centres = dict(directory.centres)
    for centre, ago in days.items():
        old = centres[CentreId(centre)]
        known = replace(old.number_provenance, last_verified=TODAY - timedelta(days=ago), verified_by="KN")
        centres[CentreId(centre)] = replace(old, number_provenance=known)
    edition = replace(edition)
    engine = type(edition.engine)(edition.engine.flow, replace(directory, centres=centres), edition.catalogue)
    return replace(edition, engine=engine)


def test_every_centre_with_a_stand_in_says_that_it_reaches_nobody_and_no_other(
    operator: Operator, edition: Edition
) -> None:
    rows = _rows(operator.get("/centres").text)
    assert rows.keys() == edition.engine.directory.centres.keys()
    for centre in edition.engine.directory.centres.values():
        nobody = number_standing(centre, TODAY).reaches_nobody
        assert ("Reaches nobody" in rows[centre.id]) == nobody, rows[centre.id]
        assert ("In service" in rows[centre.id]) == (not nobody)


@pytest.mark.parametrize(("ago", "state"), [(10, "verified"), (310, "due"), (366, "stale"), (None, "never_verified")])
def test_a_number_says_when_and_by_whom_it_was_verified(
    ago: int | None, state: str, make_app: Maker, edition: Edition
) -> None:
    edition = edition if ago is None else _verified(edition, bergen=ago)
    operator = _operator(make_app(edition))
    row = _rows(operator.get(f"/centres?state={state}").text)["bergen"]
    assert STATES[state] in row
    assert ("never" if ago is None else f"{source_language().short_day(TODAY - timedelta(days=ago))}, KN") in row


def test_the_filter_counts_each_state_and_lists_those_alone_most_people_first(
    operator: Operator, edition: Edition
) -> None:
    page = operator.get("/centres").text
    counts = dict(re.findall(r'state=(\w+)">[^:<]+: (\d+)</a>', page))
    assert sum(map(int, counts.values())) == len(edition.engine.directory.centres)
    for state, count in counts.items():
        found = _rows(operator.get(f"/centres?state={state}").text)
        assert len(found) == int(count)
        people = [int(row.rsplit(" ", 1)[1].replace(",", "")) for row in found.values()]
        assert people == sorted(people, reverse=True)
    nobody = sum(number_standing(c, TODAY).reaches_nobody for c in edition.engine.directory.centres.values())
    assert int(counts["reaches_nobody"]) == nobody


def test_a_search_within_a_state_stays_in_it_and_an_unknown_state_is_all(operator: Operator) -> None:
    found = _rows(operator.get("/centres?q=oslo&state=never_verified").text)
    assert "oslo" in found
    assert not _rows(operator.get("/centres?q=oslo&state=verified").text)
    assert len(_rows(operator.get("/centres?state=<x>").text)) == len(_rows(operator.get("/centres").text))


def test_what_is_out_of_service_is_a_state_too(operator: Operator) -> None:
    operator.take_out("bergen", kind="fault", until=UNTIL)
    assert list(_rows(operator.get("/centres?state=out").text)) == ["bergen"]


def test_an_outage_that_leads_to_a_stand_in_is_warned_of(operator: Operator, edition: Edition) -> None:
    directory, warned = edition.engine.directory, 0
    for name in ("bergen", "oslo", "stavanger", "bodo", "tromso"):
        first = directory.backups(directory.centres[CentreId(name)])[0]
        nobody = number_standing(first, TODAY).reaches_nobody
        page = words(operator.get(f"/centres/{name}"))
        warning = f"{first.spoken} would be rung instead, and its number is a stand-in that reaches nobody"
        assert (warning in page) == nobody
        warned += nobody
    assert warned > 0
    assert number_standing(directory.centres[CentreId("bergen")], TODAY) is NumberStanding.NEVER_VERIFIED


def test_the_filter_of_the_list_is_kept_through_a_centres_page_and_its_switch(operator: Operator) -> None:
    listed = operator.get("/centres?state=never_verified&q=berg")
    assert 'href="/console/centres/bergen?state=never_verified&amp;q=berg"' in listed.text
    page = operator.get("/centres/bergen?state=never_verified&q=berg")
    assert 'href="/console/centres?state=never_verified&amp;q=berg"' in page.text
    answer = operator.send(page, "/outage?state=never_verified&q=berg", kind="fault", until=UNTIL)
    assert answer.headers["Location"] == "/console/centres/bergen?state=never_verified&q=berg"
