"""Work in a child process: what it imports and the memory that it takes are gone with it.

The child is a copy of this process without its other threads: a lock that one of these holds is held in the child for
ever. It has this process's handlers of signals. This is for the start, when there are none of either but the log's
thread, which makes itself anew in a child.
"""

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, TypeVar

Result = TypeVar("Result")


def apart(work: Callable[[], Result]) -> Result:
    """What `work` returns or raises in a child; both must be picklable. The child ends with this process, whatever ends
    that. Raises ChildProcessError if the child ends before the work does."""
    context = get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    child = context.Process(target=_hand_over, args=(work, writer))
    with reader:
        try:
            with writer, _no_ctrl_c():
                child.start()
            result, error = reader.recv()
        except EOFError:
            child.join()
            raise ChildProcessError(f"the child process ended with {_how(child.exitcode or 0)}") from None
        finally:
            if child.pid is not None:
                child.kill()
                child.join()
    if error is not None:
        raise error
    found: Result = result
    return found


@contextmanager
def _no_ctrl_c() -> Iterator[None]:
    """Ctrl-C reaches every process of the terminal. A child that is started meanwhile never hears of it: this process
    does, and ends the child."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _hand_over(work: Callable[[], Any], writer: Connection) -> None:
    """The child."""
    Thread(target=_end_with_the_parent, daemon=True).start()
    try:
        writer.send((work(), None))
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent raises it
        error.add_note(f"In the child process:\n{traceback.format_exc()}")
        writer.send((None, error))


def _end_with_the_parent() -> None:
    """Also with one that is killed, which cannot end it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _how(exit_code: int) -> str:
    return signal.Signals(-exit_code).name if exit_code < 0 else f"exit code {exit_code}"
