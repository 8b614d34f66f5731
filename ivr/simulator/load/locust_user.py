"""The same callers as Locust users: a locustfile needs only an import and a host, the webhook's URL.

    from ivr.simulator.load.locust_user import CallerUser

    class Caller(CallerUser):
        host = "http://127.0.0.1:5000/voice"

Needs the extra `ivr-116117[locust]`. Nothing else of the load generator imports this module or Locust.
"""

from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

from ivr.base.clock import SystemClock
from ivr.base.test_account import ORIGIN_FIELD
from ivr.simulator.engine.effects import Failed, Fetch
from ivr.simulator.load.job import Job
from ivr.simulator.load.load_call import Answered, LoadCall, Reply
from ivr.simulator.load.mix import Mix
from ivr.simulator.load.mix_file import DEFAULT_MIX, load_mix
from ivr.simulator.plan import CallPlan
from ivr.simulator.transports import HttpTransport

try:
    _locust: Any = import_module("locust")
except ModuleNotFoundError:
    message = "ivr.simulator.load.locust_user needs Locust: pip install 'ivr-116117[locust]'"
    raise ImportError(message) from None


class CallerUser(_locust.User):  # type: ignore[misc]  # Locust may be absent, so it has no types here
    """One caller after another. Each request is a Locust event, named by its purpose and path.

    `mix_file`, `seed`, `real_time` and the fields of `plan` can be set by a subclass; `host` is the webhook's URL.
    """

    abstract = True
    mix_file: ClassVar[Path] = DEFAULT_MIX
    seed: ClassVar[int] = 0
    real_time: ClassVar[bool] = True
    plan: ClassVar[dict[str, Any]] = {}
    _numbers: ClassVar["count[int]"] = count()
    _mixes: ClassVar[dict[Path, Mix]] = {}

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self._must_have_a_webhook()
        self._transport = HttpTransport(keep_alive=True)
        self._clock = SystemClock()

    def _must_have_a_webhook(self) -> None:
        """Locust itself goes on without a host, and ends with exit code 0 and no request. Raises LocustError."""
        url = self.host or ""
        if not url.startswith(("http://", "https://")):
            self.environment.process_exit_code = 2
            message = "set host in your CallerUser, or --host, to the URL of the webhook, http://127.0.0.1:5000/voice"
            if self.environment.runner is not None:
                import_module("gevent").spawn(self.environment.runner.quit)  # not while it starts users
            raise import_module("locust.exception").LocustError(f"host is {self.host!r}: {message}")

    def on_stop(self) -> None:
        """Locust stops this user."""
        self._transport.close()

    @_locust.task  # type: ignore[untyped-decorator]
    def call(self) -> None:
        """Play the next call of the mix to its end."""
        if self.mix_file not in self._mixes:
            self._mixes[self.mix_file] = load_mix(self.mix_file)
        job = Job(
            CallPlan(url=self.host, **{"first_params": {ORIGIN_FIELD: "load"}, **self.plan}),
            self._mixes[self.mix_file],
            calls=1,
            seed=self.seed,
        )
        started = self._clock.seconds()
        live = job.begin(next(self._numbers), 0.0, 0.0)
        live.play(lambda fetch: self._send(live, fetch), lambda moment: self._wait(started + moment))

    def _wait(self, moment: float) -> None:
        if self.real_time:
            # Locust runs users as greenlets: its own sleep lets the others go on.
            import_module("gevent").sleep(max(moment - self._clock.seconds(), 0.0))

    def _send(self, live: LoadCall, fetch: Fetch) -> Answered:
        node = live.node
        sent = self._clock.seconds()
        reply = self._transport.send(fetch)
        took = self._clock.seconds() - sent
        self.environment.events.request.fire(**request_event(fetch, node, reply, took))
        return Answered(reply, took, took, counts=took if self.real_time else 0.0)


def request_event(fetch: Fetch, node: str, reply: Reply, seconds: float) -> dict[str, Any]:
    """The arguments of Locust's request event; a status from 400 on is a failure, as for Twilio."""
    failure: Exception | None = None
    if isinstance(reply, Failed):
        failure = ConnectionError(f"{reply.kind}: {reply.message}")
    elif reply.status >= 400:
        failure = RuntimeError(f"answered {reply.status}")
    return {
        "request_type": fetch.method,
        "name": node,
        "response_time": seconds * 1000,
        "response_length": 0 if isinstance(reply, Failed) else len(reply.body),
        "exception": failure,
        "context": {},
    }
