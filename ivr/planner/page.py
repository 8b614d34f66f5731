"""An answer as one HTML page that stands for itself: no script, no request to anywhere, and it prints well.

The console shows `sections` inside a page of its own.
"""

from collections.abc import Iterable, Sequence
from html import escape
from operator import itemgetter
from typing import Any

from ivr.planner import answer_text
from ivr.planner.map import KEY, tile_map

Answer = dict[str, Any]
_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 62rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .4rem; }
p.about { color: #4a4a4a; margin: .3rem 0 1rem; }
.says { border-left: .4rem solid #2f6690; padding: .2rem 1rem; background: #f2f6f9; font-size: 1.1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: #4a4a4a; padding-bottom: .3rem; }
th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid #ddd; vertical-align: top; }
th:first-child, td:first-child { text-align: left; } thead th { border-bottom: 2px solid #555; }
td { white-space: nowrap; } td.words { text-align: left; white-space: normal; overflow-wrap: anywhere; }
.maps { display: flex; flex-wrap: wrap; gap: 1.5rem; } .maps figure { flex: 1 1 20rem; margin: 0; max-width: 30rem; }
figcaption { font-weight: 600; } svg.map { width: 100%; height: auto; }
footer { margin-top: 2rem; color: #4a4a4a; border-top: 1px solid #ddd; }
summary { cursor: pointer; padding: .3rem 0; }
@media print {
  @page { size: A4; margin: 14mm; }
  body { margin: 0; max-width: none; font-size: 9.5pt; }
  figure, tr { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; }
  .wide { overflow: visible; } .maps figure { flex: 1 1 40%; }
  svg.map rect, .says { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""
MAP_STYLE = """
svg.map { font: 600 11px system-ui, sans-serif; }
svg.map text { text-anchor: middle; }
svg.map .s0 { fill: #00204d; } svg.map .s1 { fill: #31446b; } svg.map .s2 { fill: #666970; }
svg.map .s3 { fill: #958f78; } svg.map .s4 { fill: #cbba69; } svg.map .s5 { fill: #ffe945; }
svg.map .dark { fill: #fff; } svg.map .light { fill: #1b1b1b; }
svg.map .worse { fill: #8a3a00; } svg.map .better { fill: #0b5394; }
svg.map .alike { fill: #ececec; } svg.map .none { fill: #fff; stroke: #999; stroke-dasharray: 2 2; }
"""
_ASSUMPTION_HEAD = ("assumption", "value", "source")


def page(answer: Answer) -> str:
    title = f"{answer['name']} – 116 117 planned"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}{MAP_STYLE}</style></head><body><main>"
        f"<h1>{escape(answer['name'])}</h1>{sections(answer)}</main>"
        f"<footer><p>{escape(answer_text.NOTICE)} Made by <code>ivr plan</code>; docs/planner.md explains every figure."
        "</p></footer></body></html>\n"
    )


def sections(answer: Answer) -> str:
    """The answer alone, as HTML for another page."""
    runs = f"{answer['replications']} runs of {answer_text.value(answer['callers'], 'calls')} callers each"
    changes = "".join(f"<li>{escape(each)}</li>" for each in answer["changes"])
    return "".join(
        (
            f'<p class="about">{escape(answer_text.days(answer))}. {escape(runs)}, seed {answer["seed"]}. '
            f"Compared with: {escape(answer['base'])}.</p>",
            f"<ul>{changes}</ul>" if changes else "",
            f'<div class="says">{"".join(f"<p>{escape(each)}</p>" for each in answer_text.sentences(answer))}</div>',
            _section("The country", _table(answer_text.FIGURE_HEAD, answer_text.figure_rows(answer))),
            _section("The map", _maps(answer)),
            _section("Counties", _table(answer_text.COUNTY_HEAD, answer_text.place_rows(answer["counties"]))),
            _section("Hours of the day", _table(answer_text.COUNTY_HEAD, answer_text.hour_rows(answer))),
            _section("Centres", _table(answer_text.CENTRE_HEAD, answer_text.centre_rows(answer))),
            _section("Who took calls of others", _table(answer_text.OVERFLOW_HEAD, answer_text.overflow_rows(answer))),
            _section("The ten worst hours", _table(answer_text.WORST_HEAD, answer_text.worst_rows(answer))),
            _section("Municipalities, as a list", _municipalities(answer)),
            _section(
                "What is assumed", _table(("assumption", "value", "source"), answer_text.assumption_rows(answer), 1)
            ),
        )
    )


def _section(head: str, content: str) -> str:
    return f"<section><h2>{escape(head)}</h2>{content}</section>"


def _table(head: Sequence[str], body: Iterable[Sequence[str]], words_from: int = 99) -> str:
    """`words_from`: the column from which on cells hold words, not numbers."""
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    rows = "".join(f"<tr>{_cells(row, words_from)}</tr>" for row in body)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="wide" tabindex="0" role="group" aria-label="{escape(head[0])}: table">{table}</div>'


def _cells(row: Sequence[str], words_from: int) -> str:
    first = f'<th scope="row">{escape(row[0])}</th>'
    rest = (
        f'<td class="words">{escape(cell)}</td>' if column >= words_from else f"<td>{escape(cell)}</td>"
        for column, cell in enumerate(row[1:], 1)
    )
    return first + "".join(rest)


def _maps(answer: Answer) -> str:
    figures = [
        _figure(answer, "plan", "Answered within two minutes" + ("" if answer["is_today"] else ", with the plan"))
    ]
    if not answer["is_today"]:
        figures.append(_figure(answer, "difference", "Difference to " + answer["base"]))
    return (
        f'<p>Each square is a municipality, near its place. {escape(KEY)}</p><div class="maps">{"".join(figures)}</div>'
    )


def _figure(answer: Answer, what: str, title: str) -> str:
    drawn = tile_map(answer["municipalities"], what, title)
    return f"<figure><figcaption>{escape(title)}</figcaption>{drawn}</figure>"


def _municipalities(answer: Answer) -> str:
    counties: dict[str, list[Answer]] = {}
    for each in answer["municipalities"]:
        counties.setdefault(each["county"], []).append(each)
    return "".join(
        f"<details><summary>{escape(county)}: {len(places)} municipalities</summary>"
        f"{_table(answer_text.COUNTY_HEAD, answer_text.place_rows(sorted(places, key=itemgetter('name'))))}</details>"
        for county, places in sorted(counties.items())
    )
