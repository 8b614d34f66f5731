"""What callers do: hang up at any moment, nothing at all, everything at once, without a number."""

from dataclasses import dataclass, replace
from random import Random

from ivr.simulator import CallPlan
from ivr.simulator.load.chance import Uniform, Weighted
from ivr.simulator.load.mix import KEYS, DrawnPlan, Habits, Mix
from tests.chaos.faults.fault import Fault
from tests.chaos.faults.webhooks import hit
from tests.chaos.testbed import Who

# Keypad spellings that carriers put in place of a withheld number, names, and nothing.
_SPELLED = ("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+17378742833")
_WITHHELD = (*_SPELLED, "anonymous", "Restricted", "", "+")


@dataclass(frozen=True)
class Mashers(Who):
    """Callers who press whatever they press: a fax, a child, a receiver that lies on the keys."""

    def mix(self) -> Mix:
        everywhere = Who.mix(self)
        return _Mashing(everywhere.kinds, everywhere.far_ends)


@dataclass(frozen=True, slots=True)
class _Mashing(Mix):
    def draw(self, template: CallPlan, seed: int, number: int) -> tuple[DrawnPlan, Habits]:
        plan, habits = Mix.draw(self, template, seed, number)
        random = Random(f"mash {seed} {number}")  # noqa: S311 - the same every time, not a secret
        groups = tuple("".join(random.choices(KEYS, k=random.randint(1, 20))) for _ in range(random.randint(1, 8)))
        return plan, replace(habits, groups=groups, thinks=tuple(random.uniform(0, 3) for _ in groups))


@dataclass(frozen=True)
class Leavers(Who):
    """Callers who hang up at a moment between the first ring and the end of a talk."""

    def mix(self) -> Mix:
        everybody = Who.mix(self)
        kinds = [replace(kind, leaves=1.0, leaves_after=Uniform(0.0, 90.0)) for kind in everybody.kinds.items]
        return Mix(Weighted(tuple(kinds), everybody.kinds.bounds), everybody.far_ends)


def withheld(plan: CallPlan, random: Random) -> CallPlan:
    return replace(plan, from_=random.choice(_WITHHELD))


FAULTS = (
    Fault("F25", "callers hang up at any moment", hit(150, Leavers())),
    Fault("F26", "callers press nothing, for ever", hit(40, Who(("presses nothing",)))),
    Fault("F27", "callers press 1-20 random keys at a time", hit(100, Mashers())),
    Fault("F28", "callers without a number", hit(54, Who(spoil=withheld))),
)
