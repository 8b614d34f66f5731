"""Work in a child process: what comes back, and that nothing of it stays."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest

from ivr.base.clock import ManualClock
from ivr.base.errors import (
    AccountError,
    Complaint,
    DefinitionError,
    IvrError,
    RequestError,
    SettingsError,
    SimulatorError,
)
from ivr.line.service.apart import apart
from ivr.line.service.reload import Editions
from ivr.line.service.settings import Profile, Settings
from tests.conftest import EVENING, SMALL
from tests.serve.server import SECONDS


def _raise(error: BaseException) -> None:
    raise error


def _killed() -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"  # nobody asked for it
    except (FileNotFoundError, ProcessLookupError):
        return True


def _goes(pid: int) -> bool:
    """Soon: it closes its files a moment before."""
    end = time.monotonic() + SECONDS
    while not _is_gone(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return _is_gone(pid)


@pytest.mark.parametrize("result", [(), None, ("warning",) * 100_000], ids=["empty", "none", "more than a pipe holds"])
def test_what_the_work_returns_comes_back(result: object) -> None:
    assert apart(lambda: result) == result


def test_the_work_is_done_in_another_process_which_is_gone_afterwards() -> None:
    child = apart(os.getpid)
    assert child != os.getpid()
    assert _is_gone(child)
    assert not active_children()


@pytest.mark.parametrize(
    "error",
    [
        DefinitionError([Complaint("flow.yaml", 2, 3, "is wrong"), Complaint("flow.yaml", 1, 1, "is wrong too")]),
        SettingsError(["one", "two"]),
        RequestError(400, "no call"),
        AccountError("ask again"),
        SimulatorError("no verb", code=12100, line=3),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_of_ours_comes_back_with_its_text_and_fields(error: IvrError) -> None:
    fields = dict(vars(error))
    with pytest.raises(type(error)) as raised:
        apart(partial(_raise, error))
    assert str(raised.value) == str(error)
    assert vars(raised.value).items() >= fields.items()


def test_another_error_says_where_in_the_child_it_was_raised() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        apart(lambda: 1 // 0)
    (note,) = raised.value.__notes__
    assert note.startswith("In the child process:\nTraceback")
    assert "test_apart.py" in note


def test_a_result_that_cannot_be_handed_over_is_an_error() -> None:
    with pytest.raises(TypeError, match="pickle"):
        apart(threading.Lock)


@pytest.mark.parametrize(
    ("work", "how"), [(_killed, "SIGKILL"), (lambda: os._exit(3), "exit code 3")], ids=["killed", "left"]
)
def test_a_child_that_died_is_told_by_how(work: Callable[[], object], how: str) -> None:
    with pytest.raises(ChildProcessError, match=f"^the child process ended with {how}$"):
        apart(work)
    assert not active_children()


@pytest.mark.parametrize(
    ("number", "everybody"),
    [
        (signal.SIGINT, True),
        (signal.SIGINT, False),
        (signal.SIGTERM, False),
        (signal.SIGHUP, False),
        (signal.SIGKILL, False),
    ],
    ids=["Ctrl-C", "SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"],
)
def test_whatever_ends_the_parent_ends_the_child(number: signal.Signals, everybody: bool) -> None:
    """`everybody`: as a terminal sends it. The child says nothing of its own."""
    program = """
import os, time
from ivr.line.service.apart import apart

def work():
    print(os.getpid(), flush=True)
    while True:  # as the proof does: busy
        pass

apart(work)
"""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.killpg(parent.pid, number) if everybody else os.kill(parent.pid, number)
        _, said = parent.communicate(timeout=SECONDS)  # ends when the child has closed its end too
    assert parent.returncode == -number
    assert said.count(b"KeyboardInterrupt") == (number == signal.SIGINT)
    assert _goes(child)


def test_ctrl_c_reaches_this_process_again_after_the_work() -> None:
    apart(os.getpid)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_nothing_of_the_proof_is_imported_where_workers_are_forked(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from ivr.base.clock import SystemClock
from ivr.line.service.reload import Editions
from ivr.line.service.settings import Profile, Settings
editions = Editions(Settings(profile=Profile.PRACTICE, directory=Path({str(SMALL)!r})), SystemClock())
print(editions.loaded[0].findings is not None, *(each for each in sys.modules if each.startswith("ivr.proof.")))
"""
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=SECONDS
    )
    assert done.stdout == "True\n"


def test_a_start_whose_proof_dies_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(Editions, "_prove", lambda *_: _killed())
    with pytest.raises(SettingsError, match=r"^the flow could not be proved: the child process ended with SIGKILL$"):
        Editions(Settings(profile=Profile.PRACTICE, directory=SMALL), ManualClock(EVENING))
