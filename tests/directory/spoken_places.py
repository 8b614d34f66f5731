"""Two thousand places as they may be heard over a telephone: what `SpokenNames` makes of each.

`python -m tests.directory.spoken_places` prints the table of docs/directory.md. Every municipality and postal place is
said once as it is written, once in a sentence, and once in each way below that changes it: what speakers of dialects
and recognisers of speech do to Norwegian names. No recogniser is asked: the ways are rules.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import click

from ivr.line.directory import Directory, load_directory
from ivr.line.directory.spoken_names import HeardPlaces, SpokenNames
from ivr.line.service.settings import Settings

Way = Callable[[str], str]


def _swapped(*pairs: tuple[str, str]) -> Way:
    """The first of the pairs that occurs, wherever it does."""

    def changed(name: str) -> str:
        for old, new in pairs:
            if re.search(old, name):
                return re.sub(old, new, name, count=1)
        return name

    return changed


WAYS: dict[str, Way] = {
    "as written": lambda name: name,
    "in a sentence": lambda name: f"jeg er i {name}",
    "with kommune": lambda name: f"{name} kommune",
    "without Norwegian letters": lambda name: name.translate(str.maketrans("æøå", "aoa")),
    "with aa, oe, ae": lambda name: name.replace("å", "aa").replace("ø", "oe").replace("æ", "ae"),
    "å as o": _swapped(("å", "o")),
    "o as å": _swapped(("o", "å")),
    "kj as sj": _swapped(("kj", "sj"), ("tj", "sj"), ("skj", "kj"), ("sj", "kj")),
    "last letter lost": lambda name: name[:-1] if len(name) > 4 else name,
    "first letter lost": lambda name: name[1:] if len(name) > 4 else name,
    "single for double": _swapped((r"(.)\1", r"\1")),
    "double for single": _swapped((r"([aeiouyæøå])([klmnst])([aeiouyæøå])", r"\1\2\2\3")),
    "ending of a dialect": _swapped((r"en\b", "a"), (r"et\b", "e"), (r"e\b", "a"), (r"er\b", "ar")),
    "silent letters lost": _swapped((r"ld\b", "l"), (r"nd\b", "n"), (r"rd\b", "r"), (r"ig\b", "i"), (r"\bhv", "v")),
    "voiced": _swapped(("p", "b"), ("t", "d"), ("k", "g")),
    "e for æ, i for e": _swapped(("æ", "e"), ("e", "i")),
    "other diphthong": _swapped(("øy", "ei"), ("ei", "øy"), ("au", "øu")),
    "run together": lambda name: name.replace(" ", "").replace("-", ""),
}


class Said(NamedTuple):
    name: str
    way: str
    words: str
    right: frozenset[str]  # municipalities that have such a name


def names(directory: Directory) -> dict[str, frozenset[str]]:
    """By name in small letters: the municipalities it may mean."""
    found: dict[str, set[str]] = {}
    for number, each in {**directory.municipalities, **directory.areas}.items():
        found.setdefault(each.name.casefold(), set()).add(number)
    for number, postal in directory.tables.postcodes.values():
        found.setdefault(postal.casefold(), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in sorted(found.items())}


def said(directory: Directory, ways: Iterable[str] = WAYS) -> Iterator[Said]:
    for name, right in names(directory).items():
        for way in ways:
            words = WAYS[way](name)
            if words != name or way == "as written":
                yield Said(name, way, words, right)


def verdict(heard: HeardPlaces, right: frozenset[str]) -> str:
    """`right`: that place alone is offered, or those of one name, which are asked about. `asked`: it is among those
    that are asked about. `again`: nothing was understood. `wrong offer`: one other place is offered by name, for the
    caller to refuse. `wrong question`: the place is not among those that are asked about."""
    found = {place.municipality for place in heard.places}
    if not found:
        return "again"
    if found <= right:
        return "right"
    if found & right:
        return "asked"
    return "wrong offer" if len(found) == 1 else "wrong question"


def main() -> None:
    directory = load_directory(Settings().directory)
    spoken = SpokenNames(directory)
    table: dict[str, Counter[str]] = {}
    for each in said(directory):
        table.setdefault(each.way, Counter())[verdict(spoken.heard(each.words), each.right)] += 1
    columns = ("right", "asked", "again", "wrong offer", "wrong question")
    click.echo(f"| heard | names | {' | '.join(columns)} |\n|---|---|{'---|' * len(columns)}")
    for way, counts in [*table.items(), ("all", sum(table.values(), Counter()))]:
        many = counts.total()
        click.echo(f"| {way} | {many} | {' | '.join(f'{100 * counts[each] / many:.1f} %' for each in columns)} |")


if __name__ == "__main__":
    main()
