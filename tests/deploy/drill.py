"""Two instances behind the real nginx or Caddy, callers at a steady rate; every few seconds something is taken away.

    python -m tests.deploy.drill [SECONDS] [REQUESTS_A_SECOND] [caddy]     `make drill` is a minute of it

One instance hangs and is killed, with all its workers and the requests they hold; the other is told to reload while it
is the only one; the killed one is started again; then the other is stopped. A request counts as lost when the proxy
gives anything but our answer, even if Twilio would have asked once more.
"""

import http.client
import os
import signal
import ssl
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from tests.deploy.caddy import caddy
from tests.deploy.nginx import proxying, site
from tests.serve.server import Server, free_port, next_target, serving, wait_for

CALLERS = 12
KEYS = ({}, {"Digits": "1"}, {"Digits": "1"}, {"Digits": "5003"}, {"Digits": ""}, {"Digits": "1"})
TALKED = {"DialCallStatus": "completed", "DialCallDuration": "60", "DialBridged": "true"}


@dataclass
class Found:
    seconds: float = 0.0
    requests: int = 0
    calls: int = 0
    slowest: float = 0.0
    lost: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)  # statuses by the host's address, and by another name
    by_instance: Counter[str] = field(default_factory=Counter)  # which instance answered, by nginx's own log

    def __str__(self) -> str:
        rate = self.requests / self.seconds
        answered = ", ".join(f"{count} by {name}" for name, count in sorted(self.by_instance.items()))
        return (
            f"{self.calls} calls, {self.requests} requests in {self.seconds:.0f} s ({rate:.0f} a second), "
            f"lost: {len(self.lost)}; slowest answer {self.slowest:.2f} s\n{answered}\n"
            f"by the host's address, and by another name: {self.refused}"
        )


class Callers:
    """Threads that call one after the other; all their requests together keep to the rate."""

    def __init__(self, base: str, rate: float) -> None:
        self.found = Found()
        self._base = base
        self._gap = 1 / rate
        self._next = time.monotonic()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._call_on, args=(n,)) for n in range(CALLERS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _call_on(self, caller: int) -> None:
        line = _Connection(self._base)
        count = 0
        while not self._over.is_set():
            count += 1
            self._call(line, f"CA{caller:016x}{count:016x}")
        line.close()

    def _call(self, line: "_Connection", sid: str) -> None:
        target = "/voice"
        try:
            for keys in (*KEYS, TALKED):
                document = self._ask(line, target, {"CallSid": sid} | keys)
                target = next_target(document) if keys is not TALKED else ""
                if keys is KEYS[-1]:
                    assert "+4755568700" in document, "the call was not connected to Bergen"
            assert "<Hangup" in document, "the call did not end after the talk"
        except (AssertionError, OSError, http.client.HTTPException, StopIteration) as fault:
            with self._lock:
                self.found.lost.append(f"{time.monotonic():.2f} {target.partition('?')[0]}: {fault!r}")
            line.close()
        with self._lock:
            self.found.calls += 1

    def _ask(self, line: "_Connection", target: str, fields: dict[str, str]) -> str:
        with self._lock:
            self._next = max(self._next, time.monotonic() - 1) + self._gap
            wait = self._next - time.monotonic()
        time.sleep(max(wait, 0))
        began = time.monotonic()
        status, document = line.post(target, fields)
        with self._lock:
            self.found.requests += 1
            self.found.slowest = max(self.found.slowest, time.monotonic() - began)
        assert status == 200, f"status {status}"
        return document


class _Connection:
    """Signed requests over one connection to the proxy, made anew when it is closed."""

    def __init__(self, base: str) -> None:
        self._base = base
        context = ssl._create_unverified_context()  # noqa: S323 - our own certificate of this minute
        where = urlsplit(base)
        self._http = (
            http.client.HTTPSConnection(where.netloc, timeout=10, context=context)
            if where.scheme == "https"
            else http.client.HTTPConnection(where.netloc, timeout=10)
        )
        self._sign = RequestValidator(AUTH_TOKEN).compute_signature

    def post(self, target: str, fields: dict[str, str]) -> tuple[int, str]:
        form = {"AccountSid": ACCOUNT_SID, "From": "anonymous", "To": "anonymous", "CallStatus": "in-progress"} | fields
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": self._sign(self._base + target, form),
        }
        self._http.request("POST", target, urlencode(form), headers)
        answer = self._http.getresponse()
        return answer.status, answer.read().decode()

    def close(self) -> None:
        self._http.close()


