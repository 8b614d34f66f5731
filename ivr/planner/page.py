"""An answer as one HTML page that stands for itself: no script, no request to anywhere, and it prints well.

templates/planner/page.html writes it, with its style sheet. The console shows the sections inside a page of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from ivr.base.templates import templates_of
from ivr.planner import answer_text
from ivr.planner.map import KEY, TileMap, tile_map

Answer = dict[str, Any]
_ASSUMPTION_HEAD = ("assumption", "value", "source")


@dataclass(frozen=True)
class PlanTable:
    """`words`: its cells hold words, not numbers."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: bool = False


@dataclass(frozen=True)
class PlanSections:
    """What templates/planner/sections.html shows. `municipalities`: by county."""

    about: str
    changes: Sequence[str]
    sentences: Sequence[str]
    country: PlanTable
    maps: Sequence[TileMap]
    counties: PlanTable
    hours: PlanTable
    centres: PlanTable
    overflow: PlanTable
    worst_hours: PlanTable
    municipalities: Sequence[tuple[str, PlanTable]]
    assumptions: PlanTable
    map_key: str = KEY


def page(answer: Answer) -> str:
    template = templates_of("ivr.planner").get_template("planner/page.html")
    return template.render(name=answer["name"], planned=sections(answer), notice=answer_text.NOTICE)


def sections(answer: Answer) -> PlanSections:
    """Raises KeyError, TypeError, ValueError or AttributeError for what is no answer of one plan."""
    runs = f"{answer['replications']} runs of {answer_text.value(answer['callers'], 'calls')} callers each"
    return PlanSections(
        about=f"{answer_text.days(answer)}. {runs}, seed {answer['seed']}. Compared with: {answer['base']}.",
        changes=list(answer["changes"]),
        sentences=answer_text.sentences(answer),
        country=PlanTable(answer_text.FIGURE_HEAD, answer_text.figure_rows(answer)),
        maps=list(_maps(answer)),
        counties=PlanTable(answer_text.COUNTY_HEAD, answer_text.place_rows(answer["counties"])),
        hours=PlanTable(answer_text.COUNTY_HEAD, answer_text.hour_rows(answer)),
        centres=PlanTable(answer_text.CENTRE_HEAD, answer_text.centre_rows(answer)),
        overflow=PlanTable(answer_text.OVERFLOW_HEAD, answer_text.overflow_rows(answer)),
        worst_hours=PlanTable(answer_text.WORST_HEAD, answer_text.worst_rows(answer)),
        municipalities=list(_municipalities(answer)),
        assumptions=PlanTable(_ASSUMPTION_HEAD, answer_text.assumption_rows(answer), words=True),
    )


def _maps(answer: Answer) -> Iterator[TileMap]:
    places = answer["municipalities"]
    yield tile_map(places, "plan", "Answered within two minutes" + ("" if answer["is_today"] else ", with the plan"))
    if not answer["is_today"]:
        yield tile_map(places, "difference", f"Difference to {answer['base']}")


def _municipalities(answer: Answer) -> Iterator[tuple[str, PlanTable]]:
    counties: dict[str, list[Answer]] = {}
    for each in answer["municipalities"]:
        counties.setdefault(each["county"], []).append(each)
    for county, places in sorted(counties.items()):
        rows = answer_text.place_rows(sorted(places, key=itemgetter("name")))
        yield county, PlanTable(answer_text.COUNTY_HEAD, rows)
