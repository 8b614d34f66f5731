"""What the terminal and the page say of an answer: the same sentences, labels and rounding. Plain Python alone, so that
the console can show an answer without the planner's libraries."""

from collections.abc import Iterator, Sequence
from typing import Any

Answer = dict[str, Any]
NOTHING = "–"
NOTICE = "A model, not a forecast: it says what follows from the assumptions below."
_MOST_CENTRES = 15
# Of each figure: what it is called, and its unit (share, seconds, or calls).
LABELS = {
    "within_two_minutes": ("answered within two minutes of ringing (goal 80 %)", "share"),
    "within_ten_minutes": ("answered within ten minutes", "share"),
    "given_up": ("gave up while a centre rang or before the next one did", "share"),
    "overflowed": ("taken by another centre than the one that rang first", "share"),
    "left_in_menu": ("callers who hung up before any centre rang", "share"),
    "calls": ("calls that rang a centre, redials included", "calls"),
    "redials": ("redials after giving up", "calls"),
    "over_ten_minutes": ("calls answered after more than ten minutes", "calls"),
    "median_wait": ("median seconds from ringing to the answer", "seconds"),
    "red_median": ("danger to life: median seconds from the call to a person", "seconds"),
    "red_nine_in_ten": ("danger to life: nine in ten within so many seconds", "seconds"),
    "occupation": ("operators' time that calls take", "share"),
    "operators": ("operators at work, on average over all hours", "calls"),
}


def value(number: float | None, unit: str, *, signed: bool = False) -> str:
    """A number as people write it."""
    if number is None:
        return NOTHING
    sign = "+" if signed and number > 0 else "−" if number < 0 else ""
    size = abs(number)
    if unit == "share":
        return f"{sign}{size * 100:.2f}" if signed else f"{sign}{size * 100:.1f} %"
    if unit == "seconds":
        return f"{sign}{size:.0f} s"
    return f"{sign}{size:,.0f}".replace(",", " ")


def difference(found: Answer | None, unit: str) -> str:
    """`+1.20 (+0.80 to +1.60) points`."""
    if found is None:
        return NOTHING
    mean = value(found["mean"], unit, signed=True)
    points = " points" if unit == "share" else ""
    if "low" not in found:
        return f"{mean}{points} (one run: no interval)"
    return f"{mean} ({value(found['low'], unit, signed=True)} to {value(found['high'], unit, signed=True)}){points}"


def is_told_from_chance(found: Answer | None) -> bool:
    """Whether the interval of a difference leaves nought out."""
    return found is not None and "low" in found and (found["low"] > 0 or found["high"] < 0)


def is_clear(found: Answer | None) -> bool:
    """Whether a difference is larger than chance makes one of hundreds: three times as far from nought as its interval
    reaches."""
    if found is None or "low" not in found:
        return False
    mean, reach = float(found["mean"]), float(found["high"] - found["low"]) / 2
    return abs(mean) > max(3 * reach, 0.0005)


def days(answer: Answer) -> str:
    return f"{answer['from']} to {answer['to']}"


def sentences(answer: Answer) -> list[str]:
    """What the plan does, for somebody who decides about it."""
    return [_nation(answer), *_most_changed(answer), *_left(answer), _danger(answer)]


def _nation(answer: Answer) -> str:
    found = answer["figures"]["within_two_minutes"]
    if found["plan"] is None or found["base"] is None:
        sides = " and ".join(side for side in ("base", "plan") if found[side] is None)
        named = {"base": "without the plan", "plan": "with the plan", "base and plan": "with the plan or without it"}
        return f"In a run no call rings a centre {named[sides]}: there is nothing to take a share of."
    before, after = (_of_hundred(found[each]["mean"]) for each in ("base", "plan"))
    if answer["is_today"]:
        interval = _between(found["plan"])
        return f"Of 100 calls in the country {after} are answered within two minutes{interval}."
    return (
        f"Of 100 calls in the country {after} are answered within two minutes; without the plan it is {before}. "
        f"{_sure(found['difference'])}"
    )


def _of_hundred(share: float) -> str:
    return f"{share * 100:.1f}"


def _between(found: Answer) -> str:
    if "low" not in found:
        return ""
    return f" (with 95 % confidence {_of_hundred(found['low'])} to {_of_hundred(found['high'])})"


def _sure(found: Answer | None) -> str:
    if found is None:
        return "It has too few calls to compare."
    if "low" not in found:
        return "One run says nothing about chance: ask for more with --replications."
    low, high = sorted((abs(found["low"]) * 100, abs(found["high"]) * 100))
    if not is_told_from_chance(found):
        return f"That cannot be told from chance: the difference is at most {max(low, high):.2f} in 100."
    return f"The difference is between {low:.2f} and {high:.2f} in 100, with 95 % confidence."


def _most_changed(answer: Answer) -> Iterator[str]:
    """The places of the centres that the plan changes, and others whose callers notice most."""
    places = [each for each in answer["municipalities"] if each["difference"]]
    own = sorted((each for each in places if each["id"] in answer["touched"]), key=lambda row: -int(row["calls"]))[:3]
    others = [each for each in places if each not in own and is_clear(each["difference"])]
    for each in own + sorted(others, key=lambda row: -abs(float(row["difference"]["mean"])))[:3]:
        before, after = (_of_hundred(each[side]["mean"]) for side in ("base", "plan"))
        yield (
            f"In {each['name']} {after} of 100 calls are answered within two minutes instead of {before}. "
            f"{_sure(each['difference'])}"
        )


