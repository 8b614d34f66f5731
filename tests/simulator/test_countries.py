"""The country of a number. The table is ours; libphonenumber, which we did not write, is the oracle."""

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from ivr.simulator.countries import country_of
from tests.simulator.webhook import call, webhook

TYPES = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE)


def _examples() -> list[tuple[str, str]]:
    """A number of each kind in each country, and where libphonenumber finds it."""
    found = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in TYPES:
            example = phonenumbers.example_number_for_type(region, kind)
            if example is not None and (country := phonenumbers.region_code_for_number(example)):
                found.append((phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164), country))
    return found


def test_every_country_has_its_numbers() -> None:
    examples = _examples()
    assert len({country for _, country in examples}) > 235
    assert {number: country_of(number) for number, _ in examples} == dict(examples)


def test_every_area_code_of_north_america_is_in_its_country() -> None:
    wrong, assigned = {}, 0
    for area in range(200, 1000):
        for subscriber in ("2345678", "2010123", "4001234", "7871234"):
            number = f"+1{area}{subscriber}"
            country = phonenumbers.region_code_for_number(phonenumbers.parse(number))
            assigned += country is not None
            if country is not None and country_of(number) != country:
                wrong[number] = (country_of(number), country)
    assert assigned > 1000
    assert wrong == {}


@pytest.mark.parametrize("prefix", ["447", "4414", "4415", "4416", "77", "78", "39066", "3906", "479", "477", "21252"])
def test_codes_that_countries_share_are_told_apart(prefix: str) -> None:
    length = {"39": 12, "47": 10, "44": 12, "21": 12}.get(prefix[:2], 11)
    wrong = {}
    for middle in range(10_000):
        number = f"+{prefix}{middle:04}".ljust(length + 1, "3")[: length + 1]
        country = phonenumbers.region_code_for_number(phonenumbers.parse(number))
        if country is not None and country_of(number) != country:
            wrong[number] = (country_of(number), country)
    assert wrong == {}


@pytest.mark.parametrize(
    "number",
    [
        *("anonymous", "Restricted", "", "116117", "113", "client:alice", "sip:alice@example.org", "sip:+4791234567@x"),
        *("+266696687", "+7378742833", "+17378742833", "+2562533", "+8656696", "+86282452253", "LEGEVAKT", "+47"),
        *("+80012345678", "+88213456789", "+97912345678", "4791234567", "+2101234567"),
    ],
)
def test_what_is_no_number_of_a_country_has_none(number: str) -> None:
    assert country_of(number) is None


@pytest.mark.parametrize(
    ("number", "country"),
    [
        *(("+12042345678", "CA"), ("+18765551234", "JM"), ("+17875551234", "PR"), ("+12125551234", "US")),
        *(("+441534123456", "JE"), ("+441624123456", "IM"), ("+442079460000", "GB"), ("+77012345678", "KZ")),
        *(("+74951234567", "RU"), ("+4779123456", "SJ"), ("+4791234567", "NO"), ("+38344123456", "XK")),
    ],
)
def test_both_ends_of_a_call_have_the_country_of_their_numbers(number: str, country: str) -> None:
    app = webhook(voice="<Hangup/>")
    call(app, from_=number, to=number)
    names = ("FromCountry", "CallerCountry", "ToCountry", "CalledCountry")
    assert [app.asked[0].get(name) for name in names] == [country] * 4
    assert [app.asked[0].get(name) for name in ("FromCity", "FromState", "FromZip", "ToCity")] == [""] * 4


@pytest.mark.parametrize("caller", ["anonymous", "client:alice", "sip:alice@example.org", "+17378742833"])
def test_a_caller_without_a_number_has_no_geographic_parameters(caller: str) -> None:
    app = webhook(voice="<Hangup/>")
    call(app, from_=caller, to="+46812345678")
    caller_is = ("FromCountry", "FromCity", "FromState", "FromZip", "CallerCountry", "CallerCity")
    assert [app.asked[0].get(name) for name in caller_is] == [None] * 6
    assert app.asked[0].get("ToCountry") == "SE"


def test_what_a_scenario_says_of_the_caller_counts_more() -> None:
    app = webhook(voice="<Hangup/>")
    call(app, params={"FromCountry": "DK", "FromCity": "OSLO"})
    assert (app.asked[0].get("FromCountry"), app.asked[0].get("FromCity")) == ("DK", "OSLO")
