"""What a test calls: a URL, an application in this process (WSGI or ASGI), or a function that makes one.

Says where that is, and how a request gets there.
"""

from collections.abc import Callable
from inspect import Parameter, iscoroutinefunction, signature
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from ivr.base.errors import SimulatorError
from ivr.simulator.session import Transport
from ivr.simulator.transports import HttpTransport, WsgiTransport
from ivr.simulator.transports.asgi import as_wsgi
from ivr.simulator.transports.wsgi import WsgiApp
from ivr.simulator.urls import UrlError, checked


class Target(NamedTuple):
    """`url`: of the voice webhook. `at`: the URL of a path, or of a URL, of the same application."""

    url: str
    transport: Transport
    at: Callable[[str], str]


def reach(target: str | Callable[..., Any], path: str | None, base_url: str, cafile: str | Path | None) -> Target:
    """`base_url`: the public address that an application believes it has, with the path that it is mounted at.

    Raises SimulatorError.
    """
    try:
        if isinstance(target, str):
            url = checked(urljoin(target, path) if path else target)
            return Target(url, HttpTransport(cafile=cafile), lambda other: urljoin(url, other))
        base = checked(base_url).rstrip("/")
        if "?" in base or "#" in base:
            raise SimulatorError(f"base_url={base_url!r}: expected an address without ? and #")

        def at(other: str) -> str:
            return other if "://" in other else f"{base}/{other.removeprefix('/')}"

        mount = unquote(urlsplit(base).path)
        return Target(checked(at(path or "/voice")), WsgiTransport(application(target), mount), at)
    except UrlError as error:
        raise SimulatorError(str(error), code=error.code) from None


def application(target: Callable[..., Any]) -> WsgiApp:
    """A WSGI application as it is, an ASGI one made to one, or what a factory returns. Raises SimulatorError."""
    kind = _kind(target)
    if kind == "factory":
        target = target()
        kind = _kind(target)
    if kind == "asgi":
        return as_wsgi(target)
    if kind == "wsgi":
        return target
    raise SimulatorError(
        f"{target!r} is no URL, no WSGI or ASGI application, and no function without arguments that returns one"
    )


def _kind(target: object) -> str:
    """`wsgi` takes environ and start_response, `asgi` scope, receive and send, a `factory` nothing; "" otherwise."""
    if not callable(target):
        return ""
    try:
        parameters = list(signature(target).parameters.values())
    except (TypeError, ValueError):  # made by an extension: it does not say
        return "wsgi"
    positional = [
        each for each in parameters if each.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    ]
    needed = sum(each.default is Parameter.empty for each in positional)
    takes_any = any(each.kind is Parameter.VAR_POSITIONAL for each in parameters)
    if iscoroutinefunction(target) or iscoroutinefunction(type(target).__call__):
        return "asgi" if needed == 3 or takes_any else ""
    if needed == 3:
        return "asgi"
    if needed == 2 or (takes_any and needed < 2):
        return "wsgi"
    return "factory" if needed == 0 else ""
