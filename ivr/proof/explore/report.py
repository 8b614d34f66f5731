"""An exploration in words and as JSON. Must not measure or judge anything."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from ivr.base.ids import LanguageCode
from ivr.line.flow.moments import in_words
from ivr.proof.explore.figures import Cost, CostSummary, Endless, RingingRoute
from ivr.proof.explore.player import FAR_ENDS
from ivr.proof.explore.result import ExplorationResult, Measured
from ivr.proof.explore.states import MERGED

MOST_TOLD = 20  # problems and missed states that are printed; --json has all
NOT_COVERED = (
    "every place: {places} stand for all others, of each class the one with the longest names",
    "every moment: {moments}",
    "every caller: {callers}",
    "every set of centres out of service: the one that is rung or spoken of, the next as well, and all in turn are",
    "whispers: what the answering person hears is played, but not judged",
    "real voices and real fingers: seconds are a model's (docs/checks.md), and pressing a key takes no time",
    "a caller who hangs up (every state may end so), keys while nothing listens (they are lost), speech",
    "requests that are repeated, late, or fail: the fault tests have those",
    "a change of flow or directory during a call, and a token that cannot be used",
    "talks of other lengths than {ends}",
)


def as_text(result: ExplorationResult) -> str:
    return "\n".join(_lines(result))


def _lines(result: ExplorationResult) -> Iterator[str]:
    state = "complete" if result.is_complete else f"NOT COMPLETE: stopped at the bound of {result.walk.bound} states"
    moments = f"{len(result.walks)} moment{'s'[: len(result.walks) - 1]}"
    yield f"{_states(result)} states, {_total(result, 'moves')} moves played at {moments}; {state}"
    yield ""
    yield f"{'':44}{'worst':>20}{'middle':>18}"
    for code, measured in result.measured.items():
        yield from _table(code, measured, said_to_all=code in result.walk.service.flow.said_to_all)
    for caller, way in result.silent.items():
        yield f"{f'silence to ringing, a call from {caller}':44}{f'{way.heard:.1f} s' if way else 'never':>20}"
    yield ""
    yield "The longest call: whoever keeps pressing keys can stay until the provider ends the call after four hours."
    yield from (f"  {_endless(each)}" for each in result.endless)
    yield ""
    yield _doubled(result)
    yield f"Never reached on this line: {', '.join(result.unreached) or 'no node'}"
    if result.known:
        yield f"States that ivr check knows: {len(result.known)}, of which no call came to {len(result.missed)}"
        yield from (f"  {name}" for name in result.missed[:MOST_TOLD])
    yield ""
    played = f"{_total(result, 'samples')} of them were played as well: {_unlike(_unlike_of(result))}"
    yield f"Not told apart ({_total(result, 'merged')} documents; {played}):"
    yield from (f"  {what}" for what in MERGED.values())
    yield "Not covered:"
    yield from (f"  {what}" for what in _not_covered(result))
    yield ""
    yield from (f"PROBLEM  {problem}" for problem in result.problems[:MOST_TOLD])
    if len(result.problems) > MOST_TOLD:
        yield f"and {len(result.problems) - MOST_TOLD} more"
    yield _verdict(result)


def _verdict(result: ExplorationResult) -> str:
    if result.holds:
        return "holds"
    if result.is_complete or result.problems:
        return "DOES NOT HOLD"
    return f"NOT COMPLETE: no problem was found, but not everything was played; raise --bound above {result.walk.bound}"


def _table(code: LanguageCode, measured: Measured, *, said_to_all: bool) -> Iterator[str]:
    if said_to_all:
        yield _row(f"first 113 words, {code}", measured.first_words)
    yield _row(f"113 words by key 9 from any state, {code}", measured.to_danger, keys=True)
    yield _row(f"a ringing centre from any state, {code}", measured.to_ring, keys=True)
    yield _row(f"a ringing centre by silence, {code}", measured.silent)
    yield _plain(f"plain case, {code}", measured.plain)


def _plain(name: str, way: RingingRoute | None) -> str:
    if way is None:
        return f"{name:44}{'never':>20}"
    heard, quick = f"{way.heard:.1f} s all heard", f"{way.quick:.1f} s at once"
    entries = f"{way.choices} choices and {way.entries} entry: {' '.join(way.pressed)}"
    return f"{name:44}{heard:>20}{quick:>18}  {entries}"


def _row(name: str, found: CostSummary | None, *, keys: bool = False) -> str:
    if found is None:
        return f"{name:44}{'never':>20}"
    worst = f"{found.worst.seconds:.1f} s" + (f", {_keys(found.worst.keys)}" if keys else "")
    middle = f"{found.seconds:.1f} s" + (f", {_keys(found.keys)}" if keys else "")
    return f"{name:44}{worst:>20}{middle:>18}  of {found.many}, in {found.worst.where.name.node}"


def _keys(number: int) -> str:
    return f"{number} key{'' if number == 1 else 's'}"


def _endless(each: Endless) -> str:
    nodes = " → ".join(each.nodes)
    return (
        f"nothing pressed, every centre {each.far_end}: after {each.before:.0f} s {each.legs} centres every "
        f"{each.seconds:.0f} s, {each.all_legs} in four hours ({nodes})"
    )


def _doubled(result: ExplorationResult) -> str:
    ways, calls = (sum(getattr(each, name) for each in result.doubled) for name in ("bounces", "calls"))
    unheard = sum(len(each.unheard) for each in result.doubled)
    verdict = f"in {unheard} A CENTRE WAS REACHED UNNAMED" if unheard else "each centre was named to its end before"
    return f"Keys that count twice: {ways} ways, {calls} rests of calls played; {verdict}"


def _unlike(unlike: list[str]) -> str:
    return f"{len(unlike)} DID SOMETHING ELSE" if unlike else "all did the same"


def _not_covered(result: ExplorationResult) -> Iterator[str]:
    classes = {kind: each for walk in result.walks for kind, each in walk.entries.classes.items()}
    places = "; ".join(f"{each.place.key} ({kind})" for kind, each in classes.items())
    callers = f"{', '.join(result.walk.entries.callers)} stand for all"
    changes = sum(walk.entries.changes for walk in result.walks)
    stand = "; ".join(in_words(walk.entries.now) for walk in result.walks)
    moments = f"{stand} for all; {changes} changes of duty and of hours in the coming two years are looked at"
    for text in NOT_COVERED:
        yield text.format(places=places, callers=callers, ends=", ".join(FAR_ENDS), moments=moments)


def as_json(result: ExplorationResult) -> str:
    by_node = Counter(state.name.node for walk in result.walks for state in walk.states)
    merged, samples = _total(result, "merged"), _total(result, "samples")
    content = {
        "holds": result.holds,
        "complete": result.is_complete,
        "moments": [walk.entries.now.isoformat() for walk in result.walks],
        "states": _states(result),
        "moves": _total(result, "moves"),
        "bound": result.walk.bound,
        "states_by_node": by_node,
        "languages": {code: _measured(measured) for code, measured in result.measured.items()},
        "silence": {caller: way and _way(way) for caller, way in result.silent.items()},
        "longest_call": [vars(each) for each in result.endless],
        "doubled_keys": [vars(each) for each in result.doubled],
        "unreached": result.unreached,
        "known": len(result.known),
        "missed": [str(name) for name in result.missed],
        "merged": {"documents": merged, "played": samples, "unlike": _unlike_of(result)},
        "not_covered": list(_not_covered(result)),
        "problems": result.problems,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _states(result: ExplorationResult) -> int:
    return sum(len(walk.states) for walk in result.walks)


def _total(result: ExplorationResult, counted: Literal["moves", "merged", "samples"]) -> int:
    """Of all moments."""
    return sum(getattr(walk, counted) for walk in result.walks)


def _unlike_of(result: ExplorationResult) -> list[str]:
    return [text for walk in result.walks for text in walk.unlike]


def _measured(measured: Measured) -> dict[str, Any]:
    return {
        "first_words": _spread(measured.first_words),
        "to_danger": _spread(measured.to_danger),
        "to_ring": _spread(measured.to_ring),
        "silence": _spread(measured.silent),
        "plain": _way(measured.plain) if measured.plain else None,
    }


def _spread(found: CostSummary | None) -> dict[str, Any] | None:
    if found is None:
        return None
    middle = {"seconds": round(found.seconds, 1), "keys": found.keys}
    return {"worst": _cost(found.worst), "middle": middle, "most_keys": found.most_keys, "states": found.many}


def _cost(cost: Cost) -> dict[str, Any]:
    where = {"state": str(cost.where.name), "path": cost.where.path()}
    return {"seconds": round(cost.seconds, 1), "keys": cost.keys, **where}


def _way(way: RingingRoute) -> dict[str, Any]:
    seconds = {"heard": round(way.heard, 1), "quick": round(way.quick, 1)}
    return {**seconds, "choices": way.choices, "entries": way.entries, "keys": way.keys, "pressed": list(way.pressed)}
