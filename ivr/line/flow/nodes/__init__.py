"""One file for each node type, named like the type. A node knows its own fields, its keys and where they lead; nothing
about other nodes. Every module here with a PARSER is a type: there is no list to add it to.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from ivr.line.flow.nodes.fields import Fields, Parser


def _types() -> Iterator[tuple[str, Parser]]:
    for module in iter_modules(__path__):
        parser: Parser | None = getattr(import_module(f"{__name__}.{module.name}"), "PARSER", None)
        if parser:
            yield module.name, parser


NODE_TYPES: dict[str, Parser] = dict(_types())

__all__ = ["NODE_TYPES", "Fields", "Parser"]
