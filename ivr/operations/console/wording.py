"""How things are said on the pages: moments, durations, kinds of outage. And what every template may use."""

from datetime import datetime
from typing import Any

from flask import Blueprint, g

from ivr import __version__
from ivr.base.clock import OSLO
from ivr.base.ids import LanguageCode
from ivr.line.directory import Centre
from ivr.line.flow.events import OutageKind
from ivr.line.languages import Slot, Words
from ivr.operations.console.context import ConsoleContext
from ivr.operations.report.wording import ENDS

KINDS = {OutageKind.FAULT: "Fault on the line", OutageKind.CLOSED: "Takes no calls"}
ROUTES = {
    "postcode": "postcode",
    "municipality_number": "municipality number",
    "spelling": "spelled name",
    "spoken": "spoken name",
    "picked": "picked from names",
    "centre_number": "centre's number",
    "found": "place known",
    "area": "area of the number",
    "default": "default centre",
    "backup": "backup",
    "again": "once more",
    "outage": "stand-in",
    "": "–",
}
NUMBERS = {
    "sourced": "copied from a page, not verified",
    "synthetic": "made up: the centre is known, its number is not",
    "assumed": "made up: no centre is known here",
}


def moment(at: datetime) -> str:
    return at.astimezone(OSLO).strftime("%a %-d %b %Y %H:%M")


def duration(seconds: int) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def pairs(digits: str) -> str:
    return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def heard(desk: ConsoleContext, kind: OutageKind, centre: Centre, stand_in: Centre) -> list[tuple[LanguageCode, str]]:
    """What callers of each language hear while this centre is out of service: (language, words)."""
    outages = next(each.outages for each in desk.flow.described.values() if each.rings and each.outages)
    names = {"centre": centre.spoken, "backup": stand_in.spoken}
    told = []
    for code in desk.flow.languages:
        texts = desk.catalogue.languages[code].texts
        pieces = [piece for key in outages[kind] for piece in (*texts[key], Words(" "))]
        words = (p.text if isinstance(p, Words) else names[p.name] if isinstance(p, Slot) else "" for p in pieces)
        told.append((code, "".join(words).strip()))
    return told


def add_words(console: Blueprint, desk: ConsoleContext) -> None:
    filters = {"moment": moment, "duration": duration, "pairs": pairs}

    @console.record
    def add_filters(state: Any) -> None:
        state.app.jinja_env.filters.update(filters)

    @console.context_processor
    def common() -> dict[str, Any]:
        return {
            "root": desk.root,
            "profile": desk.profile,
            "demo": desk.demo,
            "version": __version__,
            "session": g.get("session"),
            "now": desk.clock.now(),
            "centre_names": {centre.id: centre.spoken for centre in desk.directory.centres.values()},
            "kinds": KINDS,
            "languages": {"": "not chosen", **{code: each.name for code, each in desk.catalogue.languages.items()}},
            "routes": ROUTES,
            "ends": ENDS,
            "numbers": NUMBERS,
        }
