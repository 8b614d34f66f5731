"""`ivr demo` as a process, and the addresses that it prints."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import privacy


@dataclass(frozen=True)
class Demo:
    """`said`: everything it printed. `phone` ends with a slash."""

    said: str
    phone: str
    console: str
    password: str


@contextmanager
def running_demo(scratch: Path) -> Iterator[Demo]:
    """Until it is ready; it is ended as by Ctrl-C. `scratch`: where its database lies."""
    command = [sys.executable, "-m", "ivr", "demo", "--no-browser"]
    environment = {"PATH": "/usr/bin:/bin", "TMPDIR": str(scratch)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            said = "".join(demo.stdout.readline() for _ in range(5))
            found = re.search(r"(http:\S+) .*\n.* (http:\S+/console) .* password (\S+)\n", said)
            assert found, said
            yield Demo(said, *found.groups())
        finally:
            demo.send_signal(signal.SIGINT)
            _, errors = demo.communicate(timeout=60)
            privacy.check(errors)
    assert demo.returncode == 0
