"""The console in each of its languages: complete, chosen at a switch or by the browser, and no word outside of it."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from urllib.parse import urlsplit

import pytest
from flask import Flask
from jinja2 import Environment, nodes
from markupsafe import escape

import ivr
from ivr.line.directory.model import NumberStatus
from ivr.line.flow.events import LegOutcome, OutageKind
from ivr.line.flow.facts import Reason
from ivr.line.service.console_accounts import ConsoleRole
from ivr.line.service.records_state import RecordsState
from ivr.operations.console.language import COOKIE
from ivr.operations.console.standings import KINDS, REACHES_NOBODY
from ivr.operations.console.verification import TO_RING
from ivr.operations.console.wording import PAGES as NAMED_PAGES
from ivr.operations.languages import language_for, operator_languages, source_language
from ivr.operations.records.figures import Grouping
from ivr.operations.records.verifications import FOUND, VerificationStep
from ivr.operations.report.wording import ENDS
from tests.web.console.conftest import Maker
from tests.web.console.operator import Operator, words

OPERATIONS = Path(ivr.__file__).parent / "operations"
REPORT = OPERATIONS / "report" / "templates" / "report"
TEMPLATES = sorted((OPERATIONS / "console" / "templates").rglob("*.html"))
TEMPLATES += [REPORT / "sections.html", REPORT / "plots.html"]  # which the console shows too
SEEN = re.compile(r"""\b(?:aria-label|title|placeholder|alt|content)="([^"]*)""")  # attributes that somebody reads
TECHNICAL = ("width=device-width, initial-scale=1", "light dark", "ivr")
NORWEGIAN = next(each for each in operator_languages() if each != source_language().code)
PAGES = (
    "/",
    "/live",
    "/figures",
    "/trends",
    "/calls",
    "/centres",
    "/centres/bergen",
    "/directory?q=bergen",
    "/flow",
    "/prompts",
    "/changes",
    "/announcement",
)


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _written(template: str) -> Iterator[str]:
    """What a template itself says: between its tags, in attributes that are read, and as constants that it puts out."""
    tree = Environment(autoescape=True).parse(template)
    for output in tree.find_all(nodes.Output):
        for part in output.nodes:
            if isinstance(part, nodes.TemplateData):
                yield from SEEN.findall(part.data)
            else:
                yield from (str(each.value) for each in _put_out(part) if isinstance(each.value, str))
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", template, flags=re.S)
    yield from re.sub(r"<[^>]*>", "\n", text).splitlines()


def _put_out(part: nodes.Node) -> Iterator[nodes.Const]:
    """Constants that are the value of an expression; not those that are handed to a function."""
    if isinstance(part, nodes.Const):
        yield part
    elif isinstance(part, nodes.CondExpr):
        for each in (part.expr1, part.expr2):
            yield from _put_out(each) if each else ()
    elif isinstance(part, (nodes.Or, nodes.And, nodes.Concat)):
        for child in part.iter_child_nodes():
            yield from _put_out(child)


def _own_words(template: str) -> list[str]:
    found = (re.sub(r"&\w+;", "", each).strip() for each in _written(template))
    return [each for each in found if re.search(r"[^\W\d_]", each) and each.strip("· ") not in TECHNICAL]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_word_of_its_own(path: Path) -> None:
    assert _own_words(path.read_text("utf-8")) == []


def test_a_word_of_a_templates_own_is_found() -> None:
    for template in (
        "<p>Calls</p>",
        '<p aria-label="Calls">{{ n }}</p>',
        '{{ "call" if n == 1 else t("x") }}',
        '{{ name or "nobody" }}',
        "<b>{{ n }}</b> lost",
    ):
        assert _own_words(template), template
    assert not _own_words('<p class="big">{{ t("a.b", x="c") }}{% if a == "b" %} · {% endif %}</p>')


def test_every_language_has_the_same_texts_with_the_same_slots() -> None:
    source = source_language().texts
    assert len(source) > 350
    for language in operator_languages().values():
        assert language.texts.keys() == source.keys(), language.code
        assert {key: _slots(text) for key, text in language.texts.items()} == {
            key: _slots(text) for key, text in source.items()
        }
        assert all(text.strip() for text in language.texts.values())


def test_every_text_is_used_and_every_text_that_is_used_is_there() -> None:
    sources = [*OPERATIONS.rglob("*.py"), *TEMPLATES]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    literal = set(re.findall(r"""["']((?:[a-z_0-9]+\.)*[a-z_0-9]+)["']""", code))
    begun = set(re.findall(r"""["']([a-z_]+\.(?:[a-z_]+_)?)(?:["']|{)""", code))  # t("outage." ~ kind)
    for key in source_language().texts:
        name = re.sub(r"\.(one|many)$", "", key)
        assert name in literal or any(name.startswith(each) for each in begun), f"{key} is used nowhere"
    asked = set(re.findall(r"""\b(?:t|say|_say)\(["']([a-z_0-9.]+[a-z_0-9])["'][,)]""", code))
    assert len(asked) > 200
    missing = {key for key in asked if not {key, f"{key}.one"} & source_language().texts.keys()}
    assert missing == set()


# Texts whose name ends in a value that is only known when the page is made, and every value that there can be.
CHOSEN: dict[str, Iterable[str]] = {
    "because.": Reason,
    "by.": Grouping,
    "closed.": ENDS,
    "ends.": ENDS,
    "leg.": LegOutcome,
    "nav.": NAMED_PAGES,
    "number_status.": NumberStatus,
    "number_words.": NumberStatus,
    "outage.": OutageKind,
    "overview.records_": RecordsState,
    "problem.": ("no_database", "unreachable"),
    "role.": ConsoleRole,
    "standing.": KINDS,
    "verification_means.": FOUND,
    "verification_state.": (*TO_RING, REACHES_NOBODY, *VerificationStep),
    "verification_step.": VerificationStep,
}
# Asked for by names that stand in the source; and the one that has another text for a value that nobody knows.
NAMED = {"column.", "plan.", "route.", "story."}


def test_every_value_that_a_page_can_have_to_tell_has_its_text() -> None:
    sources = [*OPERATIONS.rglob("*.py"), *TEMPLATES]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    begun = {*re.findall(r"""\bt\("([a-z_.]+)" ~ [^,)]+\)""", code), *re.findall(r"""say\(f"([a-z_.]+)\{""", code)}
    assert begun - NAMED == CHOSEN.keys()
    for language in operator_languages().values():
        missing = [key + each for key, values in CHOSEN.items() for each in values if not language.says(key + each)]
        assert missing == [], language.code


@pytest.fixture
def quiet(make_app: Maker) -> Flask:
    return make_app()


@pytest.mark.parametrize(
    ("accepted", "shown"),
    [
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb"),
        ("no", "nb"),
        ("nn-NO, en;q=0.5", "nb"),
        ("en-GB, nb;q=0.5", "en"),
        ("de, nb;q=0.3", "nb"),
        ("de", "en"),
        ("", "en"),
        ("*;q=x, <script>", "en"),
    ],
)
def test_the_first_page_is_in_the_browsers_language(quiet: Flask, accepted: str, shown: str) -> None:
    page = quiet.test_client().get("/console/login", headers={"Accept-Language": accepted})
    assert f'<html lang="{shown}">' in page.text
    assert ("Logg inn" in page.text) == (shown == NORWEGIAN)


def test_a_language_is_chosen_on_the_page_keeps_its_filters_and_stays_chosen(operator: Operator) -> None:
    page = operator.get("/centres?state=reaches_nobody&q=ber gen")
    (address,) = re.findall(r'href="([^"]*language=nb)" lang="nb"', page.text)
    answer = operator.client.get(address.replace("&amp;", "&"))
    where = urlsplit(answer.headers["Location"])
    assert (answer.status_code, where.netloc, where.path) == (303, "", "/console/centres")
    assert where.query == "state=reaches_nobody&q=ber+gen"
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in (f"{COOKIE}=nb", "HttpOnly", "SameSite=Strict", "Path=/console"))
    for path in PAGES:
        assert '<html lang="nb">' in operator.get(path).text, path
    assert operator.client.get("/console/?language=en").status_code == 303
    assert '<html lang="en">' in operator.get("/").text


