"""The table of docs/benchmarks.md is made from the figures that are kept, and judges each bound."""

import json
from pathlib import Path

from benchmarks.measure import Spread
from benchmarks.table import BEGIN, DOCS, END, Row, tables

LATEST = Path(__file__).parent.parent.parent / "benchmarks" / "results" / "latest.json"


def test_the_docs_show_the_figures_that_are_kept() -> None:
    shown = DOCS.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert shown == f"\n{tables(json.loads(LATEST.read_text('utf-8')))}"


def test_a_bound_is_met_or_it_is_said_that_it_is_not() -> None:
    assert "yes" in str(Row("one", 0.5, 0.4, 0.6, "at most", 0.5))
    assert "**no**" in str(Row("one", 0.51, 0.4, 0.6, "at most", 0.5))
    assert "**no**" in str(Row("one", 0.8, 0.7, 0.9, "at least", 0.9))


def test_the_spread_is_where_nine_of_ten_rounds_lie() -> None:
    assert Spread.of([1.0, 2.0, 3.0, 4.0, 100.0]) == Spread(3.0, 1.0, 100.0)
    assert Spread.of([float(value) for value in range(40, 0, -1)]) == Spread(20.5, 3.0, 38.0)
