"""The process above the workers."""

import os

from gunicorn.app.base import BaseApplication

from ivr.line.service.master import Master


class Application(BaseApplication):  # type: ignore[misc]
    def load_config(self) -> None:
        self.cfg.set("bind", "127.0.0.1:0")


def test_a_worker_says_that_it_can_answer_after_a_reload_too() -> None:
    """Else the former workers would be kept until the longest wait is over."""
    master = Master(Application(), lambda: None, lambda _: None, None, lambda: None)
    for _ in range(2):
        master.cfg.post_worker_init(None)
        assert os.read(master._booted, 10) == b"."
        master.app.reload()
        master.setup(master.app)
