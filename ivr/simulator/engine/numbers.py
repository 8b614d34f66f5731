"""Telephone numbers as <Dial> takes them: which can be dialled, and which may be shown as callerId. Pure.

T:13223 (not E.164: too long, or a character that has no place there), T:13224 (digits without a country, or a country
that does not exist), T:number (an American number may be written as Americans do). Area codes and exchanges are not
judged: tests use numbers that are nobody's (ours).
"""

import re

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_AMERICAN = re.compile(r"(?:\+?1)?([2-9][0-9]{9})")
_PUNCTUATION = re.compile(r"[\s().\-]")
_COUNTRIES_LIST = """
    1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86
    90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237
    238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266
    267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 379
    380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596
    597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 852
    853 855 856 870 878 880 881 882 883 886 888 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977
    979 992 993 994 995 996 998
"""
_COUNTRIES = frozenset(_COUNTRIES_LIST.split())
BAD_FORMAT, NOT_DIALLABLE = 13223, 13224


def normal(number: str) -> str:
    """A number without punctuation, in E.164 where that is clear."""
    plain = _PUNCTUATION.sub("", number)
    american = _AMERICAN.fullmatch(plain)
    return f"+1{american[1]}" if american else plain


def is_e164(number: str) -> bool:
    return _E164.fullmatch(number) is not None


def wrong_number(number: str) -> tuple[int, str]:
    """Twilio's code and a sentence for a number that cannot be dialled; 0 and "" for one that can."""
    if _AMERICAN.fullmatch(_PUNCTUATION.sub("", number)):
        return 0, ""
    if number.isascii() and number.isdigit():
        return NOT_DIALLABLE, f"{number!r} cannot be dialled: not a number in E.164, e.g. +4755568700"
    if not is_e164(number):
        message = (
            f"{number[:40]!r} is not in E.164: a plus and at most 15 digits, without blanks, hyphens or parentheses"
        )
        return BAD_FORMAT, message
    if not any(number[1 : 1 + length] in _COUNTRIES for length in (1, 2, 3)):
        return NOT_DIALLABLE, f"{number!r} cannot be dialled: no country has this code"
    return 0, ""
