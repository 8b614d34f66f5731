"""The public holidays of Norway, out of the library `holidays`.

Twelve days: those of § 2 of the act on public holidays (lov om helligdager og helligdagsfred, 1995), and 1 and 17 May
(lov om 1 og 17 mai som høgtidsdager, 1947). Two of them can be one date: 17 May 2027 is Whit Monday too. An ordinary
Sunday is a public holiday by § 2 (a), but a roster writes `sun`, so it is not one here. Christmas Eve, New Year's Eve,
Easter Eve and Whit Eve are not public holidays: they are days before one.

The library is loaded at the first question, because most directories never ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

_TOMORROW = timedelta(days=1)

# The library's Norwegian name → the English one. The library's English is American, and by default it follows the
# language of the server.
ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "Første nyttårsdag": "New Year's Day",
        "Skjærtorsdag": "Maundy Thursday",
        "Langfredag": "Good Friday",
        "Første påskedag": "Easter Sunday",
        "Andre påskedag": "Easter Monday",
        "Arbeidernes dag": "1 May",
        "Grunnlovsdag": "Constitution Day",
        "Kristi himmelfartsdag": "Ascension Day",
        "Første pinsedag": "Whit Sunday",
        "Andre pinsedag": "Whit Monday",
        "Første juledag": "Christmas Day",
        "Andre juledag": "Boxing Day",
    }
)


@dataclass(frozen=True)
class PublicHoliday:
    """`names`: in Norwegian; two if two holidays are on one date."""

    day: date
    names: tuple[str, ...]

    @property
    def english(self) -> tuple[str, ...]:
        return tuple(ENGLISH.get(name, name) for name in self.names)

    def __str__(self) -> str:
        return " and ".join(self.names)


@lru_cache(maxsize=256)
def public_holidays(year: int) -> Mapping[date, PublicHoliday]:
    """The public holidays of a year, in their order."""
    from holidays.countries.norway import Norway  # noqa: PLC0415 - a third of a second, for those who need it

    # Sundays are left out, `expand` would add years that are not asked for, and an unknown language is no error.
    found = Norway(years=year, language="no", expand=False, include_sundays=False)
    return MappingProxyType({day: PublicHoliday(day, tuple(found.get_list(day))) for day in sorted(found)})


def public_holiday(day: date) -> PublicHoliday | None:
    return public_holidays(day.year).get(day)


def is_before_public_holiday(day: date) -> bool:
    """Whether the next day is a public holiday. The day itself can be one too: Maundy Thursday is."""
    return day < date.max and public_holiday(day + _TOMORROW) is not None
