"""The sums of a run: counts and histograms, of a bounded size whatever the number of calls, mergeable."""

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from ivr.simulator.load.call_record import CallRecord
from ivr.simulator.load.histogram import Histogram

MOST_NODES = 200  # of one application; a path that holds an id must not fill the memory
OTHER = "(other)"


class Sample(NamedTuple):
    """One request. Seconds: `latency` from when it was due, `service` from when it was sent. `result`: the status of
    the reply, or why there was none."""

    node: str
    latency: float
    service: float
    result: str


@dataclass(slots=True)
class Tally:
    """Counters are numbers of calls unless their name says otherwise."""

    planned: int = 0
    started: int = 0
    delayed: int = 0  # started late, because as many calls as allowed were under way
    completed: int = 0
    reached: int = 0
    hung_up: int = 0
    unpressed: int = 0  # ended before all their keys were pressed, and not by the caller
    with_errors: int = 0
    legs: int = 0
    documents: int = 0
    most_documents: int = 0
    processor_seconds: float = 0.0
    wall_seconds: float = 0.0
    span_seconds: float = 0.0  # from the start of the run to its last reply, in the run's own time
    interrupted: bool = False
    ended: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    errors: Counter[int] = field(default_factory=Counter)
    warnings: Counter[int] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    nodes: dict[str, Histogram] = field(default_factory=dict)
    service: Histogram = field(default_factory=Histogram)
    delays: Histogram = field(default_factory=Histogram)
    first_leg: Histogram = field(default_factory=Histogram)
    lengths: Histogram = field(default_factory=Histogram)

    def start(self, delay: float, *, limited: bool) -> None:
        """A call was started, `delay` seconds after it was planned; `limited`: because too many were under way."""
        self.started += 1
        self.delayed += limited
        self.delays.add(delay)

    def take(self, record: CallRecord, samples: list[Sample]) -> None:
        """A call has ended."""
        self.completed += 1
        self.reached += record.reached
        self.hung_up += record.hung_up
        self.unpressed += record.unpressed
        self.with_errors += bool(record.errors) or record.ended == "failed"
        self.legs += record.legs
        self.documents += record.documents
        self.most_documents = max(self.most_documents, record.documents)
        self.ended[record.ended] += 1
        self.kinds[record.kind] += 1
        for found, these in ((self.errors, record.errors), (self.warnings, record.warnings)):
            if these:
                found.update(these)
        self.lengths.add(record.seconds)
        if record.first_leg is not None:
            self.first_leg.add(record.first_leg)
        for sample in samples:
            self._request(sample)

    def _request(self, sample: Sample) -> None:
        histogram = self.nodes.get(sample.node)
        if histogram is None:
            node = sample.node if len(self.nodes) < MOST_NODES else OTHER
            histogram = self.nodes.setdefault(node, Histogram())
        histogram.add(sample.latency)
        self.service.add(sample.service)
        self.results[sample.result] += 1

    @property
    def is_unanswered(self) -> bool:
        """True when requests were sent and none of them got a reply."""
        return bool(self.results) and not any(result.isdigit() for result in self.results)

    def latency(self, purpose: str | None = None) -> Histogram:
        """Of all requests, or of those of one purpose."""
        whole = Histogram()
        for node, histogram in self.nodes.items():
            if purpose is None or node.partition(" ")[0] == purpose:
                whole.merge(histogram)
        return whole

    def merge(self, other: "Tally") -> None:
        """Take all that another process has counted."""
        for item in fields(self):
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif isinstance(mine, Histogram):
                mine.merge(theirs)
            elif isinstance(mine, dict):
                for node, histogram in theirs.items():
                    kept = node if node in mine or len(mine) < MOST_NODES else OTHER
                    mine.setdefault(kept, Histogram()).merge(histogram)
            elif item.name in ("most_documents", "span_seconds", "wall_seconds"):
                setattr(self, item.name, max(mine, theirs))
            else:
                setattr(self, item.name, mine + theirs)
        self.interrupted = bool(self.interrupted)
