"""What no line of the service's output may hold: a telephone number, or anything of eight digits that might be one.

Used for every log record of every test (tests/conftest.py), and for all that served processes print (whoever starts
one hands its output to `check`). Centre numbers are public, but they are not needed there either.
"""

import logging
import re

NUMBER = re.compile(r"\+[0-9]{8,15}|(?<![0-9A-Za-z_.-])(?:[0-9]{8}|[0-9]{2}(?: [0-9]{2}){3})(?![0-9A-Za-z_-])")
_HARMLESS = {"16777216"}  # a frame size in gunicorn's listing of its options at level debug
LOGGERS = ("ivr", "gunicorn", "granian", "werkzeug", "sqlalchemy", "alembic", "twilio")


def numbers(text: str) -> list[str]:
    """Every text in it that reads like a telephone number."""
    return [found for found in NUMBER.findall(text) if found not in _HARMLESS]


def check(output: str) -> None:
    found = numbers(output)
    assert not found, f"the service's output holds what may be a number: {found} in\n{output}"


class Watcher(logging.Handler):
    """Collects the lines with a number in them; how a line looks does not matter, its message and exception do."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.found: list[str] = []
        self.lines = 0

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self.lines += 1
        if numbers(line):
            self.found.append(f"{record.name}: {line}")