def run(folder: Path, seconds: float, rate: float, proxy: str = "nginx") -> Found:
    """The whole of it. `seconds`: how long the callers call. `proxy`: nginx, or caddy, which has no TLS here."""
    port, ports = free_port(), (free_port(), free_port())
    base = f"https://localhost:{port}" if proxy == "nginx" else f"http://127.0.0.1:{port}"
    environment = {"PUBLIC_BASE_URL": base}
    with ExitStack() as stack:
        first = stack.enter_context(serving(log=folder / "first.log", port=ports[0], **environment))
        second = stack.enter_context(serving(log=folder / "second.log", port=ports[1], **environment))
        if proxy == "nginx":
            stack.enter_context(proxying(folder, site(folder, port, ports, "localhost"), port))
        else:
            stack.enter_context(caddy(folder, port, ports))
            wait_for(Server(first.process, base), bool)
        callers = Callers(base, rate)
        began = time.monotonic()
        callers.start()
        try:
            time.sleep(seconds / 5)
            os.killpg(first.process.pid, signal.SIGSTOP)  # so that it is killed with requests in its hands
            time.sleep(0.5)
            os.killpg(first.process.pid, signal.SIGKILL)
            first.process.wait()
            time.sleep(seconds / 5)
            second.reload()
            time.sleep(seconds / 5)
            again = stack.enter_context(serving(log=folder / "again.log", port=ports[0], **environment))
            time.sleep(seconds / 5)
            second.process.send_signal(signal.SIGTERM)
            second.process.wait()
            time.sleep(seconds / 5)
            assert again.process.poll() is None
        finally:
            callers.stop()
        found = callers.found
        found.seconds = time.monotonic() - began
        if proxy == "caddy":
            return found
        found.refused = [_status_of(port, host) for host in (f"127.0.0.1:{port}", "another.example")]
        names = {f"127.0.0.1:{ports[0]}": "the first", f"127.0.0.1:{ports[1]}": "the second"}
        for line in (folder / "access.log").read_text("utf-8").splitlines():
            tried = line.split(" ", 5)[5].split(", ")
            if tried == ["-"]:  # refused by nginx itself
                continue
            found.by_instance[names[tried[-1]] + (" after the other failed" if len(tried) > 1 else "")] += 1
    return found


def _status_of(port: int, host: str) -> int:
    """What nginx answers a health check that names another host."""
    context = ssl._create_unverified_context()  # noqa: S323 - our own certificate of this minute
    connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=context)
    connection.request("GET", "/health/ready", headers={"Host": host})
    status = connection.getresponse().status
    connection.close()
    return status


def main() -> None:
    proxy = "caddy" if sys.argv[-1] == "caddy" else "nginx"
    given = [float(text) for text in sys.argv[1:] if text != proxy]
    seconds, rate = (given + [60.0, 60.0][len(given) :])[:2]
    with tempfile.TemporaryDirectory(prefix="ivr-drill-") as folder:
        found = run(Path(folder), seconds, rate, proxy)
    for each in found.lost:
        print(each)  # noqa: T201 - this is what it is for
    print(found)  # noqa: T201
    raise SystemExit(bool(found.lost) or found.refused != ([] if proxy == "caddy" else [421, 421]))


if __name__ == "__main__":
    main()
