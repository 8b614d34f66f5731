"""The Flask application, without what no webhook has a use for.

What is left out, for the paths of webhooks alone: the Host header is not taken apart (our own address is configured,
and a peer is not to be trusted in that), the route of a path is looked for once, and a document's headers are sent
as they were made. For all paths, no view or hook is looked over for being a coroutine. Everything else, hooks and error
handlers and the context, is Flask's own. docs/benchmarks.md has what each of these costs.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response
from werkzeug.datastructures import Headers
from werkzeug.routing import MapAdapter, Rule

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

VOICE = "/voice"  # what the webhooks' paths begin with
# Whose route is remembered: paths hold the id of a node and nothing of a call, but strangers can ask for any.
_MOST_PATHS, _LONGEST_PATH = 4096, 100

Match = tuple[Rule, dict[str, Any]]


class App(Flask):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        # No redirect to a path with another number of slashes: it would carry the name that the peer put into Host.
        self.url_map.strict_slashes = False
        self.url_map.merge_slashes = False
        self._match = lru_cache(maxsize=_MOST_PATHS)(self._find)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        environ = request.environ if request is not None else {}
        path = environ.get("PATH_INFO", "")
        plain = path.startswith(VOICE) and path.isascii() and len(path) <= _LONGEST_PATH and "//" not in path
        if not plain or environ["REQUEST_METHOD"] != "POST":
            return super().create_url_adapter(request)
        return _ByPath(self._match, self.url_map, path)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view and no hook is a coroutine; Flask looks at each of them in every request."""
        return func

    def _find(self, path: str) -> Match:
        """Raises what Werkzeug raises for a path without a route; that is not remembered."""
        return MapAdapter(self.url_map, "", "/", "", "http", path, "POST").match(return_rule=True)  # type: ignore[return-value]


class _ByPath(MapAdapter):
    """The routes as one POST sees them: by its path alone."""

    def __init__(self, match: Callable[[str], Match], url_map: Any, path: str) -> None:
        super().__init__(url_map, "", "/", "", "http", path, "POST")
        self._match = match

    def match(self, *_: Any, **__: Any) -> Any:
        """What Flask asks for: the rule and its arguments."""
        rule, arguments = self._match(self.path_info)
        return rule, dict(arguments)


class TwimlResponse(Response):
    """Bytes of TwiML that are whole, with the headers they need and no others."""

    def __init__(self, content: bytes, status: int = 200) -> None:
        headers = Headers()
        headers[:] = [("Content-Type", _XML), ("Content-Length", str(len(content)))]  # nothing to merge with
        super().__init__(None, status, headers)
        self.response = [content]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response(self.status, self.headers.to_wsgi_list())
        return self

    def __iter__(self) -> Iterator[bytes]:
        """What a server reads before it calls `close`."""
        return iter(self.response)  # type: ignore[arg-type]


_XML = "text/xml; charset=utf-8"
