"""`ivr serve` with an application that can be made to fail, and with a clock that is wrong.

python -m tests.chaos.faulty serve ...

A request with the header X-Chaos-Raise-At: n meets an exception at the n-th call of a function of ours, FailSafe's own
included; with 0 nothing is raised, and X-Chaos-Calls of the answer says how many calls there were. CHAOS_CLOCK is
`jumps`, or a local moment from which a second is twenty minutes. Nothing of this is in the service: only tests run it.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import ivr
from ivr.base.clock import OSLO, Clock, SystemClock
from ivr.line.service import bootstrap

RAISE_AT = "X-Chaos-Raise-At"
CALLS = "x-chaos-calls"
NIGHT_SPEED = 1200.0  # seconds of the night in a second
_OURS = str(Path(ivr.__file__).parent)
_KINDS = (RuntimeError, OSError, KeyError, MemoryError, RecursionError, UnicodeError)


class Counter:
    """Counts calls of our functions in this thread, and raises in one of them."""

    def __init__(self, raise_at: int) -> None:
        self.calls = 0
        self._raise_at = raise_at

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(_OURS):
            self.calls += 1
            if self.calls == self._raise_at:
                raise _KINDS[self.calls % len(_KINDS)]("raised on purpose")


class FaultAt:
    """WSGI middleware, outside everything of ours."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = environ.get("HTTP_X_CHAOS_RAISE_AT", "")
        if not asked.isdigit():
            return self._app(environ, start_response)
        counter = Counter(int(asked))
        started: list[tuple[Any, ...]] = []
        sys.setprofile(counter)
        try:
            body = b"".join(self._app(environ, lambda *answer: started.append(answer)))
        finally:
            sys.setprofile(None)
        status, headers = started[-1][:2]
        start_response(status, [*headers, (CALLS, str(counter.calls))])
        return [body]


class JumpingClock(SystemClock):
    """The machine's clock, an hour wrong now and then, forwards or back."""

    def __init__(self) -> None:
        self._random = Random(1)  # noqa: S311 - not a secret

    def now(self) -> datetime:
        return SystemClock.now(self) + timedelta(hours=self._random.choice((-1, 0, 1)))


class FastClock(SystemClock):
    """From a moment on, NIGHT_SPEED times as fast, through whatever the clocks do that night."""

    def __init__(self, start: datetime) -> None:
        self._start = start.replace(tzinfo=OSLO).astimezone(UTC)
        self._began = time.monotonic()

    def now(self) -> datetime:
        return (self._start + timedelta(seconds=(time.monotonic() - self._began) * NIGHT_SPEED)).astimezone(OSLO)


def wrong_clock(text: str) -> Clock | None:
    if text == "jumps":
        return JumpingClock()
    return FastClock(datetime.fromisoformat(text)) if text else None


def main() -> None:
    whole = bootstrap.create_app

    def faulty(settings: Any = None, **options: Any) -> Any:
        clock = wrong_clock(os.environ.get("CHAOS_CLOCK", ""))
        app = whole(settings, **(options | ({"clock": clock} if clock else {})))
        app.wsgi_app = FaultAt(app.wsgi_app)  # type: ignore[method-assign]
        return app

    bootstrap.create_app = faulty
    from ivr.cli import main as ivr_main  # noqa: PLC0415 - after the application was exchanged

    ivr_main()


if __name__ == "__main__":
    main()
