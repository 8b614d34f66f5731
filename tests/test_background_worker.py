"""The worker behind the calls: what it takes, what it gives up, and what a fork leaves of it."""

import gc
import subprocess
import sys
import weakref
from threading import Event

from ivr.base.background_worker import BackgroundWorker

SECONDS = 30.0
ASKED = "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"


def _exit_code_of_child(program: str) -> int:
    """`program` forks once and calls it `child`."""
    command = [sys.executable, "-c", program + ASKED]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert not done.stderr
    return int(done.stdout)


def test_what_waits_is_bounded_by_weight_and_what_is_done_makes_room() -> None:
    worker: BackgroundWorker[str] = BackgroundWorker("test", lambda: None, 5, len)
    assert [worker.put(item) for item in ("aaa", "bbb", "cc")] == [True, False, True]
    first = worker.first(1)
    assert (first, worker.waiting) == (["aaa"], 5)
    assert worker.done(first)
    assert (worker.first(9), worker.waiting) == (["cc"], 2)


def test_what_was_dropped_cannot_be_done_any_more() -> None:
    worker: BackgroundWorker[str] = BackgroundWorker("test", lambda: None, 5)
    for item in ("a", "b", "c"):
        worker.put(item)
    under_way = worker.first(1)
    assert worker.drop(1) == ["b", "c"]
    assert worker.drop() == ["a"]
    assert not worker.done(under_way)
    assert worker.waiting == 0


def test_a_closed_worker_takes_nothing_and_its_thread_has_ended() -> None:
    done = Event()

    def run() -> None:
        worker.closing.wait(SECONDS)
        done.set()

    worker: BackgroundWorker[str] = BackgroundWorker("test", run, 5)
    worker.start()
    worker.close(SECONDS)
    assert done.is_set()
    assert not worker.put("late")


def test_a_worker_that_nobody_has_any_more_is_not_kept() -> None:
    worker: BackgroundWorker[str] = BackgroundWorker("test", lambda: None, 5)
    gone = weakref.ref(worker)
    del worker
    gc.collect()
    assert gone() is None


def test_a_process_that_is_forked_has_no_thread_of_a_closed_worker() -> None:
    program = """
import os, threading
from ivr.base.background_worker import BackgroundWorker
closed, open_ = (BackgroundWorker("test", lambda: None, 5) for _ in range(2))
closed.start(), open_.start()
closed.close(30)
begun = []
threading.Thread.start = lambda thread: begun.append(thread)
if (child := os.fork()) == 0:
    os._exit(len(begun))
"""
    assert _exit_code_of_child(program) == 1


def test_in_a_process_that_is_forked_no_thread_begins_before_all_workers_are_reset() -> None:
    program = """
import os, threading
from ivr.base.background_worker import BackgroundWorker
workers = [BackgroundWorker("test", lambda: None, 5) for _ in range(4)]
for worker in workers:
    worker.start()
held = [worker.changed for worker in workers]
early = []
threading.Thread.start = lambda thread: early.extend(worker for worker in workers if worker.changed in held)
if (child := os.fork()) == 0:
    os._exit(len(early))
"""
    assert _exit_code_of_child(program) == 0


def test_a_process_that_is_forked_after_a_text_message_sends_its_own() -> None:
    program = """
import os, threading
from ivr.line.calls import CallId
from ivr.line.flow.actions import TextMessage
from ivr.line.service.text_messages import TextMessages
sent = threading.Event()
texts = TextMessages(lambda phone, text: sent.set())
texts(CallId("CA1"), "+4790000001", TextMessage("bergen", "..."))
assert sent.wait(30)
sent.clear()
if (child := os.fork()) == 0:
    texts(CallId("CA2"), "+4790000001", TextMessage("bergen", "..."))
    os._exit(0 if sent.wait(10) else 1)
"""
    assert _exit_code_of_child(program) == 0
