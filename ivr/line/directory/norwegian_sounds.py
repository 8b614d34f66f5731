"""How names of places are written and how they sound, so that what was heard can be compared with what stands written.

`spelling_of` keeps letters apart that make other names: Ørland is not Orkland, Ås is not Os. `sound_of` joins what is
heard alike in some dialect, or through a telephone: å and o, kj and sj, double and single, silent letters. `stem_of` is
the sound without the ending that dialects change. `plain_of` is what a recogniser writes that has no Norwegian letters.
"""

import re
import unicodedata
from functools import lru_cache

# Letters that are written otherwise: aa is å in older names; what other alphabets have for the same sound.
_WRITTEN = (("aa", "å"), ("ae", "æ"), ("oe", "ø"), ("ä", "æ"), ("ö", "ø"), ("ü", "y"))
_SAMI = str.maketrans({"đ": "d", "ŋ": "n", "ŧ": "t"})
_KEPT = {"å", "æ", "ø"}
_PLAIN = str.maketrans({"å": "a", "æ": "a", "ø": "o"})
_ENDINGS = "(en|et|er|ar|an|a|e|n)"
_ENDING = re.compile(rf"(?<=\w{{4}}){_ENDINGS}\b")
_ENDING_OF_SHORT = re.compile(rf"(?<=\b\w{{3}}){_ENDINGS}\b")
_WORD = re.compile(r"[^\W_]+")

# In this order. The last letters of a word first: they are the ones that a telephone loses.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?<=[iy])g\b", ""),  # the g of -ig is silent
        (r"(?<=e)t\b", ""),  # and the t of -et
        (r"(?<=[lnr])d\b", ""),  # and the d of -land, -sund, -fjord
        (r"(?<=[lnr])d(?=[aeiouyæøås])", ""),  # of -anden, -lands
        (r"skj|sj|kj|tj|sk(?=i|y|ei|øy)|k(?=i|y|ei|øy)|rs|sch?(?=[eiyh])", "S"),
        (r"\b[ghl]j", "j"),
        (r"\bg(?=i|y|ei|øy)", "j"),
        (r"\bhv", "v"),
        (r"c(?=[eiy])|z", "s"),
        (r"ch|c|q", "k"),
        (r"w", "v"),
        (r"x", "ks"),
        (r"th", "t"),
        (r"ph", "f"),
        (r"d(?=s\b)|t(?=s\b)", ""),
        (r"å", "o"),
        (r"æ", "e"),
        (r"øy|oy|ei|ey", "E"),  # diphthongs, which dialects make one vowel of
        (r"ø", "o"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=16_384)
def spelling_of(name: str) -> str:
    """Without case, signs and accents, the Norwegian letters kept: `ÅS`, `Aas` and `ås` are `ås`."""
    text = unicodedata.normalize("NFC", name.casefold()).translate(_SAMI)
    for written, letter in _WRITTEN:
        text = text.replace(written, letter)
    plain = (each if each in _KEPT else _without_accent(each) for each in text)
    return " ".join(_WORD.findall("".join(plain)))


def sound_of(spelling: str) -> str:
    """Of a `spelling_of`: capitals are sounds that several letters write."""
    return " ".join([_sound_of_word(word) for word in spelling.split(" ")])


@lru_cache(maxsize=16_384)
def _sound_of_word(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def stem_of(spelling: str) -> str:
    """Of a `spelling_of`: Bergen, Berga and Berge are one."""
    return _ENDING.sub("", sound_of(spelling))


def short_stem_of(spelling: str) -> str:
    """The same of a name with a stem of three letters, which may be another name too: Løken, Løka and Løke are one."""
    return _ENDING_OF_SHORT.sub("", sound_of(spelling))


def plain_of(spelling: str) -> str:
    """Of a `spelling_of`: Våler is valer."""
    return spelling.translate(_PLAIN)


def _without_accent(letter: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))
