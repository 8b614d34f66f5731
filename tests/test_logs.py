"""The form of log lines, and that the watch over all tests would see a number."""

import json
import logging
import logging.config
import os
import re
import sys
from pathlib import Path

import pytest

from ivr.line.service import logs
from ivr.line.service.logs import JsonLines
from tests import privacy


def _record(message: str, *values: object, **more: object) -> logging.LogRecord:
    return logging.LogRecord("ivr.voice", logging.WARNING, "f.py", 1, message, values, more.get("fault"))  # type: ignore[arg-type]


def test_a_json_line_tells_its_kind_and_its_words() -> None:
    line = json.loads(JsonLines().format(_record("refused %s: %s", 403, "signature\nx")))
    assert line["event"] == "refused %s: %s"
    assert line["message"] == "refused 403: signature\nx"
    assert (line["level"], line["logger"]) == ("warning", "ivr.voice")
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])


def test_a_json_line_is_one_line_with_its_exception() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        text = JsonLines().format(_record("broken", fault=sys.exc_info()))
    assert "\n" not in text
    assert "ValueError: two\nlines" in json.loads(text)["exception"]


def test_what_was_lost_is_said_in_the_next_line_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr(logs, "_writer", logs._Writer(writing))
    logger = logging.Logger("ivr.voice")
    handler = logs.Stderr()
    logger.addHandler(handler)
    line = "x" * 1000
    while not logs.lost():
        logger.warning(line)
    with os.fdopen(reading, encoding="utf-8") as log:
        for _ in range(50):
            assert log.readline() == f"{line}\n"
        told = line
        while told in (line, "read again"):
            logger.warning("read again")
            told = log.readline().strip()
    assert re.fullmatch(r"[1-9]\d* lines of this log were lost: nobody read them", told)


@pytest.mark.parametrize("number", ["+4791234567", "91234567", "From=91234567&", "91 23 45 67", "'+46701234567'"])
def test_the_watch_sees_a_number(number: str) -> None:
    watcher = privacy.Watcher()
    watcher.emit(_record("call %s is over", number))
    assert watcher.found
    with pytest.raises(AssertionError, match="may be a number"):
        privacy.check(f"a line\n{number}\n")


@pytest.mark.parametrize("harmless", ["pid 1234567", "2026-03-01 20:00:00,123", "call Abc12345678d", "127.0.0.1:5000"])
def test_the_watch_does_not_cry_wolf(harmless: str) -> None:
    assert not privacy.numbers(harmless)


def test_the_watch_hears_the_service(watcher: privacy.Watcher) -> None:
    before = watcher.lines
    logging.getLogger("ivr.calls").debug("a line of the service")
    assert watcher.lines == before + 1


def test_whoever_starts_the_service_hands_its_output_to_the_watch() -> None:
    starters = set()
    for path in Path(__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8")
        if path.name != Path(__file__).name and "Popen(" in text and "privacy.check(" not in text:
            starters.add(f"{path.parent.name}/{path.name}")
    # They show their own caller's keys, or are programs that are not the service.
    phones = {"simulator/test_cli.py", "phone_page/test_command.py", "tests/test_line_files.py"}
    others = {"deploy/caddy.py", "chaos/fallback.py", "serve/test_output.py", "serve/test_apart.py"}
    others |= {"directory_import/test_one_at_a_time.py", "deploy/test_prometheus.py"}
    assert starters == phones | others | {"chaos/service.py"}  # whose log may be no file at all
