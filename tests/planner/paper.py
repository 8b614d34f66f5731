"""Operators that the country needs by Erlang C, beside Raknes, Morken, Hunskår 2017: `python -m tests.planner.paper`.

The centres of 2016 are made out of the present directory: a municipality of which nothing is known counts as a centre
of its own there, and here belongs to the first of its backups of which something is known.
"""

from collections import Counter
from datetime import datetime

from ivr.base.clock import OSLO
from ivr.line.directory import Directory, NumberStatus, Place, load_directory
from ivr.planner.assumptions import Assumptions
from ivr.planner.erlang import needed

WEEKEND = datetime(2027, 3, 7, 20, tzinfo=OSLO)
NIGHT_HOURS = 9  # 23 to 08
NIGHTLY = 9.67 / 29_134  # contacts of an inhabitant in a weekend's night: at least ten with a chance of 50 %
YEARLY, WEEKEND_SHARE = 0.3807, 0.365  # Vakttårn 2022: contacts of an inhabitant; the share of Saturdays and Sundays
SMALLEST = 29_134
THE_PAPER = ("Raknes 2017", 103, 48, 112, "9.8 %", 158, "17 %")


def centres(directory: Directory, *, known_alone: bool) -> Counter[str]:
    """People by centre."""
    people: Counter[str] = Counter()
    for number, municipality in directory.municipalities.items():
        centre = directory.answering(Place(number), WEEKEND).centre
        if known_alone and centre.status is NumberStatus.ASSUMED:
            stand_ins = directory.backups(centre)
            known = (each for each in stand_ins if each.status is not NumberStatus.ASSUMED)
            centre = next(known, directory.default_centre)
        people[centre.id] += municipality.population
    return people


def daily() -> float:
    """Contacts of an inhabitant in an hour from 08 to 15 of a weekend's day."""
    weekend = Assumptions().weekend
    a_day = YEARLY * WEEKEND_SHARE / (2 * 365 / 7)
    return a_day * sum(weekend[8:15]) / sum(weekend) / 7


def operators(people: Counter[str], rate: float, handle: float, seconds: float) -> int:
    return sum(needed(each * rate * handle / 3600, handle, 0.8, seconds) for each in people.values())


def rows() -> list[tuple[object, ...]]:
    """As the table of docs/planner.md has them."""
    directory, found = load_directory(), [THE_PAPER]
    for name, known_alone in (("known centres", True), ("the directory as it is", False)):
        people = centres(directory, known_alone=known_alone)
        small = sum(each < SMALLEST for each in people.values())
        for handle in (240, 300, 360):
            row: list[object] = [f"{name}, {handle} s", len(people), small]
            for rate in (NIGHTLY / NIGHT_HOURS, daily()):
                goal, ten = (operators(people, rate, handle, seconds) for seconds in (120, 10))
                row += [goal, f"{(ten / goal - 1) * 100:.1f} %"]
            found.append(tuple(row))  # type: ignore[arg-type]
    return list(found)


def table() -> str:
    head = ("", "centres", "below 29 134", "by night", "aim of 10 s", "by day", "aim of 10 s")
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in (head, ["---"] * len(head), *rows())]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201
