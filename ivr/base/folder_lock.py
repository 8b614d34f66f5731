"""One process at a time changes a folder. The lock ends with its process, and leaves nothing in the folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Lock the folder while the block runs; False if somebody else has it. Raises OSError where that cannot be done,
    as on some network disks."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def is_locked(folder: Path) -> bool:
    try:
        with locked(folder) as free:
            return not free
    except OSError:
        return False
