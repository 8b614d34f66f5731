"""An account in real time, on a loopback port: the REST API, and phones on a page. A second is a second.

One thread lets time pass and asks the webhooks, one after another; while it waits for an answer, the REST API answers,
and the account's time stands still. Knows sockets and threads; `tick` does all the work, so that tests need neither.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from typing import Any

from ivr.base.clock import Clock
from ivr.base.errors import SimulatorError
from ivr.simulator.account.core import AccountOptions, Core
from ivr.simulator.account.emulator_file import EmulatorSetup
from ivr.simulator.account.emulator_phones import PhonesPage
from ivr.simulator.account.rest import MEDIA, ROUTES, SETTINGS
from ivr.simulator.account.rest_app import AccountRestApp
from ivr.simulator.account.running import Running
from ivr.simulator.media.speaker import Speaker
from ivr.simulator.printable import printable
from ivr.simulator.report import line_of
from ivr.simulator.rest_server import LoopbackServer, QuietHandler
from ivr.simulator.trace import Event

LONGEST_SLEEP = 0.5  # seconds


class Emulator:
    """`say`: a line of what happens. Raises SimulatorError for numbers that are named twice."""

    def __init__(self, setup: EmulatorSetup, clock: Clock, say: Callable[[str], None] = lambda _: None) -> None:
        options = AccountOptions(
            setup.account_sid,
            setup.auth_token,
            started=clock.now().astimezone(UTC),
            allow_origins=setup.named_urls,
            cafile=setup.cafile,
            delivery=setup.delivery,
            speaker=Speaker.installed(),
        )
        self.core = Core(options, dict(setup.legs))
        self.core.set_up(setup.numbers, setup.caller_ids)
        self.rest = AccountRestApp(self.core, ROUTES, MEDIA, settings=SETTINGS)
        self.phones = PhonesPage(self.core, setup.phones)
        self._say = say
        self._clock = clock
        self._began = clock.seconds()
        self._asking = 0.0  # seconds of real time that were spent waiting for webhooks
        self._changed = threading.Condition(threading.RLock())
        self._stopped = False
        world = self.core.world
        world.outside, world.on_change, world.on_trace = self._outside, self._wake, self._observed

    def tick(self) -> float:
        """Let happen what is due; the seconds until something else is."""
        with self._changed:
            world = self.core.world
            world.run(lambda: False, max(self._now(), world.now))
            return max(world.next_at - self._now(), 0.0)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        with self._changed:
            if environ.get("PATH_INFO", "").startswith("/phones"):
                answer = self.phones(environ, start_response)
                self._wake()
                return answer
            answer = self.rest(environ, start_response)
            self._say_requests()
            return answer

    def run(self) -> None:
        """Until `stop`, in this thread."""
        while not self._stopped:
            try:
                seconds = self.tick()
            except SimulatorError as error:  # one of our bounds
                self._say(f"the account stops: {error.message}")
                return
            with self._changed:
                if not self._stopped and seconds > 0:
                    self._changed.wait(min(seconds, LONGEST_SLEEP))

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _now(self) -> float:
        return self._clock.seconds() - self._began - self._asking

    @contextmanager
    def _outside(self) -> Iterator[None]:
        """While a webhook is asked, the REST API answers, and no time of the account passes."""
        began = self._clock.seconds()
        self._changed.release()
        try:
            yield
        finally:
            self._changed.acquire()
            self._asking += self._clock.seconds() - began

    def _wake(self) -> None:
        self._changed.notify_all()

    def _observed(self, running: Running, event: Event) -> None:
        line = line_of(event) if event.get("until") is None else None
        if line is not None:
            self._say(f"call {running.number}: {line.text}")

    def _say_requests(self) -> None:
        if self.rest.log:
            self._say(printable(f"REST {self.rest.log[-1]}"))


class EmulatorServer:
    """The emulator at `url` until it is closed. Raises OSError when the port is taken."""

    def __init__(self, emulator: Emulator, port: int) -> None:
        self.emulator = emulator
        self._server = LoopbackServer(("127.0.0.1", port), QuietHandler)
        self._server.set_app(emulator)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        emulator.core.options = replace(emulator.core.options, api=self.url)
        emulator.phones.hosts = (f"127.0.0.1:{self._server.server_port}", f"localhost:{self._server.server_port}")
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.05,), name="rest", daemon=True),
            threading.Thread(target=emulator.run, name="account", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Until the account's thread ends."""
        self._threads[1].join()

    def close(self) -> None:
        self.emulator.stop()
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()
