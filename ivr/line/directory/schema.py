"""The tables of a directory: what their columns are, and what kind of thing stands in them.

The loader, the import, the comparison of sheets and `docs/directory.md` know the columns from here alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class TableSchema:
    """`key`: by these columns a row is found again. `needed`: without these a sheet is not about the table.

    `optional`: columns that came later; a file without them reads as if they were empty. `fact`: when this column of a
    row changes, the columns of `origin` come with it. A table without a fact is a register: a sheet replaces it whole.
    `digits`: of a code in one of its columns, where other tables have other codes under that name.
    """

    columns: tuple[str, ...]
    key: tuple[str, ...]
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    fact: str = ""
    origin: tuple[str, ...] = ()
    digits: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_register(self) -> bool:
        return not self.fact

    @property
    def of_a_sheet(self) -> tuple[str, ...]:
        """The columns that a sheet has at least."""
        return self.needed or self.key


_OF_A_ROW = ("source", "date", "confidence")

FILES: Mapping[str, TableSchema] = MappingProxyType(
    {
        "counties.csv": TableSchema(
            ("number", "name", "sami_name", "kven_name"), key=("number", "name"), digits={"number": 2}
        ),
        "municipalities.csv": TableSchema(
            (
                *("number", "name", "county", "sami_name", "kven_name", "population", "written_form"),
                *("latitude", "longitude", "website"),
            ),
            key=("number", "county"),
            digits={"number": 4},
        ),
        "areas.csv": TableSchema(("number", "name", "latitude", "longitude"), key=("number",), digits={"number": 4}),
        "postcodes.csv": TableSchema(("postcode", "place", "municipality", "category"), key=("postcode",)),
        "neighbours.csv": TableSchema(
            ("municipality", "neighbour", "kind", "distance_km"), key=("municipality", "neighbour")
        ),
        "merged_codes.csv": TableSchema(
            ("old_number", "old_name", "successor", "date"), key=("old_number", "successor")
        ),
        "area_codes.csv": TableSchema(
            ("prefix", "digits", "kind", "region", "policy", "person_centre", "source", "note"),
            key=("prefix",),
            fact="policy",
            origin=("source",),
        ),
        "superseded.csv": TableSchema(
            ("centre_name", "number", "reason", "source"), key=("number",), fact="reason", origin=("source",)
        ),
        "centres.csv": TableSchema(
            (
                *("id", "name", "spoken", "number", "other_numbers", "status"),
                *("number_source", "number_date", "number_confidence", "last_verified", "verified_by"),
                *("structure_source", "structure_date", "structure_confidence"),
                *("backup", "same_desk", "default", "svalbard_number", "no_coverage_reason"),
                *("valid_from", "valid_to", "note"),
            ),
            key=("id",),
            fact="number",
            origin=("number_source", "number_date", "number_confidence"),
        ),
        "coverage.csv": TableSchema(
            (
                *("municipality", "postcodes", "from", "until", "days", "centre"),
                *(*_OF_A_ROW, "valid_from", "valid_to", "note"),
            ),
            key=("municipality", "postcodes", "from", "until", "days", "valid_from"),
            needed=("municipality", "centre"),  # a whole municipality round the clock is the common row
            optional=("days",),
            fact="centre",
            origin=_OF_A_ROW,
        ),
        "treatment.csv": TableSchema(
            ("municipality", "clinic", "when", *_OF_A_ROW, "note"),
            key=("municipality", "clinic", "when"),
            needed=("municipality", "clinic"),
            fact="clinic",
            origin=_OF_A_ROW,
        ),
    }
)
# Digits of a code, by column; 0: as many as there are.
DIGITS: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("municipality", "postcode", "postcodes", "old_number", "successor", "neighbour"), 4),
        **dict.fromkeys(("number", "other_numbers", "prefix", "digits", "population"), 0),
        "county": 2,
    }
)
DAYS = ("last_verified", "valid_from", "valid_to", "days")
DATES_IN_WORDS = ("number_date", "structure_date", "date")  # a day or month, or words with a year in them
SOURCES = ("number_source", "structure_source", "source")
