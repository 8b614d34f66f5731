"""How things are said on a page, in its language: texts, moments, durations. And what every template may use."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from flask import Blueprint, g
from markupsafe import Markup, escape

from ivr import __version__
from ivr.base.clock import OSLO
from ivr.base.ids import LanguageCode, PromptKey
from ivr.line.directory import Centre
from ivr.line.flow.events import OutageKind
from ivr.line.languages import Slot, Words
from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.language import choice, page_language
from ivr.operations.console.responses import list_query
from ivr.operations.languages import source_language
from ivr.proof.check.picture import Naming

PAGES = {
    "overview": "/",
    "live": "/live",
    "figures": "/figures",
    "trends": "/trends",
    "calls": "/calls",
    "centres": "/centres",
    "verification": "/verification",
    "directory": "/directory",
    "flow": "/flow",
    "prompts": "/prompts",
    "announcement": "/announcement",
    "changes": "/changes",
    "plan": "/plan",
}
_CODE = re.compile("`([^`]+)`")


def say(key: str, otherwise: str = "", **slots: object) -> str:
    """A text of the catalogue in the language of the page. `otherwise`: what stands for a key that there may not be."""
    language = page_language()
    return language.say(key, **slots) if not otherwise or language.says(key) else otherwise


def in_html(key: str, otherwise: str = "", **slots: object) -> Markup:
    """The same for a template: `words in backquotes` become code, and what fills a slot is escaped."""
    language = page_language()
    if otherwise and not language.says(key):
        return escape(otherwise)
    text = _CODE.sub(r"<code>\1</code>", str(escape(language.pattern(key, slots.get("count")))))
    return Markup(text).format(**{name: language.shown(each) for name, each in slots.items()})  # noqa: S704 - escaped


def moment(at: datetime) -> str:
    """Of a time that comes twice, in the night when the clocks are put back, with its offset too."""
    here = at.astimezone(OSLO)
    zone = f" ({here:%Z})" if here.utcoffset() != here.replace(fold=1 - here.fold).utcoffset() else ""
    return page_language().moment(at) + zone


def day(at: date) -> str:
    return page_language().day(at)


def short_day(at: date) -> str:
    return page_language().short_day(at)


def day_and_month(at: date) -> str:
    return page_language().day_and_month(at)


def week(monday: date) -> str:
    return page_language().week(monday)


def wall_time(at: datetime) -> str:
    """As a field of a form has it: Norwegian time."""
    return at.astimezone(OSLO).strftime("%Y-%m-%dT%H:%M")


def number(value: int) -> str:
    return page_language().number(value)


def duration(seconds: int) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return say("minutes", minutes=minutes, seconds=f"{rest:02}") if minutes else say("seconds", seconds=rest)


def pairs(digits: str) -> str:
    return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def heard(desk: ConsoleContext, kind: OutageKind, centre: Centre, stand_in: Centre) -> list[tuple[LanguageCode, str]]:
    """What callers of each language hear while this centre is out of service: (language, words)."""
    outages = next(each.outages for each in desk.flow.described.values() if each.rings and each.outages)
    return spoken(desk, outages[kind], {"centre": centre.spoken, "backup": stand_in.spoken})


def spoken(
    desk: ConsoleContext, keys: Iterable[PromptKey], names: Mapping[str, str] = MappingProxyType({})
) -> list[tuple[LanguageCode, str]]:
    """These texts in each language, with the names filled in: (language, words)."""
    told = []
    for code in desk.flow.languages:
        texts = desk.catalogue.languages[code].texts
        pieces = [piece for key in keys for piece in (*texts[key], Words(" "))]
        words = (p.text if isinstance(p, Words) else names[p.name] if isinstance(p, Slot) else "" for p in pieces)
        told.append((code, "".join(words).strip()))
    return told


def naming_of(desk: ConsoleContext) -> Naming:
    """How a picture of the flow names nodes and lines."""
    titles = desk.flow.titles.get(LanguageCode(page_language().code), {})
    return replace(words_of("picture."), titles={str(node): title for node, title in titles.items()})


def words_of(group: str) -> Naming:
    """What the program writes in its own language, word by word, in that of the page. `group`: `roster.`"""
    written, texts = source_language().texts, page_language().texts
    return Naming(words={written[key]: text for key, text in texts.items() if key.startswith(group)})


def call_language(desk: ConsoleContext, code: str) -> str:
    """The name of the language in which a call is led."""
    known = desk.catalogue.languages.get(LanguageCode(code))
    return known.name if known else code or say("language_not_chosen")


def add_words(console: Blueprint, desk: ConsoleContext) -> None:
    filters = (moment, day, short_day, day_and_month, week, wall_time, number, duration, pairs)

    @console.record
    def add_filters(state: Any) -> None:
        state.app.jinja_env.filters.update({each.__name__: each for each in filters})

    @console.context_processor
    def common() -> dict[str, Any]:
        return {
            "t": in_html,
            "language": page_language(),
            "language_choice": partial(choice, desk.root),
            "written_in": source_language().code,
            "pages": PAGES,
            "root": desk.root,
            "list_query": list_query(),
            "profile": desk.profile,
            "demo": desk.demo,
            "version": __version__,
            "session": g.get("session"),
            "now": desk.clock.now(),
            "centre_names": {centre.id: centre.spoken for centre in desk.directory.centres.values()},
            "kinds": list(OutageKind),
            "call_language": partial(call_language, desk),
            "node_name": naming_of(desk).title,
        }
