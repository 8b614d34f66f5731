"""Replies to GET that a call may use again: Twilio keeps what ETag and Last-Modified allow, and never a POST's reply
(T:overview). A reply is kept for one call (ours): at Twilio many proxies keep it, and which of them is asked is chance.

Knows HTTP's rules of freshness (RFC 9111) as far as they concern a fetch.
"""

import re
from dataclasses import dataclass

from ivr.simulator.engine.effects import Response

_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,9})")
_CONDITIONS = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))


@dataclass(frozen=True, slots=True)
class _Kept:
    """`until`: seconds of call time up to which it is used without asking."""

    response: Response
    until: float


class HttpCache:
    """By URL, query included."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def fresh(self, url: str, now: float) -> Response | None:
        """What may be used without asking, as its Cache-Control says."""
        kept = self._kept.get(url)
        return kept.response if kept and now < kept.until else None

    def conditions(self, url: str) -> tuple[tuple[str, str], ...]:
        """The headers by which the application can answer that nothing has changed."""
        kept = self._kept.get(url)
        if kept is None:
            return ()
        return tuple((name, value) for of, name in _CONDITIONS if (value := kept.response.header(of)))

    def received(self, url: str, now: float, reply: Response) -> Response:
        """The reply to use: the kept one if nothing has changed (304). One that may be kept is kept."""
        kept = self._kept.get(url)
        if reply.status == 304 and kept is not None:
            # What is confirmed is fresh again; a 304 without a Cache-Control leaves the one that was kept.
            header = reply.header("cache-control") or kept.response.header("cache-control")
            self._kept[url] = _Kept(kept.response, _fresh_until(header, now))
            return kept.response
        self._kept.pop(url, None)
        if reply.status == 200 and _may_be_kept(reply):
            self._kept[url] = _Kept(reply, _fresh_until(reply.header("cache-control"), now))
        return reply


def _may_be_kept(reply: Response) -> bool:
    header = reply.header("cache-control").lower()
    told = any(reply.header(of) for of, _ in _CONDITIONS) or _MAX_AGE.search(header)
    return bool(told) and "no-store" not in header


def _fresh_until(cache_control: str, now: float) -> float:
    """Without a max-age, or with no-cache, it is asked for every time."""
    header = cache_control.lower()
    age = _MAX_AGE.search(header)
    return now + int(age.group(1)) if age and "no-cache" not in header else now