@pytest.mark.parametrize("asked", ["xx", "", "nb%00", "../nb", "<script>"])
def test_a_language_that_there_is_not_changes_nothing(quiet: Flask, asked: str) -> None:
    answer = quiet.test_client().get(f"/console/login?language={asked}")
    assert answer.status_code == 200
    assert COOKIE not in str(answer.headers)
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("path", ["/x//evil.example/", "/%22%3E%3Cscript%3E", "/%C3%A6?next=//evil.example"])
def test_a_choice_leads_to_this_console_alone(quiet: Flask, path: str) -> None:
    joint = "&" if "?" in path else "?"
    answer = quiet.test_client().get(f"/console{path}{joint}language=nb", headers={"Host": "evil.example"})
    where = urlsplit(answer.headers["Location"])
    assert (where.netloc, where.path) == ("", f"/console{path.partition('?')[0]}")
    assert "language" not in where.query


def test_a_form_that_is_refused_is_told_in_the_language_chosen(operator: Operator) -> None:
    operator.client.get("/console/?language=nb")
    answer = operator.take_out("bergen", kind="fault", until="2026-03-20T23:00")
    assert answer.status_code == 400
    assert "Slutten må være i framtiden, innen 7 dager." in words(answer)
    assert 'href="/console/?language=en"' in answer.text


def test_a_roster_is_told_in_the_language_chosen(operator: Operator) -> None:
    operator.client.get("/console/?language=nb")
    page = words(operator.get("/directory?q=4622"))
    assert "Kvam legevakt ti. 3. mars 2026 kl. 23:00 23:00–08:30 Voss legevakt; ellers Kvam legevakt" in page


def test_times_and_numbers_have_the_languages_form() -> None:
    at = datetime(2026, 3, 3, 19, 5, tzinfo=UTC)
    shown = {
        code: (
            each.moment(at),
            each.day(at.date()),
            each.short_day(at.date()),
            each.number(1234567),
            each.percent(0.975),
        )
        for code, each in operator_languages().items()
    }
    assert shown == {
        "en": ("Tue 3 Mar 2026 20:05", "Tuesday 3 March 2026", "3 Mar 2026", "1,234,567", "97.5 %"),
        "nb": ("ti. 3. mars 2026 kl. 20:05", "tirsdag 3. mars 2026", "3. mars 2026", "1\xa0234\xa0567", "97,5\xa0%"),
    }
    one, many = (language_for(["nb"]).say("live.count", count=count) for count in (1, 1200))
    assert (one, many) == ("1 samtale pågår", "1\xa0200 samtaler pågår")


def test_no_page_in_another_language_says_what_only_the_source_language_says(operator: Operator) -> None:
    """Sentences of the console in English that stand in no Norwegian page."""
    operator.client.get("/console/?language=nb")
    english, other = source_language(), language_for([NORWEGIAN])
    plain = [
        str(escape(text))
        for key, text in english.texts.items()
        if "{" not in text and " " in text and "`" not in text and text != other.texts[key]
    ]
    assert len(plain) > 150
    for path in PAGES:
        page = operator.get(path)
        assert page.status_code == 200
        assert [text for text in plain if f">{text}<" in page.text] == [], path
        assert "&lt;" not in page.text.replace("&lt;5", ""), path
