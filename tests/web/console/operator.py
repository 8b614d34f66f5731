"""Somebody who works with the console, without a browser: keeps cookies, sends the forms that the pages hold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

PASSWORD = "correct horse battery"
PASSWORD_HASH = generate_password_hash(PASSWORD, "scrypt:1024:8:1")  # a cheap one
SECRET = "0123456789abcdef" * 2


@dataclass
class Form:
    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("method", "get"), given["action"]))
        elif tag == "input" and "name" in given and (given.get("type") != "radio" or "checked" in given):
            self.forms[-1].fields[given["name"]] = given.get("value", "")


def forms_of(page: TestResponse) -> list[Form]:
    parser = _Forms()
    parser.feed(page.text)
    return parser.forms


@dataclass
class Operator:
    app: Flask
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/console{path}")

    def send(self, page: TestResponse, action: str, **fields: str) -> TestResponse:
        """Fill in the form of a page whose action ends so, and send it."""
        form = next(each for each in forms_of(page) if each.action.endswith(action))
        assert form.method == "post"
        return self.client.post(form.action, data=form.fields | fields)

    def log_in(self, password: str = PASSWORD, name: str = "Kari") -> TestResponse:
        return self.send(self.get("/login"), "/login", name=name, password=password)

    def take_out(self, centre: str, **fields: str) -> TestResponse:
        return self.send(self.get(f"/centres/{centre}"), "/outage", **fields)

    def ring(self, centre: str, found: str = "reached", **fields: str) -> TestResponse:
        """Write down what was found when the number of a centre was rung, which the page shows."""
        page = self.get(f"/verification/{centre}")
        number = page.text.partition('<span class="digits">')[2].partition("<")[0]
        usual = {"number": number, "found": found, "answered_by": "nurse on duty"}
        return self.send(page, "/ring", **(usual | fields))


def words(page: TestResponse) -> str:
    """The text of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def posted_to(pages: Iterable[TestResponse]) -> set[str]:
    return {form.action for page in pages for form in forms_of(page) if form.method == "post"}
