"""How the service's log lines look, and how they get out: no request ever waits for whoever reads them.

Lines are words for people, or one JSON object each for machines. They wait in a bounded buffer that a thread empties;
what does not fit is counted and let go of. What is logged holds no caller's number and no keyed digits; that is up to
whoever logs, and tests/privacy.py watches every line of the test suite for it.
"""

import atexit
import json
import logging
import os
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal

from ivr.base.background_worker import BackgroundWorker

Form = Literal["text", "json"]
MOST_WAITING = 2000  # lines
_LONGEST = 16_384  # bytes of one
_END_SECONDS = 1.0  # for what still waits when the process ends
_STDERR = 2


class JsonLines(logging.Formatter):
    """`{"time", "level", "logger", "event", "message", "process"}`: `event` is the message before its values were
    put in, the same for all lines of a kind. `exception` is there when one was logged."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg),
            "message": record.getMessage(),
            "process": record.process,
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class _Writer:
    """The lines of this process on their way to stderr. A fork has its own; those that wait are the parent's."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._worker: BackgroundWorker[bytes] = BackgroundWorker("log", self._run, MOST_WAITING, forked=self._forget)
        self._forget()
        atexit.register(self.empty)

    def _forget(self) -> None:
        self._writing = False
        self.lost = 0

    def put(self, line: bytes) -> bool:
        with self._worker.changed:
            if not self._worker.put(line):
                self.lost += 1
                return False
            self._worker.start()
        return True

    def empty(self) -> None:
        """Wait a moment until all is written."""
        with self._worker.changed:
            self._worker.changed.wait_for(lambda: not self._worker.waiting and not self._writing, _END_SECONDS)

    def _run(self) -> None:
        changed = self._worker.changed
        while True:
            with changed:
                self._writing = False
                changed.notify_all()
                changed.wait_for(lambda: bool(self._worker.waiting))
                (line,) = taken = self._worker.first(1)
                self._worker.done(taken)
                self._writing = True
            with suppress(OSError):  # a full disk, a pipe that is gone
                while line:
                    line = line[os.write(self._descriptor, line) :]


_writer = _Writer(_STDERR)


class Stderr(logging.Handler):
    """Hands a line on and goes on. The first line after some were lost says how many."""

    def __init__(self) -> None:
        super().__init__()
        self._told = 0

    def emit(self, record: logging.LogRecord) -> None:
        try:
            taken = _writer.put(self._bytes(record))
            lost = _writer.lost - self._told
            if taken and lost > 0:
                words, name = "%s lines of this log were lost: nobody read them", "ivr.logs"
                told = logging.LogRecord(name, logging.WARNING, __file__, 0, words, (lost,), None)
                self._told += lost if _writer.put(self._bytes(told)) else 0
        except Exception:  # noqa: BLE001 - as logging has it, but without a word on the stream that is the trouble
            return

    def _bytes(self, record: logging.LogRecord) -> bytes:
        return self.format(record).encode("utf-8", "backslashreplace")[:_LONGEST] + b"\n"


def empty() -> None:
    """Wait a moment until all is written."""
    _writer.empty()


def lost() -> int:
    """Lines of this process that nobody read in time."""
    return _writer.lost


def configuration(level: str, form: Form) -> dict[str, Any]:
    """For `logging.config.dictConfig`, and for a server that wants the same: everything goes to stderr, once."""
    text = {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": JsonLines} if form == "json" else text},
        "handlers": {"stderr": {"()": Stderr, "formatter": "line"}},
        "root": {"level": level.upper(), "handlers": ["stderr"]},
        "loggers": {"gunicorn.error": {"level": level.upper(), "handlers": [], "propagate": True}},
    }
