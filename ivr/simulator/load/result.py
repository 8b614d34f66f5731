"""The result of a run: as JSON with a stable schema (docs/load.md), and as lines for a person."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, assert_never

from ivr.simulator.load.arrivals import Arrivals, Burst, Even, Poisson, Recorded
from ivr.simulator.load.histogram import Histogram
from ivr.simulator.load.job import Job
from ivr.simulator.load.tally import Tally
from ivr.simulator.urls import without_credentials

SCHEMA = 1
_MS = 0.001


def as_json(job: Job, tally: Tally) -> dict[str, Any]:
    """Keys are only ever added; `schema` grows when one changes its meaning."""
    return {
        "schema": SCHEMA,
        "run": _run(job, tally),
        "calls": {
            "planned": tally.planned,
            "started": tally.started,
            "started_late": tally.delayed,
            "completed": tally.completed,
            "reached_person": tally.reached,
            "never_reached_person": tally.completed - tally.reached,
            "hung_up": tally.hung_up,
            "keys_left": tally.unpressed,
            "with_errors": tally.with_errors,
            "ended": _sorted(tally.ended),
            "kinds": _sorted(tally.kinds),
        },
        "errors": _sorted(tally.errors),
        "warnings": _sorted(Counter({code: times for code, times in tally.warnings.items() if code})),
        "not_simulated": tally.warnings[0],
        "requests": {"sent": tally.service.count, "results": _sorted(tally.results)},
        "documents": {"total": tally.documents, "per_call": _per(tally.documents, tally.completed)}
        | {"most": tally.most_documents},
        "legs": {"total": tally.legs, "per_call": _per(tally.legs, tally.completed)},
        "speed": _speed(tally),
        "latency_ms": {
            "all": tally.latency().summary(_MS),
            "purposes": {name: tally.latency(name).summary(_MS) for name in _purposes(tally)},
            "nodes": {name: tally.nodes[name].summary(_MS) for name in sorted(tally.nodes)},
        },
        "service_ms": tally.service.summary(_MS),
        "start_delay_ms": tally.delays.summary(_MS),
        "first_leg_seconds": tally.first_leg.summary(),
        "call_seconds": tally.lengths.summary(),
    }


def _run(job: Job, tally: Tally) -> dict[str, Any]:
    return {
        "url": without_credentials(job.template.url),
        "in_process": job.make_app is not None,
        "time": "real" if job.real_time else "virtual",
        "arrivals": _arrivals(job.arrivals),
        "calls": job.calls,
        "seconds": job.seconds,
        "concurrent": job.concurrent,
        "processes": job.processes,
        "seed": job.seed,
        "interrupted": tally.interrupted,
    }


def _arrivals(arrivals: Arrivals | None) -> dict[str, Any]:
    match arrivals:
        case None:
            return {"kind": "one after another"}
        case Poisson(rate):
            return {"kind": "poisson", "rate": rate}
        case Even(rate):
            return {"kind": "even", "rate": rate}
        case Burst(rate, size):
            return {"kind": "burst", "rate": rate, "size": size}
        case Recorded(counts):
            return {"kind": "recorded", "minutes": len(counts), "calls": sum(counts)}
        case _:
            assert_never(arrivals)


def _speed(tally: Tally) -> dict[str, float]:
    busy = tally.service.total / 1_000_000
    return {
        "wall_seconds": round(tally.wall_seconds, 3),
        "processor_seconds": round(tally.processor_seconds, 3),
        "calls_per_second": _per(tally.completed, tally.wall_seconds),
        "calls_per_core_second": _per(tally.completed, tally.processor_seconds),
        "requests_per_second": _per(tally.service.count, tally.wall_seconds),
        "service_seconds": round(busy, 3),
        "span_seconds": round(tally.span_seconds, 3),
        "service_share_of_span": _per(busy, tally.span_seconds),
    }


def _per(amount: float, unit: float) -> float:
    return round(amount / unit, 3) if unit else 0.0


def _purposes(tally: Tally) -> list[str]:
    return sorted({node.partition(" ")[0] for node in tally.nodes})


def _sorted(counter: "Counter[Any]") -> dict[str, int]:
    return {str(name): count for name, count in sorted(counter.items(), key=lambda item: str(item[0]))}


def as_lines(job: Job, tally: Tally) -> Iterator[str]:
    """The same for a person, one line after another."""
    full = as_json(job, tally)
    calls, speed = full["calls"], full["speed"]
    yield f"{_title(job)}{'  INTERRUPTED' if tally.interrupted else ''}"
    yield ""
    yield from _row("calls", planned=calls["planned"], started=calls["started"], completed=calls["completed"])
    if tally.delayed:
        late = f"by up to {tally.delays.most / 1e6:.3g} s"
        yield f"{'':14}{tally.delayed} started late, {late}: --concurrent {job.concurrent} held them back"
    yield from _row("ended", **calls["ended"])
    reached = {"reached a person": tally.reached, "never did": calls["never_reached_person"]}
    yield from _row("outcome", **reached, **{"hung up by the caller": tally.hung_up, "with errors": tally.with_errors})
    if tally.unpressed:
        yield f"{'':14}{tally.unpressed} ended before all their keys were pressed"
    yield from _row("kinds", **calls["kinds"])
    yield from _row("errors", **full["errors"])
    yield from _row("warnings", **full["warnings"])
    if tally.warnings[0]:
        yield f"{'not simulated':14}{tally.warnings[0]} times an attribute without effect here; `ivr call` names it"
    yield from _row("requests", sent=tally.service.count, **full["requests"]["results"])
    yield from _row("per call", documents=full["documents"]["per_call"], legs=full["legs"]["per_call"])
    wall = f"{speed['calls_per_second']:.1f} calls/s, {speed['requests_per_second']:.1f} requests/s"
    core = f"{speed['calls_per_core_second']:.1f} calls/s of one core"
    yield f"{'speed':14}{wall} ({speed['wall_seconds']:.2f} s); {core} ({speed['processor_seconds']:.2f} s)"
    yield f"{'':14}{'simulator and service together' if job.make_app else 'of the simulator alone'}"
    yield ""
    yield from _latencies(full["latency_ms"], full["service_ms"])
    yield ""
    yield _seconds("first leg rings", tally.first_leg)
    yield _seconds("call lasts", tally.lengths)


def _title(job: Job) -> str:
    where = "in process" if job.make_app else "over HTTP"
    how = " ".join(
        f"{name} {value}" if name != "kind" else str(value) for name, value in _arrivals(job.arrivals).items()
    )
    pace = "real time" if job.real_time else "virtual time"
    return (
        f"{without_credentials(job.template.url)} {where}, {how}, {pace}, seed {job.seed}, {job.processes} process(es)"
    )


def _row(title: str, **figures: Any) -> Iterator[str]:
    if figures:
        yield f"{title:14}" + "; ".join(f"{name} {value}" for name, value in figures.items())


def _latencies(latency: dict[str, Any], service: dict[str, Any]) -> Iterator[str]:
    """Latency counts from when a request was due, service from when it was sent."""
    names = ("count", "p50", "p90", "p99", "p99_9", "max")
    yield f"{'latency in ms, from when due':34}" + "".join(f"{name:>10}" for name in names)
    several = {name: figures for name, figures in latency["purposes"].items() if name not in _alone(latency["nodes"])}
    rows = [("all", latency["all"]), *several.items(), *latency["nodes"].items()]
    for title, figures in [*rows, ("service alone (from when sent)", service)]:
        cells = (f"{figures[name]:>10}" if name == "count" else f"{figures[name]:>10.2f}" for name in names)
        yield f"  {title[:32]:32}" + "".join(cells)


def _alone(nodes: dict[str, Any]) -> set[str]:
    """Purposes with one node, whose figures would be said twice."""
    purposes = Counter(node.partition(" ")[0] for node in nodes)
    return {name for name, count in purposes.items() if count == 1}


def _seconds(title: str, histogram: Histogram) -> str:
    if not histogram.count:
        return f"{title:16}never"
    p50, p90 = histogram.quantile(0.5), histogram.quantile(0.9)
    most = histogram.most / 1_000_000
    return f"{title:16}{p50:.1f} s p50, {p90:.1f} s p90, {most:.1f} s max of call time ({histogram.count} calls)"
