"""Journeys that were really played: from the arrival of a call through the service to every ring, if nobody answers.

A head is what one kind of caller does at one place until a centre rings; a tail is what the line does after that when
no centre answers and nothing is pressed. Each is played once and kept by its content.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ivr.base.errors import Complaint, DefinitionError
from ivr.planner.journeys import Journey, Journeys
from ivr.planner.places import Origin, PlaceSituation
from ivr.planner.service import Service
from ivr.simulator.load import Mix, load_mix
from ivr.simulator.load.chance import Distribution, Exponential, Uniform, Weighted
from ivr.simulator.load.mix import CallerKind, Habits
from ivr.simulator.plan import CallPlan

CALLERS = Path(__file__).parent / "callers.yaml"
HORIZON = 3600.0  # seconds after the first ringing; later rings of the line are left out
_ONLY_THE_FIRST = 0.5
_SOONEST = 10.0  # seconds until the words of 113 were heard and a key pressed; ours
_PARTS = 16  # callers are cut into about so many
_SEED = 116117
_SLOT = "postcode"


@dataclass(frozen=True)
class Variant:
    """One caller of a kind, with their thoughts and slips drawn. `leaves`: the chance to hang up after a time."""

    kind: str
    number: int
    weight: float
    is_placed: bool
    leaves: float
    leaves_after: Distribution


Played = tuple[tuple[tuple[float, str], ...], bool]
Kept = dict[str, Played]


class Player:
    """Plays heads and tails, and remembers them by what they depend on. `kept`: what was played before. `menu`: seconds
    that the menu is longer than it was played."""

    def __init__(self, service: Service, mix: Mix, kept: Kept, menu: float = 0.0) -> None:
        self.kept = kept
        self._menu = menu
        self.played = 0
        self._service = service
        self._kinds = {kind.name: kind for kind in mix.kinds.items}
        self._far_ends = mix.far_ends
        self.variants = tuple(_variants(mix))

    def caller(self, variant: Variant, postcode: str) -> tuple[str, Habits]:
        """The number that calls, and what is pressed when."""
        kind = self._kinds[variant.kind]
        slots = {_SLOT: (postcode,)} if variant.is_placed else {}
        own = Mix(Weighted.of((replace(kind, values=slots, leaves=0.0),), (1.0,)), self._far_ends)
        plan, habits = own.draw(CallPlan(url="http://127.0.0.1"), _SEED, variant.number)
        return plan.from_, habits

    def journey(self, variant: Variant, origin: Origin, here: PlaceSituation) -> Journey:
        """`here`: of the origin, or of nowhere for a variant that names no place. Raises DefinitionError: the menu
        cannot be that much shorter."""
        rings, red = self._head(variant, origin, here)
        if not rings:
            return Journey(0.0, (), red, 1.0)
        to_ring, first = rings[0]
        ring = float(self._service.flow.ring.seconds)
        tail = self._tail(variant, origin, here, first, red)
        ladder = ((0.0, first, ring), *((at, centre, ring) for at, centre in tail))
        to_ring += self._menu
        if self._menu < 0 and to_ring < _SOONEST:
            raise DefinitionError([Complaint("plan", 0, 0, self._too_short(to_ring))])
        return Journey(to_ring, ladder, red, variant.leaves * _before(variant.leaves_after, to_ring))

    def _too_short(self, to_ring: float) -> str:
        return (
            f"menu: {self._menu:g} would let a centre ring {to_ring:.0f} s after the call begins; the words of 113 are "
            f"heard first, so it is {_SOONEST:g} s at least"
        )

    def _head(self, variant: Variant, origin: Origin, here: PlaceSituation) -> Played:
        place = f"{origin.municipality}-{origin.postcode}" if variant.is_placed else ""
        key = f"head {variant.kind} {variant.number} {place} {_met(here)}"
        return self._once(key, variant, origin, here, _ONLY_THE_FIRST)

    def _tail(
        self, variant: Variant, origin: Origin, here: PlaceSituation, first: str, red: bool
    ) -> tuple[tuple[float, str], ...]:
        """Rings after the first one. They depend on language, centre and outages, not on how the caller came there."""
        language = next(iter(self._kinds[variant.kind].keys), ("",))[0]
        key = f"tail {language} {variant.is_placed} {red} {first} {_met(here)}"
        rings, _ = self._once(key, variant, origin, here, HORIZON)
        return tuple((at - rings[0][0], centre) for at, centre in rings[1:])

    def _once(self, key: str, variant: Variant, origin: Origin, here: PlaceSituation, silent: float) -> Played:
        if key not in self.kept:
            number, habits = self.caller(variant, origin.postcode)
            outages = here.outages
            played = self._service.play(number, habits, here.example, outages=outages, until_silent=silent)
            rings = tuple((ring.at, ring.centre) for ring in played.rings)
            self.kept[key] = (rings, played.red)
            self.played += 1
        return self.kept[key]


def callers(mix: Path | None) -> Mix:
    """Raises DefinitionError."""
    return load_mix(mix or CALLERS)


def _variants(mix: Mix) -> Iterable[Variant]:
    weights = np.diff(np.array([0.0, *mix.kinds.bounds])) / mix.kinds.bounds[-1]
    for kind, share in zip(mix.kinds.items, weights, strict=True):
        many = max(1, round(float(share) * _PARTS / 3)) if kind.keys else 1
        for number in range(many):
            is_placed = _is_placed(kind)
            yield Variant(kind.name, number, float(share) / many, is_placed, kind.leaves, kind.leaves_after)


def _is_placed(kind: CallerKind) -> bool:
    return any(getattr(part, "name", "") == _SLOT for group in kind.keys for part in group)


def _met(here: PlaceSituation) -> str:
    outages = " ".join(f"{each.centre}:{each.kind}" for each in here.outages)
    return f"{here.centre} {here.meaning} {outages}"


def _before(after: Distribution, seconds: float) -> float:
    """The chance that a time drawn from it is shorter."""
    if isinstance(after, Uniform):
        return min(max((seconds - after.low) / ((after.high - after.low) or 1), 0.0), 1.0)
    if isinstance(after, Exponential):
        return float(1 - np.exp(-seconds / after.mean))
    return float(after.seconds < seconds)


def gather(
    player: Player,
    origins: Iterable[Origin],
    met: Mapping[Origin, tuple[PlaceSituation, ...]],
    nowhere: tuple[PlaceSituation, ...],
    progress: Callable[[int], None] = lambda _: None,
) -> Journeys:
    """Every journey that callers of these places can have."""
    numbers: dict[Journey, int] = {}
    cells: list[list[int]] = []
    starts: list[tuple[float, ...]] = []
    first: list[int] = []
    for origin in origins:
        begins = sorted({each.start for each in (*met[origin], *nowhere)})
        first.append(len(cells))
        starts.append(tuple(begins))
        for begin in begins:
            own, other = _in_force(met[origin], begin), _in_force(nowhere, begin)
            found = [player.journey(each, origin, own if each.is_placed else other) for each in player.variants]
            cells.append([numbers.setdefault(each, len(numbers)) for each in found])
        progress(1)
    weights = tuple(each.weight for each in player.variants)
    return Journeys(tuple(numbers), np.array(cells), weights, tuple(starts), tuple(first))


def _in_force(situations: tuple[PlaceSituation, ...], start: float) -> PlaceSituation:
    return [each for each in situations if each.start <= start][-1]
