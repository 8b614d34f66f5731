"""Where `ivr serve` listens, and how many connections a worker may hold. Knows gunicorn and the machine's limits.

Must not know calls, settings or terminals.
"""

import errno
import logging
import resource
import socket
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from ivr.base.errors import SettingsError
from ivr.line.web.loopback import is_loopback

MOST_CONNECTIONS = 1000  # of one worker; gunicorn's own number
_OWN_FILES = 32  # of a worker beside its connections: listener, pipes, log, database, metrics
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_log = logging.getLogger("ivr.server")


def listening_address(host: str, port: int, *, loopback_only: bool) -> str:
    """What gunicorn binds to. Raises SettingsError where nobody can listen, or others than this machine could reach it.

    `loopback_only`: the profile simulator, whose token is public.
    """
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET  # as gunicorn takes it
        found = socket.getaddrinfo(host or None, port, family, socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise SettingsError([f"--host {host!r} is no address of this machine ({error})"]) from None
    if loopback_only and not (host and all(is_loopback(str(address[0])) for *_, address in found)):
        raise SettingsError(
            [f"--host {host!r} can be reached by others, and the profile simulator has a public token: use 127.0.0.1"]
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
        return "another program does; stop it, or name another port with --port or PORT"
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
    return _OWN_FILES + threads  # a thread that waits for a request's first byte holds a selector open


class Worker(ThreadWorker):
    """gunicorn's, which says so when it is full, and outlives the moment in which no file can be opened."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._spare = socket.socket()  # let go of to take in, and refuse, whom there is no file for
        self._told = False

    def set_accept_enabled(self, enabled: bool | None) -> None:
        if not enabled and self.alive:
            self._tell(f"{self.nr_conns} connections are open, the most that a worker holds; further ones wait")
        super().set_accept_enabled(enabled)

    def accept(self, listener: Any) -> None:
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE):
                raise
            self._tell("no further file can be opened (ulimit -n); new connections are answered 503")
            self._refuse(listener)

    def _refuse(self, listener: Any) -> None:
        self._spare.close()
        with suppress(OSError):
            refused, _ = listener.accept()
            with refused:
                refused.settimeout(0.1)
                refused.sendall(_BUSY)
        with suppress(OSError):
            self._spare = socket.socket()

    def _tell(self, words: str) -> None:
        """Once: whoever looks after the line needs no second line of it."""
        if not self._told:
            self._told = True
            _log.warning(words)
