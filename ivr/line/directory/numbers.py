"""Which number a centre may have.

Default deny: only a Norwegian geographic fixed line, whose prefix `area_codes.csv` allows, or a stand-in
of the block +47 39 00 NNNN for a number nobody knows. Svalbard's 79 needs a switch in the row. The
fixed-line pattern is libphonenumber's (`PhoneNumber.is_fixed_line`); the file says in words what a
refused number is.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.base.ids import CentreId
from ivr.base.phone_number import PhoneNumber
from ivr.line.directory.model import NumberStatus


@dataclass(frozen=True)
class Prefix:
    """A row of area_codes.csv. `ranges` are pairs of equally long first digits, both included."""

    text: str
    kind: str
    region: str
    policy: str  # allow, svalbard, stand_in, never
    person_centre: CentreId
    ranges: tuple[tuple[str, str], ...]

    def matches(self, digits: str) -> int:
        """How many digits of `digits` this prefix explains; 0 if none."""
        return max((len(low) for low, high in self.ranges if low <= digits[: len(low)] <= high), default=0)


def parse_ranges(text: str) -> tuple[tuple[str, str], ...]:
    """`40-49`, `820`, `100-115;117-179`. Raises ValueError."""
    ranges = []
    for part in text.split(";"):
        low, _, high = part.partition("-")
        high = high or low
        if not (low.isascii() and low.isdigit() and high.isascii() and high.isdigit() and len(low) == len(high)):
            raise ValueError(f"{text!r} is not a prefix like 55, 40-49 or 100-115;117-179")
        ranges.append((low, high))
    return tuple(ranges)


def what_is(digits: str, prefixes: Iterable[Prefix]) -> Prefix | None:
    """The most exact row that explains these digits."""
    best = max(prefixes, key=lambda prefix: prefix.matches(digits), default=None)
    return best if best is not None and best.matches(digits) else None


def parse_number(digits: str) -> PhoneNumber:
    """Eight digits as written in a file. Raises ValueError that says what is wrong with them."""
    plain = digits.replace(" ", "")
    if plain.startswith(("+47", "0047")):
        raise ValueError(f"write the eight digits alone, without +47: {digits!r}")
    if plain.startswith(("+", "00")):
        raise ValueError(f"{digits!r} is a foreign number; a centre needs a Norwegian one")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{digits!r} is not eight digits (no spaces, letters or extensions)")
    if len(digits) < 7:
        raise ValueError(f"{digits} is a short number, not the eight digits of a centre")
    if len(digits) != 8:
        raise ValueError(f"{digits} has {len(digits)} digits, not eight")
    return PhoneNumber(f"+47{digits}")


def refusal(number: PhoneNumber, status: NumberStatus, prefixes: Iterable[Prefix], *, svalbard: bool) -> str | None:
    """Why a centre of this status may not have this number; None if it may."""
    if status is not NumberStatus.SOURCED:
        return None if number.is_synthetic else f"{status} needs a stand-in 39 00 NNNN, not {number.national}"
    if number.is_synthetic:
        return f"{number.national} is a stand-in; a sourced number cannot be one"
    prefix = what_is(number.national, prefixes)
    if prefix is None:
        return f"{number.national}: no row of area_codes.csv allows this prefix"
    if prefix.policy == "svalbard" and number.is_svalbard:
        return (
            None if svalbard else f"{number.national} is on Svalbard: write 'yes' in svalbard_number if that is meant"
        )
    if prefix.policy != "allow" or not number.is_fixed_line:
        return (
            f"{number.national} is not a Norwegian fixed-line number ({prefix.text}: {prefix.kind.replace('_', ' ')})"
        )
    return None


def one_digit_apart(a: PhoneNumber, b: PhoneNumber) -> bool:
    """True for twins such as 78 97 11 10 and 78 99 11 10: one of them is probably a slip of the pen."""
    return sum(x != y for x, y in zip(a.national, b.national, strict=True)) == 1
