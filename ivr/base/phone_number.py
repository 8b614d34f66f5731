"""Telephone numbers as text.

Short codes (113, 116117) are not E.164 numbers and are never a `PhoneNumber`: a `<Dial>` cannot be built from them.
"""

import re
from dataclasses import dataclass

from ivr.base.ids import CentreNumber

# libphonenumber's fixed-line pattern for Norway (9.0.43, Apache-2.0): what a real centre's number must look like.
# 79 (Svalbard) is not in it on purpose: allowed only by an explicit switch.
_FIXED_LINE = re.compile(r"\+47(?:2[1-4]|3[1-3578]|5[1-35-7]|6[1-46-9]|7[0-8])[0-9]{6}")
_SVALBARD = re.compile(r"\+4779[0-9]{6}")
# Stand-ins for numbers nobody knows: +47 39 00 NNNN. 39 lies in Nkom's fixed-line block and is not allocated.
_SYNTHETIC = re.compile(r"\+473900[0-9]{4}")
_NORWEGIAN = re.compile(r"\+47[0-9]{8}")


@dataclass(frozen=True, order=True)
class PhoneNumber:
    """A Norwegian eight-digit number in E.164, e.g. `+4755568700`. Raises ValueError for anything else."""

    e164: str

    def __post_init__(self) -> None:
        if not _NORWEGIAN.fullmatch(self.e164):
            raise ValueError(f"not +47 and eight digits: {self.e164!r}")

    @property
    def national(self) -> CentreNumber:
        """The eight digits, e.g. `55568700`."""
        return CentreNumber(self.e164[3:])

    @property
    def pairs(self) -> tuple[str, str, str, str]:
        """Four pairs of digits, the way a number is read aloud: `("55", "56", "87", "00")`."""
        n = self.national
        return n[0:2], n[2:4], n[4:6], n[6:8]

    @property
    def is_fixed_line(self) -> bool:
        """True for a Norwegian geographic fixed line (no Svalbard, mobile, premium, shared-cost, M2M number)."""
        return _FIXED_LINE.fullmatch(self.e164) is not None

    @property
    def is_svalbard(self) -> bool:
        return _SVALBARD.fullmatch(self.e164) is not None

    @property
    def is_synthetic(self) -> bool:
        """True for a stand-in of the block +47 39 00 NNNN, which reaches nobody."""
        return _SYNTHETIC.fullmatch(self.e164) is not None

    def __str__(self) -> str:
        return self.e164
