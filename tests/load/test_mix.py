"""Who calls: drawn from the mix, the same for a seed and a number, as often as the weights say."""

from collections import Counter
from random import Random

import pytest

from ivr.simulator import CallPlan
from ivr.simulator.load import DEFAULT_MIX, load_mix
from ivr.simulator.load.chance import Distribution, Exponential, Fixed, Uniform, Weighted
from ivr.simulator.load.mix import CallerKind, DrawnPlan, FarEndKind, Habits, KeySlot, Mix
from tests.load.apps import mix

TEMPLATE = CallPlan(url="http://127.0.0.1:5000/voice")


def draws(callers: Mix, count: int, seed: int = 1) -> list[tuple[DrawnPlan, Habits]]:
    return [callers.draw(TEMPLATE, seed, number) for number in range(count)]


def test_a_call_depends_on_seed_and_number_and_not_on_the_calls_before() -> None:
    callers = load_mix(DEFAULT_MIX)
    fifth = draws(callers, 6)[5]
    alone = callers.draw(TEMPLATE, 1, 5)
    assert alone == fifth
    assert alone[0].leg("+4755568700") == fifth[0].leg("+4755568700")
    assert callers.draw(TEMPLATE, 2, 5) != fifth


def test_calls_differ_in_their_sids() -> None:
    assert len({plan.seed for plan, _ in draws(mix(), 500)}) == 500


def test_kinds_come_as_often_as_their_weights_say() -> None:
    kinds = Weighted.of((CallerKind("often"), CallerKind("seldom")), (9.0, 1.0))
    found = Counter(habits.kind for _, habits in draws(Mix(kinds, mix().far_ends), 2000))
    assert found["seldom"] == pytest.approx(200, rel=0.2)


def test_slots_are_filled_from_their_values() -> None:
    kind = CallerKind(
        "plain", (("1",), (KeySlot("postcode"),), ("*", KeySlot("postcode"), "#")), {"postcode": ("0150", "5003")}
    )
    groups = {habits.groups for _, habits in draws(mix(kind), 100)}
    one, two = ("0150", "5003")
    assert groups == {("1", first, f"*{second}#") for first in (one, two) for second in (one, two)}


def test_a_slip_is_one_other_key() -> None:
    kind = CallerKind("clumsy", (("5003",),), slip=1.0)
    for _, habits in draws(mix(kind), 200):
        wrong = [key for key, meant in zip(habits.groups[0], "5003", strict=True) if key != meant]
        assert len(wrong) == 1


def test_slips_come_as_often_as_their_chance_says() -> None:
    kind = CallerKind("human", (("1",), ("2",)), slip=0.1)
    slips = sum(group != meant for _, h in draws(mix(kind), 1500) for group, meant in zip(h.groups, "12", strict=True))
    assert slips == pytest.approx(300, rel=0.2)


def test_who_hangs_up_does_so_after_the_drawn_time() -> None:
    kind = CallerKind("hasty", leaves=0.5, leaves_after=Uniform(5, 9))
    times = [habits.hangs_up_at for _, habits in draws(mix(kind), 1000)]
    gone = [at for at in times if at is not None]
    assert len(gone) == pytest.approx(500, rel=0.15)
    assert 5 <= min(gone) <= max(gone) <= 9


def test_an_x_in_a_number_is_any_digit() -> None:
    kind = CallerKind("many", from_=("+479xxxxxxx", "anonymous"))
    numbers = {plan.from_ for plan, _ in draws(mix(kind), 100)}
    assert "anonymous" in numbers
    assert all(len(number) == 11 and number[1:].isdigit() for number in numbers - {"anonymous"})
    assert len(numbers) > 30


def test_the_called_number_is_the_templates_unless_the_kind_names_one() -> None:
    assert draws(mix(), 1)[0][0].to == TEMPLATE.to
    assert draws(mix(CallerKind("elsewhere", to=("+4739000001",))), 1)[0][0].to == "+4739000001"


def test_far_ends_are_drawn_anew_for_each_leg() -> None:
    plan, _ = mix(far_ends=(FarEndKind("busy"), FarEndKind("answer", Fixed(2), Fixed(60)))).draw(TEMPLATE, 1, 1)
    legs = [plan.leg("+4755568700") for _ in range(50)]
    assert {leg.outcome for leg in legs} == {"busy", "answer"}
    assert {(leg.rings, leg.talk) for leg in legs if leg.outcome == "answer"} == {(2.0, 60.0)}


@pytest.mark.parametrize(("distribution", "expected"), [(Fixed(3), 3), (Uniform(2, 8), 5), (Exponential(7), 7)])
def test_a_distribution_has_its_mean(distribution: Distribution, expected: float) -> None:
    random = Random(1)  # noqa: S311 - the same every time, not a secret
    assert sum(distribution.draw(random) for _ in range(20_000)) / 20_000 == pytest.approx(expected, rel=0.03)


def test_weights_must_be_above_zero() -> None:
    with pytest.raises(ValueError, match="weight above zero"):
        Weighted.of(("one",), (0.0,))
