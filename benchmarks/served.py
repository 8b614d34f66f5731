"""The applications as a server finds them: `benchmarks.served:line` and its like are factories without arguments."""

from flask import Flask

from benchmarks.yardsticks import constant_app, plain_app
from ivr.line.service.bootstrap import create_app


def constant() -> Flask:
    return constant_app()


def plain() -> Flask:
    return plain_app()


def line() -> Flask:
    """Settings come from the environment, as for `ivr serve`."""
    return create_app()
