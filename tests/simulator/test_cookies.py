"""Which cookies come back, by RFC 6265."""

from datetime import UTC, datetime

import pytest

from ivr.simulator.engine.cookies import LONGEST_COOKIE, MOST_COOKIES, CookieError, CookieJar
from tests.simulator.webhook import Page, Webhook, call, twiml

HERE = "https://ivr.example.org/a/voice"
DATE = datetime(2026, 1, 1, 12, tzinfo=UTC)


def kept(*set_cookies: str, url: str = HERE, then: str = HERE, later: float = 0.0) -> str:
    """What a request to `then` says of the cookies that `url` has set, `later` seconds after."""
    jar = CookieJar()
    for each in set_cookies:
        jar.store(url, each, 0.0, DATE)
    return jar.header(then, later)


@pytest.mark.parametrize(
    "attributes",
    [
        "Path=/; HttpOnly; SameSite=None; Secure; Partitioned",
        "Priority=High",
        "SameSite=Lax; Priority=High; Expires=Thu, 31 Dec 2099 23:59:59 GMT",
        "unknown; another=one",
        "path=/;secure;samesite=none",
        ";; ;",
        "Max-Age=soon",
        "Expires=never",
        "Domain=",
    ],
)
def test_an_attribute_is_no_cookie_and_takes_none_away(attributes: str) -> None:
    assert kept(f"session=abc; {attributes}") == "session=abc"


@pytest.mark.parametrize(
    ("pair", "sent"),
    [
        ('session="a b"', 'session="a b"'),
        ("session=a=b==", "session=a=b=="),
        ("  session  =  abc  ", "session=abc"),
        ("session=", "session="),
        ("a[b]:c=1,2", "a[b]:c=1,2"),
        ("session=å".encode().decode("latin-1"), "session=å".encode().decode("latin-1")),
    ],
)
def test_name_and_value_come_back_to_the_letter(pair: str, sent: str) -> None:
    assert kept(pair) == sent


@pytest.mark.parametrize(
    ("then", "comes"),
    [
        ("https://ivr.example.org/a/menu", True),
        ("http://ivr.example.org/a/menu", False),
        ("http://127.0.0.1:5000/a/menu", False),
    ],
)
def test_a_secure_cookie_goes_over_https_alone(then: str, comes: bool) -> None:
    assert bool(kept("session=abc; Secure", then=then)) is comes
    assert kept("s=1; Secure", url="http://127.0.0.1:5000/", then="http://127.0.0.1:5000/") == ""


@pytest.mark.parametrize(
    ("domain", "url", "then", "comes"),
    [
        ("", HERE, "https://www.ivr.example.org/a/", False),  # the host that set it, and no other
        ("ivr.example.org", HERE, "https://www.ivr.example.org/a/", True),
        (".Example.ORG", HERE, "https://www.example.org/a/", True),
        ("example.org", HERE, "https://example.org/a/", True),
        ("example.org", HERE, "https://badexample.org/a/", False),
        ("example.com", HERE, "https://example.com/a/", False),  # a foreign one
        ("example.com", HERE, HERE, False),
        ("www.ivr.example.org", HERE, HERE, False),  # below the host
        ("le.org", HERE, HERE, False),
        ("org", HERE, HERE, False),
        ("127.0.0.1", "http://127.0.0.1:5000/a/", "http://127.0.0.1:5000/a/", True),
        ("0.0.1", "http://127.0.0.1:5000/a/", "http://127.0.0.1:5000/a/", False),
        ("localhost", "http://localhost:5000/a/", "http://localhost:5000/a/", True),
        ("", "http://localhost:5000/a/", "http://localhost:5001/a/", True),  # a port is no part of it (RFC 6265 8.5)
    ],
)
def test_a_cookie_goes_to_the_hosts_of_its_domain(domain: str, url: str, then: str, comes: bool) -> None:
    attribute = f"; Domain={domain}" if domain else ""
    assert bool(kept(f"session=abc{attribute}", url=url, then=then)) is comes


@pytest.mark.parametrize(
    ("path", "then", "comes"),
    [
        ("", "/a/menu", True),
        ("", "/a", True),
        ("", "/ab/menu", False),
        ("", "/menu", False),
        ("; Path=/", "/menu", True),
        ("; Path=/m", "/menu", False),
        ("; Path=/menu", "/menu?x=1", True),
        ("; Path=/menu/", "/menu/x", True),
        ("; Path=menu", "/a/x", True),  # no path: as if there were none
        ("; Path=/x; Path=/", "/menu", True),  # the last counts
    ],
)
def test_a_cookie_goes_to_what_lies_under_its_path(path: str, then: str, comes: bool) -> None:
    assert bool(kept(f"session=abc{path}", then=f"https://ivr.example.org{then}")) is comes


