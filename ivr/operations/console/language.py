"""The language of a page: the one that was chosen at its switch, which a cookie keeps; before that the browser's own.

A choice changes nothing but that cookie. It is made with an address, so that a page keeps its filters.
"""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from flask import Response, g, request

from ivr.operations.console.responses import go_to
from ivr.operations.languages import OperatorLanguage, language_for, operator_languages

COOKIE = "ivr_console_language"
_ASKED = "language"  # in an address
_A_YEAR = 365 * 24 * 3600
_PREFIX = "/console"  # of the blueprint


def page_language() -> OperatorLanguage:
    """Of the request that is being answered."""
    found: OperatorLanguage = g.language
    return found


def begin(root: str, *, secure: bool) -> Response | None:
    """Sets the language of this request. The same page without the choice in its address, where one was made.

    `root`: the path of the console as a browser sees it.
    """
    languages = operator_languages()
    asked = request.args.get(_ASKED, "") if request.method == "GET" else ""
    kept = request.cookies.get(COOKIE, "")
    g.language = languages.get(asked) or languages.get(kept) or language_for(list(request.accept_languages.values()))
    if asked not in languages:
        return None
    response = go_to(_address(root))
    response.set_cookie(COOKIE, asked, max_age=_A_YEAR, path=root, secure=secure, httponly=True, samesite="Strict")
    return response


def choice(root: str) -> Iterator[tuple[OperatorLanguage, str]]:
    """Each language, and the address of this page in it. What a form led to is no page: the overview instead."""
    for each in operator_languages().values():
        yield each, _address(root, each.code)


def _address(root: str, code: str = "") -> str:
    if request.method != "GET":
        return f"{root}/?{urlencode({_ASKED: code})}"
    arguments = [(name, value) for name, value in request.args.items(multi=True) if name != _ASKED]
    if code:
        arguments.append((_ASKED, code))
    query = urlencode(arguments)
    path = quote(request.path.removeprefix(_PREFIX))
    return f"{root}{path}?{query}" if query else f"{root}{path}"
