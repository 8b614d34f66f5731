"""Public addresses of an application that runs on this machine: requests are signed for and name the one, and go to the
other. Pure text.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.simulator.urls import UrlError, head, origin


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """`public`: `https://line.example`, as the application is known. `local`: where it is, `http://127.0.0.1:3000`."""

    public: str
    local: str


def public_url(public: str, local: str) -> PublicUrl:
    """Raises UrlError for what is no address of a server, without path."""
    for url in (public, local):
        origin(url)
        if url.rstrip("/") != head(url) or "@" in url:
            raise UrlError(f"expected scheme, host and port alone, e.g. https://line.example: {url!r}")
    return PublicUrl(head(public), head(local))


def parsed(text: str) -> PublicUrl:
    """`https://line.example=http://127.0.0.1:3000`. Raises UrlError."""
    public, equals, local = text.partition("=")
    if not equals:
        raise UrlError(f"expected https://line.example=http://127.0.0.1:3000, not {text!r}")
    return public_url(public, local)


def published(url: str, known: Iterable[PublicUrl]) -> str:
    """The URL as it is known in public; one that names the local address is moved."""
    for each in known:
        if head(url) and origin(url) == origin(each.local):
            return each.public + url[len(head(url)) :]
    return url


def connected_to(url: str, known: Iterable[PublicUrl]) -> str:
    """Where a request for this URL goes; "" where that is the URL itself."""
    return next((each.local for each in known if origin(url) == origin(each.public)), "")


def forwarded(url: str, local: str) -> tuple[tuple[str, str], ...]:
    """What a tunnel or a proxy before the application says of the public address; nothing where there is none."""
    if not local:
        return ()
    scheme, _, host = head(url).partition("://")
    return (("X-Forwarded-Proto", scheme), ("X-Forwarded-Host", host))


def origins_of(known: Iterable[PublicUrl]) -> frozenset[str]:
    return frozenset(origin(url) for each in known for url in (each.public, each.local))
