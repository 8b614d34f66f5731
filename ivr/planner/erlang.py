"""Erlang's formulas: how one centre without overflow serves a steady load. Pure arithmetic.

`load` is in erlangs: calls an hour times hours a call. Erlang C has callers who wait for ever; Erlang A has callers
whose patience is exponential (Garnett, Mandelbaum, Reiman 2002).
"""

from dataclasses import dataclass
from math import exp, inf

MOST_OPERATORS = 2000  # of one centre


def waits(load: float, operators: int) -> float:
    """Erlang C: the share of callers who wait at all; 1 where the load is too much for the operators."""
    if load <= 0:
        return 0.0
    if load >= operators:
        return 1.0
    blocked = 1.0  # Erlang B, one operator after another
    for number in range(1, operators + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / operators * (1 - blocked))


def share_within(load: float, operators: int, handle: float, seconds: float) -> float:
    """Erlang C: the share of callers who are answered in so many seconds; `handle`: mean seconds a call takes."""
    if load >= operators:
        return 0.0 if load > 0 else 1.0
    return 1 - waits(load, operators) * exp(-(operators - load) * seconds / handle)


def mean_wait(load: float, operators: int, handle: float) -> float:
    """Erlang C: mean seconds of waiting, over all callers."""
    return inf if load >= operators else waits(load, operators) * handle / (operators - load)


def needed(load: float, handle: float, aim: float, seconds: float) -> int:
    """The fewest operators with whom the share `aim` is answered in so many seconds; at least one."""
    operators = max(1, int(load))
    while operators < MOST_OPERATORS and share_within(load, operators, handle, seconds) < aim:
        operators += 1
    return operators


@dataclass(frozen=True)
class Impatient:
    """Erlang A. `waits`: the share of callers who wait; `give_up`: the share who hang up; `mean_wait`: seconds, over
    all callers."""

    waits: float
    give_up: float
    mean_wait: float


def impatient(load: float, operators: int, handle: float, patience: float) -> Impatient:
    """Erlang A by the balance of its birth-and-death chain; `patience`: mean seconds until a caller hangs up."""
    arrive, serve, leave = load / handle, 1 / handle, 1 / patience
    weights, weight, callers = [1.0], 1.0, 0
    while callers <= operators or weight > 1e-15 * max(weights):
        callers += 1
        weight *= arrive / (min(callers, operators) * serve + max(callers - operators, 0) * leave)
        weights.append(weight)
    total = sum(weights)
    queue = sum(max(number - operators, 0) * each for number, each in enumerate(weights)) / total
    return Impatient(sum(weights[operators:]) / total, queue * leave / arrive, queue / arrive)
