"""The applications as a server finds them: `benchmarks.served:line` and its like are factories without arguments."""

from flask import Flask

from benchmarks.yardsticks import constant_app, plain_app
from ivr.line.service.bootstrap import create_app
from ivr.line.service.gateway import Gateway


def constant() -> Flask:
    return constant_app()


def plain() -> Flask:
    return plain_app()


def line() -> Flask:
    """Settings come from the environment, as for `ivr serve`."""
    return create_app()


def constant_behind_the_gateway() -> Gateway:
    return Gateway(constant(), threads=1)


def plain_behind_the_gateway() -> Gateway:
    return Gateway(plain(), threads=1)


def line_behind_the_gateway() -> Gateway:
    return Gateway(line(), threads=1)
