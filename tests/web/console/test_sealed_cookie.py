"""What a sealed cookie holds comes back to its maker; of any other there is nothing."""

import pytest
from flask import Request, Response

from ivr.operations.console.sealed_cookie import SealedCookie

KEY = "k" * 32


def _cookie(key: str = KEY, salt: str = "one", fields: int = 2, *, secure: bool = False) -> SealedCookie:
    return SealedCookie("name", key, salt, "/console", fields=fields, secure=secure)


def _sent(response: Response) -> Request:
    """The request of a browser that got this response."""
    return Request({"HTTP_COOKIE": response.headers["Set-Cookie"].partition(";")[0]})


@pytest.fixture
def request_with_it() -> Request:
    response = Response()
    _cookie().set(response, ("Kåre", 7), 60)
    return _sent(response)


def test_its_maker_reads_what_it_holds(request_with_it: Request) -> None:
    assert _cookie().read(request_with_it) == ["Kåre", 7]


@pytest.mark.parametrize(
    "other", [_cookie(key="x" * 32), _cookie(salt="two"), _cookie(fields=3)], ids=["key", "salt", "fields"]
)
def test_nobody_else_reads_it(request_with_it: Request, other: SealedCookie) -> None:
    assert other.read(request_with_it) is None


@pytest.mark.parametrize("text", ["", "x", "W10.x", "é.é", "." * 3])
def test_without_one_of_ours_there_is_nothing(text: str) -> None:
    assert _cookie().read(Request({"HTTP_COOKIE": f"name={text}"})) is None
    assert _cookie().read(Request({})) is None


@pytest.mark.parametrize("secure", [False, True])
def test_it_is_for_one_path_and_out_of_reach_of_scripts_and_sites(secure: bool) -> None:
    response = Response()
    _cookie(secure=secure).set(response, ("Kari", 7), 60)
    flags = {part.strip() for part in response.headers["Set-Cookie"].split(";")[1:]}
    assert {"HttpOnly", "SameSite=Strict", "Path=/console", "Max-Age=60"} <= flags
    assert ("Secure" in flags) == secure


def test_a_browser_drops_one_that_is_deleted() -> None:
    response = Response()
    _cookie().delete(response)
    assert "Max-Age=0" in response.headers["Set-Cookie"]
    assert _cookie().read(_sent(response)) is None