@pytest.mark.parametrize(
    ("attributes", "later", "comes"),
    [
        ("Max-Age=0", 0.0, False),
        ("Max-Age=-1", 0.0, False),
        ("Max-Age=10", 9.0, True),
        ("Max-Age=10", 10.0, False),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT", 0.0, False),
        ("Expires=Thu, 01-Jan-1970 00:00:00 GMT", 0.0, False),
        ("expires=Thu, 01-Jan-70 00:00:01 GMT; max-age=10", 5.0, True),  # Max-Age goes before it
        ("Expires=Thu, 01 Jan 2026 12:00:10 GMT", 9.0, True),
        ("Expires=Thu, 01 Jan 2026 12:00:10 GMT", 10.0, False),
        ("Expires=Thu, 01 Jan 2026 11:59:59 GMT", 0.0, False),
    ],
)
def test_a_cookie_lasts_as_long_as_it_says_of_call_time(attributes: str, later: float, comes: bool) -> None:
    assert bool(kept(f"session=abc; {attributes}", later=later)) is comes


def test_a_cookie_is_deleted_by_one_with_its_name_domain_and_path() -> None:
    assert kept("a=1; Path=/", "a=; Path=/; Max-Age=0") == ""
    assert kept("a=1; Path=/", "a=; Path=/a; Max-Age=0") == "a=1"


def test_longer_paths_come_first_and_then_older_cookies() -> None:
    assert kept("c=3; Path=/", "b=2; Path=/a", "d=4; Path=/", "c=5; Path=/") == "b=2; c=5; d=4"


@pytest.mark.parametrize(
    "bad", ["=abc", "", "abc", " = ; Path=/", "a\tb=c", "a=b\x0bc", "a=b\r\n X: y", "a=b; Path=/\x00"]
)
def test_a_cookie_that_twilio_does_not_take_is_not_kept(bad: str) -> None:
    with pytest.raises(CookieError):
        kept(bad)


def test_a_jar_has_an_end() -> None:
    jar = CookieJar()
    for number in range(1000):
        jar.store(HERE, f"c{number}=x", 0.0, DATE)
    assert jar.header(HERE, 0.0).split("; ") == [f"c{number}=x" for number in range(1000 - MOST_COOKIES, 1000)]
    with pytest.raises(CookieError):
        jar.store(HERE, "a=" + "x" * LONGEST_COOKIE, 0.0, DATE)


def test_the_cookies_of_a_redirect_loop_do_not_grow_without_end() -> None:
    class Loop(Webhook):
        def __call__(self, environ, start_response):  # type: ignore[no-untyped-def]
            number = len(self.asked)
            cookies = tuple(("Set-Cookie", f"c{number}x{each}={'x' * 4000}") for each in range(10))
            self.pages = {"/voice": Page(twiml("<Redirect/>").body, headers=cookies)}
            return super().__call__(environ, start_response)

    app = Loop({})
    call(app)
    assert len(app.asked) == 100
    assert max(len(asked.headers.get("cookie", "")) for asked in app.asked) < MOST_COOKIES * (LONGEST_COOKIE + 2)


def test_what_is_wrong_with_a_cookie_is_said() -> None:
    page = Page(twiml("<Hangup/>").body, headers=(("Set-Cookie", "=abc"),))
    outcome = call(Webhook({"/voice": page}))
    assert (outcome.ended, outcome.warnings) == ("completed", [11206])
    assert "without a name" in outcome.events("warning")[0]["message"]


def test_an_expiry_counts_from_the_date_of_the_answer() -> None:
    """The application's clock and the call's may be years apart."""
    headers = (
        ("Date", "Fri, 01 May 2099 12:00:00 GMT"),
        ("Set-Cookie", "over=1; Expires=Fri, 01 May 2099 11:00:00 GMT"),
        ("Set-Cookie", "kept=1; Expires=Fri, 01 May 2099 13:00:00 GMT"),
    )
    app = Webhook(
        {"/voice": Page(twiml("<Redirect>/next</Redirect>").body, headers=headers), "/next": twiml("<Hangup/>")}
    )
    call(app)
    assert app.asked[1].headers["cookie"] == "kept=1"