def _left(answer: Answer) -> Iterator[str]:
    """Where the menu itself costs callers: the share within two minutes does not see them."""
    found = answer["figures"]["left_in_menu"]
    if is_clear(found["difference"]):
        before, after = (_of_hundred(found[side]["mean"]) for side in ("base", "plan"))
        yield (
            f"Of 100 callers {after} hang up before any centre rings; without the plan it is {before}. "
            f"{_sure(found['difference'])}"
        )


def _danger(answer: Answer) -> str:
    found = answer["figures"]["red_median"]
    if found["plan"] is None:
        return "In a run no caller with signs of danger to life talks to a person." + _danger_before(found["base"])
    after = f"{found['plan']['mean']:.0f}"
    if answer["is_today"]:
        return (
            f"Half of the callers with signs of danger to life talk to a person within {after} seconds of their call."
        )
    return (
        f"Half of the callers with signs of danger to life talk to a person within {after} seconds of their call."
        f"{_danger_before(found['base'])}"
    )


def _danger_before(found: Answer | None) -> str:
    if found is None:
        return " Without the plan none of them does in a run."
    return f" Without the plan half of them do within {found['mean']:.0f}."


def lines(answer: Answer) -> Iterator[str]:
    """The answer as text."""
    runs = f"{answer['replications']} runs of {value(answer['callers'], 'calls')} callers"
    yield f"{answer['name']}: {days(answer)}, {runs}, seed {answer['seed']}. {NOTICE}"
    yield from (f"  change  {each}" for each in answer["changes"])
    yield ""
    yield from sentences(answer)
    yield ""
    yield from table(FIGURE_HEAD, figure_rows(answer))
    yield ""
    yield from table(CENTRE_HEAD, centre_rows(answer)[:_MOST_CENTRES])
    if len(answer["centres"]) > _MOST_CENTRES:
        yield f"  the {_MOST_CENTRES} centres with most calls of {len(answer['centres'])}; all with --json or --page"
    yield ""
    yield from table(WORST_HEAD, worst_rows(answer))
    yield ""
    yield from table(("assumption", "value", "source"), assumption_rows(answer))


FIGURE_HEAD = ("of the country", "today", "plan", "difference, with its 95 % interval")
CENTRE_HEAD = ("centre", "calls", "today", "plan", "difference", "given up", "occupied", "lacks, at most")
COUNTY_HEAD = ("place", "calls", "today", "plan", "difference, with its 95 % interval")
WORST_HEAD = ("worst hours", "calls", "within two minutes", "operators")
OVERFLOW_HEAD = ("rang first", "took the call", "calls")


def figure_rows(answer: Answer) -> list[tuple[str, ...]]:
    rows = []
    for name, (label, unit) in LABELS.items():
        found = answer["figures"][name]
        sides = (value(_mean(found[side]), unit) for side in ("base", "plan"))
        rows.append((label, *sides, difference(found["difference"], unit)))
    return rows


def share(found: Answer | None) -> str:
    return value(_mean(found), "share")


def _mean(found: Answer | None) -> float | None:
    return found["mean"] if found else None


def centre_rows(answer: Answer) -> list[tuple[str, ...]]:
    """`lacks`: the most operators that are missing for 80 % in an hour of the week."""
    return [
        (
            *(each["name"], value(each["calls"], "calls"), share(each["base"]), share(each["plan"])),
            *(difference(each["difference"], "share"), value(each["given_up"], "share")),
            *(value(each["occupation"], "share"), str(each["lacks_at_most"] or NOTHING)),
        )
        for each in answer["centres"]
    ]


def place_rows(places: list[Answer]) -> list[tuple[str, ...]]:
    return [
        (
            *(each["name"], value(each["calls"], "calls"), share(each["base"]), share(each["plan"])),
            difference(each["difference"], "share"),
        )
        for each in places
    ]


def hour_rows(answer: Answer) -> list[tuple[str, ...]]:
    named = [{**each, "name": f"{each['hour']:02}:00"} for each in answer["hours"]]
    return place_rows(named)


def worst_rows(answer: Answer) -> list[tuple[str, ...]]:
    return [
        (each["hour"], value(each["calls"], "calls"), value(each["share"], "share"), str(each["operators"]))
        for each in answer["worst_hours"]
    ]


def overflow_rows(answer: Answer) -> list[tuple[str, ...]]:
    return [(each["from"], each["to"], value(each["calls"], "calls")) for each in answer["overflow"]]


def assumption_rows(answer: Answer) -> list[tuple[str, ...]]:
    return [(each["name"], _plain(each["value"]), each["source"]) for each in answer["assumptions"]]


def _plain(found: Any) -> str:
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, list | tuple):
        parts = [f"{each[0]} {each[1]:g}" if isinstance(each, list | tuple) else f"{each:g}" for each in found]
        return " ".join(parts)
    return f"{found:g}"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns, the first to the left and numbers to the right; a last column of words is as long as it likes."""
    last = head[-1] == "source"
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        cells[0] = row[0].ljust(widths[0])
        if last:
            cells[-1] = row[-1]
        yield "  ".join(cells).rstrip()


def sweep(answers: list[Answer]) -> Iterator[str]:
    """A line for each plan."""
    rows = []
    for each in answers:
        figures = each["figures"]
        found = figures["within_two_minutes"]
        rows.append(
            (
                *(each["name"], share(found["base"]), share(found["plan"]), difference(found["difference"], "share")),
                *(
                    value(_mean(figures["operators"]["plan"]), "calls"),
                    share(figures["given_up"]["plan"]),
                ),
            )
        )
    yield from table(("plan", "today", "plan's", "difference", "operators", "given up"), rows)
