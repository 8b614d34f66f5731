from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import Edition, create_app, load_edition
from ivr.line.service.settings import Settings
from tests.browser import browser_of_folder, open_tab
from tests.conftest import EVENING
from tests.web.console.operator import PASSWORD_HASH, SECRET, Operator

__all__ = ["browser_of_folder", "open_tab"]
CONSOLE = Settings(secret_key=SECRET, console_password_hash=PASSWORD_HASH)


@pytest.fixture(scope="session")
def edition() -> Edition:
    return load_edition(Settings(), ManualClock(EVENING))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EVENING)


Maker = Callable[..., Flask]


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Each service compiles the templates for itself; here they are compiled once."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_app(edition: Edition, clock: ManualClock, compiled_templates: FileSystemBytecodeCache) -> Iterator[Maker]:
    """A service with a console. Settings may be changed."""
    made = []

    def make(edition: Edition = edition, **settings: str) -> Flask:
        app = create_app(replace(CONSOLE, **settings), clock=clock, sink=lambda _: None, editions=[edition])
        app.jinja_env.bytecode_cache = compiled_templates
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["ivr"].close()


@pytest.fixture
def app(make_app: Maker, database: str, engine_of_records: Engine) -> Flask:
    """With tables, on both databases in turn."""
    return make_app(database_url=database)


@pytest.fixture
def operator(app: Flask) -> Operator:
    """Logged in."""
    operator = Operator(app)
    assert operator.log_in().status_code == 303
    return operator
