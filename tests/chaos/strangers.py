"""Strangers, all at once, while calls come at a steady rate: `ivr serve` alone, behind nginx, behind Caddy.

    python -m tests.chaos.strangers [--seconds 60] [--only alone] [--build FOLDER]

`--build`: the checkout whose `ivr serve` is asked, to compare with.

Connections that say nothing, half a head, a body of a byte a second, at the line and at the console; a log that nobody
reads; idle connections at the metrics; a reload every other second. A call is lost when one of its requests gets
anything but our answer, even if Twilio would have asked once more.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from tests import privacy
from tests.deploy.caddy import CADDY, ROOT, caddy
from tests.deploy.nginx import NGINX, OPENSSL, proxying, site
from tests.serve.server import Server, free_port, next_target, wait_for
from tests.web.console.operator import PASSWORD_HASH, SECRET

RATE = 20  # calls a second
MOST_MILLISECONDS, MOST_MEGABYTES = 100, 150
RELOADS_EVERY = 2.0  # seconds
SILENT, HALF_HEADS, SLOW_BODIES, CONSOLE, METRICS = 1000, 1000, 500, 50, 10
SOURCES = [f"127.0.0.{number}" for number in range(2, 12)]  # strangers come from more than one address
KEYS = ({}, {"Digits": "1"}, {"Digits": "1"}, {"Digits": "5003"}, {"Digits": ""}, {"Digits": "1"})
_BODY = "Host: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\na="


@dataclass
class Found:
    calls: int = 0
    lost: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0
    reloads: int = 0

    @property
    def p99(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)] if ordered else float("inf")

    @property
    def good(self) -> bool:
        return not self.lost and self.p99 <= MOST_MILLISECONDS and self.megabytes <= MOST_MEGABYTES

    def row(self, name: str) -> str:
        figures = f"{self.calls} | {len(self.lost)} | {self.p99:.0f} ms | {max(self.milliseconds, default=0):.0f} ms"
        return f"| {name} | {figures} | {self.megabytes:.0f} MB | {self.reloads} |"


@cache
def _context(base: str) -> ssl.SSLContext | None:
    return ssl._create_unverified_context() if base.startswith("https") else None  # noqa: S323 - our own certificate


async def _stranger(base: str, said: str, drip: bytes, source: str) -> None:
    """Holds a connection for as long as it is let, then another one."""
    url = urlsplit(base)
    while True:
        writer = None
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(
                url.hostname, url.port, ssl=_context(base) if said else None, local_addr=(source, 0)
            )
            writer.write(said.format(host=url.netloc).encode())
            while drip and not writer.is_closing() and not reader.at_eof():
                writer.write(drip)
                await asyncio.sleep(1)
            await reader.read()
        if writer:
            writer.close()
        await asyncio.sleep(1)


async def _strangers(base: str, direct: str, metrics: str) -> None:
    crowd = [(base, "", b"")] * SILENT
    crowd += [(base, "POST /voice HTTP/1.1\r\nHost: {host}\r\nContent-", b"")] * HALF_HEADS
    crowd += [(base, f"POST /voice HTTP/1.1\r\n{_BODY}", b"a")] * SLOW_BODIES
    crowd += [(direct, f"POST /console/login HTTP/1.1\r\n{_BODY}", b"a")] * CONSOLE
    crowd += [(metrics, "", b"")] * METRICS
    await asyncio.gather(
        *(_stranger(*each, SOURCES[number % len(SOURCES)]) for number, each in enumerate(crowd)), return_exceptions=True
    )


def _let_strangers_in(base: str, direct: str, metrics: str) -> None:
    asyncio.run(_strangers(base, direct, metrics))


class _Caller:
    """Signed requests of one call over one connection, made anew when the other side has closed it."""

    def __init__(self, base: str, found: Found) -> None:
        self._base = base
        self._found = found
        self._sign = RequestValidator(AUTH_TOKEN).compute_signature
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(self, sid: str) -> None:
        target = "/voice"
        try:
            for keys in KEYS:
                target = next_target(await asyncio.wait_for(self._ask(target, {"CallSid": sid} | keys), 10))
        except (OSError, EOFError, AssertionError, StopIteration, TimeoutError) as fault:
            self._found.lost.append(f"{target.partition('?')[0]}: {fault!r}")
        finally:
            self._close()
            self._found.calls += 1

    async def _ask(self, target: str, fields: dict[str, str]) -> str:
        form = {"AccountSid": ACCOUNT_SID, "From": "anonymous", "To": "anonymous", "CallStatus": "in-progress"} | fields
        body = urlencode(form)
        head = (
            f"POST {target} HTTP/1.1\r\nHost: {urlsplit(self._base).netloc}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            f"X-Twilio-Signature: {self._sign(self._base + target, form)}\r\n\r\n"
        )
        began = time.perf_counter()
        if self._streams is None or self._streams[0].at_eof():
            url = urlsplit(self._base)
            self._streams = await asyncio.open_connection(url.hostname, url.port, ssl=_context(self._base))
        reader, writer = self._streams
        writer.write((head + body).encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        assert answer.startswith("http/1.1 200"), answer.partition("\r\n")[0]
        content = await reader.readexactly(int(answer.partition("content-length:")[2].partition("\r\n")[0]))
        self._found.milliseconds.append((time.perf_counter() - began) * 1000)
        if "connection: close" in answer:
            self._close()
        return content.decode()

    def _close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _calls(base: str, master: int, seconds: float, found: Found) -> None:
    began, calls = time.monotonic(), []
    for number in range(int(seconds * RATE)):
        await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
        calls.append(asyncio.create_task(_Caller(base, found).call(f"CA{number:032x}")))
        if number % int(RATE * RELOADS_EVERY) == 0:
            os.kill(master, signal.SIGHUP)
            found.reloads += 1
        if number % RATE == 0:
            found.megabytes = max(found.megabytes, _largest_worker(master))
    await asyncio.gather(*calls)


def _largest_worker(master: int) -> float:
    sizes = [0.0]
    for pid in Path(f"/proc/{master}/task/{master}/children").read_text("ascii").split():
        with suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            status = Path(f"/proc/{pid}/status").read_text("ascii")
            if b"metrics" not in command and "VmRSS" in status:
                sizes.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
    return max(sizes)


@contextmanager
def _serving(build: Path, folder: Path, public: str, port: int, metrics: int) -> Iterator[Server]:
    """One worker, whose log is a pipe that nobody reads."""
    reading, writing = os.pipe()
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
        "PUBLIC_BASE_URL": public,
        "DATABASE_URL": f"sqlite:///{folder}/records.sqlite3",
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "SECRET_KEY": SECRET,
        "IVR_CONSOLE_PASSWORD_HASH": PASSWORD_HASH,
        "IVR_TRUSTED_PROXIES": "0" if public.endswith(f":{port}") else "1",
    }
    command = [sys.executable, "-m", "ivr", "serve", "--port", str(port), "--metrics-port", str(metrics)]
    with subprocess.Popen(command, env=environment, cwd=build, stdout=writing, stderr=writing) as process:
        os.close(writing)
        server = Server(process, f"http://127.0.0.1:{port}", public)
        try:
            wait_for(server, bool)
            yield server
        finally:
            process.terminate()
            process.wait(180)
            with os.fdopen(reading, encoding="utf-8") as log:
                privacy.check(log.read())


def run(way: str, folder: Path, seconds: float, build: Path = ROOT) -> Found:
    """`way`: alone, nginx or caddy. `build`: a checkout."""
    port, metrics = free_port(), free_port()
    outside = port if way == "alone" else free_port()
    base = f"https://localhost:{outside}" if way == "nginx" else f"http://127.0.0.1:{outside}"
    found = Found()
    with ExitStack() as stack:
        server = stack.enter_context(_serving(build, folder, base, port, metrics))
        if way == "nginx":
            stack.enter_context(proxying(folder, site(folder, outside, [port], "localhost"), outside))
        elif way == "caddy":
            stack.enter_context(caddy(folder, outside, [port]))
        context = multiprocessing.get_context("spawn")
        arguments = (base, server.base, f"http://127.0.0.1:{metrics}")
        strangers = context.Process(target=_let_strangers_in, args=arguments, daemon=True)
        if way == "caddy":
            wait_for(Server(server.process, base), bool)
        strangers.start()
        stack.callback(strangers.kill)
        asyncio.run(_calls(base, server.process.pid, seconds, found))
    return found


def _ways() -> list[str]:
    return ["alone", *(["nginx"] if NGINX and OPENSSL else []), *(["caddy"] if CADDY else [])]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", choices=("alone", "nginx", "caddy"))
    parser.add_argument("--build", type=Path, default=ROOT)
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 16_384)), hard))
    good = True
    for way in [options.only] if options.only else _ways():
        with tempfile.TemporaryDirectory() as folder:
            found = run(way, Path(folder), options.seconds, options.build)
        good = good and found.good
        sys.stdout.write("\n".join((found.row(way), *sorted(set(found.lost))[:5], "")))
        sys.stdout.flush()
    sys.exit(not good)


if __name__ == "__main__":
    main()
