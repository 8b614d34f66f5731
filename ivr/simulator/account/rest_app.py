"""The account's REST API, as a WSGI application: which handler answers what, and a log of every request.

What is not there is refused by name in Twilio's form: 501 for an operation or a field that Twilio has and this has not,
404 (20404) for what does not exist. A path that does not end with .json is a file: whoever has its address gets it
without a login, which is Twilio's default, and a wrong login is refused. Each resource has a module, `rest_...`.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl

from ivr.base.errors import SimulatorError
from ivr.simulator.account.core import Core
from ivr.simulator.rest import VERSION, Json, RestApp, RestError, RestFile, bad_request, read_form
from ivr.simulator.urls import UrlError, checked

MOST_LOGGED = 10_000  # requests
_ACCOUNT = re.compile(rf"/{VERSION}/Accounts/(?P<account>[^/.]+)(?:/(?P<rest>.+))?\.json")
_FILE = re.compile(rf"/{VERSION}/Accounts/(?P<account>[^/.]+)/(?P<rest>.+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """One REST request. `path`: the sids in its path. `items`: the form of a POST, the query of a GET."""

    method: str
    url: str
    path: Mapping[str, str]
    items: tuple[tuple[str, str], ...]

    @property
    def fields(self) -> dict[str, str]:
        return dict(self.items)

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for each, value in self.items if each == name)

    def allow(self, *names: str) -> None:
        """Raises RestError for a field that is not simulated."""
        for name in self.fields:
            if name not in names:
                message = f"{name} of {self.method} {self.url} is not simulated; only {', '.join(names) or 'no field'}"
                raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, message)

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        value = self.fields.get(name, default)
        if value not in choices:
            raise bad_request(20001, f"{name} is one of {', '.join(choices)}, not {value!r}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Case does not count: Twilio's libraries differ."""
        return self.fields.get(name, str(default)).lower() == "true"

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        value = self.fields.get(name, str(default))
        if not re.fullmatch("[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise bad_request(20001, f"{name} is a whole number from {low} to {high}, not {value!r}")
        return int(value)

    def web_address(self, name: str, code: int = 21205) -> str:
        """A whole URL, or "" where none is given."""
        value = self.fields.get(name, "")
        if value:
            try:
                checked(value)
            except UrlError as error:
                raise bad_request(code, f"{name}: {error}") from None
        return value


@dataclass(frozen=True, slots=True)
class RestRequest:
    """A line of the log."""

    method: str
    path: str
    fields: Mapping[str, str]
    status: int

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class HasSid(Protocol):
    @property
    def sid(self) -> str: ...


Resource = TypeVar("Resource", bound=HasSid)
Handler = Callable[[Core, Asked], tuple[HTTPStatus, Json]]
Route = tuple[str, str, Handler]  # method; path below the account, as a pattern; who answers
MediaRoute = tuple[str, Callable[[Core, Asked], RestFile]]  # path below the account, as a pattern; the file


class AccountRestApp(RestApp):
    """`routes`: of every resource; the first that matches answers. `media`: of files. `settings`: of Twilio's other
    hosts, with whole paths."""

    def __init__(
        self,
        core: Core,
        routes: Iterable[Route],
        media: Iterable[MediaRoute] = (),
        api_keys: Mapping[str, str] | None = None,
        settings: Iterable[Route] = (),
    ) -> None:
        super().__init__(core.sid, core.options.auth_token, api_keys)
        self._settings = [(method, re.compile(path), handler) for method, path, handler in settings]
        self._media = [(re.compile(path), handler) for path, handler in media]
        self._core = core
        self._handlers = [(method, re.compile(path), handler) for method, path, handler in routes]
        self.log: deque[RestRequest] = deque(maxlen=MOST_LOGGED)
        self.on_request: Callable[[RestRequest], None] = lambda _: None

    def _answer(self, environ: dict[str, Any]) -> tuple[HTTPStatus, Json | RestFile]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        query = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        items = tuple(read_form(environ) if method == "POST" else query)
        try:
            answer = self._handle(environ.get("HTTP_AUTHORIZATION", ""), Asked(method, path, {}, items))
        except RestError as error:
            self._logged(RestRequest(method, path, dict(items), int(error.status)))
            raise
        self._logged(RestRequest(method, path, dict(items), int(answer[0])))
        with suppress(SimulatorError):  # a bound: whoever lets time pass next is told
            self._core.world.on_change()
        return answer

    def _note(self, environ: Mapping[str, Any], status: int) -> None:
        """Requests stand in `log`, and in the trace of a scenario."""

    def _logged(self, asked: RestRequest) -> None:
        self.log.append(asked)
        self.on_request(asked)

    def _handle(self, authorization: str, asked: Asked) -> tuple[HTTPStatus, Json | RestFile]:
        file = _FILE.fullmatch(asked.url) if asked.method == "GET" and not asked.url.endswith(".json") else None
        if file is not None and file["account"] == self._core.sid:
            for path, handler in self._media:
                if match := path.fullmatch(file["rest"]):
                    if authorization:
                        self._authenticated(authorization)
                    return HTTPStatus.OK, handler(self._core, replace(asked, path=match.groupdict()))
        return self._resource(authorization, asked)

    def _resource(self, authorization: str, asked: Asked) -> tuple[HTTPStatus, Json]:
        user = self._authenticated(authorization)
        for method, path, handler in self._settings:
            match = path.fullmatch(asked.url)
            if match and method == asked.method:
                return handler(self._core, replace(asked, path=match.groupdict()))
        found = _ACCOUNT.fullmatch(asked.url)
        if found is None:
            raise not_simulated(asked)
        if found["account"] != self._core.sid or not self._may_use(user, found["account"]):
            raise not_found(asked)
        there = False
        for method, path, handler in self._handlers:
            match = path.fullmatch(found["rest"] or "")
            if match and method == asked.method:
                return handler(self._core, Asked(asked.method, asked.url, match.groupdict(), asked.items))
            there = there or match is not None
        if there:
            raise RestError(HTTPStatus.METHOD_NOT_ALLOWED, 20004, f"{asked.method} is not allowed for {asked.url}")
        raise not_simulated(asked)


def not_simulated(asked: Asked) -> RestError:
    return RestError(HTTPStatus.NOT_IMPLEMENTED, 0, f"{asked.method} {asked.url} is not simulated")


def not_found(asked: Asked) -> RestError:
    return RestError(HTTPStatus.NOT_FOUND, 20404, f"The requested resource {asked.url} was not found")


def one_of(asked: Asked, resources: Iterable[Resource], name: str = "sid") -> Resource:
    """The one whose sid stands in the path under this name. Raises RestError."""
    for each in resources:
        if each.sid == asked.path[name]:
            return each
    raise not_found(asked)
