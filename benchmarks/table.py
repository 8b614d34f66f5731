"""Figures to the lines of a table: what was wanted, what was found, whether it is met. Measures nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.calls import AT_LEAST
from benchmarks.guarded import OF_CALLS_BY_INSTRUCTIONS, OF_PLAIN_BY_INSTRUCTIONS
from benchmarks.start import ANEW, CALL, READY
from benchmarks.under_load import OF_EXPRESS, OF_PLAIN

DOCS = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: made by `make bench` -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Row:
    """`low`, `high`: the spread of the rounds. `bound`: "at most" or "at least" `wanted`; "" for a plain figure."""

    what: str
    median: float
    low: float
    high: float
    bound: str = ""
    wanted: float = 0.0
    unit: str = ""

    @property
    def met(self) -> str:
        if not self.bound:
            return ""
        good = self.median <= self.wanted if self.bound == "at most" else self.median >= self.wanted
        return "yes" if good else "**no**"

    def __str__(self) -> str:
        spread = f"{_figure(self.low)} to {_figure(self.high)}" if self.low != self.high else ""
        wanted = f"{self.bound} {_figure(self.wanted)}" if self.bound else ""
        return f"| {self.what} | {_figure(self.median)}{self.unit} | {spread} | {wanted} | {self.met} |"


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def judged(kept: dict[str, Any]) -> list[Row]:
    """Every ratio and bound that was measured."""
    rows: list[Row] = []
    for make in (_webhook, _instructions, _server, _calls, _start, _directory, _growth, _account):
        rows += make(kept)
    return rows


def _spread(what: str, found: dict[str, float], bound: str = "", wanted: float = 0.0, unit: str = "") -> Row:
    if not bound:
        bound = next((each for each in ("at most", "at least") if each in found), "")
        wanted = found.get(bound, 0.0)
    low, high = found.get("low", found["median"]), found.get("high", found["median"])
    return Row(what, found["median"], low, high, bound, wanted, unit)


def _webhook(kept: dict[str, Any]) -> list[Row]:
    return [
        _spread(f"1. one webhook: {name}", found) for name, found in kept.get("webhook", {}).get("ratios", {}).items()
    ]


def _instructions(kept: dict[str, Any]) -> list[Row]:
    ratios = kept.get("instructions", {}).get("ratios", {})
    bounds = {
        "line / plain": ("at most", OF_PLAIN_BY_INSTRUCTIONS),
        "webhooks of calls / plain requests": ("at least", OF_CALLS_BY_INSTRUCTIONS),
    }
    return [_spread(f"1. and 3. by instructions: {name}", ratios[name], *bounds[name]) for name in ratios]


def _server(kept: dict[str, Any]) -> list[Row]:
    rows = []
    for server, found in kept.get("server", {}).items():
        ways = found if isinstance(found, dict) else {}
        for way in ("kept alive", "a connection each"):
            for name, ratio in ways.get(way, {}).get("ratios", {}).items():
                wanted = OF_EXPRESS[way] if "express" in name else OF_PLAIN
                where = "" if server == "express" else f", {server}"
                rows.append(_spread(f"2. requests a core second: {name}{where}, {way}", ratio, "at least", wanted))
    planned = kept.get("server", {}).get("planned", {})
    if planned:
        name = "p99 line / p99 constant"
        rows.append(_spread(f"2. at 200 requests a second: {name}", planned[name]))
    return rows


def _calls(kept: dict[str, Any]) -> list[Row]:
    found = kept.get("calls", {})
    rows = [_spread(f"3. {name}", ratio, "at least", AT_LEAST) for name, ratio in found.get("ratios", {}).items()]
    if found:
        rows.append(_spread("3. calls a core second, on this machine as it was", found["calls a core second"]))
    rows += [_spread(f"3. {name}", ratio) for name, ratio in kept.get("against", {}).get("ratios", {}).items()]
    year = kept.get("a year", {})
    if year:
        here = f"here {year['minutes for a year, by processor time']} by processor time"
        here = f"{year['calls']} calls played, {here}, {year['minutes for a year, by the wall']} by the wall"
        name = "minutes for a year of 3.2 million calls, on the machine of the bounds"
        rows.append(_spread(f"3. {name} ({here})", year["minutes for a year, on the machine of the bounds"]))
    return rows


def _start(kept: dict[str, Any]) -> list[Row]:
    found = kept.get("start", {})
    seconds = {
        "ivr call, a whole call with its service": ("`ivr call`: a whole call, its service started", CALL),
        "service ready": ("service ready, directory and checks included", READY),
        "service ready, everything proved anew": ("the same, everything proved anew", ANEW),
    }
    sizes = {
        "megabytes of a worker": "memory of a worker",
        "megabytes of a worker, everything proved anew": "the same, everything proved anew",
    }
    rows = [_seconds(f"4. {what}", found[key], most) for key, (what, most) in seconds.items() if key in found]
    return rows + [_spread(f"4. {what}", found[key], unit=" MB") for key, what in sizes.items() if key in found]


def _seconds(what: str, found: dict[str, Any], wanted: float) -> Row:
    here = f"here {found['processor seconds']} s of processor time, {found['wall seconds']} s by the wall"
    name = f"{what}, on the machine of the bounds ({here})"
    return _spread(name, found["on the machine of the bounds"], "at most", wanted, " s")


def _directory(kept: dict[str, Any]) -> list[Row]:
    found = kept.get("directory", {})
    if not found:
        return []
    looks = found["microseconds of a look-up"]
    rows = [
        _spread(
            "5. all files loaded, on the machine of the bounds",
            found["milliseconds to load all files, on the machine of the bounds"],
            unit=" ms",
        )
    ]
    rows.append(_spread("5. spelling search", looks["spelling"], "at most", found["spelling at most"], " µs"))
    return rows + [
        _spread(f"5. look-up: {name}", each, unit=" µs") for name, each in looks.items() if name != "spelling"
    ]


def _growth(kept: dict[str, Any]) -> list[Row]:
    found = kept.get("growth", {})
    rows = []
    for each in found.values():
        if isinstance(each, dict):
            rows += [
                _spread(f"6. cost of a step: {name}", ratio, "at most", 1.1)
                for name, ratio in each.get("ratios", {}).items()
            ]
    for each in found.get("checker", ()):
        seconds, count = each["of 1000 situations"], each["situations"]
        rows.append(_spread(f"6. checker, of 1000 situations of {count}", {"median": seconds}, unit=" s"))
    for each in found.get("explorer", ()):
        seconds, count = each["of 1000 documents"], each["documents played"]
        rows.append(_spread(f"6. explorer, of 1000 documents of {count}", {"median": seconds}, unit=" s"))
    return rows


def _account(kept: dict[str, Any]) -> list[Row]:
    found = kept.get("account", {})
    if not found:
        return []
    rows = [_spread(f"7. {name}", ratio) for name, ratio in found["ratios"].items()]
    rows.append(
        _spread(
            f"7. one of {found['calls']} calls, on this machine as it was", found["milliseconds a call"], unit=" ms"
        )
    )
    return [
        *rows,
        _spread("7. what is kept of a call, its trace above all", {"median": found["kilobytes a call"]}, unit=" kB"),
    ]


def into_docs(kept: dict[str, Any]) -> None:
    """Put the tables between the two marks of docs/benchmarks.md."""
    before, _, rest = DOCS.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    DOCS.write_text(f"{before}{BEGIN}\n{tables(kept)}{END}{after}", "utf-8")


def tables(kept: dict[str, Any]) -> str:
    lines = [
        "",
        "| what | median | nine of ten rounds | wanted | met |",
        "|---|---|---|---|---|",
        *map(str, judged(kept)),
        "",
    ]
    lines += _plain("Microseconds of one webhook, by step, each by itself", kept.get("webhook", {}).get("steps", {}))
    lines += _plain("Hundredths of a webhook's time, by part", kept.get("profile", {}).get("hundredths", {}))
    lines += _plain(
        "Milliseconds of processor time that an import costs, on this machine as it was",
        kept.get("start", {}).get("imports", {}),
    )
    loaded = kept.get("start", {}).get("loaded when the service is ready", {})
    lines += _plain(
        "In memory when the service is ready", {name: "yes" if each else "no" for name, each in loaded.items()}
    )
    for server, found in kept.get("server", {}).items():
        if isinstance(found, dict) and "kept alive" in found:
            rates = {
                f"{name}, {way}": f"{_figure(each['median'])} a core second, "
                f"{_figure(found[way]['requests a second'][name]['median'])} by the wall"
                for way in ("kept alive", "a connection each")
                for name, each in found[way]["requests a core second"].items()
            }
            lines += _plain(f"Requests of one worker: {server}", rates)
    measured = [
        f"{name} {each['measured']} at a load of {each['machine']['load before (1 minute)']}"
        for name, each in kept.items()
    ]
    return "\n".join([*lines, f"Measured: {'; '.join(measured)}.", ""])


def _plain(title: str, figures: dict[str, Any]) -> list[str]:
    if not figures:
        return []
    return [f"**{title}**", "", "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in figures.items()), ""]
