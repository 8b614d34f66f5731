"""The Flask application, without what no webhook has a use for.

A webhook is answered by its view alone, without Flask's contexts, as long as nobody has hung anything on requests: no
hook, no error handler and no signal. With one of these it goes through Flask like every other request. In both cases
the Host header of a webhook is not taken apart (our own address is configured, and a peer is not to be trusted in
that), the route of a path is looked for once, and a document's headers are sent as they were made. No view or hook is
looked over for being a coroutine. docs/benchmarks.md has what each of these costs.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from http import HTTPStatus
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, request, signals
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

VOICE = "/voice"  # what the webhooks' paths begin with
# Whose route is remembered: paths hold the id of a node and nothing of a call, but strangers can ask for any.
_MOST_PATHS, _LONGEST_PATH = 4096, 100

_BLUEPRINT = "voice"  # of the webhooks: hooks are the whole application's, or of one of these
_SIGNALS = (
    signals.appcontext_pushed,
    signals.appcontext_popped,
    signals.appcontext_tearing_down,
    signals.request_started,
    signals.request_finished,
    signals.request_tearing_down,
    signals.got_request_exception,
)

_RECEIVERS = attrgetter("receivers")

_STATUS_LINES = {int(status): f"{status.value} {status.phrase.upper()}" for status in HTTPStatus}
_XML, _HTML = "text/xml; charset=utf-8", "text/html; charset=utf-8"

Match = tuple[Rule, dict[str, Any]]
Headers = Iterable[tuple[str, str]]


class VoiceView:
    """A view that needs nothing of a request but its environ. `answer`: what answers, given that and the arguments of
    the route."""

    def __init__(self, answer: "Callable[..., VoiceAnswer]") -> None:
        self.answer = answer

    def __call__(self, **arguments: str) -> "VoiceAnswer":
        """As Flask calls a view."""
        return self.answer(request.environ, **arguments)


class App(Flask):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        # No redirect to a path with another number of slashes: it would carry the name that the peer put into Host.
        self.url_map.strict_slashes = False
        self.url_map.merge_slashes = False
        self._match = lru_cache(maxsize=_MOST_PATHS)(self._find)

    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not _is_plain(environ) or self._is_hooked():
            return super().wsgi_app(environ, start_response)
        try:
            rule, arguments = self._match(environ["PATH_INFO"])
        except HTTPException:  # no such path
            return super().wsgi_app(environ, start_response)
        view = self.view_functions[rule.endpoint]
        if not isinstance(view, VoiceView):
            return super().wsgi_app(environ, start_response)
        self._got_first_request = True  # Flask then takes no more routes and hooks
        return view.answer(environ, **arguments)(environ, start_response)

    def _is_hooked(self) -> bool:
        """Whether anybody wants to be asked, or told, about a webhook's request."""
        for hooks in (
            self.url_value_preprocessors,
            self.before_request_funcs,
            self.after_request_funcs,
            self.teardown_request_funcs,
        ):
            if hooks and (hooks.get(None) or hooks.get(_BLUEPRINT)):
                return True
        spec = self.error_handler_spec
        handled = bool(spec) and any(any(spec[scope].values()) for scope in (None, _BLUEPRINT) if scope in spec)
        return handled or bool(self.teardown_appcontext_funcs) or any(map(_RECEIVERS, _SIGNALS))

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None or not _is_plain(request.environ):
            return super().create_url_adapter(request)
        return _ByPath(self._match, self.url_map, request.environ["PATH_INFO"])

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view and no hook is a coroutine; Flask looks at each of them in every request."""
        return func

    def _find(self, path: str) -> Match:
        """Raises what Werkzeug raises for a path without a route; that is not remembered."""
        return MapAdapter(self.url_map, "", "/", "", "http", path, "POST").match(return_rule=True)  # type: ignore[return-value]


def _is_plain(environ: "WSGIEnvironment") -> bool:
    """A POST to a path as webhooks have it."""
    path = environ.get("PATH_INFO", "")
    plain = path.startswith(VOICE) and path.isascii() and len(path) <= _LONGEST_PATH and "//" not in path
    return plain and bool(environ["REQUEST_METHOD"] == "POST")


class _ByPath(MapAdapter):
    """The routes as one POST sees them: by its path alone."""

    def __init__(self, match: Callable[[str], Match], url_map: Any, path: str) -> None:
        super().__init__(url_map, "", "/", "", "http", path, "POST")
        self._match = match

    def match(self, *_: Any, **__: Any) -> Any:
        """What Flask asks for: the rule and its arguments."""
        rule, arguments = self._match(self.path_info)
        return rule, dict(arguments)


class VoiceAnswer:
    """A webhook's whole answer, with the headers it needs and no others: a WSGI application, which Flask takes from a
    view as it takes a response. `then`: what is done once the answer is ready."""

    def __init__(self, content: bytes, status: int = HTTPStatus.OK, headers: Headers = ()) -> None:
        self._content = content
        self._status = status
        self._headers = [("Content-Type", _XML), ("Content-Length", str(len(content))), *headers]
        self._then: list[Callable[[], object]] = []

    def then(self, do: Callable[[], object]) -> None:
        self._then.append(do)

    def __call__(self, _: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response(_STATUS_LINES[self._status], self._headers)
        return self

    def __iter__(self) -> Iterator[bytes]:
        """What a server reads before it calls `close`."""
        return iter((self._content,))

    def close(self) -> None:
        for do in self._then:
            do()


class NoContent(VoiceAnswer):
    """The answer to what was told and not asked."""

    def __init__(self) -> None:
        super().__init__(b"", HTTPStatus.NO_CONTENT)
        self._headers = [("Content-Type", _HTML)]  # as Flask says it
