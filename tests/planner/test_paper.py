"""The table of docs/planner.md beside the paper is what the planner's formula gives."""

from pathlib import Path

from tests.planner.paper import table

PAGE = Path(__file__).parents[2] / "docs" / "planner.md"


def test_the_table_beside_the_paper_is_what_is_computed() -> None:
    assert table() in PAGE.read_text("utf-8")
