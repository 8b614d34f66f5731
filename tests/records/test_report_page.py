"""The page of figures: its words in each language, its plots, and names that hold markup."""

import re
from datetime import timedelta
from itertools import product
from xml.etree import ElementTree

from sqlalchemy import Engine

from ivr.operations.languages import operator_languages, source_language
from ivr.operations.records.figures import Grouping
from ivr.operations.report.page import page
from ivr.operations.report.plots import Bar, Curve, bars, columns, curves
from ivr.operations.report.sections import sections
from tests.conftest import EVENING
from tests.records.test_figures import call, counted
from tests.records.test_writing import put

MARKUP = """<i>Vik & "Øy"</i>"""


def test_a_name_with_markup_is_text_in_every_table_and_plot(engine_of_records: Engine) -> None:
    for number in range(6):
        put(engine_of_records, *call(f"c{number}", answer=10, start=EVENING + timedelta(minutes=number)))
    for by, language in product((None, *Grouping), operator_languages().values()):
        text = page(counted(engine_of_records, by), lambda _: MARKUP, EVENING, language)
        assert "<i>" not in text
        assert ("&lt;i&gt;Vik &amp; " in text) == (by in (Grouping.CENTRE, Grouping.COUNTY, Grouping.LANGUAGE))
        assert not re.search(r"[{}]", text.partition("</style>")[2])
        for drawing in re.findall("<svg.*?</svg>", text, re.DOTALL):
            drawn = ElementTree.fromstring(drawing)  # noqa: S314 - our own
            assert drawn.findtext("title")
            assert drawn.findtext("desc")


def test_a_nodes_name_with_markup_is_text(engine_of_records: Engine) -> None:
    put(engine_of_records, *call("one", answer=10))
    figures, language = counted(engine_of_records), source_language()
    (nodes,) = (each for each in sections(figures, str, language, lambda _: MARKUP).sections if each.key)
    assert nodes.table
    assert nodes.plot
    assert nodes.table.rows[0][0] == nodes.plot.texts[0].words == MARKUP


def test_a_group_of_a_few_calls_has_no_bar(engine_of_records: Engine) -> None:
    put(engine_of_records, *call("one", answer=10))
    found = sections(counted(engine_of_records, Grouping.CENTRE), str, source_language()).sections
    (groups,) = (each for each in found if each.table and not each.key)
    assert groups.plot is None
    assert groups.table is not None
    assert len(groups.table.rows) == 1


def test_a_bars_pieces_lie_one_behind_the_other() -> None:
    drawn = bars("of two", [Bar("a", (3.0, 1.0), "75 %"), Bar("b", (0.0, 2.0), "0 %")], ("one", "two"))
    assert [(each.css, each.x, each.width) for each in drawn.rects] == [
        ("one", 230, 307.5),
        ("two", 537.5, 102.5),
        ("two", 230, 205),
    ]
    assert drawn.description == "a: 75 %; b: 0 %"


def test_the_tallest_column_reaches_the_top_of_the_scale() -> None:
    drawn = columns("of hours", [Bar("20", (8.0,), "8"), Bar("21", (4.0,), "4")], "hour")
    assert [(each.y, each.height) for each in drawn.rects] == [(10, 170), (95, 85)]
    assert [each.words for each in drawn.texts] == ["0", "2", "4", "6", "8", "20", "21", "hour"]


def test_a_curve_steps_up_and_runs_on_to_the_edge() -> None:
    drawn = curves("of waits", [Curve("official", ((0.0, 0.5), (90.0, 0.75), (200.0, 1.0)), "a")], 180, "seconds", "")
    curve = next(each for each in drawn.paths if each.css == "a")
    assert curve.way == "M46.0 204.0H46.0V107.0H378.0V58.5H710.0"


def test_columns_stand_before_the_lines_of_the_scale(engine_of_records: Engine) -> None:
    put(engine_of_records, *call("one", answer=10))
    text = page(counted(engine_of_records, Grouping.HOUR), str, EVENING, source_language())
    (drawn,) = (each for each in re.findall("<svg.*?</svg>", text, re.DOTALL) if "<rect" in each and "<path" in each)
    assert drawn.rindex("<path") < drawn.index("<rect")
