"""How the service's log lines look: words for people, or one JSON object a line for machines.

What is logged holds no caller's number and no keyed digits; that is up to whoever logs, and tests/privacy.py watches
every line of the test suite for it.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Literal

Form = Literal["text", "json"]


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


def configuration(level: str, form: Form) -> dict[str, Any]:
    """For `logging.config.dictConfig`, and for a server that wants the same: everything goes to stderr, once."""
    text = {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": JsonLines} if form == "json" else text},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": level.upper(), "handlers": ["stderr"]},
        "loggers": {"gunicorn.error": {"level": level.upper(), "handlers": [], "propagate": True}},
    }
