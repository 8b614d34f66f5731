"""The two answers that are no page of their own: a refusal that says what to do, and "go there". Knows no page."""

from flask import Response, render_template


def refuse(status: int, title: str, words: str) -> Response:
    return Response(render_template("console/refused.html", title=title, words=words), status)


def go_to(path: str) -> Response:
    """After a form: the browser asks for the page at `path`, and loading that again sends nothing twice."""
    return Response(status=303, headers={"Location": path})
