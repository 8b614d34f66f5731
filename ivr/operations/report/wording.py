"""What the terminal, the page and the console say of figures, in one language: the same lines, words and rounding.
Small numbers are hidden in groups, never in the total.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ivr.base.clock import OSLO
from ivr.operations.languages import OperatorLanguage
from ivr.operations.records.export import FEW, cells, small
from ivr.operations.records.figures import (
    GOAL_SECONDS,
    GOAL_SHARE,
    LATE_SECONDS,
    Figures,
    Group,
    Grouping,
    NodeFigures,
    Period,
    TimeSpread,
)

ENDS = ("connected", "informed", "red_flag", "nobody_answered", "abandoned", "failed")
GROUP_COLUMNS = ("calls", "person", "rung", "within", "median", "unanswered", "hung_up", "key_9")
NODE_PARTS = ("went_on", "silence", "wrong_key", "not_found", "hung_up")
NODE_COLUMNS = ("node", "came", *NODE_PARTS, "key_9")
Name = Callable[[str], str]


@dataclass(frozen=True)
class ReportLine:
    """One figure: what it is, its value, and what to make of it."""

    label: str
    value: str
    remark: str = ""


class ReportWording:
    """How figures are said in one language."""

    def __init__(self, language: OperatorLanguage) -> None:
        self.language = language
        self.nothing = language.say("report.nothing")

    def say(self, key: str, **slots: object) -> str:
        return self.language.say(key, **slots)

    @property
    def goal(self) -> str:
        return self.language.percent(GOAL_SHARE, 0)

    def days(self, period: Period) -> str:
        last = period.end.astimezone(OSLO).date().toordinal() - 1
        first = period.start.astimezone(OSLO).date()
        return self.say("report.days", first=first, last=type(first).fromordinal(last))

    def official(self, group: Group) -> Iterator[ReportLine]:
        share = group.share_within(GOAL_SECONDS)
        reached = "" if share is None else self.say("official.reached" if share >= GOAL_SHARE else "official.missed")
        missing = group.legs - group.answered
        yield ReportLine(self.say("official.within", goal=self.goal), self.percent(share), reached)
        yield ReportLine(self.say("official.late"), self.percent(group.share_within(LATE_SECONDS)))
        yield ReportLine(self.say("official.rung"), self.number(group.legs))
        yield ReportLine(self.say("official.not_answered"), self.number(missing), self.percent_of(missing, group.legs))
        yield ReportLine(self.say("official.median"), self.seconds(group.answer_times.median))
        if group.untold:
            yield ReportLine(self.say("official.untold"), self.number(group.untold), self.say("official.untold_words"))

    def ours(self, group: Group) -> Iterator[ReportLine]:
        words = group.first_words
        spread = {
            "most": self.milliseconds(words.quantile(0.95)),
            "slowest": self.milliseconds(words.quantile(1)),
        }
        yield ReportLine(
            self.say("ours.first_words"),
            self.milliseconds(words.median),
            self.say("ours.first_words_spread", **spread),
        )
        yield self._until("ours.ringing", group.to_ringing)
        yield self._until("ours.person", group.to_human)

    def _until(self, key: str, spread: TimeSpread) -> ReportLine:
        slots = {"most": self.seconds(spread.quantile(0.9)), "calls": spread.total()}
        return ReportLine(self.say(key), self.seconds(spread.median), self.say("ours.spread", **slots))

    def ends(self, group: Group) -> Iterator[ReportLine]:
        counted = {self.say(f"ends.{each}"): group.dispositions[each] for each in ENDS}
        for label, count in (counted | {self.say("ours.red_flags"): group.red_flags}).items():
            yield ReportLine(label, self.number(count), self.percent_of(count, group.calls))

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.say(f"column.{each}") for each in names)

    def group_row(self, group: Group) -> tuple[str, ...]:
        """The columns of GROUP_COLUMNS; what fewer than five calls stand behind is not told."""
        shown = cells(group)
        share = shown["share_answered_within_120_s"]
        return (
            self.number(shown["calls"]),
            self.seconds(shown["median_seconds_to_human"]),
            self.number(shown["legs"]),
            self.percent(share if isinstance(share, float) else None),
            self.seconds(shown["median_answer_seconds"]),
            self.number(small(group.legs - group.answered)),
            self.number(shown["abandoned"]),
            self.number(shown["red_flags"]),
        )

    def node_row(self, node: NodeFigures) -> tuple[str, ...]:
        """The columns of NODE_COLUMNS."""
        return node.node, *map(self.number, (node.entered, *node_parts(node), node.red_flags))

    def group_name(self, by: Grouping | None, key: str, name: Name) -> str:
        if by is Grouping.HOUR:
            return f"{key}:00–{key}:59"
        if by is Grouping.WEEK:
            return self.language.week(date.fromisoformat(key))
        return name(key) or self.say("report.unknown")

    def origin(self, origin: str) -> str:
        key = f"origin.{origin or 'people'}"
        return self.say(key) if self.language.says(key) else origin

    def caveats(self, figures: Figures) -> Iterator[str]:
        """What to know before believing the figures."""
        if figures.lost:
            yield self.say("caveat.lost", number=figures.lost)
        if figures.orphans:
            yield self.say("caveat.orphans", number=figures.orphans)
        if figures.period.origin:
            origin = self.origin(figures.period.origin)
            yield self.say("caveat.origin", number=figures.total.calls, origin=origin)
        for origin, count in figures.apart.items():
            yield self.say("caveat.apart", number=count, origin=self.origin(origin))
        if figures.groups:
            yield self.say("caveat.few", few=FEW)

    def number(self, value: object) -> str:
        return str(self.language.shown(value))

    def seconds(self, value: object) -> str:
        return self.say("report.seconds", number=value) if isinstance(value, int) else self.nothing

    def milliseconds(self, value: int | None) -> str:
        return self.nothing if value is None else self.say("report.milliseconds", number=value)

    def percent(self, share: float | None) -> str:
        return self.nothing if share is None else self.language.percent(share)

    def percent_of(self, part: int, whole: int) -> str:
        return self.percent(part / whole if whole else None)


def node_parts(node: NodeFigures) -> tuple[int, ...]:
    """What became of the calls that came to a node, in the order of NODE_PARTS."""
    return node.went_on, node.silences, node.wrong_keys, node.not_found, node.hang_ups
