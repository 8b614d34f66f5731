"""Whatever is keyed, however the far ends behave: only numbers of the directory are rung, nobody is hung up on."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.base.clock import ManualClock
from ivr.base.phone_number import PhoneNumber
from ivr.line.directory import load_directory
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, Leg, WsgiTransport, keys_to_steps, play
from tests.conftest import EVENING

SERVICE = WsgiTransport(create_app(Settings(), clock=ManualClock(EVENING), sink=lambda *_: None))
NUMBERS = {centre.number.e164 for centre in load_directory().centres.values()}

KEY = st.sampled_from("0123456789*#")
KNOWN = st.sampled_from(
    [
        "1",
        "2",
        "3",
        "4",
        "9",
        "0",
        "*",
        "#",
        "5003",
        "0150",
        "1804",
        "0301",
        "5501",
        "82537",
        "55568700",
        "113",
        "112",
        "110",
        "116117",
        "1412",
    ]
)
TRICKY = st.sampled_from(
    ["82000000", "00000113", "91234567", "40000000", "81500000", "00464612", "11611700", "4611300", "01130113", "02800"]
)
GROUP = st.one_of(KEY, KEY, KNOWN, TRICKY, st.text(alphabet="0123456789*#", min_size=1, max_size=9))
FAR_ENDS = (Leg.busy(), Leg.no_answer(), Leg.failed(), Leg.answer(1, talk=1), Leg.answer(2, machine=True))
FAR_END = st.sampled_from(FAR_ENDS)
CALLER = st.sampled_from(["+4791234567", "+4755123456", "+46701234567", "anonymous", "+266696687", ""])


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.lists(GROUP, max_size=14), st.dictionaries(st.sampled_from(sorted(NUMBERS)), FAR_END, max_size=4), CALLER)
def test_only_numbers_of_the_directory_are_ever_rung(groups: list[str], failing: dict[str, Leg], caller: str) -> None:
    # The likeliest first centres fail often; whoever else is rung answers, so that each call ends.
    likely = {number: Leg.busy() for number in ("+4755568700", "+4723487200") if len(groups) % 2}
    plan = CallPlan(
        url="http://127.0.0.1:5000/voice",
        from_=caller,
        to="+4739000000",
        steps=keys_to_steps(" ".join(groups)),
        legs=failing | likely | {"*": Leg.answer(3, talk=5)},
    )
    outcome = play(plan, SERVICE)
    assert set(outcome.dialled) <= NUMBERS
    assert all(PhoneNumber(n).is_fixed_line or PhoneNumber(n).is_synthetic for n in outcome.dialled)
    assert outcome.dialled, "a caller who does not hang up reaches a ringing centre"
    assert outcome.ended == "completed"
    assert all(status == 200 for _, _, status, _ in outcome.requests)
    assert "{" not in " ".join(outcome.heard)
