"""The columns of a directory are known in one place, and docs/directory.md says the same."""

import re
from pathlib import Path

import pytest

from ivr.line.directory.schema import DATES_IN_WORDS, DAYS, DIGITS, FILES, SOURCES, TableSchema

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "directory.md").read_text("utf-8")
COLUMNS = {column for schema in FILES.values() for column in schema.columns}


def test_the_page_has_the_columns_and_the_key_of_every_file() -> None:
    table = PAGE.partition("| columns, in this order |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (\w+) \| (`[^|]+`) \| (`[^|]+`) \|$", table, re.MULTILINE)
    found = {f"{name}.csv": tuple(tuple(re.findall(r"`(\w+)`", cell)) for cell in cells) for name, *cells in rows}
    assert found == {name: (schema.columns, schema.key) for name, schema in FILES.items()}


@pytest.mark.parametrize("schema", FILES.values(), ids=FILES)
def test_what_is_said_of_columns_is_about_columns_of_the_table(schema: TableSchema) -> None:
    named = {*schema.key, *schema.needed, *schema.optional, *schema.origin, *schema.digits}
    assert named | ({schema.fact} - {""}) <= set(schema.columns)
    assert schema.is_register == (not schema.origin)


def test_what_is_said_of_kinds_of_columns_is_about_columns_that_exist() -> None:
    assert {*DIGITS, *DAYS, *DATES_IN_WORDS, *SOURCES} <= COLUMNS


def test_no_other_module_lists_the_columns_of_a_file() -> None:
    folders = (ROOT / "ivr" / "line" / "directory", ROOT / "ivr" / "operations" / "directory_import")
    listing = re.compile(r'"municipality",\s+"(?:postcodes|clinic|neighbour)"|"number_source",\s+"number_date"')
    files = [path for folder in folders for path in folder.glob("*.py")]
    assert [path.name for path in files if listing.search(path.read_text("utf-8"))] == ["schema.py"]
