"""The process above the workers: new files are read and proved by a child of it, so that nothing holds it up.

gunicorn's own reload does all in the master: while a file hangs or a proof runs, a worker that dies is not replaced. It
also ends the former workers while the new ones are still booting, and callers would wait for these.
Signals that come while a child is at work ask for one more look together, however many they are.
"""

import gc
import os
import pickle
import select
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, Generic, NoReturn, TypeVar

from gunicorn.arbiter import Arbiter

JUDGE_SECONDS = 120  # then the files count as unreadable
_GIVES_WAY = 10  # the child's niceness: callers' requests come first
BOOT_SECONDS = 30  # for new workers; then the former ones end all the same
Verdict = TypeVar("Verdict")


class Master(Arbiter, Generic[Verdict]):
    """`judge` is called in a child; `take` with what it found, or with `silent` if it came to no end, in this process,
    before there are new workers. `last`: what the child does before it goes."""

    _serves = False  # what a start loads is all kept

    def __init__(
        self,
        app: Any,
        judge: Callable[[], Verdict],
        take: Callable[[Verdict], None],
        silent: Verdict,
        last: Callable[[], None],
    ) -> None:
        super().__init__(app)
        self._judge = judge
        self._take = take
        self._silent = silent
        self._last = last
        self._child = 0
        self._found: IO[bytes] | None = None
        self._again = False
        self._booted, self.boots = os.pipe()  # a worker writes a byte when it can answer
        os.set_blocking(self._booted, False)
        self._booting = 0

    def setup(self, app: Any) -> None:
        """Also called at each reload, which reads the settings anew. What is loaded stays as long as the workers, which
        are copies of this process: a full collection that looks through it would hold up a worker's callers for 0.2 s.
        """
        super().setup(app)
        self.cfg.set("post_worker_init", self._worker_is_ready)
        if self._serves:  # this is a reload: there is a former edition
            gc.unfreeze()
            gc.collect()
        self._serves = True
        gc.freeze()

    def _worker_is_ready(self, _: object) -> None:
        """Called in the worker."""
        gc.freeze()
        os.write(self.boots, b".")

    def spawn_worker(self) -> int:
        self._booting += 1
        pid: int = super().spawn_worker()
        return pid

    def manage_workers(self) -> None:
        """Before the workers of a former edition are told to end, the new ones can answer."""
        if len(self.WORKERS) > self.num_workers:
            self._await_new()
        super().manage_workers()

    def _await_new(self) -> None:
        end = time.monotonic() + BOOT_SECONDS
        while self._booting > 0 and (left := end - time.monotonic()) > 0:
            if select.select([self._booted], [], [], min(left, 0.1))[0]:
                self._booting -= len(os.read(self._booted, 4096))
            self.reap_workers()
        self._booting = 0

    def handle_hup(self) -> None:
        if self._child:
            self._again = True
            return
        self._found = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the child is over
        self._child = os.fork()
        if not self._child:
            self._be_the_child(self._found)

    def _be_the_child(self, found: IO[bytes]) -> NoReturn:
        try:
            for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGALRM):
                signal.signal(number, signal.SIG_DFL)
            signal.alarm(JUDGE_SECONDS)
            os.nice(_GIVES_WAY)
            pickle.dump(self._judge(), found)
            found.flush()
            self._last()
        finally:
            os._exit(0)

    def handle_chld(self) -> None:
        super().handle_chld()
        if not self._child or not _is_over(self._child):
            return
        assert self._found is not None  # noqa: S101 - the child had it
        with self._found as found:
            found.seek(0)
            try:
                verdict: Verdict = pickle.load(found)  # noqa: S301 - our own child's
            except (EOFError, pickle.UnpicklingError):
                verdict = self._silent
        self._child = 0
        self._take(verdict)
        super().handle_hup()
        if self._again:
            self._again = False
            self.handle_hup()

    handle_cld = handle_chld  # the signal has two names

    def stop(self, graceful: bool = True) -> None:
        if self._child:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
        super().stop(graceful)


def _is_over(child: int) -> bool:
    try:
        return os.waitpid(child, os.WNOHANG)[0] != 0
    except ChildProcessError:  # gunicorn has heard of it already
        return True
