"""How the database of the records stands, in one process: what health, metrics and console tell of it."""

from enum import StrEnum


class RecordsState(StrEnum):
    """The value is what a monitor reads. `STARTING` until the first write or the first trouble."""

    OFF = "off"
    STARTING = "starting"
    UP = "up"
    DOWN = "down"
