"""The process above the workers."""

import gc
import os
import weakref

import pytest
from gunicorn.app.base import BaseApplication

from ivr.line.service.master import Master


class Application(BaseApplication):  # type: ignore[misc]
    def load_config(self) -> None:
        self.cfg.set("bind", "127.0.0.1:0")


def _master() -> Master[None]:
    return Master(Application(), lambda: None, lambda _: None, None, lambda: None)


class Former:
    """An edition that is part of a cycle."""

    def __init__(self) -> None:
        self.itself = self


def test_no_full_collection_in_a_worker_looks_through_what_was_loaded() -> None:
    """It took 0.2 s, in which no caller was answered."""
    loaded = [[number] for number in range(50_000)]
    master = _master()
    assert len(gc.get_objects()) < len(loaded)
    made_in_the_worker = [[number] for number in range(50_000)]
    master.cfg.post_worker_init(None)
    assert len(gc.get_objects()) < len(made_in_the_worker)


@pytest.mark.longest  # once other tests have run: it looks through all that they keep
def test_what_a_reload_has_replaced_is_freed() -> None:
    former = Former()
    gone = weakref.ref(former)
    master = _master()
    del former
    master.setup(master.app)
    assert gone() is None


def test_a_worker_says_that_it_can_answer_after_a_reload_too() -> None:
    """Else the former workers would be kept until the longest wait is over."""
    master = _master()
    for _ in range(2):
        master.cfg.post_worker_init(None)
        assert os.read(master._booted, 10) == b"."
        master.app.reload()
        master.setup(master.app)
