"""`ivr serve` before it listens: addresses, ports, numbers of the environment, limits of the machine."""

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.base.errors import SettingsError
from ivr.cli.serve import serve
from ivr.line.service.server import listening_address, most_connections
from tests.serve.server import SECONDS, free_port, serving


def _started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A server that must not come to listen."""
    every = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME") if name in os.environ} | environment
    command = [sys.executable, "-m", "ivr", "serve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=every, timeout=SECONDS, check=False)


def test_a_port_in_use_is_one_sentence_and_exit_code_2_before_anything_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = _started("--port", str(port))
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"127.0.0.1:{port} cannot be listened on: another program uses the port; stop it, or name another port with "
        "--port or PORT\n"
    )


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid", "1:2", "::1::", "127.0.0.1:80", "x" * 70])
def test_an_address_that_is_not_this_machines_is_exit_code_2(host: str) -> None:
    with pytest.raises(SettingsError, match=r"is not an address of this machine|cannot be listened on"):
        listening_address(host, free_port(), loopback_only=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "0", "10.1.2.3", "192.168.1.5", "::ffff:10.0.0.1", "fe80::1"])  # noqa: S104
def test_the_simulators_public_token_is_for_loopback_alone(host: str) -> None:
    with pytest.raises(SettingsError, match="is open to other machines, and the test token"):
        listening_address(host, free_port(), loopback_only=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost"])
def test_any_loopback_address_is_right_for_the_simulator(host: str) -> None:
    port = free_port()
    assert listening_address(host, port, loopback_only=True) == f"{host}:{port}"


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_an_ipv6_address_is_listened_on(tmp_path: Path) -> None:
    with serving("--host", "::1", log=tmp_path / "log", base="http://[::1]") as server:
        assert server.ready()["status"] == "ready"


def test_the_command_refuses_such_an_address_before_it_listens() -> None:
    result = _started("--host", "0.0.0.0")  # noqa: S104
    assert result.returncode == 2
    assert "listening on" not in result.stderr
    assert "use 127.0.0.1" in result.stderr


@pytest.mark.parametrize("name", ["WEB_CONCURRENCY", "METRICS_PORT", "PORT", "IVR_RETENTION_DAYS"])
@pytest.mark.parametrize("text", ["-1", "0", "abc", "1.5", "9" * 5000, "1e3"], ids=lambda text: text[:5])
def test_a_number_of_the_environment_that_is_none_is_refused_and_no_traceback(name: str, text: str) -> None:
    result = CliRunner().invoke(serve, [], env={"IVR_PROFILE": "", name: text})
    assert result.exit_code == 2 or isinstance(result.exception, SettingsError), result.exception
    assert "listening on" not in result.output


@pytest.mark.parametrize("name", ["WEB_CONCURRENCY", "METRICS_PORT"])
def test_the_command_itself_reads_its_numbers(name: str) -> None:
    result = _started(**{name: "abc"})
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_an_empty_number_of_the_environment_is_as_if_it_were_not_set(tmp_path: Path) -> None:
    empty = {"WEB_CONCURRENCY": "", "METRICS_PORT": "", "IVR_RETENTION_DAYS": "", "LOG_LEVEL": "", "PORT": ""}
    with serving(log=tmp_path / "log", **empty) as server:
        assert server.ready()["status"] == "ready"


@pytest.fixture
def few_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("few_files")
def test_connections_stay_within_the_open_files_which_are_raised_as_far_as_it_goes() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    assert most_connections(threads=8) == 4000
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 4040


def _within(files: int, code: str) -> subprocess.CompletedProcess[str]:
    """Python code in a process that may open so many files and no more."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files})); {code}"
    return subprocess.run([sys.executable, "-c", limit], capture_output=True, text=True, timeout=SECONDS, check=False)


@pytest.mark.parametrize(("files", "connections"), [(64, "24"), (512, "472"), (5000, "4000")])
def test_a_hard_limit_is_kept_to(files: int, connections: str) -> None:
    code = "from ivr.line.service.server import most_connections; print(most_connections(8))"
    assert _within(files, code).stdout == f"{connections}\n"


def test_too_few_files_for_the_threads_are_told_at_start() -> None:
    code = "import sys; sys.argv = ['ivr', 'serve']; from ivr.cli import main; main()"
    result = _within(38, code)
    assert result.returncode == 2
    assert "only 38 files may be open (ulimit -n); 4 threads need at least 41" in result.stderr


def test_with_64_files_and_120_idle_connections_the_worker_lives_and_says_so_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(log=log, files=64) as server, ExitStack() as stack:
        before = _workers(server.process.pid)
        for _ in range(120):
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", int(server.base.rpartition(":")[2])), 10))
            idle.settimeout(SECONDS)
        assert "ready" in str(server.ready())
        assert _workers(server.process.pid) == before
    text = log.read_text("utf-8")
    assert (
        text.count("connections are open, the most that a worker holds; who keeps it waiting for longest makes room")
        == 1
    )
    assert "Traceback" not in text


def _workers(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
