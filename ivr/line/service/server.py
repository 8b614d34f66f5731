"""Where `ivr serve` listens, and how a worker of it runs. Knows gunicorn, uvicorn and the machine's limits."""

import errno
import logging
import resource
import signal
import socket
import sys
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from uvicorn_worker import UvicornWorker

from ivr.base.errors import SettingsError
from ivr.line.service.connections import Connection, Room
from ivr.line.web.loopback import is_loopback

MOST_CONNECTIONS = 4000  # of one worker; each takes some ten kilobytes
GRACEFUL_SECONDS = 20  # for requests under way when a worker ends
_OWN_FILES = 32  # of a worker beside its connections: listener, pipes, log, database, metrics


def listening_address(host: str, port: int, *, loopback_only: bool) -> str:
    """What gunicorn binds to. Raises SettingsError where nobody can listen, or others than this machine could reach it.

    `loopback_only`: the profile simulator, whose token is public.
    """
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET  # as gunicorn takes it
        found = socket.getaddrinfo(host or None, port, family, socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise SettingsError([f"--host {host!r} is not an address of this machine ({error})"]) from None
    if loopback_only and not (host and all(is_loopback(str(address[0])) for *_, address in found)):
        raise SettingsError(
            [
                f"--host {host!r} is open to other machines, and the test token of the profile simulator "
                "is public: use 127.0.0.1"
            ]
        )
    _, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen()
        except OSError as error:
            raise SettingsError([f"{shown} cannot be listened on: {_why(error)}"]) from None
    return shown


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program uses the port; stop it, or name another port with --port or PORT"
    return str(error.strerror or error)


def most_connections(threads: int) -> int:
    """As many as a worker may hold open within the limit of open files, which is raised as far as it goes. Raises
    SettingsError if that is not enough for its threads."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and (hard == resource.RLIM_INFINITY or soft < hard):
        wanted = MOST_CONNECTIONS + _reserved(threads)
        raised = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        if raised > soft:
            with suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    most = min(MOST_CONNECTIONS, soft - _reserved(threads))
    if most <= threads:
        needed = _reserved(threads) + threads + 1
        raise SettingsError([f"only {soft} files may be open (ulimit -n); {threads} threads need at least {needed}"])
    return most


def _reserved(threads: int) -> int:
    return _OWN_FILES + threads  # a thread of the console may hold a connection to the database


class Worker(UvicornWorker):  # type: ignore[misc]
    """gunicorn's process with uvicorn in it. What the service knows of a request is what stands in it: no header of a
    proxy changes address, scheme or root path."""

    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "uvloop",
        "lifespan": "off",
        "ws": "none",
        "interface": "asgi3",
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "timeout_graceful_shutdown": GRACEFUL_SECONDS,
    }

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.config.http = partial(
            Connection, Room(self.cfg.worker_connections, getattr(self.app, "trusted_proxies", 0))
        )
        errors = logging.getLogger("uvicorn.error")
        errors.handlers, errors.propagate = [], True  # to the service's own log

    def init_signals(self) -> None:
        """uvicorn raises again, after a graceful end, the signal that it was ended by. It must not kill the process
        before what was left for its end is done: records are written, the log is emptied."""
        super().init_signals()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)


def _leave(*_: object) -> None:
    sys.exit(0)
