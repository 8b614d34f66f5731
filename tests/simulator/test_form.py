"""The parameters of a request: recorded, sent and signed as if they were put together anew each time."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.simulator.engine.form import CommonParams, Form, Params, form_of
from ivr.simulator.signature import signed_text

LEG = (("CallSid", "CA1"), ("From", "+4791234567"), ("FromCity", ""), ("To", "+4739000000"))
_params = st.lists(st.tuples(st.text("ab+é", min_size=1, max_size=2), st.text("ab &", max_size=2)), max_size=5)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(leg=_params.map(tuple), own=_params.map(tuple))
def test_common_and_own_parameters_are_written_as_one_list(leg: Params, own: Params) -> None:
    form, whole = Form(CommonParams(leg), own), (*leg, *own)
    assert form.params == whole
    assert form.encoded() == urlencode(whole)
    assert form.signed_text("http://h/?a=1") == signed_text("http://h/?a=1", whole)


@pytest.mark.parametrize("own", [(), (("Digits", "1"),), (("Digits", "5003"), ("FinishedOnKey", "#")), (("A", ""),)])
def test_requests_of_one_leg_have_the_same_common_part(own: Params) -> None:
    leg = CommonParams(LEG)
    for _ in range(2):
        form = Form(leg, own)
        assert form.recorded() == dict((*LEG, *own))
        assert parse_qsl(form.encoded(), keep_blank_values=True) == [*LEG, *own]
        assert form.signed_text("http://h/") == signed_text("http://h/", (*LEG, *own))
    assert leg.fields == dict(LEG)


def test_a_name_that_comes_several_times_is_recorded_with_all_its_values() -> None:
    form = Form(CommonParams(LEG), (("To", "+1"), ("b", "2"), ("b", "1")))
    assert form.recorded() == {**dict(LEG), "To": ["+4739000000", "+1"], "b": ["2", "1"]}


def test_plain_parameters_make_a_form_too() -> None:
    assert form_of(LEG).params == LEG
    form = Form(CommonParams(LEG))
    assert form_of(form) is form
