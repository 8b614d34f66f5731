"""What must not become slower unnoticed: one webhook, beside its yardsticks, and beside itself made slower on purpose.

`slowed` asks the vendor's validator as well, for each request: work of a size that a careless change adds. A guard that
lets it pass is no guard.
"""

from collections.abc import Callable, Iterable
from typing import Any

from twilio.request_validator import RequestValidator

from benchmarks.requests import BASE, FIELDS, ask, main_menu, signature
from benchmarks.yardsticks import PATH, plain_app
from ivr.base.test_account import AUTH_TOKEN
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings

# The most that a webhook may cost, of the plain application's cost. By instructions it is always the same; by
# processor time it is what `make bench` finds, and room for what a busy machine does to both.
OF_PLAIN_BY_INSTRUCTIONS = 0.25
OF_PLAIN_BY_TIME = 0.6
# The least that webhooks of whole calls, simulator and service together, may be of the plain application's requests.
OF_CALLS_BY_INSTRUCTIONS = 1.7


def guarded() -> dict[str, Callable[[], object]]:
    line = create_app(Settings())
    target = main_menu(line)
    return {"plain": ask(plain_app(), PATH), "line": ask(line, target), "slowed": ask(_Slowed(line, target), target)}


class _Slowed:
    def __init__(self, app: Any, target: str) -> None:
        self._app = app
        self._url = BASE + target
        self._signature = signature(target, FIELDS)
        self._validator = RequestValidator(AUTH_TOKEN)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        for _ in range(2):
            if not self._validator.validate(self._url, FIELDS, self._signature):
                raise RuntimeError("the vendor's validator does not agree")
        reply: Iterable[bytes] = self._app(environ, start_response)
        return reply
