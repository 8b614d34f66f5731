"""What the directory is made of: places, centres, their numbers, and where each fact came from.

All values are frozen. A `DialTarget` is the only thing a `<Dial>` may be built from, and only the loader of this
package can make one.
"""

import datetime
import re
from dataclasses import InitVar, dataclass
from enum import StrEnum
from functools import lru_cache

from ivr.base.ids import CentreId, MunicipalityNumber, PlaceKey, Postcode
from ivr.base.phone_number import PhoneNumber
from ivr.line.directory.hours import Validity

_KEY = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")


class NumberStatus(StrEnum):
    """How a centre's number came to be: see `docs/directory.md`."""

    SOURCED = "sourced"  # copied from a page on a date; never dialled by us, never "current"
    SYNTHETIC = "synthetic"  # the centre is known, its number is not: a stand-in that reaches nobody
    ASSUMED = "assumed"  # nothing is known: the municipality is taken to be its own centre


# Whoever holds this object is the loader. It is compared by identity, so it cannot be made up.
LOADER = object()


@dataclass(frozen=True, slots=True)
class DialTarget:
    """A number that may be dialled. Only the loader makes one; anybody else gets TypeError."""

    number: PhoneNumber
    status: NumberStatus
    made_by: InitVar[object]

    def __post_init__(self, made_by: object) -> None:
        if made_by is not LOADER:
            raise TypeError("a dial target comes from load_directory(), never from anywhere else")


@dataclass(frozen=True)
class Provenance:
    """Where a fact came from. `date` is free text, because sources are ("2020 or later"); it may be empty."""

    source: str
    date: str
    confidence: str  # high, medium, low, none
    last_verified: datetime.date | None = None
    verified_by: str = ""


@dataclass(frozen=True)
class FileNote:
    """What a file says of itself in its comment lines."""

    file: str
    what: str
    source: str
    date: str
    licence: str
    attribution: str


@dataclass(frozen=True)
class Centre:
    """A desk that answers (legevaktsentral). The line says `spoken`; `name` is what the source writes."""

    id: CentreId
    name: str
    spoken: str
    number: PhoneNumber
    other_numbers: tuple[PhoneNumber, ...]
    status: NumberStatus
    target: DialTarget | None
    number_provenance: Provenance
    structure_provenance: Provenance
    backup: CentreId | None
    same_desk: CentreId | None  # this row is a local number of that centre's desk
    valid: Validity
    note: str

    @property
    def valid_from(self) -> datetime.date | None:
        return self.valid.start

    @property
    def valid_to(self) -> datetime.date | None:
        return self.valid.end


@dataclass(frozen=True)
class County:
    number: str
    name: str
    sami_name: str
    kven_name: str


@dataclass(frozen=True)
class Municipality:
    """A municipality, or one of the two areas of the postal register (2100, 2211), which have no county."""

    number: MunicipalityNumber
    name: str
    spoken: str  # the name, with the county where two municipalities share one: "Våler i Østfold"
    county: str
    sami_names: tuple[str, ...]
    kven_names: tuple[str, ...]
    population: int
    written_form: str  # bokmål, nynorsk, neutral; empty for an area
    latitude: float
    longitude: float
    website: str

    @property
    def names(self) -> tuple[str, ...]:
        """Every name a caller may spell; the Norwegian one first."""
        return (self.name, *self.sami_names, *self.kven_names)


@dataclass(frozen=True, order=True)
class Place:
    """Where the patient is: a municipality or area number and, if the caller gave one, the postcode."""

    municipality: MunicipalityNumber
    postcode: Postcode | None = None

    @property
    def key(self) -> PlaceKey:
        """Short ASCII text for a URL: `4601` or `4601-5003`."""
        return PlaceKey(self.municipality if self.postcode is None else f"{self.municipality}-{self.postcode}")

    @classmethod
    def from_key(cls, key: str) -> "Place":
        """The place of a `key`, known to a directory or not. Raises ValueError for another text."""
        return _place(key)


@lru_cache(maxsize=8192)  # more than there are postcodes
def _place(key: str) -> Place:
    match = _KEY.fullmatch(key)
    if match is None:
        raise ValueError(f"not a place key: {key[:20]!r}")
    return Place(MunicipalityNumber(match[1]), Postcode(match[2]) if match[2] else None)


@dataclass(frozen=True)
class Answer:
    """Who answers for a place at a moment.

    `alternative` is set only while a rule of some hours or days selects a centre that serves this place part of the
    week, and another centre serves it at other times and answers round the clock for places of its own.
    """

    centre: Centre
    alternative: Centre | None


@dataclass(frozen=True)
class Treatment:
    """Where one is treated (legevakt), known to differ from the desk. `when` is text, never a rule."""

    municipality: MunicipalityNumber
    clinic: str
    when: str
    provenance: Provenance
    note: str
