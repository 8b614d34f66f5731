"""Who calls, and how far ends behave: kinds of callers by weight, from which each call is drawn.

Plain values and drawing; a call depends on the seed and its own number, not on the calls before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Literal, TypeAlias

from ivr.simulator.load.chance import Distribution, Fixed, Weighted
from ivr.simulator.plan import CallPlan, Leg, keys_to_steps

Outcome: TypeAlias = Literal["answer", "busy", "no-answer", "failed"]
KEYS = "0123456789*#"
AT_ONCE = Fixed(0.0)
A_MOMENT = Fixed(3.0)
A_SHORT_TALK = Fixed(10.0)
_DIGITS = "0123456789"
ANY_DIGIT = "x"  # in a number of the mix: any digit


@dataclass(frozen=True, slots=True)
class KeySlot:
    """A place in the keys that is filled with one of the values of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class CallerKind:
    """Callers of one kind. `keys`: groups, each of texts and slots; `think`: before each group, from when the call
    listens; `slip`: the chance, in each group, of one wrong key; `leaves`: the chance of hanging up, and after how
    many seconds of call time."""

    name: str
    keys: tuple[tuple[str | KeySlot, ...], ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    think: Distribution = AT_ONCE
    slip: float = 0.0
    leaves: float = 0.0
    leaves_after: Distribution = AT_ONCE
    from_: tuple[str, ...] = ("+4791234567",)
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FarEndKind:
    """A way in which a dialled number behaves; `rings` and `talk` count when it answers."""

    outcome: Outcome
    rings: Distribution = A_MOMENT
    talk: Distribution = A_SHORT_TALK
    keys: str = "1"
    machine: bool = False

    def draw(self, random: Random) -> Leg:
        if self.outcome != "answer":
            return Leg(self.outcome)
        return Leg("answer", self.rings.draw(random), self.talk.draw(random), self.keys, self.machine)


@dataclass(frozen=True, slots=True)
class Habits:
    """What one caller will do: groups of keys, the seconds of thought before each, when the caller hangs up."""

    kind: str
    groups: tuple[str, ...] = ()
    thinks: tuple[float, ...] = ()
    hangs_up_at: float | None = None


@dataclass(frozen=True, slots=True)
class DrawnPlan(CallPlan):
    """A call whose far ends are drawn as they are dialled, each anew: who was busy may answer the second time."""

    ends: Weighted[FarEndKind] | None = None
    random: Random = field(default_factory=Random, compare=False)

    def leg(self, number: str) -> Leg:
        return self.ends.draw(self.random).draw(self.random) if self.ends else CallPlan.leg(self, number)


@dataclass(frozen=True, slots=True)
class Mix:
    kinds: Weighted[CallerKind]
    far_ends: Weighted[FarEndKind]

    @classmethod
    def of_keys(cls, keys: str) -> "Mix":
        """Callers who all press the same, at once, and far ends that answer. Raises ValueError for what is no key."""
        keys_to_steps(keys)
        kind = CallerKind(f"keys {keys}", tuple((group,) for group in keys.split()))
        return cls(Weighted.of((kind,), (1.0,)), Weighted.of((FarEndKind("answer"),), (1.0,)))

    def draw(self, template: CallPlan, seed: int, number: int) -> tuple[DrawnPlan, Habits]:
        """The `number`-th call of a run: `template` with everything that differs between calls."""
        random = Random(f"call {seed} {number}")  # noqa: S311 - the same every time, not a secret
        kind = self.kinds.draw(random)
        plan = DrawnPlan(
            url=template.url,
            from_=_number(random.choice(kind.from_), random),
            to=_number(random.choice(kind.to), random) if kind.to else template.to,
            method=template.method,
            fallback_url=template.fallback_url,
            status_callback=template.status_callback,
            auth_token=template.auth_token,
            account_sid=template.account_sid,
            legs=template.legs,
            seed=random.getrandbits(64),
            name=template.name,
            number=number + 1,
            speech_rate=template.speech_rate,
            allow_origins=template.allow_origins,
            delivery=template.delivery,
            started=template.started,
            params=template.params,
            first_params=template.first_params,
            ends=self.far_ends,
            random=random,
        )
        return plan, _habits(kind, random)


def _habits(kind: CallerKind, random: Random) -> Habits:
    groups = tuple(_group(parts, kind, random) for parts in kind.keys)
    thinks = tuple(kind.think.draw(random) for _ in groups)
    leaves = random.random() < kind.leaves
    after = kind.leaves_after.draw(random)
    return Habits(kind.name, groups, thinks, after if leaves else None)


def _group(parts: tuple[str | KeySlot, ...], kind: CallerKind, random: Random) -> str:
    text = "".join(random.choice(kind.values[part.name]) if isinstance(part, KeySlot) else part for part in parts)
    return _slipped(text, random) if random.random() < kind.slip else text


def _slipped(keys: str, random: Random) -> str:
    """One of the keys is another one."""
    place = random.randrange(len(keys))
    return keys[:place] + random.choice(KEYS.replace(keys[place], "")) + keys[place + 1 :]


def _number(pattern: str, random: Random) -> str:
    """`+4791xxxxxx` with a digit for each x; a name (`anonymous`) as it is."""
    if not pattern.startswith("+") or ANY_DIGIT not in pattern:
        return pattern
    return "".join(random.choice(_DIGITS) if char == ANY_DIGIT else char for char in pattern)
