"""How requests of a scenario reach the application: what a scenario of one call and an account both may say of it."""

from collections.abc import Mapping as MappingABC

from ivr.base.strict_yaml import Mapping, Value
from ivr.base.yaml_reader import YamlReader
from ivr.simulator.delivery import Delivery, SharedKey, connection, shared_key
from ivr.simulator.public_urls import PublicUrl, public_url
from ivr.simulator.urls import UrlError

DELIVERY_KEYS = ("public_urls", "shared_key", "connection")


def read_delivery(reader: YamlReader, keys: MappingABC[str, Value]) -> Delivery:
    return Delivery(
        public_urls=_public_urls(reader, keys["public_urls"]) if "public_urls" in keys else (),
        shared_key=_shared_key(reader, keys["shared_key"]) if "shared_key" in keys else None,
        connection=_connection(reader, keys["connection"]) if "connection" in keys else "",
    )


def _public_urls(reader: YamlReader, value: Value) -> tuple[PublicUrl, ...]:
    if not isinstance(value, Mapping):
        reader.wrong(value, 'expected a mapping, e.g. "https://line.example": "http://127.0.0.1:3000"')
        return ()
    found = []
    for public, local in value.items():
        try:
            found.append(public_url(str(public), reader.text(local)))
        except UrlError as error:
            reader.wrong(public, str(error))
    return tuple(found)


def _shared_key(reader: YamlReader, value: Value) -> SharedKey | None:
    try:
        return shared_key(reader.text(value))
    except ValueError as error:
        reader.wrong(value, str(error))
        return None


def _connection(reader: YamlReader, value: Value) -> str:
    try:
        return connection(reader.text(value))
    except ValueError as error:
        reader.wrong(value, str(error))
        return ""
