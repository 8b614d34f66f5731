"""What the checker holds a history against: the numbers that may be rung and whose words are whose.

Plain values; `bundled_rules` reads them from the bundled files. Must not know how calls are played or what breaks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from ivr.base.bundled import bundled
from ivr.line.directory import load_directory
from ivr.line.languages import Catalogue, PauseMark, load_prompts
from ivr.line.languages.text import Words
from ivr.simulator.prompts import normal


@dataclass(frozen=True)
class Rules:
    """What may be rung and said, and for how long nothing may be heard.

    `first`: the texts in which the 113 words may be said first, in each language (a language's tag to texts).
    `choosing`: texts of the question for the language. `anywhere`: texts that are said in every language;
    `after_fault`: the same, but only behind a text of `faults`. `names`: what a Norwegian voice may say within any
    language. `choices`: key to tag; silence is the key "". `most_silence`, `most_until_rung`: seconds. `repeats`: the
    same request must get the same bytes.
    """

    numbers: frozenset[str]
    first: dict[str, frozenset[str]]
    choosing: frozenset[str]
    anywhere: frozenset[str]
    faults: frozenset[str]
    after_fault: frozenset[str]
    names: frozenset[str]
    choices: dict[str, str]
    most_silence: float = 3.0
    most_until_rung: float = 300.0
    repeats: bool = False


def bundled_rules(document: bytes) -> Rules:
    """`document`: what the fallback host answers."""
    catalogue, directory = load_prompts(bundled("call_flows") / "languages"), load_directory()
    static = [normal("".join(say.itertext())) for say in ET.fromstring(document).iter("Say")]  # noqa: S314 - our own
    numbers = {centre.number.e164 for centre in directory.centres.values()}
    names = {centre.spoken for centre in directory.centres.values()}
    names |= {municipality.spoken for municipality in directory.municipalities.values()}
    return Rules(
        numbers=frozenset(numbers),
        first={
            language.tag: frozenset(said(catalogue, ("OPEN_113", "ERROR"), [code]))
            for code, language in catalogue.languages.items()
            if not language.understands  # who understands another language hears them in that one
        },
        choosing=frozenset(said(catalogue, ("LANG",))),
        anywhere=frozenset(said(catalogue, ("OPEN_113", "ERROR", "LANG"))),
        faults=frozenset(said(catalogue, ("ERROR",))),
        after_fault=frozenset((*said(catalogue, ("TO_PERSON",)), *static)),
        names=frozenset(map(normal, names)),
        choices={"1": "nb-NO", "2": "en-GB", "": "nb-NO"},
    )


def said(catalogue: Catalogue, keys: Iterable[str], codes: Iterable[str] = ()) -> set[str]:
    """The texts of these prompts, in these languages or in all. Only for prompts without slots."""
    texts = set()
    for key in keys:
        for code in codes or catalogue.languages:
            pieces = catalogue.languages[code].texts[key]
            assert all(isinstance(piece, Words | PauseMark) for piece in pieces), key
            texts.add(normal(" ".join(piece.text for piece in pieces if isinstance(piece, Words))))
    return texts
