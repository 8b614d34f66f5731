"""The two answers that are no page of their own: a refusal that says what to do, and "go there". And how the number of
a row is read out of an address or a form. Knows no page.
"""

from urllib.parse import urlencode

from flask import Response, render_template, request

_FILTERS = ("state", "q")  # of the list of centres
_MOST_DIGITS = 9  # every such number fits the databases' integers


def refuse(status: int, why: str, words: str = "", **slots: object) -> Response:
    """`why`: the title among the texts of `refused`; `words`: another text there than the one that goes with it."""
    return Response(
        render_template("console/refused.html", why=why, words=words or f"{why}_words", slots=slots), status
    )


def go_to(path: str) -> Response:
    """After a form: the browser asks for the page at `path`, and loading that again sends nothing twice."""
    return Response(status=303, headers={"Location": path})


def list_query() -> str:
    """The filter of the list of centres that a centre's page was opened from: the end of an address, or nothing."""
    kept = {name: request.args[name] for name in _FILTERS if request.args.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def row_number(text: str) -> int | None:
    """None for what cannot be the number of a row."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
